import { EntryTable, tagBits } from './entryTable.ts';
import type { RouteKeyId } from './routeKeyTable.ts';

/** Routes a page. A peer whose keys lie scattered pays for a page each: 77 octets, not a kibibyte. */
const pageRoutes = 16;
const pageShift = 4;
const pageMask = pageRoutes - 1;

// Words of an entry.
const pageWord = 0;
/** Routes on the page; 0: the entry is free. */
const usedWord = 1;
const valuesWord = 2;
const stride = valuesWord + pageRoutes;
/** Words between the values of one entry and those of the next. */
const gap = stride - pageRoutes;

/** Where a route stands in its column: for walks. Stays as it is as long as the route does. */
export type RoutePosition = number;

/**
 * A map from route key to a 32-bit number, one for each peer and family: which attribute block the peer
 * gave the route, and how the route stands. Keys are small numbers that neighbours in time share the
 * upper bits of, so they are kept by pages of 16, and the pages found by hashing: 5 octets a route where
 * they lie together, no more than 90 where each lies alone.
 *
 * Routes never move, so a walk over positions meets every route that is there all the while exactly
 * once, whatever else comes and goes.
 */
export class RouteColumn extends EntryTable {
  #routes = 0;
  // A field of NLRI mostly stays on the page of the route before.
  #lastPage = -1;
  #lastEntry = 0;

  constructor() {
    super(stride);
  }

  /** Routes in the column. */
  get size(): number {
    return this.#routes;
  }

  /** The value of the route under `key`, 0 without one. */
  get(key: RouteKeyId): number {
    const entry = this.#find(key >>> pageShift);
    return entry === 0 ? 0 : this.entries[entry * stride + valuesWord + (key & pageMask)]!;
  }

  /** Stores `value` (1–4294967295) under `key`; returns the value before, 0 when there was none. */
  set(key: RouteKeyId, value: number): number {
    const entry = this.#find(key >>> pageShift) || this.#addPage(key >>> pageShift);
    const at = entry * stride + valuesWord + (key & pageMask);
    const { entries } = this;
    const before = entries[at]!;
    entries[at] = value;
    if (before === 0) {
      entries[entry * stride + usedWord]! += 1;
      this.#routes += 1;
    }
    return before;
  }

  /** Removes the route under `key`; returns its value, 0 when there was none. */
  delete(key: RouteKeyId): number {
    const entry = this.#find(key >>> pageShift);
    return entry === 0 ? 0 : this.#deleteAt(entry, key & pageMask);
  }

  /** Position of the first route at `from` or after it, -1 when there is none. A walk begins at 0. */
  next(from: RoutePosition): RoutePosition {
    const { entries } = this;
    const last = this.end;
    let entry = Math.max(from >>> pageShift, 1);
    let index = entry === from >>> pageShift ? from & pageMask : 0;
    for (; entry < last; entry += 1, index = 0) {
      if (entries[entry * stride + usedWord] === 0) continue;
      for (; index < pageRoutes; index += 1) {
        if (entries[entry * stride + valuesWord + index] !== 0) return (entry << pageShift) | index;
      }
    }
    return -1;
  }

  /** Key of the route at a position. */
  keyAt(position: RoutePosition): RouteKeyId {
    const page = this.entries[(position >>> pageShift) * stride + pageWord]!;
    return (page << pageShift) | (position & pageMask);
  }

  /** Value of the route at a position. */
  valueAt(position: RoutePosition): number {
    return this.entries[wordAt(position)]!;
  }

  /** Replaces the value of the route at a position by another, not 0. */
  setAt(position: RoutePosition, value: number): void {
    this.entries[wordAt(position)] = value;
  }

  /** Removes the route at a position. */
  deleteAt(position: RoutePosition): void {
    this.#deleteAt(position >>> pageShift, position & pageMask);
  }

  protected override hashOf(entry: number): number {
    return hashPage(this.entries[entry * stride + pageWord]!);
  }

  protected override hashLot(held: Uint32Array, count: number, into: Int32Array): void {
    const { entries } = this;
    for (let index = 0; index < count; index += 1) {
      into[index] = hashPage(entries[(held[index]! >>> tagBits) * stride + pageWord]!);
    }
  }

  /** Entry of the page, 0 when there is none. */
  #find(page: number): number {
    if (page === this.#lastPage) return this.#lastEntry;
    const { entries, slots, slotMask } = this;
    let slot = hashPage(page) >>> this.slotShift;
    for (let held = slots[slot]!; held !== 0; held = slots[slot]!) {
      const entry = held >>> tagBits;
      if (entries[entry * stride + pageWord] === page) {
        this.#lastPage = page;
        this.#lastEntry = entry;
        return entry;
      }
      slot = (slot + 1) & slotMask;
    }
    return 0;
  }

  #addPage(page: number): number {
    const entry = this.insert(hashPage(page));
    const at = entry * stride;
    this.entries[at + pageWord] = page;
    this.entries.fill(0, at + usedWord, at + stride);
    this.#lastPage = page;
    this.#lastEntry = entry;
    return entry;
  }

  #deleteAt(entry: number, index: number): number {
    const { entries } = this;
    const at = entry * stride;
    const before = entries[at + valuesWord + index]!;
    if (before === 0) return 0;
    entries[at + valuesWord + index] = 0;
    this.#routes -= 1;
    const used = entries[at + usedWord]! - 1;
    entries[at + usedWord] = used;
    if (used === 0) {
      this.#lastPage = -1;
      this.remove(hashPage(entries[at + pageWord]!), entry);
    }
    return before;
  }
}

function wordAt(position: RoutePosition): number {
  return position + (position >>> pageShift) * gap + valuesWord;
}

/** Page numbers are ours, not a peer's, and mostly run on: the golden ratio spreads such runs evenly. */
function hashPage(page: number): number {
  return Math.imul(page + 1, 0x9e3779b1);
}
