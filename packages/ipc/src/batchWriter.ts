/** Bytes at which a batch is full and should be flushed even within an event-loop turn. */
export const batchLimit: number = 256 * 1024;

const smallestBuffer = 4096;
/**
 * The buffer of a busy writer: a batch that is not full yet has room for as much again as a socket reads
 * at a time, 64 KiB, and what goes with it.
 */
const busyBuffer = batchLimit + 68 * 1024;
/** Buffers that wait to be used again, and those that may be away with batches that they are too large for. */
const spareBuffers = 8;
/** Octets of a batch that gains by taking its buffer along: what is copied costs memory that is new. */
const worthLending = 16 * 1024;
/** Below this length a byte loop is faster than `set`, which first has to make a view. */
const shortCopy = 32;

/** Octets before the fields of an envelope: its length, a tag, and the length of its body. */
const shortestHeader = 3;
const longestHeader = 11;

/** Octets that a field other than a text takes at the most. */
export const fieldRoom = 9;

/** Whether UTF-8 has as many octets for a text as it has characters. What has more goes through the generated codec. */
export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

/** Octets of `value` (0 – 2^32-1) as a varint. */
function varintLength(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  return value < 0x10000000 ? 4 : 5;
}

/** Octets of a field with a one-octet tag; proto3 leaves out what is zero. */
function fieldLength(value: number): number {
  return value === 0 ? 0 : 1 + varintLength(value);
}

/**
 * Collects envelopes, each preceded by its length as a varint, into one buffer that a message port
 * can take over. Envelopes that carry bytes or credit are written by hand straight into it, so a
 * session's traffic costs one copy and no object.
 */
export abstract class BatchWriter {
  #buffer: Buffer = Buffer.allocUnsafeSlow(smallestBuffer);
  #position = 0;
  readonly #spare: Buffer[] = [];
  /** Busy buffers that have gone with batches and not come back. */
  #lent = 0;
  /** Where the envelope at hand begins. */
  #start = 0;

  /** Bytes in the batch so far. */
  get byteLength(): number {
    return this.#position;
  }

  /** Whether the batch has reached {@link batchLimit}. More can be added; it should be flushed. */
  get full(): boolean {
    return this.#position >= batchLimit;
  }

  /**
   * Hands the batch out and begins a new one; `undefined` when nothing has been written.
   * The bytes own their whole `ArrayBuffer`: `port.postMessage(batch, [batch.buffer])`.
   */
  take(): Uint8Array<ArrayBuffer> | undefined {
    const length = this.#position;
    if (length === 0) return undefined;
    this.#position = 0;
    const buffer = this.#buffer;
    // A batch that fills its buffer takes it along; a smaller one is copied out, so that the many
    // small batches of a quiet engine do not each pin a large buffer at the receiver.
    const fills = length * 2 >= buffer.length && buffer.length > smallestBuffer;
    const isBusy = buffer.length === busyBuffer;
    if (fills || (isBusy && length >= worthLending && this.#lent < spareBuffers)) {
      if (isBusy) this.#lent += 1;
      this.#buffer = this.#spare.pop() ?? Buffer.allocUnsafeSlow(buffer.length);
      return new Uint8Array(buffer.buffer as ArrayBuffer, 0, length);
    }
    const batch = Buffer.allocUnsafeSlow(length);
    batch.set(buffer.subarray(0, length));
    return new Uint8Array(batch.buffer);
  }

  /**
   * Takes the buffer of a large batch back that has been read: one that is used again costs no memory to
   * be cleared, and no collection to find out that it is free.
   */
  reuse(buffer: ArrayBuffer): void {
    if (buffer.byteLength !== busyBuffer) return;
    this.#lent -= 1;
    if (this.#spare.length < spareBuffers) this.#spare.push(Buffer.from(buffer));
  }

  /** Makes room for `length` more octets. */
  #reserve(length: number): void {
    const needed = this.#position + length;
    if (needed <= this.#buffer.length) return;
    let capacity = this.#buffer.length * 2;
    while (capacity < needed) capacity *= 2;
    if (capacity > batchLimit / 2 && needed <= busyBuffer) capacity = busyBuffer;
    const grown = Buffer.allocUnsafeSlow(capacity);
    grown.set(this.#buffer.subarray(0, this.#position));
    this.#buffer = grown;
  }

  #varint(value: number): void {
    const buffer = this.#buffer;
    let position = this.#position;
    let rest = value >>> 0;
    while (rest >= 0x80) {
      buffer[position++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    buffer[position++] = rest;
    this.#position = position;
  }

  /** `{ 1: first, 2: second, 3: bytes[start, end), 4: flag }` as body `field`. */
  protected bytesEnvelope(
    field: number,
    first: number,
    second: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    flag: boolean,
  ): void {
    const length = end - start;
    const inner =
      fieldLength(first) +
      fieldLength(second) +
      (length === 0 ? 0 : fieldLength(length) + length) +
      (flag ? 2 : 0);
    const whole = 1 + varintLength(inner) + inner;
    this.#reserve(5 + whole);
    this.#varint(whole);
    this.#byte((field << 3) | 2);
    this.#varint(inner);
    this.#field(0x08, first);
    this.#field(0x10, second);
    if (length > 0) {
      this.#field(0x1a, length);
      this.#copy(bytes, start, end);
    }
    if (flag) this.#field(0x20, 1);
  }

  /** `{ 1: first, 2: second, 3: third, 4: fourth, 5: fifth }` as body `field`. */
  protected numbersEnvelope(
    field: number,
    first: number,
    second: number,
    third: number,
    fourth: number = 0,
    fifth: number = 0,
  ): void {
    const inner =
      fieldLength(first) +
      fieldLength(second) +
      fieldLength(third) +
      fieldLength(fourth) +
      fieldLength(fifth);
    this.#reserve(3 + inner);
    this.#byte(2 + inner);
    this.#byte((field << 3) | 2);
    this.#byte(inner);
    this.#field(0x08, first);
    this.#field(0x10, second);
    this.#field(0x18, third);
    this.#field(0x20, fourth);
    this.#field(0x28, fifth);
  }

  /** Begins an envelope of at most `room` octets; what is written until `end` are its fields. */
  protected begin(room: number): void {
    this.#reserve(longestHeader + room);
    this.#start = this.#position;
    this.#position += shortestHeader;
  }

  /** What was written since `begin` is body `field`. */
  protected end(field: number): void {
    const start = this.#start;
    const inner = this.#position - start - shortestHeader;
    const whole = 1 + varintLength(inner) + inner;
    const header = varintLength(whole) + whole - inner;
    if (header > shortestHeader) {
      this.#buffer.copyWithin(start + header, start + shortestHeader, this.#position);
    }
    this.#position = start;
    this.#varint(whole);
    this.#byte((field << 3) | 2);
    this.#varint(inner);
    this.#position += inner;
  }

  /** A field whose value is a number. */
  protected number(field: number, value: number): void {
    this.#field(field << 3, value);
  }

  /** A field whose value is a text of nothing but ASCII. */
  protected text(field: number, value: string): void {
    const { length } = value;
    if (length === 0) return;
    this.#field((field << 3) | 2, length);
    this.#position += this.#buffer.write(value, this.#position, 'latin1');
  }

  /** A field whose value is a double. */
  protected double(field: number, value: number): void {
    // Negative zero is not left out.
    if (Object.is(value, 0)) return;
    this.#byte((field << 3) | 1);
    this.#position = this.#buffer.writeDoubleLE(value, this.#position);
  }

  /** An envelope that the generated codec has encoded. */
  protected encodedEnvelope(encoded: Uint8Array): void {
    this.#reserve(5 + encoded.length);
    this.#varint(encoded.length);
    this.#copy(encoded, 0, encoded.length);
  }

  /** A field whose value is a number; as proto3 has it, none at all for zero. */
  #field(tag: number, value: number): void {
    if (value === 0) return;
    this.#byte(tag);
    this.#varint(value);
  }

  #byte(value: number): void {
    this.#buffer[this.#position++] = value;
  }

  #copy(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (length <= shortCopy) {
      const buffer = this.#buffer;
      let position = this.#position;
      for (let from = start; from < end; from++) buffer[position++] = bytes[from]!;
    } else {
      this.#buffer.set(
        length === bytes.length ? bytes : bytes.subarray(start, end),
        this.#position,
      );
    }
    this.#position += length;
  }
}
