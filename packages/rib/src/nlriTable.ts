import {
  type FamilyKey,
  finishHash,
  type HashSecret,
  hashBytes,
  hashSecret,
  mixWord,
  type NlriContext,
  NlriWalker,
  wordsOf,
} from '@peerloom/wire';
import { ByteArena } from './byteArena.ts';
import { tagBits } from './entryTable.ts';
import { type RouteKeyId, RouteKeyTable } from './routeKeyTable.ts';

// Words of an entry.
const hashWord = 0;
const pathIdWord = 1;
/** Of a piece that holds the NLRI as it came (without Path Identifier) and, unless it ends with it, its key. */
const locationWord = 2;
/** Octets of the NLRI in bits 0–15, where in the piece the key begins in bits 16–31. */
const nlriWord = 3;
/** Octets of the key. */
const keyLengthWord = 4;
const referencesWord = 5;
const stride = 6;

/** One for all tables of the thread: of tables there may be thousands, of walks one at a time. */
const walker = new NlriWalker();
const nothing = new Uint8Array(0);
/** What `walker` walks. */
let field: Uint8Array = nothing;

/**
 * Routes of any family, as `NlriWalker` cuts and tells them apart: VPN, labelled, EVPN, flow
 * specifications, route targets, BGP-LS; a family of unknown framing is kept field by field.
 *
 * With the key goes what a peer last sent under it, labels included. So unlike a table of prefixes this
 * one is a single peer's and cannot be shared. 24 octets a route and 5 to 21 of index, plus its bytes.
 */
export class NlriTable extends RouteKeyTable {
  readonly #family: FamilyKey;
  readonly #hasPathIds: boolean;
  readonly #multipleLabels: boolean;
  readonly #arena = new ByteArena();
  readonly #secret: HashSecret;
  #replaced = false;

  /**
   * `family`: any. `hasPathIds`: its NLRI carry Path Identifiers in what is walked. `multipleLabels`: they
   * may carry more than one label (RFC 8277 §2.1).
   */
  constructor(
    family: FamilyKey,
    hasPathIds: boolean,
    multipleLabels: boolean = false,
    secret: HashSecret = hashSecret(),
  ) {
    super(stride, referencesWord);
    this.#family = family;
    this.#hasPathIds = hasPathIds;
    this.#multipleLabels = multipleLabels;
    this.#secret = secret;
  }

  override get byteLength(): number {
    return super.byteLength + this.#arena.capacity;
  }

  override get replaced(): boolean {
    return this.#replaced;
  }

  override begin(bytes: Uint8Array, start: number, end: number, context: NlriContext): void {
    field = bytes;
    walker.reset(bytes, start, end, this.#family, this.#hasPathIds, context, this.#multipleLabels);
  }

  override internNext(): RouteKeyId {
    this.#replaced = false;
    return next() ? this.#intern() : 0;
  }

  override findNext(): RouteKeyId {
    return next() ? this.#search(this.#hashKey()) : -1;
  }

  override writeNlri(id: RouteKeyId, target: Uint8Array, at: number, withPathId: boolean): number {
    const entry = id * stride;
    let to = at;
    if (withPathId) {
      const pathId = this.entries[entry + pathIdWord]!;
      target[to] = pathId >>> 24;
      target[to + 1] = pathId >>> 16;
      target[to + 2] = pathId >>> 8;
      target[to + 3] = pathId;
      to += 4;
    }
    const length = this.entries[entry + nlriWord]! & 0xffff;
    target.set(this.#arena.view(this.entries[entry + locationWord]!, length), to);
    return to + length;
  }

  override nlriLength(id: RouteKeyId, withPathId: boolean): number {
    return (this.entries[id * stride + nlriWord]! & 0xffff) + (withPathId ? 4 : 0);
  }

  override pathId(id: RouteKeyId): number {
    return this.entries[id * stride + pathIdWord]!;
  }

  protected override hashOf(id: RouteKeyId): number {
    return this.entries[id * stride + hashWord]! | 0;
  }

  protected override hashLot(held: Uint32Array, count: number, into: Int32Array): void {
    const { entries } = this;
    for (let index = 0; index < count; index += 1) {
      into[index] = entries[(held[index]! >>> tagBits) * stride + hashWord]!;
    }
  }

  protected override discard(id: RouteKeyId): void {
    this.#arena.free(this.entries[id * stride + locationWord]!, this.#pieceLength(id));
  }

  #intern(): RouteKeyId {
    const hash = this.#hashKey();
    const known = this.#search(hash);
    if (known !== 0) {
      this.#replace(known);
      return known;
    }
    const id = this.insert(hash);
    const at = id * stride;
    this.entries[at + hashWord] = hash;
    this.entries[at + pathIdWord] = walker.pathId;
    this.entries[at + referencesWord] = 0;
    this.#store(id);
    return id;
  }

  #hashKey(): number {
    const { keyBytes, keyStart, keyEnd, pathId } = walker;
    const hash = hashBytes(wordsOf(keyBytes), keyStart, keyEnd, this.#secret);
    return finishHash(mixWord(hash, pathId, this.#secret.multiplier));
  }

  #search(hash: number): RouteKeyId {
    const { slots, slotMask } = this;
    let slot = hash >>> this.slotShift;
    for (let held = slots[slot]!; held !== 0; held = slots[slot]!) {
      const id = held >>> tagBits;
      if ((this.entries[id * stride + hashWord]! | 0) === hash && this.#matches(id)) return id;
      slot = (slot + 1) & slotMask;
    }
    return 0;
  }

  #matches(id: RouteKeyId): boolean {
    const { keyBytes, keyStart, keyEnd, pathId } = walker;
    const at = id * stride;
    const { entries } = this;
    if (entries[at + pathIdWord] !== pathId) return false;
    if (entries[at + keyLengthWord] !== keyEnd - keyStart) return false;
    const location = entries[at + locationWord]!;
    const chunk = this.#arena.chunkOf(location);
    const keyAt = this.#arena.offsetOf(location) + (entries[at + nlriWord]! >>> 16);
    for (let from = keyStart, to = keyAt; from < keyEnd; from += 1, to += 1) {
      if (chunk[to] !== keyBytes[from]) return false;
    }
    return true;
  }

  /** Puts the NLRI that the walker is at in the place of the one that was kept, if they differ. */
  #replace(id: RouteKeyId): void {
    const { bodyStart, end } = walker;
    const at = id * stride;
    const isSame =
      (this.entries[at + nlriWord]! & 0xffff) === end - bodyStart &&
      this.#arena.equals(this.entries[at + locationWord]!, wordsOf(field), bodyStart, end);
    if (isSame) return;
    this.discard(id);
    this.#store(id);
    this.#replaced = true;
  }

  #store(id: RouteKeyId): void {
    const { bodyStart, end, keyBytes, keyStart, keyEnd } = walker;
    const length = end - bodyStart;
    const keyLength = keyEnd - keyStart;
    const isSlice = keyBytes === field;
    const location = this.#arena.allocate(isSlice ? length : length + keyLength);
    const chunk = this.#arena.chunkOf(location);
    const offset = this.#arena.offsetOf(location);
    chunk.set(field.subarray(bodyStart, end), offset);
    if (!isSlice) chunk.set(keyBytes.subarray(keyStart, keyEnd), offset + length);
    const at = id * stride;
    this.entries[at + locationWord] = location;
    this.entries[at + nlriWord] = (length | ((isSlice ? length - keyLength : length) << 16)) >>> 0;
    this.entries[at + keyLengthWord] = keyLength;
  }

  #pieceLength(id: RouteKeyId): number {
    const at = id * stride;
    const nlri = this.entries[at + nlriWord]!;
    return Math.max(nlri & 0xffff, (nlri >>> 16) + this.entries[at + keyLengthWord]!);
  }
}

/** Goes on, and lets go of the message at its end. */
function next(): boolean {
  if (walker.next()) return true;
  field = nothing;
  return false;
}
