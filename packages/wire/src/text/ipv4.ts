import { parseDecimal } from './number.ts';

// 256 short strings, joined by concatenation: several times quicker than number formatting.
const octetText: readonly string[] = Array.from({ length: 256 }, (_, octet) => String(octet));

/** An IPv4 address as a dotted quad; `address` is the 32-bit number, whose upper bits are ignored. */
export function formatIpv4(address: number): string {
  return `${octetText[address >>> 24]!}.${octetText[(address >>> 16) & 0xff]!}.${octetText[(address >>> 8) & 0xff]!}.${octetText[address & 0xff]!}`;
}

/**
 * The 32-bit number of a dotted quad; `undefined` unless it is four decimal numbers 0–255 without
 * leading zeros (which some would read as octal).
 */
export function parseIpv4(text: string): number | undefined {
  const octets = text.split('.', 5);
  if (octets.length !== 4) return undefined;
  let address = 0;
  for (const octet of octets) {
    const value = parseDecimal(octet, 255);
    if (value === undefined) return undefined;
    address = (address << 8) | value;
  }
  return address >>> 0;
}
