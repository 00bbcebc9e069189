import { type DecodeResult } from './fault.ts';
import { beginMessage, finishMessage, lengthFault } from './header.ts';
import { headerLength, type KeepaliveMessage, MessageType } from './message.ts';

const keepalive: KeepaliveMessage = { kind: 'keepalive' };

/** Reads the KEEPALIVE in `bytes[start, end)`: any length but 19 is 1/2 (RFC 4271 §4.4, §6.1). */
export function decodeKeepalive(
  _bytes: Uint8Array,
  start: number,
  end: number,
): DecodeResult<KeepaliveMessage> {
  return end - start === headerLength
    ? { ok: true, message: keepalive }
    : { ok: false, fault: lengthFault(end - start, 'KEEPALIVE', headerLength, headerLength) };
}

/** The 19 octets of a KEEPALIVE (RFC 4271 §4.4), in a buffer of their own, so that it may be transferred. */
export function encodeKeepalive(): Uint8Array {
  return finishMessage(beginMessage(MessageType.keepalive, headerLength), headerLength);
}
