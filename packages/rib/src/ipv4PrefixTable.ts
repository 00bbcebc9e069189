import { tagBits, tagMask } from './entryTable.ts';
import { finishHash, type HashSecret, hashSecret, mixWord, wordsOf } from './hash.ts';
import { lot, lotLength, type RouteKeyId, RouteKeyTable } from './routeKeyTable.ts';

const stride = 2;
/** Prefix length in bits 24–31, references below. */
const formWord = 1;
const lengthShift = 24;

/** By prefix length: the bits of an address that belong to the prefix. */
const masks = Int32Array.from({ length: 33 }, (_, length) =>
  length === 0 ? 0 : -1 << (32 - length),
);

/** The field that is walked: one for all tables of the thread, since walks do not overlap. */
let field: Uint8Array = new Uint8Array(0);
let fieldEnd = 0;
let fieldAt = 0;

// The prefixes of a lot.
const addresses = new Uint32Array(lotLength);
const lengths = new Uint8Array(lotLength);
const hashes = new Int32Array(lotLength);

/**
 * IPv4 prefixes, unicast or multicast, without Path Identifiers: the table that full feeds fill, so it
 * is written out where `PrefixTable` asks a cursor. 8 octets a prefix, and 5 to 21 of index.
 */
export class Ipv4PrefixTable extends RouteKeyTable {
  readonly #seed: number;
  readonly #multiplier: number;
  /** What the slots of a lot hold, all in one: kept so that they are looked at. */
  #seen = 0;

  constructor({ seed, multiplier }: HashSecret = hashSecret()) {
    super(stride, formWord);
    this.#seed = seed;
    this.#multiplier = multiplier;
  }

  override begin(bytes: Uint8Array, start: number, end: number): void {
    if (field !== bytes) field = bytes;
    fieldAt = start;
    fieldEnd = end;
  }

  override internLot(): number {
    const count = this.#readLot();
    if (count > 0) this.reserve(count);
    const { entries, slots, slotMask, slotShift } = this;
    for (let index = 0; index < count; index += 1) {
      const hash = hashes[index]!;
      const address = addresses[index]!;
      const length = lengths[index]!;
      let slot = hash >>> slotShift;
      let id = 0;
      for (let held = slots[slot]!; held !== 0; held = slots[slot]!) {
        if (isHeldUnder(entries, held, hash, address, length)) {
          id = held >>> tagBits;
          break;
        }
        slot = (slot + 1) & slotMask;
      }
      if (id === 0) {
        id = this.place(hash, slot);
        entries[id * stride] = address;
        entries[id * stride + formWord] = length << lengthShift;
      }
      lot[index] = id;
    }
    return count;
  }

  override findLot(): number {
    const count = this.#readLot();
    for (let index = 0; index < count; index += 1) {
      lot[index] = this.#search(hashes[index]!, addresses[index]!, lengths[index]!);
    }
    return count;
  }

  /** Reads the next prefixes of the field, and looks ahead; returns how many they are. */
  #readLot(): number {
    const bytes = field;
    const words = wordsOf(bytes);
    const lastWord = bytes.length - 4;
    const end = fieldEnd;
    let at = fieldAt;
    let count = 0;
    while (at < end && count < lotLength) {
      const length = bytes[at]!;
      // What comes after the prefix is read along and masked out, where there is anything.
      const word = at < lastWord ? words.getInt32(at + 1) : readLast(bytes, at + 1);
      const address = word & masks[length]!;
      at += 1 + ((length + 7) >>> 3);
      const hash = this.#hash(address, length);
      addresses[count] = address;
      lengths[count] = length;
      hashes[count] = hash;
      count += 1;
    }
    fieldAt = at;
    this.#lookAhead(count);
    return count;
  }

  /**
   * Looks at the slot of each prefix of the lot. In a table larger than the processor's caches that look is what
   * takes the time, and in a loop that does nothing else the processor fetches many at once.
   */
  #lookAhead(count: number): void {
    const { slots, slotShift } = this;
    let seen = this.#seen;
    for (let index = 0; index < count; index += 1) seen ^= slots[hashes[index]! >>> slotShift]!;
    this.#seen = seen;
  }

  /** Key of the prefix, 0 when there is none. `address`: 0–4294967295, no bits after `length`. */
  find(address: number, length: number): RouteKeyId {
    return this.#search(this.#hash(address, length), address, length);
  }

  #search(hash: number, address: number, length: number): RouteKeyId {
    const { entries, slots, slotMask } = this;
    let slot = hash >>> this.slotShift;
    for (let held = slots[slot]!; held !== 0; held = slots[slot]!) {
      if (isHeldUnder(entries, held, hash, address, length)) return held >>> tagBits;
      slot = (slot + 1) & slotMask;
    }
    return 0;
  }

  override writeNlri(id: RouteKeyId, target: Uint8Array, at: number): number {
    const address = this.entries[id * stride]!;
    const length = this.entries[id * stride + formWord]! >>> lengthShift;
    target[at] = length;
    let to = at + 1;
    for (let bit = 0; bit < length; bit += 8, to += 1) target[to] = address >>> (24 - bit);
    return to;
  }

  override nlriLength(id: RouteKeyId): number {
    return 1 + (((this.entries[id * stride + formWord]! >>> lengthShift) + 7) >>> 3);
  }

  override pathId(): number {
    return 0;
  }

  protected override hashOf(id: RouteKeyId): number {
    const at = id * stride;
    return this.#hash(this.entries[at]!, this.entries[at + formWord]! >>> lengthShift);
  }

  protected override hashLot(held: Uint32Array, count: number, into: Int32Array): void {
    const { entries } = this;
    for (let index = 0; index < count; index += 1) {
      const at = (held[index]! >>> tagBits) * stride;
      into[index] = this.#hash(entries[at]!, entries[at + formWord]! >>> lengthShift);
    }
  }

  #hash(address: number, length: number): number {
    const multiplier = this.#multiplier;
    return finishHash(mixWord(this.#seed, address, multiplier) + Math.imul(length, multiplier));
  }
}

/** Whether what a slot holds is the entry of a prefix. */
function isHeldUnder(
  entries: Uint32Array,
  held: number,
  hash: number,
  address: number,
  length: number,
): boolean {
  if ((held & tagMask) !== (hash & tagMask)) return false;
  const at = (held >>> tagBits) * stride;
  return entries[at] === address && entries[at + formWord]! >>> lengthShift === length;
}

/** The last octets of a buffer as the upper ones of a word. */
function readLast(bytes: Uint8Array, start: number): number {
  let word = 0;
  for (let at = start; at < start + 4; at += 1) word = (word << 8) | (bytes[at] ?? 0);
  return word;
}
