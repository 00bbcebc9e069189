import { Afi } from '../addressFamily.ts';
import { formatIpv4, parseIpv4 } from './ipv4.ts';
import { formatIpv6, formatIpv6Words, parseIpv6 } from './ipv6.ts';
import { parseDecimal, readU32, storeNumber } from './number.ts';

/** An IPv4 or IPv6 prefix. */
export interface Prefix {
  /** `Afi.ipv4` (1) or `Afi.ipv6` (2). */
  readonly afi: 1 | 2;
  /** 4 or 16 octets; bits after `length` are zero. */
  readonly bytes: Uint8Array;
  /** In bits, 0–32 or 0–128. */
  readonly length: number;
}

/** `10.0.0.0/8` from the 32-bit number and the length in bits. Bits after the length are the caller's to clear. */
export function formatIpv4Prefix(address: number, length: number): string {
  return `${formatIpv4(address)}/${length}`;
}

/** `2001:db8::/32` from four 32-bit numbers, most significant first, and the length in bits. */
export function formatIpv6Prefix(
  word0: number,
  word1: number,
  word2: number,
  word3: number,
  length: number,
): string {
  return `${formatIpv6Words(word0, word1, word2, word3)}/${length}`;
}

/** The canonical text of a prefix. */
export function formatPrefix(prefix: Prefix): string {
  return `${formatAddress(prefix.bytes)}/${prefix.length}`;
}

/**
 * The prefix in `text`, an IPv4 or IPv6 address and a length after a slash. Bits after the length are
 * cleared, so that `10.1.2.3/8` is `10.0.0.0/8`; who would rather refuse such a text compares it with
 * `formatPrefix` of the result. `undefined` for anything else.
 */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const bytes = parseAddress(text.slice(0, slash));
  if (bytes === undefined) return undefined;
  const length = parseDecimal(text.slice(slash + 1), bytes.length * 8);
  if (length === undefined) return undefined;
  clearAfter(bytes, length);
  return { afi: bytes.length === 4 ? Afi.ipv4 : Afi.ipv6, bytes, length };
}

/** The canonical text of an IPv4 (4 octets) or IPv6 (16 octets) address. */
export function formatAddress(bytes: Uint8Array): string {
  return bytes.length === 4 ? formatIpv4(readU32(bytes, 0)) : formatIpv6(bytes);
}

/** The 4 or 16 octets of an IPv4 or IPv6 address; `undefined` for anything else. */
export function parseAddress(text: string): Uint8Array | undefined {
  if (text.includes(':')) return parseIpv6(text);
  const address = parseIpv4(text);
  if (address === undefined) return undefined;
  const bytes = new Uint8Array(4);
  storeNumber(bytes, 0, 4, address);
  return bytes;
}

/** Clears every bit of `bytes` from bit number `length` on (0 is the most significant). */
export function clearAfter(bytes: Uint8Array, length: number): void {
  const whole = length >>> 3;
  if (whole >= bytes.length) return;
  bytes[whole]! &= 0xff00 >>> (length & 7);
  bytes.fill(0, whole + 1);
}
