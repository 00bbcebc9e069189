import type { ByteWriter } from '../byteWriter.ts';
import { readU32 } from '../text/number.ts';
import { formatIpv4Prefix, formatIpv6Prefix, type Prefix } from '../text/prefix.ts';

/** Octets that hold `bits` bits. */
export function octetsOf(bits: number): number {
  return (bits + 7) >>> 3;
}

/**
 * The first `bits` bits at `at` as the upper bits of an unsigned 32-bit number, the others zero: bits
 * after a prefix's length mean nothing (RFC 4271 §4.3). Reads only octets that hold wanted bits.
 */
export function readWord(bytes: Uint8Array, at: number, bits: number): number {
  if (bits >= 32) return readU32(bytes, at);
  if (bits <= 0) return 0;
  let word = bytes[at]! << 24;
  if (bits > 8) word |= bytes[at + 1]! << 16;
  if (bits > 16) word |= bytes[at + 2]! << 8;
  if (bits > 24) word |= bytes[at + 3]!;
  return (word & (-1 << (32 - bits))) >>> 0;
}

/** The canonical text of the prefix of `length` bits at `at`. */
export function readPrefixText(
  bytes: Uint8Array,
  at: number,
  length: number,
  addressBits: number,
): string {
  if (addressBits === 32) return formatIpv4Prefix(readWord(bytes, at, length), length);
  return formatIpv6Prefix(
    readWord(bytes, at, length),
    readWord(bytes, at + 4, length - 32),
    readWord(bytes, at + 8, length - 64),
    readWord(bytes, at + 12, length - 96),
    length,
  );
}

/** Copies the prefix of `length` bits at `at` to `key[keyAt…]`, the bits after it cleared; returns the offset after it. */
export function copyPrefixBits(
  bytes: Uint8Array,
  at: number,
  length: number,
  key: Uint8Array,
  keyAt: number,
): number {
  const octets = octetsOf(length);
  for (let index = 0; index < octets; index += 1) key[keyAt + index] = bytes[at + index]!;
  const spare = octets * 8 - length;
  if (spare > 0) key[keyAt + octets - 1]! &= 0xff << spare;
  return keyAt + octets;
}

/** Writes as many octets of the prefix as its length needs. */
export function writePrefixBits(writer: ByteWriter, prefix: Prefix): void {
  writer.bytes(prefix.bytes, 0, octetsOf(prefix.length));
}
