import { asPathLength, asTrans, isConfederationSegment } from './asPath.ts';
import type {
  AggregatorAttribute,
  As4AggregatorAttribute,
  As4PathAttribute,
  AsPathAttribute,
  AsPathSegment,
  PathAttribute,
} from './pathAttribute.ts';

/**
 * The whole path from the AS_PATH and AS4_PATH of a route that came over speakers with 2-octet AS
 * numbers (RFC 6793 §4.2.3): AS4_PATH, with as many AS numbers of AS_PATH before it as it is shorter.
 * A longer AS4_PATH is ignored. Confederation segments are taken from AS_PATH where it is, and out of
 * AS4_PATH, where they do not belong (§6).
 */
export function mergeAs4Path(
  asPath: readonly AsPathSegment[],
  as4Path: readonly AsPathSegment[],
): readonly AsPathSegment[] {
  const tail = as4Path.filter((segment) => !isConfederationSegment(segment));
  const missing = asPathLength(asPath) - asPathLength(tail);
  if (missing < 0) return asPath;
  return joinSegments(leadingPart(asPath, missing), tail);
}

/** The first `count` AS numbers as a path counts them, with the confederation segments that lead or adjoin them. */
function leadingPart(asPath: readonly AsPathSegment[], count: number): AsPathSegment[] {
  const part: AsPathSegment[] = [];
  let left = count;
  for (const segment of asPath) {
    if (isConfederationSegment(segment)) {
      // Reached only at the head of the path or right after a segment that was taken whole.
      part.push(segment);
    } else if (left === 0) {
      break;
    } else if (segment.kind === 'set') {
      part.push(segment);
      left -= 1;
    } else if (segment.asNumbers.length <= left) {
      part.push(segment);
      left -= segment.asNumbers.length;
    } else {
      part.push({ kind: segment.kind, asNumbers: segment.asNumbers.slice(0, left) });
      break;
    }
  }
  return part;
}

/** Two sequences that meet become one: the split was where AS4_PATH began, and means nothing. */
function joinSegments(head: AsPathSegment[], tail: readonly AsPathSegment[]): AsPathSegment[] {
  const last = head.at(-1);
  const first = tail[0];
  if (last?.kind !== 'sequence' || first?.kind !== 'sequence') return [...head, ...tail];
  const joined = [...last.asNumbers, ...first.asNumbers];
  return [...head.slice(0, -1), { kind: 'sequence', asNumbers: joined }, ...tail.slice(1)];
}

/**
 * The attributes as a speaker with 4-octet AS numbers takes them from one without (RFC 6793 §4.2.3):
 * AS4_PATH merged into AS_PATH, AS4_AGGREGATOR in place of AGGREGATOR, both gone from the list. When
 * AGGREGATOR names a real AS, an older speaker has aggregated since, and both are ignored.
 */
export function mergeAs4Attributes(attributes: readonly PathAttribute[]): PathAttribute[] {
  const as4Path = find(attributes, 'as4Path') as As4PathAttribute | undefined;
  const as4Aggregator = find(attributes, 'as4Aggregator') as As4AggregatorAttribute | undefined;
  const aggregator = find(attributes, 'aggregator') as AggregatorAttribute | undefined;
  const isOutdated =
    aggregator !== undefined && as4Aggregator !== undefined && aggregator.as !== asTrans;
  const merged: PathAttribute[] = [];
  for (const attribute of attributes) {
    if (attribute.type === 'as4Path' || attribute.type === 'as4Aggregator') continue;
    if (attribute.type === 'asPath' && as4Path !== undefined && !isOutdated) {
      merged.push(mergedPath(attribute, as4Path));
    } else if (attribute.type === 'aggregator' && as4Aggregator !== undefined && !isOutdated) {
      merged.push({ ...attribute, as: as4Aggregator.as, address: as4Aggregator.address });
    } else {
      merged.push(attribute);
    }
  }
  return merged;
}

function mergedPath(asPath: AsPathAttribute, as4Path: As4PathAttribute): AsPathAttribute {
  return { type: 'asPath', segments: mergeAs4Path(asPath.segments, as4Path.segments) };
}

function find(
  attributes: readonly PathAttribute[],
  type: PathAttribute['type'],
): PathAttribute | undefined {
  return attributes.find((attribute) => attribute.type === type);
}

/**
 * What must be sent beside a path encoded in two octets: the path without its confederation segments,
 * in four (RFC 6793 §4.2.2). `undefined` when every AS number fits into two octets, for then AS4_PATH
 * must not be sent.
 */
export function as4PathFor(asPath: readonly AsPathSegment[]): AsPathSegment[] | undefined {
  const needed = asPath.some((segment) => segment.asNumbers.some((asNumber) => asNumber > 0xffff));
  if (!needed) return undefined;
  const path = asPath.filter((segment) => !isConfederationSegment(segment));
  // Only confederation segments held such numbers: an empty AS4_PATH would be malformed (RFC 6793 §6).
  return path.length === 0 ? undefined : path;
}
