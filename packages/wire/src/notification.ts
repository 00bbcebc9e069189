import { copyOf } from './copyOf.ts';
import { type DecodeResult, type Fault, noData } from './fault.ts';
import { beginMessage, finishMessage, lengthFault } from './header.ts';
import { requireInteger } from './integerRange.ts';
import {
  headerLength,
  MessageType,
  maximumMessageLength,
  type NotificationMessage,
} from './message.ts';
import { CeaseSubcode, ErrorCode } from './notificationCode.ts';

/** Octets before the data field: header, error code, error subcode (RFC 4271 §4.5). */
const minimumNotificationLength = headerLength + 2;

/** Reads the NOTIFICATION in `bytes[start, end)`, header included; one of less than 21 octets is 1/2. */
export function decodeNotification(
  bytes: Uint8Array,
  start: number,
  end: number,
): DecodeResult<NotificationMessage> {
  if (end - start < minimumNotificationLength) {
    return {
      ok: false,
      fault: lengthFault(
        end - start,
        'NOTIFICATION',
        minimumNotificationLength,
        maximumMessageLength,
      ),
    };
  }
  return {
    ok: true,
    message: {
      kind: 'notification',
      code: bytes[start + 19]!,
      subcode: bytes[start + 20]!,
      data: copyOf(bytes, start + 21, end),
    },
  };
}

/**
 * The bytes of a NOTIFICATION. A data field that does not fit `maximumLength` (4096, or 65535 to a
 * peer that announced Extended Message, RFC 8654 §5) is cut at its end: the peer must learn of the
 * error in any case. Throws a `WireError` for a code or subcode that is not 0–255.
 */
export function encodeNotification(
  message: NotificationMessage,
  maximumLength: number = maximumMessageLength,
): Uint8Array {
  const { data } = message;
  const dataLength = Math.min(data.length, maximumLength - minimumNotificationLength);
  const writer = beginMessage(MessageType.notification, minimumNotificationLength + dataLength);
  writer.u8(requireInteger('error code', message.code, 0xff));
  writer.u8(requireInteger('error subcode', message.subcode, 0xff));
  writer.bytes(data, 0, dataLength);
  return finishMessage(writer, maximumLength);
}

/** The NOTIFICATION that reports a fault to the peer. */
export function notificationOf(fault: Fault): NotificationMessage {
  return { kind: 'notification', code: fault.code, subcode: fault.subcode, data: fault.data };
}

/** A NOTIFICATION without more words than it needs: `subcode` 0 and no data unless given. */
export function notification(
  code: number,
  subcode: number = 0,
  data: Uint8Array = noData,
): NotificationMessage {
  return { kind: 'notification', code, subcode, data };
}

/**
 * Wraps a NOTIFICATION into a Hard Reset (RFC 8538 §3.1): to a peer that exchanged the N bit with us,
 * it says that routes are not to be kept.
 */
export function hardReset(reason: NotificationMessage): NotificationMessage {
  const data = new Uint8Array(2 + reason.data.length);
  data[0] = reason.code;
  data[1] = reason.subcode;
  data.set(reason.data, 2);
  return notification(ErrorCode.cease, CeaseSubcode.hardReset, data);
}

/** The NOTIFICATION inside a Hard Reset (RFC 8538 §3.1); `undefined` for any other, or when it is too short to hold one. */
export function hardResetReason(message: NotificationMessage): NotificationMessage | undefined {
  const { code, subcode, data } = message;
  const isHardReset = code === ErrorCode.cease && subcode === CeaseSubcode.hardReset;
  return isHardReset && data.length >= 2
    ? notification(data[0]!, data[1], data.slice(2))
    : undefined;
}
