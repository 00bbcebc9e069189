import { AsPathSegmentType } from './asPath.ts';
import type { Malformation, ValueCheck } from './attributes/attributeRule.ts';
import { UpdateSubcode } from './notificationCode.ts';

/**
 * AS_PATH: the segments are of known types, whole, not empty and fill the attribute (RFC 7606 §7.2);
 * no AS number is zero (RFC 7607 §2); confederation segments come only from within the confederation,
 * and a member outside our own Member-AS begins with one (RFC 5065 §5).
 */
export const checkAsPath: ValueCheck = (bytes, start, end, options) => {
  const width = options.fourOctetAs ? 4 : 2;
  const problem = segmentProblem(bytes, start, end, width);
  if (problem !== undefined) return malformedAsPath(problem.text, problem.section);
  if (options.peerType === 'internal') return undefined;
  if (options.confederationPeer !== true) {
    return hasConfederationSegment(bytes, start, end, width)
      ? malformedAsPath(
          'has a confederation segment, but the peer is outside the confederation',
          'RFC 5065 §5',
        )
      : undefined;
  }
  return bytes[start] === AsPathSegmentType.confederationSequence && start < end
    ? undefined
    : malformedAsPath(
        'comes from another member of the confederation and must begin with an AS_CONFED_SEQUENCE',
        'RFC 5065 §5',
      );
};

/**
 * AS4_PATH: as AS_PATH in four octets (RFC 6793 §6, RFC 7607 §2). Confederation segments in it are no
 * malformation: a receiver takes just them out (RFC 6793 §6), as `mergeAs4Path` does.
 */
export const checkAs4Path: ValueCheck = (bytes, start, end) => {
  const problem = segmentProblem(bytes, start, end, 4);
  if (problem === undefined) return undefined;
  return {
    subcode: UpdateSubcode.optionalAttributeError,
    withAttribute: true,
    text: problem.text,
    ...(problem.section !== undefined && { section: problem.section }),
  };
};

/** RFC 4271 §6.3 names no data for Malformed AS_PATH. */
function malformedAsPath(text: string, section?: string): Malformation {
  return {
    subcode: UpdateSubcode.malformedAsPath,
    withAttribute: false,
    text,
    ...(section !== undefined && { section }),
  };
}

export interface SegmentProblem {
  readonly text: string;
  readonly section?: string;
}

export function segmentProblem(
  bytes: Uint8Array,
  start: number,
  end: number,
  width: 2 | 4,
): SegmentProblem | undefined {
  for (let at = start; at < end; ) {
    if (end - at < 2) return { text: 'ends in a single octet, too few for a segment header' };
    const type = bytes[at]!;
    const count = bytes[at + 1]!;
    if (type < AsPathSegmentType.set || type > AsPathSegmentType.confederationSet) {
      return { text: `has a segment of type ${type}; types 1 to 4 are known` };
    }
    if (count === 0) return { text: 'has a segment without an AS number' };
    at += 2;
    const segmentEnd = at + count * width;
    if (segmentEnd > end) {
      return {
        text: `has a segment of ${count} AS numbers of ${width} octets, of which only ${end - at} octets are there`,
      };
    }
    for (; at < segmentEnd; at += width) {
      // The last octet first: the upper ones are often zero.
      const isZero =
        bytes[at + width - 1] === 0 &&
        bytes[at] === 0 &&
        bytes[at + 1] === 0 &&
        (width === 2 || bytes[at + 2] === 0);
      if (isZero) return { text: 'has AS number 0', section: 'RFC 7607 §2' };
    }
  }
  return undefined;
}

/** Of a path that `segmentProblem` has nothing against. */
function hasConfederationSegment(
  bytes: Uint8Array,
  start: number,
  end: number,
  width: 2 | 4,
): boolean {
  for (let at = start; at < end; at += 2 + bytes[at + 1]! * width) {
    if (bytes[at]! >= AsPathSegmentType.confederationSequence) return true;
  }
  return false;
}
