import {
  ByteWriter,
  encodeNlri,
  type FamilyKey,
  isPrefixFamily,
  type Nlri,
  type NlriContext,
  NlriWalker,
} from '@peerloom/wire';
import { missingAttributes } from './announcementBlock.ts';
import { AnnouncementLog, type LoggedRoutes, type LogReader } from './announcementLog.ts';
import type { AttributeStore, BlockId } from './attributeStore.ts';
import { grownArray } from './grownArray.ts';
import { NlriTable } from './nlriTable.ts';
import { PackingGroups } from './packingGroups.ts';
import { PrefixTable } from './prefixTable.ts';
import type { RibStore } from './ribStore.ts';
import type { RouteKeyId, RouteKeyTable } from './routeKeyTable.ts';

/** Some session has been told of the route, and not of its withdrawal. */
const toldBit = 1 << 31;
const blockMask = ~toldBit;

const scratch = new ByteWriter(64);
const walker = new NlriWalker();
const nothing = new Uint8Array(0);

/** Who reads announcements. An object, and no function: with thousands of sessions a closure for each adds up. */
export interface AnnouncementListener {
  /** The table has got a family that it did not have; its first route is about to be announced. */
  familyAdded(added: FamilyAnnouncements): void;
  /** Something that was waited for has changed. */
  announcementsChanged(): void;
}

/**
 * What is to be announced of one family, whoever to: the latest state of each route, and the log from
 * which sessions read. About 40 octets a route of IPv4.
 */
export class FamilyAnnouncements implements LoggedRoutes {
  readonly family: FamilyKey;
  readonly keys: RouteKeyTable;
  readonly log: AnnouncementLog = new AnnouncementLog(this);
  readonly groups: PackingGroups;
  /** What some announcement has ever left to the session; see `outboundKey`. */
  readonly uses: { asPath: boolean; nextHop: boolean } = { asPath: false, nextHop: false };
  /** NLRI have Path Identifiers in the key table: all but those of families of unknown framing. */
  readonly hasPathIds: boolean;
  readonly #attributes: AttributeStore;
  /** By key: the route's block, and `toldBit`; 0: withdrawn, or nothing. */
  #blocks = new Uint32Array(16);
  #routes = 0;
  readonly #waiting = new Set<AnnouncementListener>();

  constructor(store: RibStore, family: FamilyKey) {
    this.family = family;
    this.hasPathIds = walker.reset(nothing, 0, 0, family, true, 'reach').isDelimited;
    this.keys = isPrefixFamily(family)
      ? new PrefixTable(family, true)
      : new NlriTable(family, this.hasPathIds, true);
    this.#attributes = store.attributes;
    this.groups = new PackingGroups(this, store);
  }

  /** Routes announced. */
  get routes(): number {
    return this.#routes;
  }

  /** Octets of the typed arrays, and of packed messages kept for other sessions. */
  get byteLength(): number {
    const tables = this.keys.byteLength + this.log.byteLength + this.#blocks.byteLength;
    return tables + this.groups.byteLength;
  }

  get blockEnd(): number {
    return this.#attributes.end;
  }

  blockAt(key: RouteKeyId): BlockId {
    return this.#blocks[key]! & blockMask;
  }

  /** Whether some session has been told of the route, and not of its withdrawal. */
  isTold(key: RouteKeyId): boolean {
    return (this.#blocks[key]! & toldBit) !== 0;
  }

  /** Remembers that some session is about to be told. */
  setTold(key: RouteKeyId): void {
    this.#blocks[key]! |= toldBit;
  }

  forget(key: RouteKeyId): void {
    this.#blocks[key] = 0;
    this.keys.release(key);
  }

  /** Announces the routes of the field `bytes[start, end)`, with Path Identifiers if `hasPathIds`, with `block`; returns how many are new or changed. */
  announce(bytes: Uint8Array, start: number, end: number, block: BlockId): number {
    const { keys } = this;
    let changed = 0;
    this.#noteUses(block);
    keys.begin(bytes, start, end, 'reach');
    for (let key = keys.internNext(); key !== 0; key = keys.internNext()) {
      if (this.#announceKey(key, block, keys.replaced)) changed += 1;
    }
    if (changed > 0) this.#wake();
    return changed;
  }

  /** Withdraws the routes of the field `bytes[start, end)`, which is one of withdrawals unless `context` says otherwise; returns how many were announced. */
  withdraw(
    bytes: Uint8Array,
    start: number,
    end: number,
    context: NlriContext = 'unreach',
  ): number {
    const { keys } = this;
    let withdrawn = 0;
    keys.begin(bytes, start, end, context);
    for (let key = keys.findNext(); key >= 0; key = keys.findNext()) {
      if (key !== 0 && this.#withdrawKey(key)) withdrawn += 1;
    }
    if (withdrawn > 0) this.#wake();
    return withdrawn;
  }

  /** Withdraws everything; returns how many routes. */
  clear(): number {
    let withdrawn = 0;
    for (let key = 1; key < this.keys.end; key += 1) {
      if (key < this.#blocks.length && this.blockAt(key) !== 0 && this.#withdrawKey(key)) {
        withdrawn += 1;
      }
    }
    if (withdrawn > 0) this.#wake();
    return withdrawn;
  }

  /** The NLRI as it stands in fields given to `announce` or `withdraw`. The buffer is used again. Throws a `WireError` for what cannot be encoded. */
  encode(nlri: Nlri, context: NlriContext): Uint8Array {
    scratch.reset();
    const { pathId: given, ...route } = nlri;
    const each = this.hasPathIds ? { ...route, pathId: given ?? 0 } : route;
    encodeNlri(scratch, each, this.family, this.hasPathIds, context, true);
    return scratch.view();
  }

  /** Key of the route whose NLRI (as in `announce`, or in `withdraw` if `context` says so) is `bytes[0, end)`, 0 when it is not announced. */
  find(bytes: Uint8Array, end: number, context: NlriContext = 'reach'): RouteKeyId {
    this.keys.begin(bytes, 0, end, context);
    const key = this.keys.findNext();
    return key > 0 && this.blockAt(key) !== 0 ? key : 0;
  }

  /** First key at `from` or after it that is announced, -1 when there is none. */
  next(from: number): number {
    const end = Math.min(this.keys.end, this.#blocks.length);
    for (let key = Math.max(from, 1); key < end; key += 1) if (this.blockAt(key) !== 0) return key;
    return -1;
  }

  /** Adds a session that has heard of nothing yet. */
  addReader(): LogReader {
    return this.log.addReader();
  }

  /** Has `listener` told once, when something changes. */
  wait(listener: AnnouncementListener): void {
    this.#waiting.add(listener);
  }

  /** Takes `wait` back. */
  stopWaiting(listener: AnnouncementListener): void {
    this.#waiting.delete(listener);
  }

  /** Whether that is new, or changes something. */
  #announceKey(key: RouteKeyId, block: BlockId, isReplaced: boolean): boolean {
    if (key >= this.#blocks.length) this.#blocks = grownArray(this.#blocks, key + 1);
    const before = this.#blocks[key]!;
    const blockBefore = before & blockMask;
    if (blockBefore === block && !isReplaced) return false;
    if (blockBefore === 0) this.#routes += 1;
    if (!this.log.has(key)) this.keys.retain(key);
    if (blockBefore !== block) {
      this.#attributes.retain(block);
      if (blockBefore !== 0) this.#attributes.release(blockBefore);
    }
    this.#blocks[key] = block | (before & toldBit);
    this.log.append(key);
    return true;
  }

  #withdrawKey(key: RouteKeyId): boolean {
    const before = this.#blocks[key]!;
    if ((before & blockMask) === 0) return false;
    this.#attributes.release(before & blockMask);
    this.#routes -= 1;
    if ((before & toldBit) !== 0 && this.log.readers.size > 0) {
      this.#blocks[key] = toldBit;
      this.log.append(key);
    } else {
      this.log.remove(key);
      this.forget(key);
    }
    return true;
  }

  #noteUses(block: BlockId): void {
    const { uses } = this;
    if (uses.asPath && uses.nextHop) return;
    const missing = missingAttributes(this.#attributes.bytes(block));
    uses.asPath ||= missing.asPath;
    uses.nextHop ||= missing.nextHop;
  }

  #wake(): void {
    if (this.#waiting.size === 0) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const listener of waiting) listener.announcementsChanged();
  }
}
