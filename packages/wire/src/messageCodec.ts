import type { DecodeResult } from './fault.ts';
import { headerFault, lengthFault, messageLengthAt, messageTypeAt } from './header.ts';
import { decodeKeepalive, encodeKeepalive } from './keepalive.ts';
import {
  headerLength,
  type KeepaliveMessage,
  type Message,
  MessageType,
  type NotificationMessage,
  type OpenMessage,
  type RouteRefreshMessage,
} from './message.ts';
import { decodeNotification, encodeNotification } from './notification.ts';
import { decodeOpen, encodeOpen } from './open.ts';
import { decodeRouteRefresh, encodeRouteRefresh } from './routeRefresh.ts';
import { type DecodedUpdate, decodeUpdate } from './updateDecode.ts';
import { encodeUpdate } from './updateEncode.ts';
import type { UpdateOptions } from './updateOptions.ts';

/** What became of a received message: of an UPDATE, all that `decodeUpdate` has to say. */
export type DecodedMessage =
  | DecodeResult<OpenMessage | NotificationMessage | KeepaliveMessage | RouteRefreshMessage>
  | DecodedUpdate;

/**
 * Reads the one message in `bytes[start, end)`, header included, in readable form. The header is
 * checked again (RFC 4271 §6.1), so that bytes from anywhere may be given, not only a deframer's.
 * `options.enhancedRouteRefresh` is taken for true when absent.
 */
export function decodeMessage(
  bytes: Uint8Array,
  start: number,
  end: number,
  options: UpdateOptions,
): DecodedMessage {
  const length = end - start;
  const maximum = options.maximumReceiveLength;
  if (length < headerLength) {
    return { ok: false, fault: lengthFault(length, 'a message', headerLength, maximum) };
  }
  const fault = headerFault(bytes, start, maximum);
  if (fault !== undefined) return { ok: false, fault };
  const told = messageLengthAt(bytes, start);
  if (told !== length)
    return { ok: false, fault: lengthFault(told, 'this message', length, length) };

  // A header that is in order names one of five types.
  switch (messageTypeAt(bytes, start) as MessageType) {
    case MessageType.open:
      return decodeOpen(bytes, start, end);
    case MessageType.update:
      return decodeUpdate(bytes, start, end, options);
    case MessageType.notification:
      return decodeNotification(bytes, start, end);
    case MessageType.keepalive:
      return decodeKeepalive(bytes, start, end);
    case MessageType.routeRefresh:
      break;
  }
  return decodeRouteRefresh(bytes, start, end, options.enhancedRouteRefresh);
}

/**
 * The bytes of a message: one piece for every kind but UPDATE, which is split where it would not fit
 * `options.maximumSendLength`. Throws a `WireError` for a value that cannot be sent.
 */
export function encodeMessage(message: Message, options: UpdateOptions): Uint8Array[] {
  switch (message.kind) {
    case 'open':
      return [encodeOpen(message)];
    case 'update':
      return encodeUpdate(message, options);
    case 'notification':
      return [encodeNotification(message, options.maximumSendLength)];
    case 'keepalive':
      return [encodeKeepalive()];
    case 'routeRefresh':
      break;
  }
  return [encodeRouteRefresh(message)];
}
