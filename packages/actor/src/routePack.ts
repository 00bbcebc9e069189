import { packedRecord, type RoutePack } from '@peerloom/ipc';
import {
  type FamilyKey,
  isPrefixFamily,
  type NlriContext,
  NlriWalker,
  type Prefix,
} from '@peerloom/wire';

/** Octets from which on a pack is handed over: some ten thousand routes, a few milliseconds of work. */
const fullPack = 128 * 1024;
/** Announcements, or withdrawals, that may go into one: to spell many out takes time, too. */
const itemsAtOnce = 2000;
/** From so many octets on, shared memory costs less than copying. */
const shareable = 16 * 1024;
/** Octets of a Path Identifier (RFC 7911 §3). */
const pathIdLength = 4;

const walker = new NlriWalker();

/**
 * Puts routes into packs that a thread can take on between two turns of its event loop: a table handed over
 * in one piece would keep every KEEPALIVE waiting until all of it has been worked off.
 *
 * Each item is begun with `nextItem`, then come `record` or `sameBlock`, and then its routes. That the NLRI
 * are sound is the caller's to know. Items that follow each other with the same block share a record.
 */
export class RoutePackWriter {
  // Short at first: most who announce have a few routes.
  #octets = new Uint8Array(64);
  #end = 0;
  #records = new Uint32Array(4 * packedRecord.length);
  #count = 0;
  #items = 0;
  #routes = 0;
  // The last record.
  #family: FamilyKey = 0;
  #blockStart = 0;
  #blockEnd = 0;
  /** More routes may be added to it: it is of this pack, and one item's routes can be told from the next one's. */
  #isOpen = false;
  /** The pack that it is of, when that is the one before, and where its records begin. */
  #lastOctets: Uint8Array = new Uint8Array(0);
  #lastStart = 0;
  readonly #finished: RoutePack[] = [];
  readonly #context: NlriContext;

  /** `context`: whether the routes are announced or withdrawn. */
  constructor(context: NlriContext) {
    this.#context = context;
  }

  /** Packs that are full, oldest first. */
  take(): RoutePack | undefined {
    return this.#finished.shift();
  }

  /** Whether there is one. */
  get hasFinished(): boolean {
    return this.#finished.length > 0;
  }

  /** Ends the pack that is being written, full or not. */
  flush(): void {
    if (this.#count > 0) this.#finish();
  }

  /** Another announcement or withdrawal follows. */
  nextItem(): void {
    if (this.#end >= fullPack || this.#items >= itemsAtOnce) this.flush();
    this.#items += 1;
  }

  /** Where the block of the next record is to be written. */
  get end(): number {
    return this.#end;
  }

  /** The octets to write it to, with room for so many. */
  reserve(octets: number): Uint8Array {
    if (this.#end + octets > this.#octets.length) {
      const grown = new Uint8Array(Math.max(this.#end + octets, this.#octets.length * 2));
      grown.set(this.#octets.subarray(0, this.#end));
      this.#octets = grown;
    }
    return this.#octets;
  }

  /** Goes on with a block that has been written up to `blockEnd`: in the last record if that has the same, else in a new one. */
  record(family: FamilyKey, blockEnd: number): void {
    if (this.#isOpen && family === this.#family && this.#isLastBlock(blockEnd)) return;
    this.#begin(family, blockEnd);
  }

  /** The same for a block that stands elsewhere; of a withdrawal, which shares no record, there is none. */
  recordOf(family: FamilyKey, block?: Uint8Array): void {
    if (block === undefined) return this.#begin(family, this.#end);
    this.reserve(block.length).set(block, this.#end);
    this.record(family, this.#end + block.length);
  }

  /** Goes on with family and block of the last record. */
  sameBlock(): void {
    if (!this.#isOpen) this.#repeat();
  }

  /** Adds the routes of a field, with Path Identifiers if `addPath`. */
  routes(nlri: Uint8Array, addPath: boolean): void {
    const family = this.#family;
    if (isPrefixFamily(family)) this.#prefixes(nlri, addPath);
    else {
      walker.reset(nlri, 0, nlri.length, family, addPath, this.#context, true);
      const { isDelimited } = walker;
      while (walker.next()) {
        this.#add(nlri, walker.start, walker.end, isDelimited && !addPath);
      }
      if (!isDelimited) this.#isOpen = false;
    }
    this.#endRecord();
  }

  /** Adds one prefix. */
  prefix({ length, bytes }: Prefix, pathId: number): void {
    const octets = this.reserve(pathIdLength + 17);
    let at = this.#end;
    for (let shift = 24; shift >= 0; shift -= 8) octets[at++] = pathId >>> shift;
    octets[at++] = length;
    for (let from = 0; from < length; from += 8) octets[at++] = bytes[from >>> 3]!;
    this.#end = at;
    this.#routes += 1;
    this.#endRecord();
  }

  #prefixes(nlri: Uint8Array, addPath: boolean): void {
    const pathOctets = addPath ? pathIdLength : 0;
    for (let at = 0; at < nlri.length; ) {
      const next = at + pathOctets + 1 + ((nlri[at + pathOctets]! + 7) >>> 3);
      this.#add(nlri, at, next, !addPath);
      at = next;
    }
  }

  /** Adds the NLRI `bytes[start, end)`, which may lack a Path Identifier. */
  #add(bytes: Uint8Array, start: number, end: number, lacksPathId: boolean): void {
    if (this.#end >= fullPack) {
      this.#endRecord();
      this.#finish();
      this.#repeat();
    }
    const octets = this.reserve(pathIdLength + end - start);
    let at = this.#end;
    if (lacksPathId) for (const body = at + pathIdLength; at < body; at += 1) octets[at] = 0;
    for (let from = start; from < end; from += 1, at += 1) octets[at] = bytes[from]!;
    this.#end = at;
    this.#routes += 1;
  }

  /** Whether what has been written up to `blockEnd` is the block of the last record once more. */
  #isLastBlock(blockEnd: number): boolean {
    const length = blockEnd - this.#end;
    if (length !== this.#blockEnd - this.#blockStart) return false;
    const octets = this.#octets;
    const distance = this.#end - this.#blockStart;
    // From behind: attributes mostly begin alike.
    for (let at = this.#blockEnd - 1; at >= this.#blockStart; at -= 1) {
      if (octets[at] !== octets[at + distance]) return false;
    }
    return true;
  }

  #begin(family: FamilyKey, blockEnd: number): void {
    const at = this.#count * packedRecord.length;
    if (at === this.#records.length) {
      const grown = new Uint32Array(at * 2);
      grown.set(this.#records);
      this.#records = grown;
    }
    this.#records[at + packedRecord.family] = family;
    this.#records[at + packedRecord.blockEnd] = blockEnd;
    this.#count += 1;
    this.#family = family;
    this.#blockStart = this.#end;
    this.#blockEnd = blockEnd;
    this.#end = blockEnd;
    this.#isOpen = true;
    this.#endRecord();
  }

  /** A record with the family and block of the last one. */
  #repeat(): void {
    const [octets, first] =
      this.#count > 0 ? [this.#octets, 0] : [this.#lastOctets, this.#lastStart];
    const block = octets.subarray(first + this.#blockStart, first + this.#blockEnd);
    this.reserve(block.length).set(block, this.#end);
    this.#begin(this.#family, this.#end + block.length);
  }

  #endRecord(): void {
    this.#records[(this.#count - 1) * packedRecord.length + packedRecord.end] = this.#end;
  }

  #finish(): void {
    const numbers = this.#records.subarray(0, this.#count * packedRecord.length);
    const length = numbers.byteLength + this.#end;
    const buffer = length < shareable ? new ArrayBuffer(length) : new SharedArrayBuffer(length);
    new Uint32Array(buffer, 0, numbers.length).set(numbers);
    const octets = new Uint8Array(buffer);
    octets.set(this.#octets.subarray(0, this.#end), numbers.byteLength);
    const [context, records, routes] = [this.#context, this.#count, this.#routes];
    this.#finished.push({ octets, context, records, routes });
    this.#lastOctets = octets;
    this.#lastStart = numbers.byteLength;
    this.#items = 0;
    this.#routes = 0;
    this.#count = 0;
    this.#end = 0;
    this.#isOpen = false;
  }
}

/**
 * Visits the records of a pack. Of each the block is `octets[start, blockEnd)` of the pack, and its NLRI are
 * `octets[blockEnd, end)`.
 */
export function forEachRecord(
  { octets, records }: RoutePack,
  visit: (family: FamilyKey, start: number, blockEnd: number, end: number) => void,
): void {
  const numbers = new Uint32Array(octets.buffer, 0, records * packedRecord.length);
  const first = numbers.byteLength;
  let start = first;
  for (let at = 0; at < numbers.length; at += packedRecord.length) {
    const blockEnd = first + numbers[at + packedRecord.blockEnd]!;
    const end = first + numbers[at + packedRecord.end]!;
    visit(numbers[at + packedRecord.family]!, start, blockEnd, end);
    start = end;
  }
}
