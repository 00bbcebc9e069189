const initialCapacity = 64;

/**
 * A growable big-endian buffer: what every encoder of this package writes into.
 *
 * Numbers are taken modulo their width, the way a store into a `Uint8Array` takes them; callers
 * check ranges where a wrong one could reach the wire. Growth doubles, so that writing n octets
 * copies fewer than 2n. A writer that is `reset` and used again allocates nothing until a message
 * is longer than any before it.
 */
export class ByteWriter {
  #buffer: Uint8Array;
  #length = 0;

  /** `capacity`: octets to make room for at once; no limit. */
  constructor(capacity: number = initialCapacity) {
    this.#buffer = new Uint8Array(capacity);
  }

  /** Octets written so far; also the offset of the next one. */
  get length(): number {
    return this.#length;
  }

  /** One octet. */
  u8(value: number): void {
    const at = this.#advance(1);
    this.#buffer[at] = value;
  }

  /** Two octets, big-endian. */
  u16(value: number): void {
    this.patchU16(this.#advance(2), value);
  }

  /** Three octets, big-endian. */
  u24(value: number): void {
    const at = this.#advance(3);
    this.#buffer[at] = value >>> 16;
    this.#buffer[at + 1] = value >>> 8;
    this.#buffer[at + 2] = value;
  }

  /** Four octets, big-endian; 0–4294967295. */
  u32(value: number): void {
    const at = this.#advance(4);
    this.#buffer[at] = value >>> 24;
    this.#buffer[at + 1] = value >>> 16;
    this.#buffer[at + 2] = value >>> 8;
    this.#buffer[at + 3] = value;
  }

  /** A copy of `source[start, end)`. */
  bytes(source: Uint8Array, start: number = 0, end: number = source.length): void {
    const at = this.#advance(end - start);
    if (end - start > 32) {
      this.#buffer.set(source.subarray(start, end), at);
      return;
    }
    // Below a cache line or so, the subarray costs more than the copy.
    for (let from = start, to = at; from < end; from += 1, to += 1) {
      this.#buffer[to] = source[from]!;
    }
  }

  /** `count` octets of `value`. */
  fill(value: number, count: number): void {
    const at = this.#advance(count);
    this.#buffer.fill(value, at, at + count);
  }

  /** Leaves `count` zero octets to be patched later, and returns their offset. */
  reserve(count: number): number {
    const at = this.#advance(count);
    this.#buffer.fill(0, at, at + count);
    return at;
  }

  /** Overwrites the octet at `offset`, which must have been written or reserved. */
  patchU8(offset: number, value: number): void {
    this.#buffer[offset] = value;
  }

  /** Overwrites the two octets at `offset`, which must have been written or reserved. */
  patchU16(offset: number, value: number): void {
    this.#buffer[offset] = value >>> 8;
    this.#buffer[offset + 1] = value;
  }

  /** Writes into the octet reserved at `offset` how many octets have followed it; the caller knows there are at most 255. */
  patchLength8(offset: number): void {
    this.patchU8(offset, this.#length - offset - 1);
  }

  /** Writes into the two octets reserved at `offset` how many octets have followed them; the caller knows there are at most 65535. */
  patchLength16(offset: number): void {
    this.patchU16(offset, this.#length - offset - 2);
  }

  /** Takes back everything from `length` on: how an encoder undoes what turned out not to fit. */
  truncate(length: number): void {
    if (length < this.#length) this.#length = length;
  }

  /** Empties the writer and keeps its buffer. */
  reset(): void {
    this.#length = 0;
  }

  /** What was written, or `[start, end)` of it, as a copy of its own. */
  toBytes(start: number = 0, end: number = this.#length): Uint8Array {
    return this.#buffer.slice(start, end);
  }

  /** What was written, without a copy: valid until the next write. */
  view(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  #advance(count: number): number {
    const at = this.#length;
    const length = at + count;
    if (length > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(length, this.#buffer.length * 2));
      grown.set(this.#buffer.subarray(0, at));
      this.#buffer = grown;
    }
    this.#length = length;
    return at;
  }
}
