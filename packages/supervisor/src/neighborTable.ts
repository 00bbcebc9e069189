import { parseAddress } from '@peerloom/wire';
import type { AddressRange } from './address.ts';

/** What a connection's two addresses lead to. */
export type NeighborMatch<Peer, Range> =
  | { readonly kind: 'peer'; readonly peer: Peer }
  | { readonly kind: 'range'; readonly range: Range }
  | { readonly kind: 'none'; readonly why: string };

/** One who may connect. */
interface Neighbor<Peer> {
  /** Our address; `undefined`: any. */
  readonly local: string | undefined;
  readonly peer: Peer;
}

/**
 * Who may connect: listed neighbours by their address, and by ours where a `sourceAddress` is given;
 * else the longest range that the address is in.
 */
export class NeighborTable<Peer, Range> {
  /** By remote address. Those that share one differ in ours; most are alone, and a list takes little. */
  readonly #peers = new Map<string, readonly Neighbor<Peer>[]>();
  /** Longest prefix first. */
  #ranges: {
    readonly range: AddressRange;
    readonly prefix: Uint8Array;
    readonly value: Range;
  }[] = [];

  add(remote: string, local: string | undefined, peer: Peer): void {
    this.#peers.set(remote, [...this.#others(remote, local), { local, peer }]);
  }

  remove(remote: string, local: string | undefined): void {
    const others = this.#others(remote, local);
    if (others.length === 0) this.#peers.delete(remote);
    else this.#peers.set(remote, others);
  }

  /** Every peer with this remote address. */
  withRemote(remote: string): Peer[] {
    return this.#peers.get(remote)?.map(({ peer }) => peer) ?? [];
  }

  addRange(range: AddressRange, value: Range): void {
    this.removeRange(range);
    const prefix = parseAddress(range.address)!;
    this.#ranges = [...this.#ranges, { range, prefix, value }].toSorted(
      (a, b) => b.range.length - a.range.length,
    );
  }

  removeRange(range: AddressRange): void {
    this.#ranges = this.#ranges.filter((entry) => entry.range.text !== range.text);
  }

  /** Canonical addresses of a connection, the neighbour's and ours. */
  match(remote: string, local: string): NeighborMatch<Peer, Range> {
    const neighbors = this.#peers.get(remote);
    const found =
      neighbors?.find((each) => each.local === local) ??
      neighbors?.find((each) => each.local === undefined);
    if (found !== undefined) return { kind: 'peer', peer: found.peer };
    if (neighbors !== undefined) {
      const wanted = neighbors.map((each) => each.local).join(', ');
      const why = `neighbour ${remote} has sourceAddress ${wanted} and connected to ${local}`;
      return { kind: 'none', why };
    }
    const zone = remote.indexOf('%');
    const address = parseAddress(zone < 0 ? remote : remote.slice(0, zone))!;
    const within = this.#ranges.find(({ range, prefix }) =>
      isWithin(address, prefix, range.length),
    );
    if (within !== undefined) return { kind: 'range', range: within.value };
    return { kind: 'none', why: `${remote} is no neighbour and in no range` };
  }

  /** Those with this address of theirs, and another one of ours. */
  #others(remote: string, local: string | undefined): Neighbor<Peer>[] {
    return this.#peers.get(remote)?.filter((each) => each.local !== local) ?? [];
  }
}

/** Whether an address begins with the first `length` bits of a prefix of its family. */
function isWithin(address: Uint8Array, prefix: Uint8Array, length: number): boolean {
  if (address.length !== prefix.length) return false;
  const whole = length >>> 3;
  for (let at = 0; at < whole; at++) if (address[at] !== prefix[at]) return false;
  const rest = 0xff00 >>> (length & 7);
  return whole === prefix.length || ((address[whole]! ^ prefix[whole]!) & rest & 0xff) === 0;
}
