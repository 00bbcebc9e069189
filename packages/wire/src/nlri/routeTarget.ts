import { requireInteger } from '../integerRange.ts';
import type { RouteTargetNlri } from '../nlri.ts';
import { formatExtendedCommunity, parseExtendedCommunity } from '../text/extendedCommunity.ts';
import { readU32, storeNumber } from '../text/number.ts';
import { clearAfter } from '../text/prefix.ts';
import type { NlriCodec } from './codec.ts';
import { Flaw } from './flaw.ts';
import { copyPrefixBits, octetsOf } from './prefixBits.ts';
import { badValue, requireKind } from './requirement.ts';

const originAsBits = 32;
const longest = 96;

/** `<length, origin AS, route target>`, cut after `length` bits (RFC 4684 §4). */
export const routeTargetCodec: NlriCodec = {
  kind: 'routeTarget',
  measure: (bytes, at, end) => {
    if (at >= end) return Flaw.truncated;
    const length = bytes[at]!;
    if (!isLength(length)) return Flaw.routeTargetLength;
    const next = at + 1 + octetsOf(length);
    return next > end ? Flaw.truncated : next;
  },
  decode: (bytes, at, next, _context, path) => {
    const prefixLength = bytes[at]!;
    const whole = new Uint8Array(longest / 8);
    whole.set(bytes.subarray(at + 1, next));
    clearAfter(whole, prefixLength);
    return {
      kind: 'routeTarget',
      prefixLength,
      originAs: readU32(whole, 0),
      ...(prefixLength > originAsBits && { routeTarget: formatExtendedCommunity(whole, 4) }),
      ...path,
    };
  },
  encode: (writer, nlri) => {
    requireKind(nlri, 'routeTarget');
    const whole = pack(nlri);
    writer.u8(nlri.prefixLength);
    writer.bytes(whole, 0, octetsOf(nlri.prefixLength));
  },
  key: {
    write: (bytes, at, _next, _context, key) => {
      key[0] = bytes[at]!;
      return copyPrefixBits(bytes, at + 1, bytes[at]!, key, 1);
    },
  },
};

function isLength(bits: number): boolean {
  return bits === 0 || (bits >= originAsBits && bits <= longest);
}

function pack(nlri: RouteTargetNlri): Uint8Array {
  const { prefixLength, routeTarget } = nlri;
  if (!Number.isInteger(prefixLength) || !isLength(prefixLength)) {
    throw badValue('route target prefix length', prefixLength, '0, or 32–96 bits');
  }
  requireInteger('origin AS', nlri.originAs, prefixLength === 0 ? 0 : 0xffffffff);
  const whole = new Uint8Array(longest / 8);
  storeNumber(whole, 0, 4, nlri.originAs);
  if ((routeTarget !== undefined) !== prefixLength > originAsBits) {
    throw badValue('route target', routeTarget, 'given exactly when the prefix is over 32 bits');
  }
  if (routeTarget !== undefined) {
    const community = parseExtendedCommunity(routeTarget);
    if (community === undefined) {
      throw badValue('route target', `"${routeTarget}"`, 'like target:65000:1');
    }
    whole.set(community, 4);
  }
  clearAfter(whole, prefixLength);
  return whole;
}
