import { BlockList } from 'node:net';
import { type AddressRange, addressFamilyOf } from './address.ts';

/** What a connection's two addresses lead to. */
export type NeighborMatch<Peer, Range> =
  | { readonly kind: 'peer'; readonly peer: Peer }
  | { readonly kind: 'range'; readonly range: Range }
  | { readonly kind: 'none'; readonly why: string };

/**
 * Who may connect: listed neighbours by their address, and by ours where a `sourceAddress` is given;
 * else the longest range that the address is in.
 */
export class NeighborTable<Peer, Range> {
  /** By remote address, then by local address; `''` stands for any. */
  readonly #peers = new Map<string, Map<string, Peer>>();
  /** Longest prefix first. */
  #ranges: { readonly range: AddressRange; readonly list: BlockList; readonly value: Range }[] = [];

  add(remote: string, local: string | undefined, peer: Peer): void {
    let byLocal = this.#peers.get(remote);
    if (byLocal === undefined) {
      byLocal = new Map();
      this.#peers.set(remote, byLocal);
    }
    byLocal.set(local ?? '', peer);
  }

  remove(remote: string, local: string | undefined): void {
    const byLocal = this.#peers.get(remote);
    if (byLocal === undefined) return;
    byLocal.delete(local ?? '');
    if (byLocal.size === 0) this.#peers.delete(remote);
  }

  /** Every peer with this remote address. */
  withRemote(remote: string): Peer[] {
    return [...(this.#peers.get(remote)?.values() ?? [])];
  }

  addRange(range: AddressRange, value: Range): void {
    const list = new BlockList();
    const family = addressFamilyOf(range.address) === 6 ? 'ipv6' : 'ipv4';
    // `addSubnet` asks for at least one bit; two halves make the whole.
    if (range.length === 0) {
      const halves = family === 'ipv6' ? ['::', '8000::'] : ['0.0.0.0', '128.0.0.0'];
      for (const half of halves) list.addSubnet(half, 1, family);
    } else {
      list.addSubnet(range.address, range.length, family);
    }
    this.removeRange(range);
    this.#ranges = [...this.#ranges, { range, list, value }].toSorted(
      (a, b) => b.range.length - a.range.length,
    );
  }

  removeRange(range: AddressRange): void {
    this.#ranges = this.#ranges.filter((entry) => entry.range.text !== range.text);
  }

  /** Canonical addresses of a connection, the neighbour's and ours. */
  match(remote: string, local: string): NeighborMatch<Peer, Range> {
    const byLocal = this.#peers.get(remote);
    const peer = byLocal?.get(local) ?? byLocal?.get('');
    if (peer !== undefined) return { kind: 'peer', peer };
    if (byLocal !== undefined) {
      const wanted = [...byLocal.keys()].join(', ');
      const why = `neighbour ${remote} has sourceAddress ${wanted} and connected to ${local}`;
      return { kind: 'none', why };
    }
    const family = addressFamilyOf(remote) === 6 ? 'ipv6' : 'ipv4';
    const [address] = remote.split('%') as [string];
    const found = this.#ranges.find(({ list }) => list.check(address, family));
    if (found !== undefined) return { kind: 'range', range: found.value };
    return { kind: 'none', why: `${remote} is no neighbour and in no range` };
  }
}
