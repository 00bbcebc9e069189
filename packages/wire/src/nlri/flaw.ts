import { type FamilyKey, familyName, ipv4Unicast } from '../addressFamily.ts';
import { copyOf } from '../copyOf.ts';
import { type Fault, noData } from '../fault.ts';
import { ErrorCode, UpdateSubcode } from '../notificationCode.ts';

/**
 * Everything that can be wrong with one NLRI. The rules return these negative numbers in the place of an
 * offset, so that checking a field allocates nothing; words are made from them only once a fault is found.
 */
export const Flaw = {
  truncated: -1,
  prefixTooLong: -2,
  labelMissing: -3,
  labelUnterminated: -4,
  routeTargetLength: -5,
  flowspecEmpty: -6,
  flowspecComponentTruncated: -7,
  flowspecComponentUnknown: -8,
  flowspecComponentOrder: -9,
  flowspecPrefixLength: -10,
  flowspecOperatorLength: -11,
  evpnLength: -12,
  evpnMacLength: -13,
  evpnAddressLength: -14,
  evpnPrefixLength: -15,
  evpnTwoOverlayIndexes: -16,
} as const;
/** One of the values of `Flaw`. */
export type Flaw = (typeof Flaw)[keyof typeof Flaw];

const descriptions: Readonly<Record<Flaw, readonly [section: string, text: string]>> = {
  [Flaw.truncated]: ['RFC 7606 §5.3', 'the length exceeds what is left of the field'],
  [Flaw.prefixTooLong]: ['RFC 7606 §5.3', 'the prefix is longer than an address of the family'],
  [Flaw.labelMissing]: [
    'RFC 8277 §2.2',
    'the length leaves no room for a label and what follows it',
  ],
  [Flaw.labelUnterminated]: ['RFC 8277 §2.3', 'no label has the S bit set'],
  [Flaw.routeTargetLength]: ['RFC 4684 §4', 'the length must be 0, or 32 to 96 bits'],
  [Flaw.flowspecEmpty]: ['RFC 8955 §4.2', 'a flow specification needs at least one component'],
  [Flaw.flowspecComponentTruncated]: [
    'RFC 8955 §4.2',
    'a component ends beyond the flow specification',
  ],
  [Flaw.flowspecComponentUnknown]: ['RFC 8955 §4.2', 'a component is of an unknown type'],
  [Flaw.flowspecComponentOrder]: ['RFC 8955 §4.2', 'component types must increase strictly'],
  [Flaw.flowspecPrefixLength]: [
    'RFC 8956 §3.1',
    'the length or offset of a prefix component is out of range',
  ],
  [Flaw.flowspecOperatorLength]: ['RFC 8955 §4.2.2', 'a value is wider than its component allows'],
  [Flaw.evpnLength]: ['RFC 7432 §7', 'the length does not fit the route type'],
  [Flaw.evpnMacLength]: ['RFC 7432 §7.2', 'the MAC address length must be 48 bits'],
  [Flaw.evpnAddressLength]: ['RFC 7432 §7', 'the IP address length does not fit the NLRI length'],
  [Flaw.evpnPrefixLength]: [
    'RFC 9136 §3.1',
    'the IP prefix is longer than an address of its family',
  ],
  [Flaw.evpnTwoOverlayIndexes]: [
    'RFC 9136 §3.2',
    'an ESI and a gateway address must not both be given',
  ],
};

/**
 * The fault that a flaw in the NLRI at octet `offset` of its field amounts to.
 *
 * What cannot be parsed cannot be treated as withdrawn either, so the procedures of RFC 4271 and RFC 4760
 * stay in force (RFC 7606 §3 j): for IPv4 unicast, the NLRI and Withdrawn Routes fields of the UPDATE, a
 * session reset with Invalid Network Field (RFC 4271 §6.3, which asks for no data); for every other
 * family, and so in an MP_REACH_NLRI or MP_UNREACH_NLRI attribute, AFI/SAFI disable, as RFC 4760 §7 would
 * have it (code 3/9, should the session be closed over it). The caller adds what only it knows: the
 * attribute; `inMultiprotocolAttribute` does that.
 *
 * So it is with a flow specification that breaks a rule of RFC 8955 §4 or has an unknown component: its
 * §10 leaves these to RFC 7606 and RFC 4760. The one flaw that leaves the field parsable is
 * treat-as-withdraw.
 */
export function faultOf(flaw: Flaw, offset: number, family: FamilyKey): Fault {
  const [section, words] = descriptions[flaw];
  const text = `NLRI of ${familyName(family)} at octet ${offset} of its field: ${words}`;
  const isClassic = family === ipv4Unicast;
  return {
    action:
      flaw === Flaw.evpnTwoOverlayIndexes
        ? 'treatAsWithdraw'
        : isClassic
          ? 'sessionReset'
          : 'afiSafiDisable',
    code: ErrorCode.update,
    subcode: isClassic ? UpdateSubcode.invalidNetworkField : UpdateSubcode.optionalAttributeError,
    data: noData,
    section,
    text,
    family,
  };
}

/**
 * The same fault when the field is part of path attribute `attribute` (14 or 15): a field of IPv4 unicast
 * is then no different from any other (RFC 4760 §7), and the NOTIFICATION's data is the whole attribute,
 * `bytes[start, end)` from its flags on (RFC 4271 §6.3).
 */
export function inMultiprotocolAttribute(
  fault: Fault,
  attribute: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): Fault {
  return {
    ...fault,
    action: fault.action === 'sessionReset' ? 'afiSafiDisable' : fault.action,
    subcode: UpdateSubcode.optionalAttributeError,
    data: copyOf(bytes, start, end),
    attribute,
  };
}
