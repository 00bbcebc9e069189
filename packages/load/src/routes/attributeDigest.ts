import { AttributeCode, AttributeCursor } from '@peerloom/wire';

/** What of an attribute block a router must pass on, in one number, and what depends on who it passes it on to. */
export interface AttributeDigest {
  /** The first AS of the AS_PATH that counts, 0 for an empty path. */
  firstAs: number;
  /** The AS that may stand in front of the path does. */
  isPrepended: boolean;
  /** Never 0: that stands for "no route". */
  value: number;
  /** `undefined` without the attribute. */
  localPreference: number | undefined;
  /** 0 without the attribute, which means the same (RFC 4271 §9.1.2.2). */
  multiExitDisc: number;
  originatorId: number | undefined;
  hasClusterList: boolean;
  /** `addressKey` of NEXT_HOP; 0 without one. */
  nextHop: number;
}

/** A digest to be filled in. */
export function emptyDigest(): AttributeDigest {
  return {
    firstAs: 0,
    isPrepended: false,
    value: 0,
    localPreference: undefined,
    multiExitDisc: 0,
    originatorId: undefined,
    hasClusterList: false,
    nextHop: 0,
  };
}

const cursor = new AttributeCursor();

/**
 * Digests ORIGIN, the AS_PATH after its first AS, COMMUNITIES and LARGE_COMMUNITY of
 * `bytes[start, end)`: what an external neighbour must pass on unchanged (RFC 4271 §5.1, RFC 1997,
 * RFC 8092). NEXT_HOP, MULTI_EXIT_DISC and LOCAL_PREF are for it to change. The order of communities
 * means nothing, and routers sort them.
 *
 * @param prepended an AS that may stand in front of the path, of the router that passed it on; 0: none
 */
export function digestAttributes(
  bytes: Uint8Array,
  start: number,
  end: number,
  prepended: number,
  result: AttributeDigest,
): void {
  let hash = 0x2545f491;
  let communities = 0;
  let large = 0;
  result.firstAs = 0;
  result.isPrepended = false;
  result.localPreference = undefined;
  result.multiExitDisc = 0;
  result.originatorId = undefined;
  result.hasClusterList = false;
  result.nextHop = 0;
  cursor.reset(bytes, start, end);
  while (cursor.next()) {
    const { valueStart, valueEnd } = cursor;
    switch (cursor.code) {
      case AttributeCode.origin:
        hash = mix(hash, bytes[valueStart]!);
        break;
      case AttributeCode.asPath:
        hash = digestPath(bytes, valueStart, valueEnd, prepended, hash, result);
        break;
      case AttributeCode.nextHop:
        result.nextHop = addressKey(bytes, valueStart, valueEnd);
        break;
      case AttributeCode.localPreference:
        result.localPreference = word(bytes, valueStart) >>> 0;
        break;
      case AttributeCode.multiExitDiscriminator:
        result.multiExitDisc = word(bytes, valueStart) >>> 0;
        break;
      case AttributeCode.originatorId:
        result.originatorId = word(bytes, valueStart) >>> 0;
        break;
      case AttributeCode.clusterList:
        result.hasClusterList = valueEnd > valueStart;
        break;
      case AttributeCode.communities:
        for (let at = valueStart; at + 4 <= valueEnd; at += 4) {
          communities = (communities + mix(17, word(bytes, at))) | 0;
        }
        break;
      case AttributeCode.largeCommunities:
        for (let at = valueStart; at + 12 <= valueEnd; at += 12) {
          const one = mix(mix(mix(19, word(bytes, at)), word(bytes, at + 4)), word(bytes, at + 8));
          large = (large + one) | 0;
        }
        break;
      default:
    }
  }
  result.value = mix(mix(hash, communities), large) >>> 0 || 1;
}

/** The segments' ASes in a row; where a segment is a set shows in the digest too. */
function digestPath(
  bytes: Uint8Array,
  start: number,
  end: number,
  prepended: number,
  hash: number,
  result: AttributeDigest,
): number {
  let digest = hash;
  let skip = prepended !== 0;
  let first = true;
  for (let at = start; at + 2 <= end; ) {
    const kind = bytes[at]!;
    const segmentEnd = Math.min(at + 2 + bytes[at + 1]! * 4, end);
    for (at += 2; at + 4 <= segmentEnd; at += 4) {
      const as = word(bytes, at) >>> 0;
      if (skip && as === prepended) {
        skip = false;
        result.isPrepended = true;
        continue;
      }
      skip = false;
      if (first) result.firstAs = as;
      else digest = mix(digest, as ^ (kind << 28));
      first = false;
    }
    at = segmentEnd;
  }
  return digest;
}

/** The digest of a route whose first AS is not that of whoever announced it, and must be passed on with the rest. */
export function withFirstAs(value: number, firstAs: number): number {
  return mix(value, firstAs) >>> 0 || 1;
}

/** One number for an address of four octets, or for the first sixteen of a longer one. */
export function addressKey(bytes: Uint8Array, start: number, end: number): number {
  let key = word(bytes, start);
  for (let at = start + 4; at + 4 <= Math.min(end, start + 16); at += 4) {
    key = mix(key, word(bytes, at));
  }
  return key >>> 0;
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x9e3779b1);
  return Math.imul(mixed ^ (mixed >>> 15), 0x85ebca77) ^ (mixed >>> 13);
}
