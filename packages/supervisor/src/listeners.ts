import type { Socket } from 'node:net';
import type { CommonPeerOptions, PeerOptions } from '@peerloom/ipc';
import { type AddressRange, addressFamilyOf, canonicalAddress } from './address.ts';
import type { ListenAddress } from './engineOptions.ts';
import { type ListenedNeighbor, Listener } from './listener.ts';
import { PeerloomError } from './peerloomError.ts';
import type { PeerRecord, RangeRecord } from './peerRecord.ts';
import { tcpOptionsOf } from './tcpOptionsOf.ts';

/** The BGP port (RFC 4271 §8.2.1). */
const bgpPort = 179;

/** All listening sockets, and what each of them must know of all neighbours. */
export class Listeners {
  readonly #onConnection: (socket: Socket) => void;
  readonly #onError: (error: Error) => void;
  readonly #listeners = new Map<string, Listener>();
  readonly #neighbors = new Map<string, ListenedNeighbor>();
  #closed = false;

  constructor(onConnection: (socket: Socket) => void, onError: (error: Error) => void) {
    this.#onConnection = onConnection;
    this.#onError = onError;
  }

  /** Where we listen, with the ports that the system chose. */
  get addresses(): { readonly address: string; readonly port: number }[] {
    return [...this.#listeners.values()].map(({ address, port }) => ({ address, port }));
  }

  /**
   * Listens on those of the addresses that are not listened on yet: on all of them, or, when one is
   * refused, on none.
   *
   * @throws PeerloomError with the remedy
   */
  async open(addresses: readonly ListenAddress[]): Promise<void> {
    const opened: [string, Listener][] = [];
    try {
      for (const [key, address, port] of keysOf(addresses)) {
        if (this.#listeners.has(key)) continue;
        const listener = await Listener.open(address, port, this.#onConnection, this.#onError);
        opened.push([key, listener]);
        for (const [name, neighbor] of this.#neighbors) listener.setNeighbor(name, neighbor);
      }
      if (this.#closed) throw new PeerloomError('ERR_PEERLOOM_CLOSED', 'the engine is closed');
    } catch (error) {
      for (const [, listener] of opened) listener.close();
      throw error;
    }
    for (const [key, listener] of opened) this.#listeners.set(key, listener);
  }

  /** Stops listening on all addresses but these. Connections stay. */
  keep(addresses: readonly ListenAddress[]): void {
    const kept = new Set(keysOf(addresses).map(([key]) => key));
    for (const [key, listener] of this.#listeners) {
      if (kept.has(key)) continue;
      listener.close();
      this.#listeners.delete(key);
    }
  }

  /** Stops listening, for good. */
  close(): void {
    this.#closed = true;
    this.keep([]);
  }

  /**
   * Makes a neighbour known to each listener, or changes it.
   *
   * @throws PeerloomError `ERR_PEERLOOM_SOCKET_OPTION`; all is as before then
   */
  set(key: string, neighbor: ListenedNeighbor): void {
    const before = this.#neighbors.get(key);
    try {
      for (const listener of this.#listeners.values()) listener.setNeighbor(key, neighbor);
    } catch (error) {
      for (const listener of this.#listeners.values()) {
        if (before === undefined) listener.removeNeighbor(key, neighbor.range);
        else listener.setNeighbor(key, before);
      }
      throw error;
    }
    this.#neighbors.set(key, neighbor);
  }

  get(key: string): ListenedNeighbor | undefined {
    return this.#neighbors.get(key);
  }

  remove(key: string): void {
    const range = this.#neighbors.get(key)?.range;
    if (range === undefined) return;
    this.#neighbors.delete(key);
    for (const listener of this.#listeners.values()) listener.removeNeighbor(key, range);
  }
}

/** What listeners must know of a peer. */
export function listenedPeer(options: PeerOptions): ListenedNeighbor {
  const { address, sourceAddress: local } = options;
  const length = addressFamilyOf(address) === 6 ? 128 : 32;
  const range: AddressRange = { text: `${address}/${length}`, address, length };
  return { range, local, options: tcpOptionsOf(options) };
}

/** What listeners must know of a range; `options` are those of a peer from it. */
export function listenedRange(range: AddressRange, options: CommonPeerOptions): ListenedNeighbor {
  return { range, local: undefined, options: tcpOptionsOf(options) };
}

/** The name under which a peer or a range is known here. */
export function listenedKey(named: Pick<PeerRecord, 'key'> | Pick<RangeRecord, 'range'>): string {
  return 'key' in named ? `peer ${named.key}` : `range ${named.range.text}`;
}

function keysOf(
  addresses: readonly ListenAddress[],
): [key: string, address: string, port: number][] {
  return addresses.map(({ address, port = bgpPort }, index) => {
    const canonical = canonicalAddress(address)!;
    // Port 0 may stand there several times, each time for another port.
    const turn = addresses.slice(0, index).filter((each) => each.port === 0).length;
    return [`${canonical} ${port}${port === 0 ? ` ${turn}` : ''}`, canonical, port];
  });
}
