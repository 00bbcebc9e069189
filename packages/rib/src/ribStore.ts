import { Afi, type FamilyKey, familyOfKey, isPrefixFamily } from '@peerloom/wire';
import { AttributeStore } from './attributeStore.ts';
import { Ipv4PrefixTable } from './ipv4PrefixTable.ts';
import { NlriTable } from './nlriTable.ts';
import { PrefixTable } from './prefixTable.ts';
import type { RouteKeyTable } from './routeKeyTable.ts';
import { UpdateReceiver } from './updateReceiver.ts';

/** Something with work to finish in small steps. */
export interface Reclaimable {
  /** Routes that are gone and still take memory. */
  readonly gone: number;
  /** Looks at up to `limit` routes; returns how many it has looked at, fewer than `limit` when it is done. */
  reclaim(limit: number): number;
}

/** How much a store holds, in octets of typed arrays; a peer's own columns are not in it. */
export interface RibStoreStatistics {
  /** Routes that are gone and still take memory. */
  readonly goneRoutes: number;
  /** Distinct attribute blocks, those of routes that are gone included. */
  readonly attributeBlocks: number;
  readonly attributeBytes: number;
  /** Prefixes that some peer has announced, over all shared tables. */
  readonly routeKeys: number;
  readonly routeKeyBytes: number;
}

/** What a store may be told. */
export interface RibStoreOptions {
  /**
   * Keep the memory of routes that are gone until `age` has been called twice, in case they come back. Default false:
   * `reclaim` may free it at once.
   */
  readonly waitsForRoutes?: boolean;
  /**
   * Copies messages that were packed for all sessions that agree to where they can stay: they are only read
   * then. Where another thread sends them on, shared memory saves each session a copy.
   */
  readonly keepChunk?: (bytes: Uint8Array) => Uint8Array;
}

/**
 * What all peers of one worker share: attribute blocks, the keys of prefix families, and the list of
 * routes that are gone but still take memory.
 */
export class RibStore {
  readonly attributes: AttributeStore = new AttributeStore();
  /** Applies the UPDATEs of all peers. */
  readonly receiver: UpdateReceiver = new UpdateReceiver(this.attributes);
  /** See `RibStoreOptions`. */
  readonly keepChunk: (bytes: Uint8Array) => Uint8Array;
  readonly #waitsForRoutes: boolean;
  readonly #shared = new Map<string, RouteKeyTable>();
  /** Of which routes went away since `age` was called last. */
  #young = new Set<Reclaimable>();
  /** Of which routes went away before that. */
  #old = new Set<Reclaimable>();
  readonly #reclaimable = new Set<Reclaimable>();

  constructor({
    waitsForRoutes = false,
    keepChunk = (bytes) => bytes.slice(),
  }: RibStoreOptions = {}) {
    this.#waitsForRoutes = waitsForRoutes;
    this.keepChunk = keepChunk;
  }

  /**
   * The keys of a family: for plain prefixes one table for all peers, for anything else (see `NlriTable`)
   * a new one. `multipleLabels`: as in `UpdateOptions`, for this family.
   */
  routeKeys(family: FamilyKey, hasPathIds: boolean, multipleLabels: boolean): RouteKeyTable {
    if (!isPrefixFamily(family)) return new NlriTable(family, hasPathIds, multipleLabels);
    const name = hasPathIds ? `${family}+` : `${family}`;
    let table = this.#shared.get(name);
    if (table === undefined) {
      const isPlainIpv4 = familyOfKey(family).afi === Afi.ipv4 && !hasPathIds;
      table = isPlainIpv4 ? new Ipv4PrefixTable() : new PrefixTable(family, hasPathIds);
      this.#shared.set(name, table);
    }
    return table;
  }

  /**
   * Routes of something have gone. They may come back: a neighbour whose session was reset mostly sends them again
   * within seconds, and a route that finds its place, and its attributes judged, takes half the time of a new
   * one. So a store that waits for them keeps their memory until `age` has been called twice, or `reclaimSoon`.
   */
  addReclaimable(reclaimable: Reclaimable): void {
    if (!this.#waitsForRoutes) return this.reclaimSoon(reclaimable);
    this.#old.delete(reclaimable);
    this.#reclaimable.delete(reclaimable);
    this.#young.add(reclaimable);
  }

  /** What is gone of it is not waited for. */
  reclaimSoon(reclaimable: Reclaimable): void {
    this.#young.delete(reclaimable);
    this.#old.delete(reclaimable);
    this.#reclaimable.add(reclaimable);
  }

  /** Whether there may be routes that are waited for: call `age` now and then, or they wait for ever. */
  get isWaiting(): boolean {
    return this.#young.size > 0 || this.#old.size > 0;
  }

  /** What was waited for already when this was called last is waited for no longer. */
  age(): void {
    for (const reclaimable of this.#old) this.#reclaimable.add(reclaimable);
    this.#old.clear();
    [this.#young, this.#old] = [this.#old, this.#young];
  }

  /** Whether memory of routes that are gone is to be freed: call `reclaim`. */
  get hasGarbage(): boolean {
    return this.#reclaimable.size > 0;
  }

  /**
   * Frees memory of routes that are gone, looking at no more than about `limit` routes (some 250 ns each of a full table),
   * so that a peer which takes its million routes with it stops nobody else for long. Returns whether
   * more is to be done.
   */
  reclaim(limit: number): boolean {
    let left = limit;
    for (const reclaimable of this.#reclaimable) {
      const seen = reclaimable.reclaim(left);
      if (seen < left) this.#reclaimable.delete(reclaimable);
      left -= seen;
      if (left <= 0) break;
    }
    return this.hasGarbage;
  }

  /** How much the store holds. */
  get statistics(): RibStoreStatistics {
    const { blocks, bytes } = this.attributes.statistics;
    let routeKeys = 0;
    let routeKeyBytes = 0;
    for (const table of this.#shared.values()) {
      routeKeys += table.count;
      routeKeyBytes += table.byteLength;
    }
    let goneRoutes = 0;
    for (const { gone } of [...this.#young, ...this.#old, ...this.#reclaimable]) goneRoutes += gone;
    return { goneRoutes, attributeBlocks: blocks, attributeBytes: bytes, routeKeys, routeKeyBytes };
  }
}
