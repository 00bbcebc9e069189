import { type FamilyKey, NlriCursor } from '@peerloom/wire';
import { tagBits, tagMask } from './entryTable.ts';
import { finishHash, type HashSecret, hashSecret, mixWord } from './hash.ts';
import { endOfField, type RouteKeyId, RouteKeyTable } from './routeKeyTable.ts';

const stride = 2;
/** Prefix length in bits 24–31, references below. */
const formWord = 1;
const lengthShift = 24;

/** One for all tables of the thread: walks do not overlap. */
const cursor = new NlriCursor();

/** Slots (256 KiB) from which on a table does not stay in the processor's nearer caches. */
const largeTable = 1 << 16;
/** Prefixes of a field that are read ahead, in a large table. */
const lotLength = 32;
const addresses = new Uint32Array(lotLength);
const lengths = new Uint8Array(lotLength);
const hashes = new Int32Array(lotLength);

/**
 * IPv4 prefixes, unicast or multicast, without Path Identifiers: the table that full feeds fill, so it
 * is written out where `PrefixTable` loops. 8 octets a prefix, and 5 to 11 of index.
 */
export class Ipv4PrefixTable extends RouteKeyTable {
  readonly #family: FamilyKey;
  readonly #seed: number;
  readonly #multiplier: number;
  /** The walk reads ahead. */
  #isLarge = false;
  /** Of the prefixes read ahead: how many there are, and which comes next. */
  #ahead = 0;
  #next = 0;
  /** What the slots of the prefixes read ahead hold, all in one: kept so that they are looked at. */
  #seen = 0;

  /** `family`: IPv4 unicast or multicast. */
  constructor(family: FamilyKey, { seed, multiplier }: HashSecret = hashSecret()) {
    super(stride, formWord);
    this.#family = family;
    this.#seed = seed;
    this.#multiplier = multiplier;
  }

  override begin(bytes: Uint8Array, start: number, end: number): void {
    cursor.reset(bytes, start, end, this.#family, false);
    this.#isLarge = this.slots.length >= largeTable;
    this.#ahead = 0;
    this.#next = 0;
  }

  override internNext(): RouteKeyId {
    if (!this.#isLarge) {
      return cursor.next() ? this.intern(cursor.word0, cursor.prefixLength) : 0;
    }
    if (this.#next === this.#ahead && !this.#readAhead()) return 0;
    const index = this.#next;
    this.#next = index + 1;
    return this.#intern(hashes[index]!, addresses[index]!, lengths[index]!);
  }

  override findNext(): RouteKeyId {
    if (!this.#isLarge) {
      return cursor.next() ? this.find(cursor.word0, cursor.prefixLength) : endOfField;
    }
    if (this.#next === this.#ahead && !this.#readAhead()) return endOfField;
    const index = this.#next;
    this.#next = index + 1;
    return this.#search(hashes[index]!, addresses[index]!, lengths[index]!);
  }

  /**
   * Reads the next prefixes of the field and looks at the slot of each. In a table larger than the
   * processor's caches that look is what takes the time; here none waits for another, and several are
   * under way at once, which takes in a million prefixes in five sixths of the time. A small table would only
   * pay for it.
   */
  #readAhead(): boolean {
    const { slots, slotShift } = this;
    let count = 0;
    let seen = this.#seen;
    while (count < lotLength && cursor.next()) {
      const { word0, prefixLength } = cursor;
      const hash = this.#hash(word0, prefixLength);
      addresses[count] = word0;
      lengths[count] = prefixLength;
      hashes[count] = hash;
      seen ^= slots[hash >>> slotShift]!;
      count += 1;
    }
    this.#seen = seen;
    this.#ahead = count;
    this.#next = 0;
    return count > 0;
  }

  /** Key of the prefix; made, without a reference, when there is none. `address`: 0–4294967295, no bits after `length`. */
  intern(address: number, length: number): RouteKeyId {
    return this.#intern(this.#hash(address, length), address, length);
  }

  /** Key of the prefix, 0 when there is none; parameters as in `intern`. */
  find(address: number, length: number): RouteKeyId {
    return this.#search(this.#hash(address, length), address, length);
  }

  #intern(hash: number, address: number, length: number): RouteKeyId {
    const known = this.#search(hash, address, length);
    if (known !== 0) return known;
    const id = this.insert(hash);
    this.entries[id * stride] = address;
    this.entries[id * stride + formWord] = length << lengthShift;
    return id;
  }

  #search(hash: number, address: number, length: number): RouteKeyId {
    const { entries, slots, slotMask } = this;
    let slot = hash >>> this.slotShift;
    for (let held = slots[slot]!; held !== 0; held = slots[slot]!) {
      if ((held & tagMask) === (hash & tagMask)) {
        const id = held >>> tagBits;
        const at = id * stride;
        if (entries[at] === address && entries[at + formWord]! >>> lengthShift === length)
          return id;
      }
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

  #hash(address: number, length: number): number {
    const multiplier = this.#multiplier;
    return finishHash(mixWord(this.#seed, address, multiplier) + Math.imul(length, multiplier));
  }
}
