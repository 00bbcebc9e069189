import type { CommonPeerOptions } from '@peerloom/ipc';
import { parseAddressRange } from './address.ts';
import { peerKey } from './checkEngineOptions.ts';
import type { RangeOptions } from './engineOptions.ts';
import { type NeighborMatch, NeighborTable } from './neighborTable.ts';
import type { PeerRecord, RangeRecord } from './peerRecord.ts';

/** Who our peers are: by id, by address, and by what a connection shows of them. */
export class PeerRegistry {
  readonly #byId = new Map<number, PeerRecord>();
  readonly #byKey = new Map<string, PeerRecord>();
  readonly #table = new NeighborTable<PeerRecord, RangeRecord>();
  readonly #ranges = new Map<string, RangeRecord>();
  #nextId = 1;

  /** An id that has never been given before. */
  nextId(): number {
    return this.#nextId++;
  }

  /** Those that are not on their way out. */
  all(): IterableIterator<PeerRecord> {
    return this.#byKey.values();
  }

  get(id: number): PeerRecord | undefined {
    return this.#byId.get(id);
  }

  /** The peer with this pair of addresses, `local` as configured. */
  find(address: string, sourceAddress?: string): PeerRecord | undefined {
    const exact = this.#byKey.get(peerKey(address, sourceAddress));
    if (exact !== undefined || sourceAddress !== undefined) return exact;
    // An address alone will do when only one peer has it.
    const [first, second] = this.#table.withRemote(address);
    return second === undefined ? first : undefined;
  }

  add(record: PeerRecord): void {
    const { address } = record;
    const { sourceAddress } = record.options;
    this.#byId.set(record.id, record);
    this.#byKey.set(record.key, record);
    this.#table.add(address, sourceAddress, record);
    record.range?.peers.add(record);
  }

  /** It is on its way out: its addresses are free for another peer; by its id it is still found. */
  retire(record: PeerRecord): void {
    const { address } = record;
    const { sourceAddress } = record.options;
    if (this.#byKey.get(record.key) !== record) return;
    this.#byKey.delete(record.key);
    this.#table.remove(address, sourceAddress);
    record.range?.peers.delete(record);
  }

  /** Nothing is left of it. */
  remove(record: PeerRecord): void {
    this.retire(record);
    this.#byId.delete(record.id);
  }

  match(remote: string, local: string): NeighborMatch<PeerRecord, RangeRecord> {
    return this.#table.match(remote, local);
  }

  ranges(): IterableIterator<RangeRecord> {
    return this.#ranges.values();
  }

  /** The range of this canonical prefix. */
  range(text: string): RangeRecord | undefined {
    return this.#ranges.get(text);
  }

  addRange(options: RangeOptions, typical: CommonPeerOptions): RangeRecord {
    const range = parseAddressRange(options.prefix)!;
    const record: RangeRecord = { range, options, typical, peers: new Set() };
    this.#ranges.set(range.text, record);
    this.#table.addRange(range, record);
    return record;
  }

  removeRange(record: RangeRecord): void {
    this.#ranges.delete(record.range.text);
    this.#table.removeRange(record.range);
  }
}
