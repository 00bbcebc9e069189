import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { ListenerOptions, type TcpOptions } from '@peerloom/sockets';
import { type AddressRange, addressFamilyOf } from './address.ts';
import { errorText, PeerloomError } from './peerloomError.ts';
import { listenError } from './systemReason.ts';

/** Connections that the kernel completes before we accept them; the system's somaxconn bounds it too. */
const backlog = 4096;

/** A neighbour or a range, as a listener must know it. */
export interface ListenedNeighbor {
  readonly range: AddressRange;
  /** Our address that it must connect to; `undefined`: any. */
  readonly local: string | undefined;
  readonly options: TcpOptions;
}

/** One listening socket. */
export class Listener {
  /** As configured, canonical. */
  readonly address: string;
  /** As configured: 0 for one that the system chose. */
  readonly configuredPort: number;
  readonly #server: Server;
  readonly #options: ListenerOptions;
  /** By prefix, then by neighbour: several sessions with one neighbour share its key. */
  readonly #neighbors = new Map<string, Map<string, ListenedNeighbor>>();

  private constructor(address: string, port: number, server: Server) {
    this.address = address;
    this.configuredPort = port;
    this.#server = server;
    this.#options = new ListenerOptions(server);
  }

  /**
   * Listens. `onConnection` gets each socket paused; `onError` hears of accepts that failed.
   *
   * @throws PeerloomError with the remedy when the system refuses.
   */
  static async open(
    address: string,
    port: number,
    onConnection: (socket: Socket) => void,
    onError: (error: Error) => void,
  ): Promise<Listener> {
    const server = createServer({ pauseOnConnect: true, noDelay: true });
    server.on('connection', onConnection);
    server.listen({ host: address, port, backlog, ipv6Only: true });
    try {
      await once(server, 'listening');
    } catch (error) {
      throw listenError(error, address, port);
    }
    server.on('error', onError);
    return new Listener(address, port, server);
  }

  /** The port that it listens on. */
  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? this.configuredPort;
  }

  /**
   * Makes a neighbour's or range's socket options known. `key` tells neighbours apart that have the
   * same address.
   *
   * @throws PeerloomError `ERR_PEERLOOM_SOCKET_OPTION`
   */
  setNeighbor(key: string, neighbor: ListenedNeighbor): void {
    const { range, local } = neighbor;
    if (addressFamilyOf(range.address) !== addressFamilyOf(this.address)) return;
    const wildcard = this.address === '0.0.0.0' || this.address === '::';
    if (local !== undefined && !wildcard && local !== this.address) return;
    const sharing = this.#neighbors.get(range.text) ?? new Map<string, ListenedNeighbor>();
    const before = sharing.get(key);
    sharing.set(key, neighbor);
    try {
      this.#options.set(range, effective(sharing));
    } catch (cause) {
      if (before === undefined) sharing.delete(key);
      else sharing.set(key, before);
      throw socketOptionError(cause, range);
    }
    this.#neighbors.set(range.text, sharing);
  }

  removeNeighbor(key: string, range: AddressRange): void {
    const sharing = this.#neighbors.get(range.text);
    if (sharing === undefined || !sharing.delete(key)) return;
    try {
      if (sharing.size > 0) this.#options.set(range, effective(sharing));
      else this.#options.remove(range);
    } catch (cause) {
      throw socketOptionError(cause, range);
    } finally {
      if (sharing.size === 0) this.#neighbors.delete(range.text);
    }
  }

  close(): void {
    this.#server.close();
  }
}

/** The kernel knows one key for an address: the latest that was given. */
function effective(sharing: ReadonlyMap<string, ListenedNeighbor>): TcpOptions {
  return [...sharing.values()].at(-1)!.options;
}

/** What came of a socket option, with the neighbour it was for. */
export function socketOptionError(cause: unknown, range: { readonly text: string }): PeerloomError {
  return new PeerloomError('ERR_PEERLOOM_SOCKET_OPTION', `${range.text}: ${errorText(cause)}`, {
    cause,
  });
}
