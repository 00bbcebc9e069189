import { ipv4Unicast } from './addressFamily.ts';
import { headerLength, MessageType } from './message.ts';
import { validateNlri } from './nlri/field.ts';
import { octetsOf } from './nlri/prefixBits.ts';
import { shortestUpdate } from './updateSplit.ts';

/**
 * Walks the plain UPDATEs that a run of messages begins with: ones that announce sound IPv4 unicast routes in their
 * NLRI field, and withdraw none. That is what tables come as, a hundred thousand messages on end.
 *
 *     cursor.reset(bytes, start, end, addPath, maximumLength);
 *     while (cursor.next()) if (!areAttributesSound(cursor.words, cursor.attributesStart, cursor.nlriStart, …)) break;
 *
 * It stops before anything else, be it another message, a faulty one, or one that is not all there: who can tell these
 * apart goes on at `start`. One cursor serves any number of walks; it allocates once for each buffer.
 */
export class PlainUpdateCursor {
  /** The buffer. */
  bytes: Uint8Array = new Uint8Array(0);
  /** The same, to be read several octets at a time. */
  words: DataView = new DataView(new ArrayBuffer(0));
  /** Where the current message begins; once there are no more, where the walk has ended. */
  start = 0;
  /** Where the current message's Path Attributes begin, of which the codec has not looked at any. */
  attributesStart = 0;
  /** Where they end, and its NLRI begin. */
  nlriStart = 0;
  /** Where they, and the message, end. */
  end = 0;
  #limit = 0;
  #addPath = false;
  #maximumLength = 0;

  /**
   * Begins the walk of `bytes[start, end)`. `addPath`: NLRI have Path Identifiers (RFC 7911 §3). `maximumLength`: of a
   * message, in octets.
   */
  reset(
    bytes: Uint8Array,
    start: number,
    end: number,
    addPath: boolean,
    maximumLength: number,
  ): void {
    if (this.bytes !== bytes) {
      this.bytes = bytes;
      this.words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.end = start;
    this.#limit = end;
    this.#addPath = addPath;
    this.#maximumLength = maximumLength;
  }

  /** Goes on to the next message; false where there is no whole plain one. */
  next(): boolean {
    const { words, end: start } = this;
    this.start = start;
    const left = this.#limit - start;
    if (left < shortestUpdate) return false;
    const marker =
      words.getInt32(start) &
      words.getInt32(start + 4) &
      words.getInt32(start + 8) &
      words.getInt32(start + 12);
    if (marker !== -1 || words.getUint8(start + 18) !== MessageType.update) return false;
    const length = words.getUint16(start + 16);
    if (length > left || length > this.#maximumLength) return false;
    if (words.getUint16(start + headerLength) !== 0) return false;
    const end = start + length;
    const attributesStart = start + shortestUpdate;
    const nlriStart = attributesStart + words.getUint16(attributesStart - 2);
    if (nlriStart >= end) return false;
    const isSound = this.#addPath
      ? validateNlri(this.bytes, nlriStart, end, ipv4Unicast, true, 'reach') === undefined
      : areIpv4Prefixes(words, nlriStart, end);
    if (!isSound) return false;
    this.attributesStart = attributesStart;
    this.nlriStart = nlriStart;
    this.end = end;
    return true;
  }
}

/** What `validateNlri` says of IPv4 prefixes without Path Identifiers, with no codec to ask. */
function areIpv4Prefixes(words: DataView, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    const length = words.getUint8(at);
    if (length > 32) return false;
    at += 1 + octetsOf(length);
  }
  return at === end;
}
