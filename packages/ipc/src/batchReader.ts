const empty = new Uint8Array(0);

/** An envelope as the generated codec decodes it: its body's name, and the body. */
export interface DecodedEnvelope {
  readonly body?: string;
  readonly [name: string]: unknown;
}

/** The body as an object of its own, with the fields that were left out of the encoding filled in. */
export function plain(kind: string, body: object): { readonly kind: string } {
  const message: Record<string, unknown> & { kind: string } = { kind };
  // The generated classes keep their defaults on the prototype.
  // oxlint-disable-next-line guard-for-in
  for (const name in body) message[name] = (body as Record<string, unknown>)[name];
  return message;
}

/**
 * Walks a batch. What every session sends, in the form that our writers give it, is read by hand:
 * envelopes that carry bytes or credit into fields of the reader, and others into `message`. Whatever
 * else protobuf allows goes through the generated codec, so both are one language. Bytes that are no
 * batch end the walk with `fault`; nothing throws.
 */
// The two parameters are what the two directions differ in.
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export abstract class BatchReader<Kind extends string, Message> {
  /** What the current envelope is; anything but a hot kind stands in `message`. */
  kind: Kind | undefined = undefined;
  /** Hot envelopes: the peer. */
  peer = 0;
  /** Hot envelopes: the connection (of `update`: the session). */
  connection = 0;
  /** `data`, `send`, `update`: a view of the batch, not a copy. */
  bytes: Uint8Array = empty;
  /** `written`, `consumed`: octets. */
  count = 0;
  /** `sendShared`: the number of the buffer, and the octets `[start, end)` of it. */
  buffer = 0;
  start = 0;
  end = 0;
  /** `update`: an RFC 7606 action has changed what the message means. */
  postFault = false;
  /** The current envelope when it is not hot. */
  message: Message | undefined = undefined;
  /** Why the walk ended before the end of the batch. */
  fault: string | undefined = undefined;

  /** The batch, and how far it has been read. */
  protected batch: Uint8Array = empty;
  protected position = 0;
  /** The same octets. */
  #buffer: Buffer | undefined = undefined;
  #recurring = '';

  /** Begins with another batch. */
  open(batch: Uint8Array): void {
    this.batch = batch;
    this.#buffer = undefined;
    this.position = 0;
    this.fault = undefined;
    this.kind = undefined;
    this.message = undefined;
    this.bytes = empty;
  }

  /** Goes on to the next envelope that this side knows; `false` at the end, or with `fault` set. */
  next(): boolean {
    const { batch } = this;
    while (this.position < batch.length && this.fault === undefined) {
      const length = this.varint(batch.length);
      const start = this.position;
      if (length < 0 || start + length > batch.length) {
        this.fault = `the batch of ${batch.length} octets breaks off in the envelope at octet ${start}`;
        break;
      }
      const end = start + length;
      this.message = undefined;
      if (!this.readHot(end)) this.#decode(start, end);
      this.position = end;
      if (this.kind !== undefined && this.fault === undefined) return true;
    }
    this.kind = undefined;
    this.message = undefined;
    this.bytes = empty;
    return false;
  }

  /**
   * Reads an envelope that ends at `end` by hand, if it is one that every session sends and in our writers'
   * form; `false` when it is not.
   */
  protected abstract readHot(end: number): boolean;
  /** The generated codec for this direction. */
  protected abstract decodeEnvelope(bytes: Uint8Array): DecodedEnvelope;
  /** Takes over a hot envelope that came through the generated codec. */
  protected abstract adopt(kind: string, body: unknown): boolean;

  #decode(start: number, end: number): void {
    this.kind = undefined;
    this.message = undefined;
    try {
      const envelope = this.decodeEnvelope(this.batch.subarray(start, end));
      const kind = envelope.body;
      if (kind === undefined || this.adopt(kind, envelope[kind])) return;
      this.kind = kind as Kind;
      this.message = plain(kind, envelope[kind] as object) as Message;
    } catch (error) {
      this.fault = `the envelope at octet ${start} is no protobuf message: ${String(error)}`;
    }
  }

  /** A varint of at most 32 bits that ends before `end`; -1 when there is none. */
  protected varint(end: number): number {
    const { batch } = this;
    let position = this.position;
    let value = 0;
    for (let shift = 0; shift < 35 && position < end; shift += 7) {
      const octet = batch[position++]!;
      if (shift === 28 && octet > 0x0f) return -1;
      value |= (octet & 0x7f) << shift;
      if (octet < 0x80) {
        this.position = position;
        return value >>> 0;
      }
    }
    return -1;
  }

  // What follows reads the fields of an envelope in their order, each of which may have been left out because
  // it is empty. What is not in our writers' form moves the position past `end`, where nothing is read any
  // more: whoever finds it at `end` in the end has read an envelope.

  /** The field that the body is, when it is as long as the rest of the envelope; else 0. */
  protected body(end: number): number {
    const tag = this.position < end ? this.batch[this.position++]! : 0;
    return tag < 0x80 && (tag & 7) === 2 && this.varint(end) === end - this.position ? tag >> 3 : 0;
  }

  protected number(field: number, end: number): number {
    if (!this.#tag(field << 3, end)) return 0;
    const value = this.varint(end);
    if (value < 0) this.position = end + 1;
    return value;
  }

  protected double(field: number, end: number): number {
    if (!this.#tag((field << 3) | 1, end)) return 0;
    const start = this.#skip(8, end);
    return start < 0 ? 0 : this.#asBuffer().readDoubleLE(start);
  }

  /** A text of ASCII; what has more goes through the generated codec. */
  protected text(field: number, end: number): string {
    if (!this.#tag((field << 3) | 2, end)) return '';
    const start = this.#skip(this.varint(end), end);
    if (start < 0) return '';
    for (let at = start; at < this.position; at++) {
      if (this.batch[at]! < 0x80) continue;
      this.position = end + 1;
      return '';
    }
    return this.#asBuffer().toString('latin1', start, this.position);
  }

  /**
   * The same for a text that is mostly what it was in the envelope before: the one string of then. Whoever keeps
   * texts of thousands of peers keeps one.
   */
  protected recurringText(field: number, end: number): string {
    const text = this.text(field, end);
    if (text !== this.#recurring) this.#recurring = text;
    return this.#recurring;
  }

  /** A view of the batch. */
  protected octets(field: number, end: number): Uint8Array {
    if (!this.#tag((field << 3) | 2, end)) return empty;
    const start = this.#skip(this.varint(end), end);
    return start < 0 ? empty : this.batch.subarray(start, this.position);
  }

  /** The next octet, if it is `tag` and stands before `end`. */
  #tag(tag: number, end: number): boolean {
    if (this.position >= end || this.batch[this.position] !== tag) return false;
    this.position++;
    return true;
  }

  /** Goes on by `length` octets that stand before `end`; returns where they begin, or -1. */
  #skip(length: number, end: number): number {
    const start = this.position;
    const fits = length >= 0 && start + length <= end;
    this.position = fits ? start + length : end + 1;
    return fits ? start : -1;
  }

  #asBuffer(): Buffer {
    const { buffer, byteOffset, length } = this.batch;
    this.#buffer ??= Buffer.from(buffer, byteOffset, length);
    return this.#buffer;
  }
}
