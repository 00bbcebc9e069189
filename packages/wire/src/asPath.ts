import type { ByteWriter } from './byteWriter.ts';
import { requireInteger } from './integerRange.ts';
import type { AsPathSegment, AsPathSegmentKind } from './pathAttribute.ts';
import { readU16, readU32 } from './text/number.ts';
import { WireError } from './wireError.ts';

/** AS_PATH segment types (RFC 4271 §4.3, RFC 5065 §3). */
export const AsPathSegmentType = {
  set: 1,
  sequence: 2,
  confederationSequence: 3,
  confederationSet: 4,
} as const;
/** One of the values of `AsPathSegmentType`. */
export type AsPathSegmentType = (typeof AsPathSegmentType)[keyof typeof AsPathSegmentType];

/** Stands for an AS number above 65535 where only two octets are (RFC 6793 §3). */
export const asTrans = 23456;

/** Most AS numbers that one segment holds: its length is one octet. */
const longestSegment = 255;

const kindByType: readonly (AsPathSegmentKind | undefined)[] = [
  undefined,
  'set',
  'sequence',
  'confederationSequence',
  'confederationSet',
];

/**
 * The length of a path as route selection counts it: every AS of a sequence, one for a set
 * (RFC 4271 §9.1.2.2), none for confederation segments (RFC 5065 §5.3).
 */
export function asPathLength(segments: readonly AsPathSegment[]): number {
  let length = 0;
  for (const segment of segments) {
    if (segment.kind === 'sequence') length += segment.asNumbers.length;
    else if (segment.kind === 'set') length += 1;
  }
  return length;
}

/** Whether the segment is seen only inside a confederation (RFC 5065 §3). */
export function isConfederationSegment(segment: AsPathSegment): boolean {
  return segment.kind === 'confederationSequence' || segment.kind === 'confederationSet';
}

/** The segments in `bytes[start, end)`, which has passed the check of AS_PATH, with AS numbers of `width` octets. */
export function decodeAsPath(
  bytes: Uint8Array,
  start: number,
  end: number,
  width: 2 | 4,
): AsPathSegment[] {
  const segments: AsPathSegment[] = [];
  for (let at = start; at < end; ) {
    const kind = kindByType[bytes[at]!]!;
    const count = bytes[at + 1]!;
    at += 2;
    const asNumbers: number[] = [];
    for (let index = 0; index < count; index += 1, at += width) {
      asNumbers.push(width === 4 ? readU32(bytes, at) : readU16(bytes, at));
    }
    segments.push({ kind, asNumbers });
  }
  return segments;
}

/**
 * Writes segments with AS numbers of `width` octets; in two octets, AS_TRANS stands for what does not
 * fit (RFC 6793 §4.2.2). A sequence of more than 255 becomes several. Throws a `WireError` for a number
 * that is no AS number, an empty segment, and a set of more than 255, which cannot be several.
 */
export function encodeAsPath(
  writer: ByteWriter,
  segments: readonly AsPathSegment[],
  width: 2 | 4,
): void {
  for (const { kind, asNumbers } of segments) {
    const type = kindByType.indexOf(kind);
    checkSegment(type, kind, asNumbers.length);
    // The short one first: who prepends to this path finds room in it (RFC 4271 §5.1.2).
    let count = asNumbers.length % longestSegment || longestSegment;
    for (let at = 0; at < asNumbers.length; ) {
      writer.u8(type);
      writer.u8(count);
      for (const end = at + count; at < end; at += 1) writeAsNumber(writer, asNumbers[at]!, width);
      count = longestSegment;
    }
  }
}

function checkSegment(type: number, kind: AsPathSegmentKind, count: number): void {
  if (type < 0) {
    throw new WireError(
      'ERR_WIRE_BAD_VALUE',
      `a segment of an AS path is of kind '${kind}'; sequence, set, confederationSequence and confederationSet are kinds`,
    );
  }
  if (count === 0) {
    throw new WireError('ERR_WIRE_BAD_VALUE', `a ${kind} of an AS path is empty; leave it out`);
  }
  const mayBeSplit =
    type === AsPathSegmentType.sequence || type === AsPathSegmentType.confederationSequence;
  if (count > longestSegment && !mayBeSplit) {
    throw new WireError(
      'ERR_WIRE_TOO_LONG',
      `a ${kind} of an AS path has ${count} AS numbers; at most ${longestSegment} fit`,
    );
  }
}

function writeAsNumber(writer: ByteWriter, asNumber: number, width: 2 | 4): void {
  // AS 0 must never be sent (RFC 7607 §2).
  if (asNumber === 0) {
    throw new WireError(
      'ERR_WIRE_BAD_VALUE',
      'an AS path has AS number 0; 1 to 4294967295 are AS numbers',
    );
  }
  requireInteger('an AS number of an AS path', asNumber, 0xffffffff);
  if (width === 4) writer.u32(asNumber);
  else writer.u16(asNumber > 0xffff ? asTrans : asNumber);
}
