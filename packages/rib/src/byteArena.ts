/**
 * Octets of one chunk. No piece spans two, so what is left over at its end is 3 % at most, but for blocks that only
 * extended messages can bring (RFC 8654). Small also because a branch that is first taken when a code has long been
 * compiled has all of it compiled again.
 */
const chunkShift = 17;
const chunkLength = 1 << chunkShift;
const chunkMask = chunkLength - 1;

/** Pieces begin at multiples of this: a free piece holds the location of the next free one. */
const unit = 8;
const unitShift = 3;

/** Up to here, size classes are a unit apart; beyond, eight to each power of two (at most 1/8 is slack). */
const fineLimit = 512;
const fineClasses = fineLimit / unit;
const classCount = fineClasses + 8 * 8 + 1;

/** Longest piece: more than the longest BGP message (RFC 8654 §2). */
export const maximumPieceLength = 0xffff;

/**
 * Memory for many small byte strings that come and go for months: chunks of 128 KiB, cut into pieces of
 * some 120 sizes, each size with a free list of its own that runs through the free pieces themselves.
 * A freed piece serves the next of its size, so memory is bounded by the sum of what each size once
 * needed at the same time; once nothing is left, the chunks are given back.
 *
 * A piece is named by its location, a number that fits 32 bits.
 */
export class ByteArena {
  #chunks: Uint8Array[] = [];
  /** The same memory, to be read four octets at a time. */
  #words: DataView[] = [];
  /** Offset of the first octet never given out, over all chunks. */
  #top = unit;
  /** By size class: location of the first free piece, 0 for none. */
  #free = new Uint32Array(classCount);
  #pieces = 0;
  #allocated = 0;

  /** Pieces in use. */
  get pieces(): number {
    return this.#pieces;
  }

  /** Octets in use, slack of the size classes included. */
  get allocated(): number {
    return this.#allocated;
  }

  /** Octets of the chunks. */
  get capacity(): number {
    return this.#chunks.length * chunkLength;
  }

  /** Makes room for `length` octets (0–65535), uninitialised; returns the location, never 0. */
  allocate(length: number): number {
    const sizeClass = classOf(length);
    const size = sizeOf(sizeClass);
    this.#pieces += 1;
    this.#allocated += size;
    const free = this.#free[sizeClass]!;
    if (free !== 0) {
      this.#free[sizeClass] = this.#readLink(free);
      return free;
    }
    if ((this.#top & chunkMask) + size > chunkLength || this.#top >= this.capacity) this.#grow();
    const location = this.#top / unit;
    this.#top += size;
    return location;
  }

  /** Gives the piece back; `length` is what it was allocated with. */
  free(location: number, length: number): void {
    const sizeClass = classOf(length);
    this.#pieces -= 1;
    this.#allocated -= sizeOf(sizeClass);
    if (this.#pieces === 0) return this.#reset();
    this.#writeLink(location, this.#free[sizeClass]!);
    this.#free[sizeClass] = location;
  }

  /** The chunk that holds the piece; its octets begin at `offsetOf(location)` there. */
  chunkOf(location: number): Uint8Array {
    return this.#chunks[location >>> (chunkShift - unitShift)]!;
  }

  /** Where in its chunk the piece begins. */
  offsetOf(location: number): number {
    return (location << unitShift) & chunkMask;
  }

  /** Copies the octets `[start, end)` of `words` into a new piece and returns its location. */
  store(words: DataView, start: number, end: number): number {
    const location = this.allocate(end - start);
    const kept = this.#words[location >>> (chunkShift - unitShift)]!;
    const shift = this.offsetOf(location) - start;
    let at = start;
    for (const last = end - 3; at < last; at += 4) {
      kept.setUint32(at + shift, words.getUint32(at, true), true);
    }
    for (; at < end; at += 1) kept.setUint8(at + shift, words.getUint8(at));
    return location;
  }

  /** Whether the piece begins with the octets `[start, end)` of `words`. */
  equals(location: number, words: DataView, start: number, end: number): boolean {
    const kept = this.#words[location >>> (chunkShift - unitShift)]!;
    const shift = this.offsetOf(location) - start;
    let at = start;
    for (const last = end - 3; at < last; at += 4) {
      if (kept.getUint32(at + shift, true) !== words.getUint32(at, true)) return false;
    }
    for (; at < end; at += 1) {
      if (kept.getUint8(at + shift) !== words.getUint8(at)) return false;
    }
    return true;
  }

  /** The piece's first `length` octets, not copied: valid until it is freed. */
  view(location: number, length: number): Uint8Array {
    const offset = this.offsetOf(location);
    return this.chunkOf(location).subarray(offset, offset + length);
  }

  #grow(): void {
    this.#top = this.capacity === 0 ? unit : this.capacity;
    const chunk = new Uint8Array(chunkLength);
    this.#chunks.push(chunk);
    this.#words.push(new DataView(chunk.buffer));
  }

  #reset(): void {
    // The first chunk stays: one route that comes and goes should not cost a chunk each time.
    this.#chunks.length = Math.min(this.#chunks.length, 1);
    this.#words.length = this.#chunks.length;
    this.#top = unit;
    this.#free.fill(0);
  }

  #readLink(location: number): number {
    const chunk = this.chunkOf(location);
    const at = this.offsetOf(location);
    return (
      ((chunk[at]! << 24) | (chunk[at + 1]! << 16) | (chunk[at + 2]! << 8) | chunk[at + 3]!) >>> 0
    );
  }

  #writeLink(location: number, link: number): void {
    const chunk = this.chunkOf(location);
    const at = this.offsetOf(location);
    chunk[at] = link >>> 24;
    chunk[at + 1] = link >>> 16;
    chunk[at + 2] = link >>> 8;
    chunk[at + 3] = link;
  }
}

/** The smallest class that holds `length` octets; class 0 is not used. */
function classOf(length: number): number {
  if (length > maximumPieceLength) {
    throw new RangeError(`a piece of ${length} octets: at most ${maximumPieceLength} are possible`);
  }
  if (length <= unit) return 1;
  if (length <= fineLimit) return (length + unit - 1) >>> unitShift;
  const exponent = 31 - Math.clz32(length - 1);
  return fineClasses + (exponent - 9) * 8 + ((length - 1 - (1 << exponent)) >>> (exponent - 3)) + 1;
}

/** Octets of the pieces of a class. */
function sizeOf(sizeClass: number): number {
  if (sizeClass <= fineClasses) return sizeClass * unit;
  const index = sizeClass - fineClasses - 1;
  const exponent = 9 + (index >>> 3);
  return (1 << exponent) + ((index & 7) + 1) * (1 << (exponent - 3));
}
