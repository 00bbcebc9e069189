import { formatIpv4, parseIpv4 } from './ipv4.ts';
import { readU32 } from './number.ts';

/**
 * An IPv6 address in the one form of RFC 5952: lower case, no leading zeros, the longest run of two or
 * more zero groups (the first of equals) as `::`, and an embedded IPv4 address in dotted form after the
 * well-known prefixes `::ffff:0:0/96` and `::ffff:0:0:0/96` (RFC 5952 §5). `bytes` holds the 16 octets
 * from `offset` on.
 */
export function formatIpv6(bytes: Uint8Array, offset: number = 0): string {
  return formatIpv6Words(
    readU32(bytes, offset),
    readU32(bytes, offset + 4),
    readU32(bytes, offset + 8),
    readU32(bytes, offset + 12),
  );
}

/** As `formatIpv6`, from four 32-bit numbers, the most significant first: what tables hold. */
export function formatIpv6Words(
  word0: number,
  word1: number,
  word2: number,
  word3: number,
): string {
  if (word0 === 0 && word1 === 0) {
    if (word2 === 0xffff) return `::ffff:${formatIpv4(word3)}`;
    if (word2 >>> 0 === 0xffff0000) return `::ffff:0:${formatIpv4(word3)}`;
  }
  let bestStart = -1;
  let bestLength = 1; // A single zero group is written out (RFC 5952 §4.2.2).
  let runStart = 0;
  for (let group = 0; group <= 8; group += 1) {
    if (group < 8 && groupOf(group, word0, word1, word2, word3) === 0) continue;
    if (group - runStart > bestLength) {
      bestStart = runStart;
      bestLength = group - runStart;
    }
    runStart = group + 1;
  }
  let text = '';
  for (let group = 0; group < 8; group += 1) {
    if (group === bestStart) {
      text += '::';
      group += bestLength - 1;
      continue;
    }
    if (group > 0 && group !== bestStart + bestLength) text += ':';
    text += groupOf(group, word0, word1, word2, word3).toString(16);
  }
  return text;
}

function groupOf(
  group: number,
  word0: number,
  word1: number,
  word2: number,
  word3: number,
): number {
  const word = group < 4 ? (group < 2 ? word0 : word1) : group < 6 ? word2 : word3;
  return (group & 1) === 0 ? word >>> 16 : word & 0xffff;
}

/**
 * The 16 octets of an IPv6 address in any form of RFC 4291 §2.2, upper or lower case; `undefined` for
 * anything else. A zone (`%eth0`) is not part of an address.
 */
export function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split('::', 3);
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0]!, halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1]!, true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const count = head.length + tail.length;
  if (halves.length === 1 ? count !== 8 : count > 7) return undefined;
  const bytes = new Uint8Array(16);
  head.forEach((group, index) => storeGroup(bytes, index, group));
  tail.forEach((group, index) => storeGroup(bytes, 8 - tail.length + index, group));
  return bytes;
}

function storeGroup(bytes: Uint8Array, index: number, group: number): void {
  bytes[index * 2] = group >>> 8;
  bytes[index * 2 + 1] = group;
}

/** The 16-bit groups of one side of `::`; only the end of the whole address may be a dotted quad. */
function parseGroups(text: string, isEnd: boolean): number[] | undefined {
  const groups: number[] = [];
  if (text === '') return groups;
  const parts = text.split(':', 9);
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16));
      continue;
    }
    const quad = isEnd && index === parts.length - 1 ? parseIpv4(part) : undefined;
    if (quad === undefined) return undefined;
    groups.push(quad >>> 16, quad & 0xffff);
  }
  return groups;
}
