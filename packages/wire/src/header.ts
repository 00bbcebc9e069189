import { ByteWriter } from './byteWriter.ts';

import { type Fault, noData, sessionReset } from './fault.ts';
import { headerLength, MessageType, maximumMessageLength } from './message.ts';
import { ErrorCode, HeaderSubcode } from './notificationCode.ts';
import { WireError } from './wireError.ts';

/** Shortest message of each type, by type; `undefined` where there is no such type (RFC 4271 §4.2–4.5). */
const minimumLength: readonly (number | undefined)[] = [
  undefined,
  29, // OPEN
  23, // UPDATE
  21, // NOTIFICATION
  headerLength, // KEEPALIVE
  // ROUTE-REFRESH: RFC 4271 §6.1 names no minimum, and RFC 7313 §5 has a fault of its own for a
  // short one, which takes the whole message to report. Its decoder looks at the length.
  headerLength,
];

/** The Length field of the header at `at`. */
export function messageLengthAt(bytes: Uint8Array, at: number): number {
  return (bytes[at + 16]! << 8) | bytes[at + 17]!;
}

/** The Type field of the header at `at`. */
export function messageTypeAt(bytes: Uint8Array, at: number): number {
  return bytes[at + 18]!;
}

/**
 * Checks the header at `at`, of which all 19 octets are there, as RFC 4271 §6.1 asks: marker, then
 * length, then type. `maximumLength` is the session's; OPEN and KEEPALIVE keep to 4096 whatever it
 * is (RFC 8654 §4). Allocates only when there is a fault.
 */
export function headerFault(
  bytes: Uint8Array,
  at: number,
  maximumLength: number,
): Fault | undefined {
  // One comparison for all sixteen octets: a branch for each made this the dearest part of deframing.
  const marker =
    bytes[at]! &
    bytes[at + 1]! &
    bytes[at + 2]! &
    bytes[at + 3]! &
    bytes[at + 4]! &
    bytes[at + 5]! &
    bytes[at + 6]! &
    bytes[at + 7]! &
    bytes[at + 8]! &
    bytes[at + 9]! &
    bytes[at + 10]! &
    bytes[at + 11]! &
    bytes[at + 12]! &
    bytes[at + 13]! &
    bytes[at + 14]! &
    bytes[at + 15]!;
  if (marker !== 0xff) return markerFault();

  const length = messageLengthAt(bytes, at);
  if (length < headerLength || length > maximumLength) {
    return lengthFault(length, 'a message', headerLength, maximumLength);
  }
  const type = messageTypeAt(bytes, at);
  const minimum = minimumLength[type];
  if (minimum === undefined) return typeFault(type);
  if (type === MessageType.keepalive) {
    return length === headerLength
      ? undefined
      : lengthFault(length, 'KEEPALIVE', headerLength, headerLength);
  }
  const maximum = type === MessageType.open ? maximumMessageLength : maximumLength;
  return length < minimum || length > maximum
    ? lengthFault(length, `message type ${type}`, minimum, maximum)
    : undefined;
}

function markerFault(): Fault {
  return sessionReset(
    ErrorCode.messageHeader,
    HeaderSubcode.connectionNotSynchronized,
    noData,
    'RFC 4271 §6.1',
    'the 16 octets of the marker are not all ones: what arrives is not BGP, or the stream has lost its place',
  );
}

/** Message Header Error/Bad Message Length, whose data is the length as it was received (RFC 4271 §6.1). */
export function lengthFault(length: number, what: string, minimum: number, maximum: number): Fault {
  const range = minimum === maximum ? `exactly ${minimum}` : `${minimum} to ${maximum}`;
  return sessionReset(
    ErrorCode.messageHeader,
    HeaderSubcode.badMessageLength,
    Uint8Array.of(length >>> 8, length),
    'RFC 4271 §6.1',
    `the length field says ${length}; ${what} is ${range} octets long here`,
  );
}

function typeFault(type: number): Fault {
  return sessionReset(
    ErrorCode.messageHeader,
    HeaderSubcode.badMessageType,
    Uint8Array.of(type),
    'RFC 4271 §6.1',
    `message type ${type} is not known; types 1 to 5 are`,
  );
}

/** A writer that holds the header of a message of `type`, its length still open. */
export function beginMessage(type: MessageType, capacity?: number): ByteWriter {
  const writer = new ByteWriter(capacity);
  writer.fill(0xff, 16);
  writer.u16(0);
  writer.u8(type);
  return writer;
}

/** Puts the length into the header of a message that `beginMessage` began, and returns its bytes. */
export function finishMessage(writer: ByteWriter, maximumLength: number): Uint8Array {
  if (writer.length > maximumLength) {
    throw new WireError(
      'ERR_WIRE_TOO_LONG',
      `the message is ${writer.length} octets long; at most ${maximumLength} fit`,
    );
  }
  writer.patchU16(16, writer.length);
  return writer.toBytes();
}
