import { type FamilyKey, familyOfKey, ipv4Unicast } from './addressFamily.ts';
import { AttributeCursor } from './attributes/attributeCursor.ts';
import { ByteWriter } from './byteWriter.ts';
import { headerLength, MessageType } from './message.ts';
import { AttributeCode, AttributeFlag } from './pathAttribute.ts';
import { WireError } from './wireError.ts';

/** Header and the two length fields. */
const fixedLength = headerLength + 4;
const nothing = new Uint8Array(0);

/** Where the NLRI of a pack go. */
type Field = 'withdrawn' | 'mpUnreach' | 'mpReach' | 'nlri';

/**
 * Packs encoded NLRI that share their attributes into as few UPDATEs as the message length allows, each
 * with one field of routes, and MP attributes first (RFC 7606 §5.1).
 *
 * ```ts
 * const packer = new UpdatePacker(4096);
 * packer.announce(block);
 * for (const route of routes) packer.add(route.bytes, route.start, route.end);
 * send(packer.finish());
 * ```
 *
 * A packer is used again for pack after pack; it allocates the finished messages and little else.
 */
export class UpdatePacker {
  /** Longest message: 4096 or 65535 (`SessionOptions.maximumSendLength`). May be set between packs. */
  maximumLength: number;
  readonly #nlri: ByteWriter = new ByteWriter(4096);
  readonly #cursor: AttributeCursor = new AttributeCursor();
  readonly #others: ByteWriter = new ByteWriter(256);
  readonly #mpHead: ByteWriter = new ByteWriter(32);
  #field: Field = 'nlri';
  #messages: Uint8Array[] = [];

  constructor(maximumLength: number) {
    this.maximumLength = maximumLength;
  }

  /**
   * Begins a pack of announced routes. `block` is path attributes as `encodePathAttributes` or
   * `copyAttributeBlock` make them. If it has an MP_REACH_NLRI, whose own NLRI must be empty, the routes
   * are of its family and go there; if not, they are IPv4 unicast and go to the NLRI field. Drops a pack
   * that was not finished.
   */
  announce(block: Uint8Array, start: number = 0, end: number = block.length): void {
    this.#begin('nlri');
    const cursor = this.#cursor;
    cursor.reset(block, start, end);
    while (cursor.next()) {
      if (cursor.code === AttributeCode.mpReachNlri) {
        this.#field = 'mpReach';
        this.#mpHead.bytes(block, cursor.valueStart, cursor.valueEnd);
      } else this.#others.bytes(block, cursor.start, cursor.valueEnd);
    }
  }

  /**
   * Begins a pack of withdrawn routes of `family`: IPv4 unicast in the Withdrawn Routes field unless
   * `inMpUnreach`, others in MP_UNREACH_NLRI. Drops a pack that was not finished.
   */
  withdraw(family: FamilyKey, inMpUnreach: boolean = family !== ipv4Unicast): void {
    this.#begin(inMpUnreach ? 'mpUnreach' : 'withdrawn');
    const { afi, safi } = familyOfKey(family);
    this.#mpHead.u16(afi);
    this.#mpHead.u8(safi);
  }

  /**
   * Adds one encoded NLRI, Path Identifier included: `bytes[start, end)`. Throws a `WireError`
   * (`ERR_WIRE_TOO_LONG`) when it and the attributes do not fit into one message; the pack stays as it was.
   */
  add(bytes: Uint8Array, start: number = 0, end: number = bytes.length): void {
    const length = end - start;
    if (this.#lengthWith(this.#nlri.length + length) > this.maximumLength) {
      const alone = this.#lengthWith(length);
      if (alone > this.maximumLength) throw tooLong(alone, this.maximumLength);
      this.#flush();
    }
    this.#nlri.bytes(bytes, start, end);
  }

  /**
   * The messages of the pack, each in a buffer of its own. A pack to which nothing was added is one
   * message without routes: of a withdrawal, the End-of-RIB of its family (RFC 4724 §2). Throws a
   * `WireError` (`ERR_WIRE_TOO_LONG`) when the attributes alone do not fit.
   */
  finish(): Uint8Array[] {
    if (this.#nlri.length > 0 || this.#messages.length === 0) this.#flush();
    const messages = this.#messages;
    this.#messages = [];
    return messages;
  }

  #begin(field: Field): void {
    this.#field = field;
    this.#messages = [];
    this.#nlri.reset();
    this.#others.reset();
    this.#mpHead.reset();
  }

  get #isMp(): boolean {
    return this.#field === 'mpReach' || this.#field === 'mpUnreach';
  }

  /** Of a message with so many octets of NLRI. */
  #lengthWith(nlriLength: number): number {
    const length = fixedLength + this.#others.length + nlriLength;
    if (!this.#isMp) return length;
    const valueLength = this.#mpHead.length + nlriLength;
    return length + this.#mpHead.length + (valueLength > 0xff ? 4 : 3);
  }

  #flush(): void {
    const nlri = this.#nlri;
    const length = this.#lengthWith(nlri.length);
    if (length > this.maximumLength) throw tooLong(length, this.maximumLength);
    const message = new Uint8Array(length);
    message.fill(0xff, 0, 16);
    storeU16(message, 16, length);
    message[18] = MessageType.update;
    let at = headerLength;
    const withdrawn = this.#field === 'withdrawn' ? nlri.view() : nothing;
    at = storeField(message, at, withdrawn);
    const attributesAt = at;
    at += 2;
    if (this.#isMp) at = this.#storeMpAttribute(message, at);
    message.set(this.#others.view(), at);
    at += this.#others.length;
    storeU16(message, attributesAt, at - attributesAt - 2);
    if (this.#field === 'nlri') message.set(nlri.view(), at);
    this.#messages.push(message);
    nlri.reset();
  }

  #storeMpAttribute(message: Uint8Array, start: number): number {
    const length = this.#mpHead.length + this.#nlri.length;
    const isExtended = length > 0xff;
    message[start] = AttributeFlag.optional | (isExtended ? AttributeFlag.extendedLength : 0);
    message[start + 1] =
      this.#field === 'mpReach' ? AttributeCode.mpReachNlri : AttributeCode.mpUnreachNlri;
    if (isExtended) storeU16(message, start + 2, length);
    else message[start + 2] = length;
    const at = start + (isExtended ? 4 : 3);
    message.set(this.#mpHead.view(), at);
    message.set(this.#nlri.view(), at + this.#mpHead.length);
    return at + length;
  }
}

/** What `encodeEndOfRib` has packed: each session says it once for each family, and always the same. */
const endOfRibs = new Map<FamilyKey, Uint8Array>();

/** The End-of-RIB of a family (RFC 4724 §2). */
export function encodeEndOfRib(family: FamilyKey): Uint8Array {
  let message = endOfRibs.get(family);
  if (message === undefined) {
    const packer = new UpdatePacker(fixedLength + 6);
    packer.withdraw(family);
    message = packer.finish()[0]!;
    endOfRibs.set(family, message);
  }
  return message.slice();
}

/** A length field of two octets and what it counts. */
function storeField(message: Uint8Array, at: number, field: Uint8Array): number {
  storeU16(message, at, field.length);
  message.set(field, at + 2);
  return at + 2 + field.length;
}

function storeU16(message: Uint8Array, at: number, value: number): void {
  message[at] = value >>> 8;
  message[at + 1] = value;
}

function tooLong(length: number, maximum: number): WireError {
  return new WireError(
    'ERR_WIRE_TOO_LONG',
    `an UPDATE with these attributes and one route has ${length} octets; at most ${maximum} may be sent`,
  );
}
