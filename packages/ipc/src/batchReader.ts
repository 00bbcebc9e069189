import type {
  ToHostHotKind,
  ToHostMessage,
  ToSupervisorHotKind,
  ToSupervisorMessage,
} from './envelopes.ts';
import { peerloom } from './generated/peerloom.ts';

const empty = new Uint8Array(0);
/** Field tags as octets: `(field << 3) | wire type`. */
const varintField = (field: number): number => field << 3;
const lengthField = (field: number): number => (field << 3) | 2;

/** An envelope as the generated codec decodes it: its body's name, and the body. */
interface DecodedEnvelope {
  readonly body?: string;
  readonly [name: string]: unknown;
}

/** The body as an object of its own, with the fields that were left out of the encoding filled in. */
function plain(kind: string, body: object): { readonly kind: string } {
  const message: Record<string, unknown> & { kind: string } = { kind };
  // The generated classes keep their defaults on the prototype.
  // oxlint-disable-next-line guard-for-in
  for (const name in body) message[name] = (body as Record<string, unknown>)[name];
  return message;
}

/**
 * Walks a batch. Envelopes that carry bytes or credit, in the form that our writers give them, are
 * read by hand into fields of the reader; whatever else protobuf allows goes through the generated
 * codec, so both are one language. Bytes that are no batch end the walk with `fault`; nothing throws.
 */
// The two parameters are what the two directions differ in.
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
abstract class BatchReader<Kind extends string, Message> {
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

  /** Begins with another batch. */
  open(batch: Uint8Array): void {
    this.batch = batch;
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

  /** Reads a hot envelope that ends at `end`; `false` when it is none, or not in our writers' form. */
  protected abstract readHot(end: number): boolean;
  /** The generated codec for this direction. */
  protected abstract decodeEnvelope(bytes: Uint8Array): DecodedEnvelope;
  /** Takes over a hot envelope that came through the generated codec. */
  protected abstract adopt(kind: string, body: unknown): boolean;

  #decode(start: number, end: number): void {
    this.kind = undefined;
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

  /** The next octet if it is `tag` and stands before `end`. */
  protected tag(tag: number, end: number): boolean {
    if (this.position >= end || this.batch[this.position] !== tag) return false;
    this.position++;
    return true;
  }

  /** Body `field`, as long as the rest of the envelope. */
  protected body(field: number, end: number): boolean {
    return this.tag(lengthField(field), end) && this.varint(end) === end - this.position;
  }

  /** The value of a field that may have been left out because it is zero; -1 when it is none. */
  protected number(field: number, end: number): number {
    return this.tag(varintField(field), end) ? this.varint(end) : 0;
  }

  /** `{ 1: peer, 2: connection, ... }`. */
  protected ids(end: number): boolean {
    const peer = this.number(1, end);
    const connection = peer < 0 ? -1 : this.number(2, end);
    if (connection < 0) return false;
    this.peer = peer;
    this.connection = connection;
    return true;
  }

  /** `{ 3: bytes }`. */
  protected bytesField(end: number): boolean {
    if (!this.tag(lengthField(3), end)) {
      this.bytes = empty;
      return true;
    }
    const length = this.varint(end);
    const start = this.position;
    if (length < 0 || start + length > end) return false;
    this.bytes = this.batch.subarray(start, start + length);
    this.position = start + length;
    return true;
  }

  /** `{ 3: buffer, 4: start, 5: end }`, up to `end`. */
  protected rangeFields(end: number): boolean {
    this.buffer = this.number(3, end);
    this.start = this.buffer < 0 ? -1 : this.number(4, end);
    this.end = this.start < 0 ? -1 : this.number(5, end);
    return this.end >= 0 && this.position === end;
  }

  /** `{ field: count }`, up to `end`. */
  protected countField(field: number, end: number): boolean {
    const count = this.number(field, end);
    if (count < 0 || this.position !== end) return false;
    this.count = count;
    return true;
  }
}

/** Reads batches at a host: `while (reader.next()) ...` */
export class ToHostReader extends BatchReader<
  ToHostHotKind | ToHostMessage['kind'],
  ToHostMessage
> {
  protected override readHot(end: number): boolean {
    const start = this.position;
    if (this.body(1, end) && this.ids(end) && this.bytesField(end) && this.position === end) {
      this.kind = 'data';
      return true;
    }
    this.position = start;
    if (this.body(2, end) && this.ids(end) && this.countField(3, end)) {
      this.kind = 'written';
      return true;
    }
    this.position = start;
    return false;
  }

  protected override decodeEnvelope(bytes: Uint8Array): DecodedEnvelope {
    return peerloom.ToHost.decode(bytes) as unknown as DecodedEnvelope;
  }

  protected override adopt(kind: string, body: unknown): boolean {
    if (kind === 'data') {
      const data = body as InstanceType<typeof peerloom.Data>;
      this.peer = data.peer;
      this.connection = data.connection;
      this.bytes = data.bytes;
    } else if (kind === 'written') {
      const written = body as InstanceType<typeof peerloom.Written>;
      this.peer = written.peer;
      this.connection = written.connection;
      this.count = written.bytes;
    } else {
      return false;
    }
    this.kind = kind;
    return true;
  }
}

/** Reads batches at the supervisor: `while (reader.next()) ...` */
export class ToSupervisorReader extends BatchReader<
  ToSupervisorHotKind | ToSupervisorMessage['kind'],
  ToSupervisorMessage
> {
  protected override readHot(end: number): boolean {
    const start = this.position;
    if (this.body(1, end) && this.ids(end) && this.bytesField(end) && this.position === end) {
      this.kind = 'send';
      return true;
    }
    this.position = start;
    if (this.body(13, end) && this.ids(end) && this.rangeFields(end)) {
      this.kind = 'sendShared';
      return true;
    }
    this.position = start;
    if (this.body(2, end) && this.countField(1, end)) {
      this.kind = 'consumed';
      return true;
    }
    this.position = start;
    if (this.body(10, end) && this.ids(end) && this.bytesField(end)) {
      const flag = this.number(4, end);
      if (flag >= 0 && this.position === end) {
        this.postFault = flag !== 0;
        this.kind = 'update';
        return true;
      }
    }
    this.position = start;
    return false;
  }

  protected override decodeEnvelope(bytes: Uint8Array): DecodedEnvelope {
    return peerloom.ToSupervisor.decode(bytes) as unknown as DecodedEnvelope;
  }

  protected override adopt(kind: string, body: unknown): boolean {
    if (kind === 'send') {
      const send = body as InstanceType<typeof peerloom.Send>;
      this.peer = send.peer;
      this.connection = send.connection;
      this.bytes = send.bytes;
    } else if (kind === 'sendShared') {
      const send = body as InstanceType<typeof peerloom.SendShared>;
      this.peer = send.peer;
      this.connection = send.connection;
      this.buffer = send.buffer;
      this.start = send.start;
      this.end = send.end;
    } else if (kind === 'consumed') {
      this.count = (body as InstanceType<typeof peerloom.Consumed>).bytes;
    } else if (kind === 'update') {
      const update = body as InstanceType<typeof peerloom.Update>;
      this.peer = update.peer;
      this.connection = update.session;
      this.bytes = update.bytes;
      this.postFault = update.postFault;
    } else {
      return false;
    }
    this.kind = kind;
    return true;
  }
}
