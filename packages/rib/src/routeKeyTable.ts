import type { HashSecret, NlriContext, PlainUpdateScanner } from '@peerloom/wire';
import { type EntryId, EntryTable } from './entryTable.ts';

/** Number of a route key in its table: what stands for the prefix wherever a route is kept. 0: none. */
export type RouteKeyId = EntryId;

/** Routes that may share a key: as many as a worker may have peers. */
const maximumReferences = 0x00ff_ffff;

/** Of tables that have no use for the hashes of scanned prefixes. */
const noSecret: HashSecret = { seed: 0, multiplier: 1 };

/**
 * The keys of one family's routes (prefix, or what else tells routes of the family apart, with the Path
 * Identifier where ADD-PATH is in use), each kept once and named by a small stable number.
 *
 * A peer's routes are then a column of attribute blocks over these numbers (`RouteColumn`). Peers of a
 * worker share the table, so a prefix that 200 of them announce is kept once, and the second peer's
 * table is found warm in the cache: against a table with keys for each peer, 4 M routes of 200 peers
 * took half the time and 7 instead of 20 octets each, and a single peer's million no more of either.
 *
 * Keys are counted: whoever stores a route under one calls `retain`, and `release` when it is gone.
 */
export abstract class RouteKeyTable extends EntryTable {
  /** The word whose lower 24 bits count the references. */
  readonly #referencesWord: number;

  protected constructor(stride: number, referencesWord: number) {
    super(stride);
    this.#referencesWord = referencesWord;
  }

  /**
   * Begins a walk over the NLRI field `bytes[start, end)`, which must have passed validation. One walk at a time
   * in a thread: `internNext` or `findNext` then go through it.
   */
  abstract begin(bytes: Uint8Array, start: number, end: number, context: NlriContext): void;

  /** As `begin`, of the NLRI field of an UPDATE that was scanned with `scanSecret`. `update`: its number. */
  beginScanned(scanner: PlainUpdateScanner, update: number): void {
    this.begin(scanner.bytes, scanner.nlriStart(update), scanner.end(update), 'reach');
  }

  /** What the hashes of scanned prefixes must be seasoned with. */
  get scanSecret(): HashSecret {
    return noSecret;
  }

  /** Key of the next NLRI, made if there is none yet (without a reference: `retain` it); 0 at the end of the field. */
  abstract internNext(): RouteKeyId;

  /** Key of the next NLRI, 0 if it has none; -1 at the end of the field. */
  abstract findNext(): RouteKeyId;

  /**
   * What the last `internNext` found differs from what was kept, and has replaced it, in more than the
   * key: the labels of a VPN route, for one (RFC 8277 §2.5). It is never true for plain prefixes.
   */
  get replaced(): boolean {
    return false;
  }

  /** Writes the NLRI as it stands in a message to `target[at…]`, and returns the offset after it. */
  abstract writeNlri(id: RouteKeyId, target: Uint8Array, at: number, withPathId: boolean): number;

  /** Octets that `writeNlri` writes. */
  abstract nlriLength(id: RouteKeyId, withPathId: boolean): number;

  /** The route's Path Identifier, 0 without ADD-PATH. */
  abstract pathId(id: RouteKeyId): number;

  /** One more route under this key. A `RangeError` tells that 2^24 − 1 are. */
  retain(id: RouteKeyId): void {
    const at = id * this.stride + this.#referencesWord;
    const word = this.entries[at]!;
    if ((word & maximumReferences) === maximumReferences) {
      throw new RangeError(`more than ${maximumReferences} routes under one key`);
    }
    this.entries[at] = word + 1;
  }

  /** One route less; the key is gone, and its number free for another, when it was the last. */
  release(id: RouteKeyId): void {
    const at = id * this.stride + this.#referencesWord;
    const word = this.entries[at]! - 1;
    this.entries[at] = word;
    if ((word & maximumReferences) !== 0) return;
    this.discard(id);
    this.remove(this.hashOf(id), id);
  }

  /** Routes under this key; 0 for a number that names no key. */
  references(id: RouteKeyId): number {
    if (id <= 0 || id >= this.end) return 0;
    return this.entries[id * this.stride + this.#referencesWord]! & maximumReferences;
  }

  /** Gives back what an entry holds outside its words. */
  protected discard(_id: RouteKeyId): void {}
}
