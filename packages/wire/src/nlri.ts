/**
 * Network Layer Reachability Information in a readable form, one object a route. Addresses, prefixes,
 * route distinguishers, MACs and ESIs are their canonical text. None of the objects says which address
 * family it belongs to: that is said once by the field it stands in (RFC 4271 §4.3, RFC 4760 §3).
 */
export type Nlri =
  | PrefixNlri
  | LabeledNlri
  | VpnNlri
  | FlowspecNlri
  | EvpnNlri
  | RouteTargetNlri
  | OpaqueNlri;

/** What every kind of NLRI may carry. */
interface PathIdentified {
  /** ADD-PATH Path Identifier, 0–4294967295. Present exactly when the family uses ADD-PATH in this direction (RFC 7911 §3). */
  readonly pathId?: number;
}

/** IPv4 or IPv6, unicast or multicast (RFC 4271 §4.3, RFC 4760 §5). */
export interface PrefixNlri extends PathIdentified {
  readonly kind: 'prefix';
  /** Canonical prefix, for example `10.0.0.0/8` or `2001:db8::/32`; bits after the length are zero. */
  readonly prefix: string;
}

/** IPv4 or IPv6 with MPLS labels, SAFI 4 (RFC 8277 §2). */
export interface LabeledNlri extends PathIdentified {
  readonly kind: 'labeled';
  /** 20-bit label values, topmost first. Empty in a withdrawal, where the field means nothing (RFC 8277 §2.4). */
  readonly labels: readonly number[];
  readonly prefix: string;
}

/** VPN-IPv4 or VPN-IPv6, SAFI 128 (RFC 4364 §4.3.4, RFC 4659 §2). */
export interface VpnNlri extends PathIdentified {
  readonly kind: 'vpn';
  /** For example `65000:100` or `192.0.2.1:7` (RFC 4364 §4.2). */
  readonly routeDistinguisher: string;
  /** As in {@link LabeledNlri}. */
  readonly labels: readonly number[];
  readonly prefix: string;
}

/** A Flow Specification, SAFI 133, or 134 with a route distinguisher (RFC 8955 §4 and §8, RFC 8956). */
export interface FlowspecNlri extends PathIdentified {
  readonly kind: 'flowspec';
  /** Present for SAFI 134 only. */
  readonly routeDistinguisher?: string;
  /** In increasing order of type, each type at most once (RFC 8955 §4.2). */
  readonly components: readonly FlowspecComponent[];
}

/** One component of a Flow Specification; all of them must match (RFC 8955 §4.2.2, RFC 8956 §3). */
export type FlowspecComponent =
  | FlowspecPrefixComponent
  | FlowspecNumericComponent
  | FlowspecBitmaskComponent;

/** Types 1 and 2. */
export interface FlowspecPrefixComponent {
  readonly type: 'destinationPrefix' | 'sourcePrefix';
  /**
   * Canonical prefix. With an `offset`, the pattern stands where it is compared: the bits before it are
   * zero, as in the notation `::1234:5678:9a00:0/64-104` of RFC 8956 §3.1.
   */
  readonly prefix: string;
  /** IPv6 only: how many leading bits are skipped, 1–127. Absent means 0. */
  readonly offset?: number;
}

/** Types 3–8, 10, 11 and 13 (13 is IPv6 only). */
export interface FlowspecNumericComponent {
  readonly type:
    | 'protocol'
    | 'port'
    | 'destinationPort'
    | 'sourcePort'
    | 'icmpType'
    | 'icmpCode'
    | 'packetLength'
    | 'dscp'
    | 'flowLabel';
  /** At least one. */
  readonly terms: readonly FlowspecNumericTerm[];
}

/** A {numeric_op, value} pair (RFC 8955 §4.2.1.1). */
export interface FlowspecNumericTerm {
  /** Joined to the term before it by AND (which binds tighter) instead of OR. Always false in the first term. */
  readonly and: boolean;
  /** How the packet's value (left) compares with `value` (right). */
  readonly operator: FlowspecNumericOperator;
  /** A `bigint` only above 2^53 − 1, which no defined component can match. */
  readonly value: number | bigint;
  /** Octets of the value. Absent when it is what {@link encodeNlri} chooses for this component and value. */
  readonly length?: 1 | 2 | 4 | 8;
}

/** RFC 8955 §4.2.1.1, Table 1; `true` and `false` do not look at the value. */
export type FlowspecNumericOperator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'true' | 'false';

/** Types 9 and 12. */
export interface FlowspecBitmaskComponent {
  readonly type: 'tcpFlags' | 'fragment';
  /** At least one. */
  readonly terms: readonly FlowspecBitmaskTerm[];
}

/** A {bitmask_op, value} pair (RFC 8955 §4.2.1.2). */
export interface FlowspecBitmaskTerm {
  /** As in {@link FlowspecNumericTerm}. */
  readonly and: boolean;
  /** The result is negated. */
  readonly not: boolean;
  /** True: every bit of `value` must be set in the packet. False: any of them. */
  readonly match: boolean;
  /** TCP flags: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128. Fragment: DF 1, IsF 2, FF 4, LF 8. */
  readonly value: number;
  /** Octets of the value. Absent when it is what {@link encodeNlri} chooses for this component and value. */
  readonly length?: 1 | 2;
}

/** EVPN, AFI 25 SAFI 70 (RFC 7432 §7, RFC 9136 §3), told apart by `route`. */
export type EvpnNlri =
  | EvpnEthernetAutoDiscovery
  | EvpnMacIp
  | EvpnInclusiveMulticast
  | EvpnEthernetSegment
  | EvpnIpPrefix
  | EvpnUnknown;

/** What every EVPN route of a known type carries. */
interface EvpnRoute extends PathIdentified {
  readonly kind: 'evpn';
  readonly routeDistinguisher: string;
}

/** Route type 1, Ethernet Auto-Discovery (RFC 7432 §7.1). */
export interface EvpnEthernetAutoDiscovery extends EvpnRoute {
  readonly route: 'ethernetAutoDiscovery';
  /** Ten octets, for example `00:11:22:33:44:55:66:77:88:99`. */
  readonly esi: string;
  /** Ethernet Tag ID, 32 bits. */
  readonly ethernetTag: number;
  /** The 24-bit field as sent: a VNI, or an MPLS label × 16 (RFC 7432 §7.1, RFC 8365 §5.1.3). */
  readonly label: number;
}

/** Route type 2, MAC/IP Advertisement (RFC 7432 §7.2). */
export interface EvpnMacIp extends EvpnRoute {
  readonly route: 'macIp';
  readonly esi: string;
  readonly ethernetTag: number;
  /** For example `02:00:5e:10:00:01`. */
  readonly mac: string;
  /** IPv4 or IPv6 address of the host, where one is known. */
  readonly address?: string;
  /** As in {@link EvpnEthernetAutoDiscovery}. */
  readonly label: number;
  /** The second label field, where there is one. */
  readonly label2?: number;
}

/** Route type 3, Inclusive Multicast Ethernet Tag (RFC 7432 §7.3). */
export interface EvpnInclusiveMulticast extends EvpnRoute {
  readonly route: 'inclusiveMulticast';
  readonly ethernetTag: number;
  /** Originating router's IPv4 or IPv6 address. */
  readonly originator: string;
}

/** Route type 4, Ethernet Segment (RFC 7432 §7.4). */
export interface EvpnEthernetSegment extends EvpnRoute {
  readonly route: 'ethernetSegment';
  readonly esi: string;
  /** Originating router's IPv4 or IPv6 address. */
  readonly originator: string;
}

/** Route type 5, IP Prefix (RFC 9136 §3.1). */
export interface EvpnIpPrefix extends EvpnRoute {
  readonly route: 'ipPrefix';
  readonly esi: string;
  readonly ethernetTag: number;
  readonly prefix: string;
  /** Gateway address, of the prefix's own family; all zeros when it is not the overlay index. */
  readonly gateway: string;
  /** As in {@link EvpnEthernetAutoDiscovery}. */
  readonly label: number;
}

/** Any other route type, kept as it came; a speaker discards such routes but keeps the session (RFC 7606 §5.4). */
export interface EvpnUnknown extends PathIdentified {
  readonly kind: 'evpn';
  readonly route: 'unknown';
  /** Route type, 0 or 6–255. */
  readonly routeType: number;
  /** What follows the length octet, 0–255 octets. */
  readonly bytes: Uint8Array;
}

/** Route Target membership, AFI 1 SAFI 132 (RFC 4684 §4). */
export interface RouteTargetNlri extends PathIdentified {
  readonly kind: 'routeTarget';
  /** In bits: 0 (the default route target: everything), or 32–96. */
  readonly prefixLength: number;
  /** Origin AS; 0 when `prefixLength` is 0. */
  readonly originAs: number;
  /** The route target as an extended community, its bits after `prefixLength` zero. Absent when `prefixLength` is 0 or 32. */
  readonly routeTarget?: string;
}

/** NLRI of a family that this codec does not look into. */
export interface OpaqueNlri extends PathIdentified {
  readonly kind: 'opaque';
  /**
   * One route where the family's framing is known (BGP-LS), else the whole field as it stands in the
   * message, Path Identifiers included.
   */
  readonly bytes: Uint8Array;
}
