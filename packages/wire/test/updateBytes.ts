import { type FamilyKey, familyKey, namedFamilies, type UpdateOptions } from '../src/index.ts';
import { concat, hex, rawMessage } from './bytes.ts';

/** One attribute from its flags, code and value; two octets of length where the flags or the value ask for them. */
export function attribute(flags: number, code: number, value: string | Uint8Array): Uint8Array {
  const octets = typeof value === 'string' ? hex(value) : value;
  return octets.length > 255 || (flags & 0x10) !== 0
    ? concat([flags | 0x10, code, octets.length >> 8, octets.length & 0xff], octets)
    : concat([flags, code, octets.length], octets);
}

/** ORIGIN IGP. */
export const origin = attribute(0x40, 1, '00');
/** AS_PATH 65001, in four octets. */
export const asPath = attribute(0x40, 2, '0201 0000fde9');
/** AS_PATH 65001, in two octets. */
export const asPath2 = attribute(0x40, 2, '0201 fde9');
/** NEXT_HOP 192.0.2.1. */
export const nextHop = attribute(0x40, 3, 'c0000201');
/** 10.0.0.0/8. */
export const prefix = hex('08 0a');
/** MP_REACH_NLRI: 2001:db8::/32 through 2001:db8::1. */
export const mpReach = attribute(
  0x80,
  14,
  '0002 01 10 20010db8000000000000000000000001 00 20 20010db8',
);
/** MP_UNREACH_NLRI: 2001:db8::/32. */
export const mpUnreach = attribute(0x80, 15, '0002 01 20 20010db8');

export interface UpdateParts {
  readonly withdrawn?: Uint8Array;
  readonly attributes?: readonly Uint8Array[];
  readonly nlri?: Uint8Array;
  /** In place of the true ones. */
  readonly withdrawnLength?: number;
  readonly attributesLength?: number;
}

/** The bytes of an UPDATE from the bytes of its parts. */
export function updateBytes(parts: UpdateParts): Uint8Array {
  const withdrawn = parts.withdrawn ?? new Uint8Array(0);
  const attributes = concat(...(parts.attributes ?? []));
  const withdrawnLength = parts.withdrawnLength ?? withdrawn.length;
  const attributesLength = parts.attributesLength ?? attributes.length;
  return rawMessage(
    2,
    concat(
      [withdrawnLength >> 8, withdrawnLength & 0xff],
      withdrawn,
      [attributesLength >> 8, attributesLength & 0xff],
      attributes,
      parts.nlri ?? [],
    ),
  );
}

/** A session that has agreed on every named family, 4-octet AS numbers, external; with what a test changes. */
export function sessionOptions(changes: Partial<UpdateOptions> = {}): UpdateOptions {
  const none: ReadonlySet<FamilyKey> = new Set();
  return {
    fourOctetAs: true,
    maximumReceiveLength: 4096,
    maximumSendLength: 4096,
    families: new Set(namedFamilies),
    addPathReceive: none,
    addPathSend: none,
    extendedNextHop: none,
    peerType: 'external',
    ...changes,
  };
}

/** Named families by what tests call them. */
export const family = {
  ipv4Unicast: familyKey(1, 1),
  ipv6Unicast: familyKey(2, 1),
  ipv4Vpn: familyKey(1, 128),
  ipv6Vpn: familyKey(2, 128),
  evpn: familyKey(25, 70),
  ipv4Flowspec: familyKey(1, 133),
} as const;
