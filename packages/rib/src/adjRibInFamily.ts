import type { FamilyKey, NlriContext, UpdateOptions } from '@peerloom/wire';
import type { BlockId } from './attributeStore.ts';
import { forbidsLongLivedStale } from './longLivedStale.ts';
import type { Reclaimable, RibStore } from './ribStore.ts';
import { RouteColumn } from './routeColumn.ts';
import type { RouteKeyId, RouteKeyTable } from './routeKeyTable.ts';
import { blockOf, deadBit, longLivedBit, type RouteValue, staleBit } from './routeValue.ts';
import type { UpdateOutcome } from './updateOutcome.ts';
import { type ValidationContext, validationContext } from './validationContext.ts';

/**
 * The routes of one family that a peer has sent: keys (shared among peers where the family allows it),
 * and a column with the attribute block of each.
 *
 * Whatever takes away many routes at once only marks them, at some 3 ns a route, and they are gone from
 * then on; `reclaim` frees their memory later, in steps. Until then they may come back.
 */
export class AdjRibInFamily implements Reclaimable {
  readonly family: FamilyKey;
  /** NLRI of this family carry Path Identifiers (RFC 7911). */
  readonly hasPathIds: boolean;
  readonly multipleLabels: boolean;
  readonly keys: RouteKeyTable;
  readonly column: RouteColumn = new RouteColumn();
  /** What the blocks of new routes are validated and interned under. */
  context: ValidationContext;
  /** What is stale has been so since a BoRR, and waits for the EoRR (RFC 7313 §4). */
  isRefreshing = false;
  /** AFI/SAFI disable: routes are ignored until the session ends (RFC 7606 §2). */
  isDisabled = false;
  readonly #store: RibStore;
  #stale = 0;
  #dead = 0;
  /** Routes, those that are gone included, up to which the latter are waited for: a sixteenth more than there were. */
  #bound = 0;
  /** Where `reclaim` goes on. */
  #reclaimed = 0;

  constructor(store: RibStore, family: FamilyKey, options: UpdateOptions) {
    this.family = family;
    this.hasPathIds = options.addPathReceive.has(family);
    this.multipleLabels = options.multipleLabels?.has(family) === true;
    this.keys = store.routeKeys(family, this.hasPathIds, this.multipleLabels);
    this.context = validationContext(options, family);
    this.#store = store;
  }

  /** Routes, stale ones included. */
  get routes(): number {
    return this.column.size - this.#dead;
  }

  /** Routes that the peer has yet to confirm. */
  get staleRoutes(): number {
    return this.#stale;
  }

  get gone(): number {
    return this.#dead;
  }

  /** Octets of the peer's own tables. */
  get byteLength(): number {
    return this.column.byteLength;
  }

  /** Whether what is kept can be what a session with these options goes on with. */
  isCompatible(options: UpdateOptions): boolean {
    return (
      this.hasPathIds === options.addPathReceive.has(this.family) &&
      this.multipleLabels === (options.multipleLabels?.has(this.family) === true)
    );
  }

  /** Goes on under the options of a new session, which must be compatible. */
  setOptions(options: UpdateOptions): void {
    this.context = validationContext(options, this.family);
  }

  /** Stores the routes of the valid field `bytes[start, end)` with `block`, adding references to it as needed. */
  announce(
    bytes: Uint8Array,
    start: number,
    end: number,
    block: BlockId,
    outcome: UpdateOutcome,
  ): void {
    this.keys.begin(bytes, start, end, 'reach');
    this.announceWalked(block, outcome);
  }

  /** As `announce`, of the routes that a walk which `keys` has begun goes over. */
  announceWalked(block: BlockId, outcome: UpdateOutcome): void {
    const { keys, column } = this;
    let announced = 0;
    let unchanged = 0;
    let references = 0;
    try {
      for (let key = keys.internNext(); key !== 0; key = keys.internNext()) {
        const before = column.set(key, block);
        if (before === 0) {
          keys.retain(key);
          announced += 1;
        } else if (before === block && !keys.replaced) unchanged += 1;
        else references += this.#replace(before, block, keys.replaced, outcome);
      }
    } finally {
      // Also of a table that could not grow half-way through: what it holds must be held rightly.
      this.#store.attributes.retain(block, announced + references);
    }
    outcome.unchanged += unchanged;
    if (announced > 0) outcome.noteAnnounced(this.family, announced);
    // The neighbour sends other routes than those that are gone, and one table of a neighbour is enough.
    if (this.#dead > 0 && column.size > this.#bound) this.giveUp();
  }

  /** Removes the routes of the field `bytes[start, end)`; `context`: what kind of field it is. */
  withdraw(
    bytes: Uint8Array,
    start: number,
    end: number,
    context: NlriContext,
    outcome: UpdateOutcome,
  ): void {
    const { keys, column } = this;
    keys.begin(bytes, start, end, context);
    for (let key = keys.findNext(); key >= 0; key = keys.findNext()) {
      const value = key === 0 ? 0 : column.delete(key);
      if (value !== 0 && this.#remove(key, value)) outcome.withdrawn += 1;
    }
  }

  /** Gives back what a route has held that is no longer in the column; returns whether there was still a route. */
  #remove(key: RouteKeyId, value: RouteValue): boolean {
    this.#store.attributes.release(blockOf(value));
    this.keys.release(key);
    if ((value & deadBit) !== 0) {
      this.#dead -= 1;
      return false;
    }
    if ((value & staleBit) !== 0) this.#stale -= 1;
    return true;
  }

  /**
   * Marks all routes as stale. Ones that were so already: kept if `keepStale`, else gone (RFC 4724 §4.2).
   * Long-lived stale ones are kept in any case (RFC 9494 §4.2).
   */
  markStale(keepStale: boolean): void {
    const { column } = this;
    for (let at = column.next(0); at >= 0; at = column.next(at + 1)) {
      const value = column.valueAt(at);
      if ((value & deadBit) !== 0) continue;
      if ((value & staleBit) === 0) {
        column.setAt(at, value | staleBit);
        this.#stale += 1;
      } else if (!keepStale && (value & longLivedBit) === 0) this.#kill(at, value);
    }
  }

  /**
   * The restart time has ended: what is stale may stay as long-lived stale (RFC 9494 §4.2), except
   * routes with the community NO_LLGR, which are gone.
   */
  beginLongLivedStale(): void {
    const { column } = this;
    const { attributes } = this.#store;
    // A block is looked at once, however many routes have it: 1 stay, 2 go.
    const verdicts = new Uint8Array(attributes.end);
    for (let at = column.next(0); at >= 0; at = column.next(at + 1)) {
      const value = column.valueAt(at);
      if ((value & staleBit) === 0) continue;
      const block = blockOf(value);
      verdicts[block] ||= forbidsLongLivedStale(attributes.bytes(block)) ? 2 : 1;
      if (verdicts[block] === 2) this.#kill(at, value);
      else column.setAt(at, value | longLivedBit);
    }
  }

  /** Removes what is stale; returns how many routes. */
  removeStale(): number {
    this.isRefreshing = false;
    const removed = this.#stale === 0 ? 0 : this.#killAll(staleBit);
    // The peer has told all, or had its time to.
    this.giveUp();
    return removed;
  }

  /** Removes everything; returns how many routes. */
  removeAll(): number {
    this.isRefreshing = false;
    return this.routes === 0 ? 0 : this.#killAll(-1);
  }

  /** The routes that are gone are not waited for any longer. */
  giveUp(): void {
    if (this.#dead > 0) this.#store.reclaimSoon(this);
  }

  /** As `Reclaimable` says. */
  reclaim(limit: number): number {
    const { column } = this;
    let seen = 0;
    let at = column.next(this.#reclaimed);
    for (; at >= 0 && this.#dead > 0 && seen < limit; at = column.next(at + 1), seen += 1) {
      const value = column.valueAt(at);
      if ((value & deadBit) === 0) continue;
      const key = column.keyAt(at);
      column.deleteAt(at);
      this.#remove(key, value);
    }
    this.#reclaimed = Math.max(at, 0);
    return seen;
  }

  /** Counts a route that was there before; returns how many references to `block` it adds. */
  #replace(
    before: RouteValue,
    block: BlockId,
    isReplaced: boolean,
    outcome: UpdateOutcome,
  ): number {
    const isSameBlock = blockOf(before) === block;
    if ((before & deadBit) !== 0) {
      this.#dead -= 1;
      outcome.noteAnnounced(this.family, 1);
    } else {
      if ((before & staleBit) !== 0) this.#stale -= 1;
      if (isSameBlock && !isReplaced) outcome.unchanged += 1;
      else outcome.changed += 1;
    }
    if (isSameBlock) return 0;
    this.#store.attributes.release(blockOf(before));
    return 1;
  }

  #killAll(bits: number): number {
    const { column } = this;
    let killed = 0;
    for (let at = column.next(0); at >= 0; at = column.next(at + 1)) {
      const value = column.valueAt(at);
      if ((value & deadBit) !== 0 || (value & bits) === 0) continue;
      this.#kill(at, value);
      killed += 1;
    }
    // Anew, if some had gone before.
    if (killed > 0) this.#store.addReclaimable(this);
    return killed;
  }

  #kill(at: number, value: RouteValue): void {
    if ((value & staleBit) !== 0) this.#stale -= 1;
    this.column.setAt(at, blockOf(value) | deadBit);
    if (this.#dead === 0) {
      this.#store.addReclaimable(this);
      // Not at each drop: what had gone before would count as well, and a sixteenth each time make many.
      this.#bound = this.column.size + (this.column.size >>> 4);
    }
    this.#dead += 1;
    this.#reclaimed = 0;
  }
}
