import { UpdateSubcode } from '../notificationCode.ts';
import { readU16 } from '../text/number.ts';
import type { Malformation, ValueCheck } from './attributeRule.ts';

/** Flags, tunnel type and label, which precede the tunnel identifier (RFC 6514 §5). */
export const pmsiTunnelFixedLength = 5;

/** Set in the tunnel type when a second label precedes the identifier (RFC 8317 §6.2). */
const compositeBit = 0x80;
const noTunnel = 0;
const ingressReplication = 6;

type IdentifierCheck = (bytes: Uint8Array, start: number, end: number) => boolean;

const ofLength =
  (...lengths: readonly number[]): IdentifierCheck =>
  (_bytes, start, end) =>
    lengths.includes(end - start);
const ofAnyForm: IdentifierCheck = () => true;

/** An mLDP FEC element: type, address family, root address with its length, opaque value with its length (RFC 6388 §2.2). */
const mldpFecElement: IdentifierCheck = (bytes, start, end) => {
  if (end - start < 4) return false;
  const opaqueLengthAt = start + 4 + bytes[start + 3]!;
  if (opaqueLengthAt + 2 > end) return false;
  return opaqueLengthAt + 2 + readU16(bytes, opaqueLengthAt) === end;
};

/** How the tunnel identifier of each type is told to be one; types that are not here are undefined. */
const identifierByType: ReadonlyMap<number, IdentifierCheck> = new Map([
  [noTunnel, ofLength(0)],
  // RSVP-TE P2MP LSP: the SESSION object of RFC 4875 §19.1.
  [1, ofLength(12, 24)],
  [2, mldpFecElement],
  // PIM-SSM, PIM-SM and BIDIR-PIM trees: two addresses.
  [3, ofLength(8, 32)],
  [4, ofLength(8, 32)],
  [5, ofLength(8, 32)],
  [ingressReplication, ofLength(4, 16)],
  [7, mldpFecElement],
  // Transport Tunnel: an address, and a number as long as the address (RFC 7524 §14.1).
  [8, ofLength(8, 32)],
  // Assigned by IANA; the identifier is left to who uses them.
  [9, ofAnyForm],
  [10, ofAnyForm],
  // BIER: sub-domain, BFR-id, BFR-prefix (RFC 8556 §2).
  [11, ofLength(7, 19)],
  // Experimental (RFC 8317 §8.1).
  ...[0x7b, 0x7c, 0x7d, 0x7e, 0xfb, 0xfc, 0xfd, 0xfe].map((type) => [type, ofAnyForm] as const),
]);

/**
 * PMSI_TUNNEL: a defined tunnel type, and an identifier that can be one of it (RFC 6514 §5); a composite
 * tunnel has a label before the identifier, and is neither type 0 nor 6 (RFC 8317 §6.2). RFC 6514 names an
 * action only for when the Partial bit is set; RFC 7606 §8 prefers the same one for all.
 */
export const checkPmsiTunnel: ValueCheck = (bytes, start, end) => {
  const type = bytes[start + 1]!;
  const identifierStart = start + pmsiTunnelFixedLength;
  const known = identifierByType.get(type);
  if (known !== undefined) {
    return known(bytes, identifierStart, end)
      ? undefined
      : wrongIdentifier(type, end - identifierStart);
  }
  const plainType = type & ~compositeBit;
  const composite = (type & compositeBit) === 0 ? undefined : identifierByType.get(plainType);
  if (composite === undefined || plainType === noTunnel || plainType === ingressReplication) {
    return malformed(`has tunnel type ${type}, which is not defined`);
  }
  const hasLabel = end - identifierStart >= 3;
  return hasLabel && composite(bytes, identifierStart + 3, end)
    ? undefined
    : wrongIdentifier(type, end - identifierStart);
};

function wrongIdentifier(type: number, length: number): Malformation {
  return malformed(
    `has a tunnel identifier of ${length} octets that tunnel type ${type} cannot have`,
  );
}

function malformed(text: string): Malformation {
  return { subcode: UpdateSubcode.optionalAttributeError, withAttribute: true, text };
}
