import {
  Afi,
  type FamilyKey,
  familyOfKey,
  formatIpv4Prefix,
  formatIpv6Prefix,
  type NlriCursor,
} from '@peerloom/wire';

/** The memory of a `PrefixIndex`: all of it shared, so that it can be handed to threads as it is. */
export interface PrefixIndexData {
  /** Prefixes in it; their numbers are 0 to `count` − 1. */
  readonly count: number;
  /** Four 32-bit words of address a prefix, as `NlriCursor` shows them. */
  readonly words: Uint32Array;
  /** AFI in the upper octet, length in bits in the lower. */
  readonly kinds: Uint16Array;
  /** Open addressing: number + 1, or 0; its length is a power of two, at least twice `count`. */
  readonly slots: Uint32Array;
}

/** How full the slots may be: one in two, so that a search looks at 1.5 of them on the average. */
const spread = 2;

/**
 * Numbers prefixes of IPv4 and IPv6 in the order in which they come: what the records of sinks are
 * indexed by. 18 octets a prefix and 8 of slots.
 */
export class PrefixIndex {
  /** Prefixes in it. */
  count = 0;
  #words: Uint32Array;
  #kinds: Uint16Array;
  #slots: Uint32Array;
  #mask: number;

  constructor(data?: PrefixIndexData) {
    this.count = data?.count ?? 0;
    this.#words = data?.words ?? new Uint32Array(4 * 1024);
    this.#kinds = data?.kinds ?? new Uint16Array(1024);
    this.#slots = data?.slots ?? new Uint32Array(spread * 1024);
    this.#mask = this.#slots.length - 1;
  }

  /** The number of the prefix that the cursor shows, or −1. */
  find(cursor: NlriCursor, family: FamilyKey): number {
    return this.#slots[this.#slotOf(cursor, kindOf(cursor, family))]! - 1;
  }

  /** The number of the prefix that the cursor shows; a new one if it is not there yet. */
  intern(cursor: NlriCursor, family: FamilyKey): number {
    const kind = kindOf(cursor, family);
    const slot = this.#slotOf(cursor, kind);
    const known = this.#slots[slot]!;
    if (known !== 0) return known - 1;
    const number = this.count;
    if (number === this.#kinds.length) {
      this.#grow();
      return this.intern(cursor, family);
    }
    const { word0, word1, word2, word3 } = cursor;
    this.#words.set([word0, word1, word2, word3], number * 4);
    this.#kinds[number] = kind;
    this.#slots[slot] = ++this.count;
    return number;
  }

  /** The prefix of a number, as people write it. */
  text(number: number): string {
    const kind = this.#kinds[number]!;
    const [word0, word1, word2, word3] = this.#words.subarray(number * 4, number * 4 + 4);
    return prefixText(kind >>> 8, {
      word0: word0!,
      word1: word1!,
      word2: word2!,
      word3: word3!,
      prefixLength: kind & 0xff,
    });
  }

  /** Everything in it, copied into shared memory. */
  share(): PrefixIndexData {
    const { count } = this;
    const words = new Uint32Array(new SharedArrayBuffer(count * 16));
    words.set(this.#words.subarray(0, count * 4));
    const kinds = new Uint16Array(new SharedArrayBuffer(count * 2));
    kinds.set(this.#kinds.subarray(0, count));
    const slots = new Uint32Array(new SharedArrayBuffer(this.#slots.byteLength));
    slots.set(this.#slots);
    return { count, words, kinds, slots };
  }

  #slotOf({ word0, word1, word2, word3 }: NlriCursor, kind: number): number {
    const words = this.#words;
    let slot = hashOf(word0, word1, word2, word3, kind) & this.#mask;
    for (let entry = this.#slots[slot]!; entry !== 0; entry = this.#slots[slot]!) {
      const at = (entry - 1) * 4;
      if (
        words[at] === word0 &&
        this.#kinds[entry - 1] === kind &&
        words[at + 1] === word1 &&
        words[at + 2] === word2 &&
        words[at + 3] === word3
      ) {
        break;
      }
      slot = (slot + 1) & this.#mask;
    }
    return slot;
  }

  #grow(): void {
    const capacity = this.#kinds.length * 2;
    const words = new Uint32Array(capacity * 4);
    words.set(this.#words);
    const kinds = new Uint16Array(capacity);
    kinds.set(this.#kinds);
    const slots = new Uint32Array(capacity * spread);
    this.#mask = slots.length - 1;
    for (let number = 0; number < this.count; number++) {
      const at = number * 4;
      let slot =
        hashOf(words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!, kinds[number]!) &
        this.#mask;
      while (slots[slot] !== 0) slot = (slot + 1) & this.#mask;
      slots[slot] = number + 1;
    }
    this.#words = words;
    this.#kinds = kinds;
    this.#slots = slots;
  }
}

/** A prefix as a cursor shows it, as people write it. */
export function prefixText(
  afi: number,
  prefix: Pick<NlriCursor, 'word0' | 'word1' | 'word2' | 'word3' | 'prefixLength'>,
): string {
  const { word0, word1, word2, word3, prefixLength } = prefix;
  return afi === Afi.ipv4
    ? formatIpv4Prefix(word0, prefixLength)
    : formatIpv6Prefix(word0, word1, word2, word3, prefixLength);
}

function kindOf(cursor: NlriCursor, family: FamilyKey): number {
  return (familyOfKey(family).afi << 8) | cursor.prefixLength;
}

function hashOf(a: number, b: number, c: number, d: number, kind: number): number {
  let hash = Math.imul(a ^ kind, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15) ^ b, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 13) ^ c, 0x27d4eb2f);
  hash = Math.imul(hash ^ (hash >>> 15) ^ d, 0x165667b1);
  return hash ^ (hash >>> 16);
}
