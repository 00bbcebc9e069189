import {
  AsPathSegmentType,
  AttributeCode,
  AttributeCursor,
  AttributeFlag,
  type FamilyKey,
  ipv4Unicast,
  isHostAddress,
} from '@peerloom/wire';
import { localAsPlaceholder } from './announcementBlock.ts';

const wellKnown = AttributeFlag.transitive;
const optionalTransitive = AttributeFlag.optional | AttributeFlag.transitive;
const optionalNonTransitive = AttributeFlag.optional;

/** The flags that an attribute has, and its octets: exactly so many, or, of a list, so many for each element. */
interface PlainForm {
  readonly flags: number;
  readonly octets: number;
  readonly isList?: boolean;
}

/** Attributes of which the readable form says no more than the octets do. AS_PATH is looked at by itself. */
const plainForms: Readonly<Record<number, PlainForm>> = {
  [AttributeCode.origin]: { flags: wellKnown, octets: 1 },
  [AttributeCode.asPath]: { flags: wellKnown, octets: 1, isList: true },
  [AttributeCode.nextHop]: { flags: wellKnown, octets: 4 },
  [AttributeCode.multiExitDiscriminator]: { flags: optionalNonTransitive, octets: 4 },
  [AttributeCode.localPreference]: { flags: wellKnown, octets: 4 },
  [AttributeCode.atomicAggregate]: { flags: wellKnown, octets: 0 },
  [AttributeCode.aggregator]: { flags: optionalTransitive, octets: 8 },
  [AttributeCode.communities]: { flags: optionalTransitive, octets: 4, isList: true },
  [AttributeCode.originatorId]: { flags: optionalNonTransitive, octets: 4 },
  [AttributeCode.clusterList]: { flags: optionalNonTransitive, octets: 4, isList: true },
  [AttributeCode.extendedCommunities]: { flags: optionalTransitive, octets: 8, isList: true },
  [AttributeCode.largeCommunities]: { flags: optionalTransitive, octets: 12, isList: true },
  [AttributeCode.onlyToCustomer]: { flags: optionalTransitive, octets: 4 },
};
const formByCode: readonly (PlainForm | undefined)[] = Array.from(
  { length: 256 },
  (_, code) => plainForms[code],
);

const greatestOrigin = 2;
/** Octets that a placeholder for the local AS takes at the most: a segment of its own. */
const longestPlaceholder = 6;
const nextHopLength = 7;
/** Octets that a block may have more than the attributes that it is made of. */
export const longestAddition: number = longestPlaceholder + nextHopLength;

const cursor = new AttributeCursor();

/**
 * The quick way to the block of an announcement whose attributes are encoded already, for tables by the
 * million: copies `attributes` to `target` from `at` on, where there must be room for `longestAddition`
 * octets more than they have, and returns where the block ends. The block is the one that
 * `encodeAnnouncement` would make of what they say, unless `asPathIsFinal` with the place of the local AS in
 * front of the AS_PATH, or without it where it is empty. `nextHop`: an IPv4 address that stands in NEXT_HOP in
 * place of what may be there.
 *
 * Returns −1 when anything about them or the next hop is out of the ordinary: in another order or form than
 * this speaker sends them in, of a type that is rare, or malformed. The readable way is for those.
 */
export function copyPlainAnnouncement(
  attributes: Uint8Array,
  family: FamilyKey,
  asPathIsFinal: boolean,
  nextHop: Uint8Array | undefined,
  target: Uint8Array,
  at: number,
): number {
  if (nextHop !== undefined && !isHostAddress(nextHop)) return -1;
  let to = at;
  let last = 0;
  let lacksNextHop = nextHop !== undefined;
  cursor.reset(attributes, 0, attributes.length);
  while (cursor.next()) {
    const { code, start, valueStart, valueEnd } = cursor;
    if (code <= last || !isPlain(attributes, family)) return -1;
    last = code;
    if (lacksNextHop && code >= AttributeCode.nextHop) {
      to = writeNextHop(nextHop!, target, to);
      lacksNextHop = false;
    }
    if (code === AttributeCode.nextHop && nextHop !== undefined) continue;
    if (code === AttributeCode.asPath && !asPathIsFinal) {
      to = copyAsPath(attributes, valueStart, valueEnd, target, to);
      if (to < 0) return -1;
    } else {
      for (let from = start; from < valueEnd; from += 1, to += 1) target[to] = attributes[from]!;
    }
  }
  if (lacksNextHop) to = writeNextHop(nextHop!, target, to);
  return cursor.broken ? -1 : to;
}

/** Whether the attribute at the cursor is one that would be written as it stands. */
function isPlain(bytes: Uint8Array, family: FamilyKey): boolean {
  const { code, flags, valueStart, valueEnd } = cursor;
  const form = formByCode[code];
  if (form === undefined || flags !== form.flags) return false;
  const length = valueEnd - valueStart;
  if (code === AttributeCode.asPath) return isSoundPath(bytes, valueStart, valueEnd);
  if (form.isList === true) return length > 0 && length % form.octets === 0;
  if (length !== form.octets) return false;
  if (code === AttributeCode.origin) return bytes[valueStart]! <= greatestOrigin;
  if (code === AttributeCode.nextHop) {
    return family === ipv4Unicast && isHostAddress(bytes, valueStart, valueEnd);
  }
  return code !== AttributeCode.aggregator || !isZero(bytes, valueStart);
}

/** Whether the segments are whole, of known types, not empty, and without AS number 0 (RFC 7606 §7.2, RFC 7607 §2). */
function isSoundPath(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; ) {
    if (end - at < 2) return false;
    const type = bytes[at]!;
    const count = bytes[at + 1]!;
    at += 2;
    const segmentEnd = at + 4 * count;
    if (type < AsPathSegmentType.set || type > AsPathSegmentType.confederationSet) return false;
    if (count === 0 || segmentEnd > end) return false;
    for (; at < segmentEnd; at += 4) if (isZero(bytes, at)) return false;
  }
  return true;
}

/** Copies an AS_PATH with the placeholder in front (see `announcementBlock.ts`); nothing of an empty one, which sessions make themselves. */
function copyAsPath(
  bytes: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  if (start === end) return at;
  const count = bytes[start + 1]!;
  const joins = bytes[start] === AsPathSegmentType.sequence && count < 0xff;
  const length = end - start + (joins ? 4 : longestPlaceholder);
  if (length > 0xff) return -1;
  target[at] = wellKnown;
  target[at + 1] = AttributeCode.asPath;
  target[at + 2] = length;
  target[at + 3] = AsPathSegmentType.sequence;
  target[at + 4] = joins ? count + 1 : 1;
  let to = at + 5;
  for (; to < at + 9; to += 1) target[to] = localAsPlaceholder;
  for (let from = joins ? start + 2 : start; from < end; from += 1, to += 1) {
    target[to] = bytes[from]!;
  }
  return to;
}

function writeNextHop(nextHop: Uint8Array, target: Uint8Array, at: number): number {
  target[at] = wellKnown;
  target[at + 1] = AttributeCode.nextHop;
  target[at + 2] = nextHop.length;
  target.set(nextHop, at + 3);
  return at + nextHopLength;
}

function isZero(bytes: Uint8Array, at: number): boolean {
  return (bytes[at]! | bytes[at + 1]! | bytes[at + 2]! | bytes[at + 3]!) === 0;
}
