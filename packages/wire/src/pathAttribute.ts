/** Path attributes in readable form: what `decodePathAttributes` returns and `encodePathAttributes` takes. */
import type { Nlri } from './nlri.ts';

/** Path attribute type codes that this codec knows by name (IANA "BGP Path Attributes"). */
export const AttributeCode = {
  origin: 1,
  asPath: 2,
  nextHop: 3,
  multiExitDiscriminator: 4,
  localPreference: 5,
  atomicAggregate: 6,
  aggregator: 7,
  communities: 8,
  originatorId: 9,
  clusterList: 10,
  mpReachNlri: 14,
  mpUnreachNlri: 15,
  extendedCommunities: 16,
  as4Path: 17,
  as4Aggregator: 18,
  pmsiTunnel: 22,
  tunnelEncapsulation: 23,
  ipv6ExtendedCommunities: 25,
  aigp: 26,
  bgpLs: 29,
  largeCommunities: 32,
  onlyToCustomer: 35,
  prefixSid: 40,
} as const;
/** One of the values of `AttributeCode`. */
export type AttributeCode = (typeof AttributeCode)[keyof typeof AttributeCode];

/** Bits of the Attribute Flags octet (RFC 4271 §4.3). */
export const AttributeFlag = {
  optional: 0x80,
  transitive: 0x40,
  partial: 0x20,
  extendedLength: 0x10,
} as const;

/** ORIGIN values: 0 `igp`, 1 `egp`, 2 `incomplete` (RFC 4271 §5.1.1). */
export type Origin = 'igp' | 'egp' | 'incomplete';

/** AS_PATH segment types: 1 `set`, 2 `sequence` (RFC 4271 §4.3), 3 and 4 the confederation ones (RFC 5065 §3). */
export type AsPathSegmentKind = 'set' | 'sequence' | 'confederationSequence' | 'confederationSet';

/** One segment of an AS_PATH. */
export interface AsPathSegment {
  readonly kind: AsPathSegmentKind;
  /** In the order of the wire: the nearest AS first. Each 1–4294967295. At least one; what exceeds 255 is split on encoding. */
  readonly asNumbers: readonly number[];
}

/** Members of optional transitive attributes. */
export interface MaybePartial {
  /** The Partial bit: some speaker on the way did not know the attribute (RFC 4271 §4.3). Absent when clear. */
  readonly partial?: true;
}

/** ORIGIN (RFC 4271 §5.1.1). */
export interface OriginAttribute {
  readonly type: 'origin';
  readonly origin: Origin;
}
/** AS_PATH (RFC 4271 §5.1.2), with 4-octet AS numbers whatever the session's encoding (RFC 6793 §4). No segment: an empty path. */
export interface AsPathAttribute {
  readonly type: 'asPath';
  readonly segments: readonly AsPathSegment[];
}
/** NEXT_HOP (RFC 4271 §5.1.3): of the routes in the NLRI field. Dotted quad. */
export interface NextHopAttribute {
  readonly type: 'nextHop';
  readonly nextHop: string;
}
/** MULTI_EXIT_DISC (RFC 4271 §5.1.4): 0–4294967295, lower is better. */
export interface MultiExitDiscriminatorAttribute {
  readonly type: 'multiExitDiscriminator';
  readonly value: number;
}
/** LOCAL_PREF (RFC 4271 §5.1.5): 0–4294967295, higher is better. */
export interface LocalPreferenceAttribute {
  readonly type: 'localPreference';
  readonly value: number;
}
/** ATOMIC_AGGREGATE (RFC 4271 §5.1.6). */
export interface AtomicAggregateAttribute {
  readonly type: 'atomicAggregate';
}
/** AGGREGATOR (RFC 4271 §5.1.7): the AS and the BGP Identifier of the speaker that aggregated. */
export interface AggregatorAttribute extends MaybePartial {
  readonly type: 'aggregator';
  readonly as: number;
  /** Dotted quad. */
  readonly address: string;
}
/** COMMUNITIES (RFC 1997): each a 32-bit number, `as × 65536 + value`. */
export interface CommunitiesAttribute extends MaybePartial {
  readonly type: 'communities';
  readonly communities: readonly number[];
}
/** ORIGINATOR_ID (RFC 4456 §8): dotted quad. */
export interface OriginatorIdAttribute {
  readonly type: 'originatorId';
  readonly originatorId: string;
}
/** CLUSTER_LIST (RFC 4456 §8): dotted quads, the nearest reflector's cluster first. */
export interface ClusterListAttribute {
  readonly type: 'clusterList';
  readonly clusterIds: readonly string[];
}

/** One next hop of MP_REACH_NLRI. */
export interface MpNextHop {
  /** IPv4 or IPv6 address; IPv4 next hops of VPNv6 (6PE style mapped addresses) keep their IPv6 form. */
  readonly address: string;
  /** 8 octets before the address, where the family asks for them (RFC 4364 §4.3.2, RFC 4659 §3.2.1): zero in practice. Absent: no route distinguisher stands there, or for a family that asks for one, zero. */
  readonly routeDistinguisher?: Uint8Array;
}
/** MP_REACH_NLRI (RFC 4760 §3). */
export interface MpReachNlriAttribute {
  readonly type: 'mpReachNlri';
  /** 0–65535. */
  readonly afi: number;
  /** 0–255. */
  readonly safi: number;
  /** None (Flowspec, RFC 8955 §4), one, or two: a global and a link-local IPv6 address (RFC 2545 §3). */
  readonly nextHops: readonly MpNextHop[];
  /** The next hop field as it stands, for families whose next hop format is not known here; `nextHops` is empty then. */
  readonly nextHopBytes?: Uint8Array;
  readonly nlri: readonly Nlri[];
}
/** MP_UNREACH_NLRI (RFC 4760 §4). Without NLRI, alone in an UPDATE: End-of-RIB of the family (RFC 4724 §2). */
export interface MpUnreachNlriAttribute {
  readonly type: 'mpUnreachNlri';
  readonly afi: number;
  readonly safi: number;
  readonly withdrawn: readonly Nlri[];
}
/** EXTENDED COMMUNITIES (RFC 4360): 8 octets each. */
export interface ExtendedCommunitiesAttribute extends MaybePartial {
  readonly type: 'extendedCommunities';
  readonly communities: readonly Uint8Array[];
}
/** AS4_PATH (RFC 6793 §3). Decoding merges it into AS_PATH; it is seen only where a caller asks for attributes unmerged. */
export interface As4PathAttribute extends MaybePartial {
  readonly type: 'as4Path';
  readonly segments: readonly AsPathSegment[];
}
/** AS4_AGGREGATOR (RFC 6793 §3). Seen only unmerged, as AS4_PATH. */
export interface As4AggregatorAttribute extends MaybePartial {
  readonly type: 'as4Aggregator';
  readonly as: number;
  /** Dotted quad. */
  readonly address: string;
}
/** PMSI_TUNNEL (RFC 6514 §5). */
export interface PmsiTunnelAttribute extends MaybePartial {
  readonly type: 'pmsiTunnel';
  /** One octet; 0x01 is Leaf Information Required. */
  readonly flags: number;
  /** 0–255. */
  readonly tunnelType: number;
  /** The 3-octet MPLS Label field as it stands, 0–16777215: a label in its high 20 bits, or a 24-bit VNI (RFC 8365 §5.1.3). */
  readonly label: number;
  /** Tunnel identifier; its form depends on `tunnelType`. */
  readonly identifier: Uint8Array;
}
/** Tunnel Encapsulation (RFC 9012), as bytes. */
export interface TunnelEncapsulationAttribute extends MaybePartial {
  readonly type: 'tunnelEncapsulation';
  readonly value: Uint8Array;
}
/** One TLV of AIGP (RFC 7311 §3). */
export interface AigpTlv {
  readonly type: number;
  /** Without the three octets of type and length. */
  readonly value: Uint8Array;
}
/** AIGP (RFC 7311). */
export interface AigpAttribute {
  readonly type: 'aigp';
  /** The Accumulated IGP Metric, 0–2^64-1: of the first TLV of type 1. Absent when there is none. */
  readonly metric?: bigint;
  /** The other TLVs, later ones of type 1 included, in their order. */
  readonly otherTlvs?: readonly AigpTlv[];
}
/** IPv6 Address Specific Extended Communities (RFC 5701): 20 octets each. */
export interface Ipv6ExtendedCommunitiesAttribute extends MaybePartial {
  readonly type: 'ipv6ExtendedCommunities';
  readonly communities: readonly Uint8Array[];
}
/** BGP-LS attribute (RFC 9552 §5.3), as bytes. */
export interface BgpLsAttribute {
  readonly type: 'bgpLs';
  readonly value: Uint8Array;
}
/** One large community (RFC 8092 §3): three numbers of 0–4294967295. */
export interface LargeCommunity {
  readonly globalAdministrator: number;
  readonly localData1: number;
  readonly localData2: number;
}
/** LARGE_COMMUNITY (RFC 8092). */
export interface LargeCommunitiesAttribute extends MaybePartial {
  readonly type: 'largeCommunities';
  readonly communities: readonly LargeCommunity[];
}
/** Only to Customer (RFC 9234 §5): an AS number. */
export interface OnlyToCustomerAttribute extends MaybePartial {
  readonly type: 'onlyToCustomer';
  readonly as: number;
}
/** BGP Prefix-SID (RFC 8669), as bytes. */
export interface PrefixSidAttribute extends MaybePartial {
  readonly type: 'prefixSid';
  readonly value: Uint8Array;
}
/** Any other attribute, as it came. */
export interface UnknownAttribute {
  readonly type: 'unknown';
  /** Attribute Type Code, 0–255. */
  readonly code: number;
  /** Attribute Flags without Extended Length, which follows the length of `value`. */
  readonly flags: number;
  readonly value: Uint8Array;
}

/** A path attribute, told apart by `type`. */
export type PathAttribute =
  | OriginAttribute
  | AsPathAttribute
  | NextHopAttribute
  | MultiExitDiscriminatorAttribute
  | LocalPreferenceAttribute
  | AtomicAggregateAttribute
  | AggregatorAttribute
  | CommunitiesAttribute
  | OriginatorIdAttribute
  | ClusterListAttribute
  | MpReachNlriAttribute
  | MpUnreachNlriAttribute
  | ExtendedCommunitiesAttribute
  | As4PathAttribute
  | As4AggregatorAttribute
  | PmsiTunnelAttribute
  | TunnelEncapsulationAttribute
  | AigpAttribute
  | Ipv6ExtendedCommunitiesAttribute
  | BgpLsAttribute
  | LargeCommunitiesAttribute
  | OnlyToCustomerAttribute
  | PrefixSidAttribute
  | UnknownAttribute;

/** The `type` of a path attribute. */
export type PathAttributeType = PathAttribute['type'];
