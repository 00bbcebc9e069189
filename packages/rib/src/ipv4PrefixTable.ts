import {
  type HashSecret,
  hashPrefix,
  hashSecret,
  type PlainUpdateScanner,
  wordsOf,
} from '@peerloom/wire';
import { tagBits, tagMask } from './entryTable.ts';
import { type RouteKeyId, RouteKeyTable } from './routeKeyTable.ts';

const stride = 2;
/** Prefix length in bits 24–31, references below. */
const formWord = 1;
const lengthShift = 24;

/** By prefix length: the bits of an address that belong to the prefix. */
const masks = Int32Array.from({ length: 33 }, (_, length) =>
  length === 0 ? 0 : -1 << (32 - length),
);

const nothing = new DataView(new ArrayBuffer(4));

// The field that is walked: one for all tables of the thread, since walks do not overlap.
let field: DataView = nothing;
let fieldAt = 0;
let fieldEnd = 0;

/** Prefixes of a field that are read at a time. */
const lotLength = 32;
const lotAddresses = new Uint32Array(lotLength);
const lotLengths = new Uint8Array(lotLength);
const lotHashes = new Int32Array(lotLength);

// The prefixes that have been read, here or by a scanner: which the walk is at, and where they end.
let addresses: Uint32Array = lotAddresses;
let lengths: Uint8Array = lotLengths;
let hashes: Int32Array = lotHashes;
let lotAt = 0;
let lotEnd = 0;

/**
 * IPv4 prefixes, unicast or multicast, without Path Identifiers: the table that full feeds fill, so it
 * is written out where `PrefixTable` asks a cursor. 8 octets a prefix, and 5 to 21 of index.
 */
export class Ipv4PrefixTable extends RouteKeyTable {
  /** What the hashes of prefixes are seasoned with. */
  readonly #secret: HashSecret;
  /** What the slots of a lot hold, all in one: kept so that they are looked at. */
  #seen = 0;

  constructor(secret: HashSecret = hashSecret()) {
    super(stride, formWord);
    this.#secret = secret;
  }

  override begin(bytes: Uint8Array, start: number, end: number): void {
    // A word is read for each address, so there must be one.
    field = bytes.length < 4 ? wordsOf(Uint8Array.of(...bytes, 0, 0, 0)) : wordsOf(bytes);
    fieldAt = start;
    fieldEnd = end;
    addresses = lotAddresses;
    lengths = lotLengths;
    hashes = lotHashes;
    lotAt = 0;
    lotEnd = 0;
  }

  override beginScanned(scanner: PlainUpdateScanner, update: number): void {
    field = nothing;
    fieldAt = 0;
    fieldEnd = 0;
    ({ addresses, lengths, hashes } = scanner);
    lotAt = scanner.prefixesStart(update);
    lotEnd = scanner.prefixesEnd(update);
    this.#lookAhead();
  }

  override get scanSecret(): HashSecret {
    return this.#secret;
  }

  override internNext(): RouteKeyId {
    if (lotAt === lotEnd && !this.#readLot()) return 0;
    const hash = hashes[lotAt]!;
    const address = addresses[lotAt]!;
    const length = lengths[lotAt]!;
    lotAt += 1;
    this.reserve();
    const slot = this.#search(hash, address, length);
    const known = this.slots[slot]! >>> tagBits;
    if (known !== 0) return known;
    const id = this.place(hash, slot);
    const { entries } = this;
    entries[id * stride] = address;
    entries[id * stride + formWord] = length << lengthShift;
    return id;
  }

  override findNext(): RouteKeyId {
    if (lotAt === lotEnd && !this.#readLot()) return -1;
    const slot = this.#search(hashes[lotAt]!, addresses[lotAt]!, lengths[lotAt]!);
    lotAt += 1;
    return this.slots[slot]! >>> tagBits;
  }

  /** Reads the next prefixes of the field, and looks ahead; returns whether there are any. */
  #readLot(): boolean {
    const words = field;
    // What comes after a prefix is read along and masked out; at the buffer's end, what comes before.
    const lastWord = words.byteLength - 4;
    const end = fieldEnd;
    let at = fieldAt;
    let count = 0;
    while (at < end && count < lotLength) {
      const length = words.getUint8(at);
      const from = Math.min(at + 1, lastWord);
      const address = (words.getInt32(from) << ((at + 1 - from) << 3)) & masks[length]!;
      addresses[count] = address;
      lengths[count] = length;
      hashes[count] = hashPrefix(address, length, this.#secret);
      count += 1;
      at += 1 + ((length + 7) >>> 3);
    }
    fieldAt = at;
    lotAt = 0;
    lotEnd = count;
    this.#lookAhead();
    return count > 0;
  }

  /**
   * Looks at the slot of each prefix that has been read. In a table larger than the processor's caches that look is what
   * takes the time, and in a loop that does nothing else the processor fetches many at once.
   */
  #lookAhead(): void {
    const { slots, slotShift } = this;
    let seen = this.#seen;
    for (let index = lotAt; index < lotEnd; index += 1)
      seen ^= slots[hashes[index]! >>> slotShift]!;
    this.#seen = seen;
  }

  /** Key of the prefix, 0 when there is none. `address`: 0–4294967295, no bits after `length`. */
  find(address: number, length: number): RouteKeyId {
    return (
      this.slots[this.#search(hashPrefix(address, length, this.#secret), address, length)]! >>>
      tagBits
    );
  }

  /** The slot that holds the prefix, or the empty one where the search for it has ended. */
  #search(hash: number, address: number, length: number): number {
    const { entries, slots, slotMask } = this;
    let slot = hash >>> this.slotShift;
    for (let held = slots[slot]!; held !== 0; held = slots[slot]!) {
      if ((held & tagMask) === (hash & tagMask)) {
        const at = (held >>> tagBits) * stride;
        if (entries[at] === address && entries[at + formWord]! >>> lengthShift === length) break;
      }
      slot = (slot + 1) & slotMask;
    }
    return slot;
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
    return hashPrefix(
      this.entries[at]!,
      this.entries[at + formWord]! >>> lengthShift,
      this.#secret,
    );
  }

  protected override hashLot(held: Uint32Array, count: number, into: Int32Array): void {
    const { entries } = this;
    const secret = this.#secret;
    for (let index = 0; index < count; index += 1) {
      const at = (held[index]! >>> tagBits) * stride;
      into[index] = hashPrefix(entries[at]!, entries[at + formWord]! >>> lengthShift, secret);
    }
  }
}
