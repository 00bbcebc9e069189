import { formatHex, parseHex } from './hex.ts';
import { formatIpv6, parseIpv6 } from './ipv6.ts';
import { parseDecimal, readU16, storeNumber } from './number.ts';

/** Types with a name (RFC 5701 §2, RFC 6515 §3, RFC 8956 §6.1). */
const names: ReadonlyMap<number, string> = new Map([
  [0x0002, 'target'],
  [0x0003, 'origin'],
  [0x000b, 'vrf-route-import'],
  [0x000d, 'redirect'],
]);
const types: ReadonlyMap<string, number> = new Map([
  ...[...names].map(([type, name]): [string, number] => [name, type]),
  ['rt', 0x0002],
  ['ro', 0x0003],
  ['soo', 0x0003],
]);

/**
 * An IPv6 address specific extended community (RFC 5701), 20 octets from `offset` on:
 * `target:[2001:db8::1]:100`; one of another type is `0x` and 40 hexadecimal digits.
 */
export function formatIpv6ExtendedCommunity(bytes: Uint8Array, offset: number = 0): string {
  const name = names.get(readU16(bytes, offset));
  return name === undefined
    ? `0x${formatHex(bytes, offset, offset + 20)}`
    : `${name}:[${formatIpv6(bytes, offset + 2)}]:${readU16(bytes, offset + 18)}`;
}

/** The 20 octets of a text of `formatIpv6ExtendedCommunity`; `undefined` for anything else. */
export function parseIpv6ExtendedCommunity(text: string): Uint8Array | undefined {
  if (text.startsWith('0x')) return text.length === 42 ? parseHex(text.slice(2)) : undefined;
  const [, name, address, assigned] = /^([a-z-]+):\[([^\]]*)\]:(\d+)$/.exec(text) ?? [];
  if (name === undefined || address === undefined || assigned === undefined) return undefined;
  const type = types.get(name);
  const octets = parseIpv6(address);
  const number = parseDecimal(assigned, 0xffff);
  if (type === undefined || octets === undefined || number === undefined) return undefined;
  const bytes = new Uint8Array(20);
  storeNumber(bytes, 0, 2, type);
  bytes.set(octets, 2);
  storeNumber(bytes, 18, 2, number);
  return bytes;
}
