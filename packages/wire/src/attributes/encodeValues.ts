import { copyOf } from '../copyOf.ts';
// What attribute encoders share: values that are the caller's own, checked before they are written.

import type { ByteWriter } from '../byteWriter.ts';
import { requireInteger } from '../integerRange.ts';
import { parseIpv4 } from '../text/ipv4.ts';
import { WireError } from '../wireError.ts';

/** A number of 0–4294967295 in four octets. */
export function writeU32(writer: ByteWriter, what: string, value: number): void {
  writer.u32(requireInteger(what, value, 0xffffffff));
}

/** A dotted quad in four octets. */
export function writeIpv4(writer: ByteWriter, what: string, text: string): void {
  const address = parseIpv4(text);
  if (address === undefined) {
    throw new WireError('ERR_WIRE_BAD_VALUE', `${what} is '${text}'; it must be a dotted quad`);
  }
  writer.u32(address);
}

/** Values of `length` octets each. */
export function writeEach(
  writer: ByteWriter,
  what: string,
  values: readonly Uint8Array[],
  length: number,
): void {
  for (const value of values) {
    if (value.length !== length) {
      throw new WireError(
        'ERR_WIRE_BAD_VALUE',
        `${what} has ${value.length} octets; each has ${length}`,
      );
    }
    writer.bytes(value);
  }
}

/** Lists that may not be empty: an attribute without any is left out, not sent (RFC 7606 §4). */
export function requireSome(what: string, values: readonly unknown[]): void {
  if (values.length > 0) return;
  throw new WireError('ERR_WIRE_BAD_VALUE', `${what} is an empty list; leave the attribute out`);
}

/** `bytes[start, end)` as copies of `length` octets each. */
export function sliceEach(
  bytes: Uint8Array,
  start: number,
  end: number,
  length: number,
): Uint8Array[] {
  const values: Uint8Array[] = [];
  for (let at = start; at < end; at += length) values.push(copyOf(bytes, at, at + length));
  return values;
}
