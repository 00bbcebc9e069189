import {
  Afi,
  type FamilyKey,
  familyOfKey,
  finishHash,
  type HashSecret,
  hashSecret,
  mixWord,
  NlriCursor,
} from '@peerloom/wire';
import { tagBits, tagMask } from './entryTable.ts';
import { type RouteKeyId, RouteKeyTable } from './routeKeyTable.ts';

const lengthShift = 24;

/** One for all tables of the thread: walks do not overlap. */
const cursor = new NlriCursor();

/**
 * IPv4 or IPv6 prefixes, unicast or multicast, with or without Path Identifiers. 12 octets a prefix for
 * IPv4 with Path Identifiers, 20 for IPv6, 24 for IPv6 with them, and 5 to 21 of index.
 */
export class PrefixTable extends RouteKeyTable {
  readonly #family: FamilyKey;
  readonly #hasPathIds: boolean;
  /** Words of the address: 1 or 4. */
  readonly #addressWords: number;
  /** Words of the key: the address, then the Path Identifier. The word after them is length and references. */
  readonly #keyWords: number;
  readonly #secret: HashSecret;
  /** The key that is searched for. */
  readonly #key = new Uint32Array(5);
  #length = 0;

  /** `family`: IPv4 or IPv6, unicast or multicast. */
  constructor(family: FamilyKey, hasPathIds: boolean, secret: HashSecret = hashSecret()) {
    const addressWords = familyOfKey(family).afi === Afi.ipv4 ? 1 : 4;
    const keyWords = addressWords + (hasPathIds ? 1 : 0);
    super(keyWords + 1, keyWords);
    this.#family = family;
    this.#hasPathIds = hasPathIds;
    this.#addressWords = addressWords;
    this.#keyWords = keyWords;
    this.#secret = secret;
  }

  override begin(bytes: Uint8Array, start: number, end: number): void {
    cursor.reset(bytes, start, end, this.#family, this.#hasPathIds);
  }

  override internNext(): RouteKeyId {
    return this.#next() ? this.#intern() : 0;
  }

  override findNext(): RouteKeyId {
    return this.#next() ? this.#search(this.#hashKey()) : -1;
  }

  override writeNlri(id: RouteKeyId, target: Uint8Array, at: number, withPathId: boolean): number {
    const { entries } = this;
    const entry = id * this.stride;
    let to = at;
    if (withPathId) {
      writeWord(target, to, this.pathId(id));
      to += 4;
    }
    const length = entries[entry + this.#keyWords]! >>> lengthShift;
    target[to] = length;
    to += 1;
    for (let bit = 0; bit < length; bit += 8, to += 1) {
      target[to] = entries[entry + (bit >>> 5)]! >>> (24 - (bit & 31));
    }
    return to;
  }

  override nlriLength(id: RouteKeyId, withPathId: boolean): number {
    const length = this.entries[id * this.stride + this.#keyWords]! >>> lengthShift;
    return (withPathId ? 5 : 1) + ((length + 7) >>> 3);
  }

  override pathId(id: RouteKeyId): number {
    return this.#hasPathIds ? this.entries[id * this.stride + this.#addressWords]! : 0;
  }

  protected override hashOf(id: RouteKeyId): number {
    const { entries } = this;
    const entry = id * this.stride;
    const { seed, multiplier } = this.#secret;
    let hash = seed ^ (entries[entry + this.#keyWords]! >>> lengthShift);
    for (let word = 0; word < this.#keyWords; word += 1) {
      hash = mixWord(hash, entries[entry + word]!, multiplier);
    }
    return finishHash(hash);
  }

  protected override hashLot(held: Uint32Array, count: number, into: Int32Array): void {
    for (let index = 0; index < count; index += 1) {
      into[index] = this.hashOf(held[index]! >>> tagBits);
    }
  }

  /** Makes the next prefix of the field the one that is searched for. */
  #next(): boolean {
    if (!cursor.next()) return false;
    const key = this.#key;
    key[0] = cursor.word0;
    if (this.#addressWords === 4) {
      key[1] = cursor.word1;
      key[2] = cursor.word2;
      key[3] = cursor.word3;
    }
    if (this.#hasPathIds) key[this.#addressWords] = cursor.pathId;
    this.#length = cursor.prefixLength;
    return true;
  }

  #hashKey(): number {
    const { seed, multiplier } = this.#secret;
    const key = this.#key;
    let hash = seed ^ this.#length;
    for (let word = 0; word < this.#keyWords; word += 1) {
      hash = mixWord(hash, key[word]!, multiplier);
    }
    return finishHash(hash);
  }

  #intern(): RouteKeyId {
    const hash = this.#hashKey();
    const known = this.#search(hash);
    if (known !== 0) return known;
    const id = this.insert(hash);
    const entry = id * this.stride;
    for (let word = 0; word < this.#keyWords; word += 1) {
      this.entries[entry + word] = this.#key[word]!;
    }
    this.entries[entry + this.#keyWords] = this.#length << lengthShift;
    return id;
  }

  #search(hash: number): RouteKeyId {
    const { slots, slotMask } = this;
    let slot = hash >>> this.slotShift;
    for (let held = slots[slot]!; held !== 0; held = slots[slot]!) {
      const id = held >>> tagBits;
      if ((held & tagMask) === (hash & tagMask) && this.#matches(id)) return id;
      slot = (slot + 1) & slotMask;
    }
    return 0;
  }

  #matches(id: RouteKeyId): boolean {
    const { entries, stride } = this;
    const entry = id * stride;
    const key = this.#key;
    for (let word = 0; word < this.#keyWords; word += 1) {
      if (entries[entry + word] !== key[word]) return false;
    }
    return entries[entry + this.#keyWords]! >>> lengthShift === this.#length;
  }
}

/** Stores a 32-bit number, most significant octet first. */
function writeWord(target: Uint8Array, at: number, word: number): void {
  target[at] = word >>> 24;
  target[at + 1] = word >>> 16;
  target[at + 2] = word >>> 8;
  target[at + 3] = word;
}
