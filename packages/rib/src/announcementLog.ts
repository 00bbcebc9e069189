import { grownArray } from './grownArray.ts';
import type { RouteKeyId } from './routeKeyTable.ts';

/** Where a reader of a log stands. All are positions: one route is at each, and readers go forward. */
export interface LogReader {
  /** What is before this has been taken. */
  cursor: number;
  /** Withdrawals before this are none of the reader's: it never heard of the routes. */
  floor: number;
  /** Passing this completes what the reader has begun: the initial update, a route refresh. */
  milestone: number;
}

/** What a log needs to know of the routes in it. */
export interface LoggedRoutes {
  /** The number of the route's attribute block, 0 for one that is withdrawn. */
  blockAt(key: RouteKeyId): number;
  /** Block numbers are below this. */
  readonly blockEnd: number;
  /** A withdrawn route has left the log: every reader has been told, or need not be. */
  forget(key: RouteKeyId): void;
}

/** Below so many entries, tidying up costs less than thinking about it. */
const smallLog = 1024;

/**
 * The routes of a family in the order in which they last changed: what sessions read from, each with a
 * cursor of its own and no memory else. A route is in the log once, where its latest state is, and moves
 * to the end when it changes; so a reader that is late finds only that, and one that is later still
 * finds no more than there are routes. A withdrawn route stays until all who heard of it have read on.
 *
 * Before entries are read they are grouped by attribute block, so that routes with the same attributes
 * come together and share UPDATEs. The order otherwise is that of the changes.
 */
export class AnnouncementLog {
  readonly #routes: LoggedRoutes;
  readonly #readers = new Set<LogReader>();
  /** Keys in order; 0 where one has moved away. */
  #entries = new Uint32Array(16);
  /** By key: its position, plus one; 0: not in the log. */
  #places = new Uint32Array(16);
  #end = 0;
  /** Entries before this are grouped. No cursor, floor or milestone is after it. */
  #groupedEnd = 0;
  /** Where the log ended when it was last rewritten. */
  #rewrittenEnd = 0;
  /** Withdrawals that have been grouped since, or left there then: no fewer than there are. */
  #withdrawals = 0;
  #generation = 0;

  constructor(routes: LoggedRoutes) {
    this.#routes = routes;
  }

  /** One after the last position. */
  get end(): number {
    return this.#end;
  }

  /** Changes whenever positions take a new meaning: what is remembered by position is void then. */
  get generation(): number {
    return this.#generation;
  }

  /** Octets of the typed arrays. */
  get byteLength(): number {
    return this.#entries.byteLength + this.#places.byteLength;
  }

  get readers(): ReadonlySet<LogReader> {
    return this.#readers;
  }

  /** The key at a position, 0 for none. */
  keyAt(position: number): RouteKeyId {
    return this.#entries[position]!;
  }

  /** Whether the route under a key is in the log. */
  has(key: RouteKeyId): boolean {
    return key < this.#places.length && this.#places[key] !== 0;
  }

  /** Position of a route that is in the log. */
  positionOf(key: RouteKeyId): number {
    return this.#places[key]! - 1;
  }

  /** Adds a reader that has heard of nothing yet; it will read all that is there. */
  addReader(): LogReader {
    // The whole table is about to be sent. With other sessions up, what is packed for them goes with it.
    const changes = this.#end - this.#rewrittenEnd;
    if (changes > (this.#readers.size === 0 ? 0 : this.#rewrittenEnd >>> 3)) this.#rewrite();
    else this.group();
    const reader = { cursor: 0, floor: this.#end, milestone: this.#end };
    this.#readers.add(reader);
    return reader;
  }

  /** Forgets a reader. After the last one, no withdrawal is needed any more. */
  removeReader(reader: LogReader): void {
    this.#readers.delete(reader);
    if (this.#readers.size > 0) return;
    if (this.#end > this.#rewrittenEnd || this.#withdrawals > 0) this.#rewrite();
  }

  /** Has a reader begin again; withdrawals that it has not read yet stay its own. */
  rewind(reader: LogReader): void {
    this.group();
    reader.floor = Math.max(reader.floor, reader.cursor);
    reader.cursor = 0;
    reader.milestone = this.#end;
  }

  /** Puts a route that has changed to the end. */
  append(key: RouteKeyId): void {
    if (key >= this.#places.length) this.#places = grownArray(this.#places, key + 1);
    const place = this.#places[key]!;
    if (place !== 0) this.#entries[place - 1] = 0;
    if (this.#end >= this.#entries.length) this.#makeRoom();
    this.#entries[this.#end] = key;
    this.#end += 1;
    this.#places[key] = this.#end;
  }

  /** Takes a route out that no reader has heard of, or that there is no reader for. */
  remove(key: RouteKeyId): void {
    this.#entries[this.#places[key]! - 1] = 0;
    this.#places[key] = 0;
  }

  /** Groups what has not been grouped yet: to be called before reading on. */
  group(): void {
    if (this.#groupedEnd === this.#end) return;
    const entries = new Uint32Array(this.#end - this.#groupedEnd);
    const count = this.#collect(this.#groupedEnd, this.#end, false, entries, 0);
    this.#entries.set(entries.subarray(0, count), this.#groupedEnd);
    this.#end = this.#groupedEnd + count;
    this.#place(this.#groupedEnd);
    this.#groupedEnd = this.#end;
  }

  /** Full: written anew if half or more are holes and withdrawals, which all may have read. A table that fills has none. */
  #makeRoom(): void {
    if (this.#end > smallLog && this.#announced() * 2 <= this.#end) this.#rewrite();
    if (this.#end >= this.#entries.length >>> 1) {
      this.#entries = grownArray(this.#entries, this.#end + 1);
    }
  }

  /** Entries of routes that are announced. */
  #announced(): number {
    let count = 0;
    for (let position = 0; position < this.#end; position += 1) {
      const key = this.#entries[position]!;
      if (key !== 0 && this.#routes.blockAt(key) !== 0) count += 1;
    }
    return count;
  }

  /**
   * Writes the log anew: without holes, without withdrawals that nobody needs, and grouped. What readers
   * have and have not read stays so, since nothing crosses a position that one of them stands at.
   */
  #rewrite(): void {
    const bounds = this.#bounds();
    const entries = new Uint32Array(this.#entries.length);
    const moved = new Map<number, number>([[0, 0]]);
    let count = 0;
    this.#withdrawals = 0;
    for (let index = 1; index < bounds.length; index += 1) {
      const start = bounds[index - 1]!;
      const isNeeded = this.#hasReaderOf(start);
      count = this.#collect(start, bounds[index]!, !isNeeded, entries, count);
      moved.set(bounds[index]!, count);
    }
    for (const reader of this.#readers) {
      reader.cursor = moved.get(reader.cursor)!;
      reader.floor = moved.get(reader.floor)!;
      reader.milestone = moved.get(reader.milestone)!;
    }
    this.#entries = entries;
    this.#end = count;
    this.#place(0);
    this.#groupedEnd = count;
    this.#rewrittenEnd = count;
    this.#generation += 1;
  }

  /** Positions that somebody stands at, and both ends, ascending. */
  #bounds(): number[] {
    const bounds = new Set([0, this.#end]);
    for (const { cursor, floor, milestone } of this.#readers) {
      bounds.add(cursor).add(floor).add(milestone);
    }
    return [...bounds].toSorted((a, b) => a - b);
  }

  /** Whether somebody has yet to be told of withdrawals that begin at `start`, a bound. */
  #hasReaderOf(start: number): boolean {
    for (const { cursor, floor } of this.#readers) {
      if (cursor <= start && floor <= start) return true;
    }
    return false;
  }

  /**
   * Copies the entries of `[start, end)` to `target[at…]`, grouped by block, groups in the order of their
   * first route, and returns where they end. `forgets`: leaves withdrawn routes out.
   */
  #collect(start: number, end: number, forgets: boolean, target: Uint32Array, at: number): number {
    const entries = this.#entries;
    const routes = this.#routes;
    // By block: how many entries; from its first route on, where the next one goes, as ~position.
    const slots = slotsOf(routes.blockEnd);
    for (let position = start; position < end; position += 1) {
      const key = entries[position]!;
      if (key === 0) continue;
      const block = routes.blockAt(key);
      if (block === 0 && forgets) {
        entries[position] = 0;
        this.#places[key] = 0;
        routes.forget(key);
        continue;
      }
      if (block === 0) this.#withdrawals += 1;
      slots[block]! += 1;
    }
    let next = at;
    for (let position = start; position < end; position += 1) {
      const key = entries[position]!;
      if (key === 0) continue;
      const block = routes.blockAt(key);
      const count = slots[block]!;
      if (count > 0) {
        slots[block] = ~next;
        next += count;
      }
      const to = ~slots[block]!;
      target[to] = key;
      slots[block] = ~(to + 1);
    }
    for (let position = at; position < next; position += 1) {
      slots[routes.blockAt(target[position]!)] = 0;
    }
    return next;
  }

  /** Notes the places of all entries from `start` on. */
  #place(start: number): void {
    for (let position = start; position < this.#end; position += 1) {
      this.#places[this.#entries[position]!] = position + 1;
    }
  }
}

/** Zero between calls. */
let sharedSlots = new Int32Array(1024);

function slotsOf(blockEnd: number): Int32Array {
  if (sharedSlots.length < blockEnd) {
    sharedSlots = new Int32Array(Math.max(blockEnd, sharedSlots.length * 2));
  }
  return sharedSlots;
}
