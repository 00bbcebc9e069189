import { Afi, type FamilyKey, familyKey, Safi } from './addressFamily.ts';
import type { Capability } from './capability.ts';
import type { Nlri } from './nlri.ts';
import type { PathAttribute } from './pathAttribute.ts';

export type { DecodeResult, Fault, FaultAction } from './fault.ts';

/** Message types (RFC 4271 §4.1, RFC 2918 §3). */
export const MessageType = {
  open: 1,
  update: 2,
  notification: 3,
  keepalive: 4,
  routeRefresh: 5,
} as const;
/** One of the values of `MessageType`. */
export type MessageType = (typeof MessageType)[keyof typeof MessageType];

/** Octets of the message header: marker 16, length 2, type 1 (RFC 4271 §4.1). */
export const headerLength = 19;

/** Longest message without Extended Message, and longest OPEN and KEEPALIVE with it (RFC 4271 §4.1, RFC 8654 §4). */
export const maximumMessageLength = 4096;

/** Longest message with Extended Message (RFC 8654 §2). */
export const maximumExtendedMessageLength = 65535;

/** An OPEN (RFC 4271 §4.2). Everything people write as an address or identifier is its canonical text. */
export interface OpenMessage {
  readonly kind: 'open';
  /** Protocol version, 0–255; 4 is the one in use. */
  readonly version: number;
  /** The 2-octet "My Autonomous System" field as sent; AS_TRANS 23456 stands for a larger number (RFC 6793 §4.2.2). */
  readonly myAs: number;
  /** Seconds, 0–65535, as sent (not yet negotiated). */
  readonly holdTime: number;
  /** Dotted quad. */
  readonly bgpIdentifier: string;
  /** All capabilities of all Capabilities parameters, in their order (RFC 5492 §4). */
  readonly capabilities: readonly Capability[];
  /** Optional parameters other than Capabilities (type 2), in their order. */
  readonly otherParameters?: readonly OptionalParameter[];
}

/** An optional parameter of an OPEN that is not Capabilities (RFC 4271 §4.2). */
export interface OptionalParameter {
  /** 0–255, not 2. */
  readonly type: number;
  readonly value: Uint8Array;
}

/** A KEEPALIVE: a header and nothing else (RFC 4271 §4.4). */
export interface KeepaliveMessage {
  readonly kind: 'keepalive';
}

/** A NOTIFICATION (RFC 4271 §4.5). */
export interface NotificationMessage {
  readonly kind: 'notification';
  /** 0–255; see `ErrorCode`. */
  readonly code: number;
  /** 0–255; see `CeaseSubcode` and its siblings. */
  readonly subcode: number;
  readonly data: Uint8Array;
}

/** A ROUTE-REFRESH (RFC 2918 §3, RFC 7313 §3.2). */
export interface RouteRefreshMessage {
  readonly kind: 'routeRefresh';
  readonly afi: number;
  readonly safi: number;
  /** 0 request, 1 BoRR, 2 EoRR (`RouteRefreshSubtype`); any other is kept, and ignored by a receiver. */
  readonly subtype: number;
  /** What follows the fixed four octets (Outbound Route Filters, RFC 5291 §4); absent when nothing does. */
  readonly orf?: Uint8Array;
}

/** An UPDATE (RFC 4271 §4.3). Routes of other families stand in MP_REACH_NLRI / MP_UNREACH_NLRI among `attributes`. */
export interface UpdateMessage {
  readonly kind: 'update';
  /** IPv4 unicast routes that are no longer there. */
  readonly withdrawn: readonly Nlri[];
  readonly attributes: readonly PathAttribute[];
  /** IPv4 unicast routes that share `attributes`. */
  readonly nlri: readonly Nlri[];
}

/** Any BGP message; `kind` tells which. */
export type Message =
  | OpenMessage
  | UpdateMessage
  | NotificationMessage
  | KeepaliveMessage
  | RouteRefreshMessage;

/** What the two OPENs agreed on, as far as bytes depend on it. Everything that encodes or decodes UPDATEs takes it. */
export interface SessionOptions {
  /** AS numbers are 4 octets in AS_PATH and AGGREGATOR (both sides sent capability 65, RFC 6793 §4.1). */
  readonly fourOctetAs: boolean;
  /** Longest message that may be received: 4096, or 65535 when we announced Extended Message (RFC 8654 §4). */
  readonly maximumReceiveLength: number;
  /** Longest message that may be sent: 4096, or 65535 when the peer announced it. */
  readonly maximumSendLength: number;
  /** Families that both sides announced; IPv4 unicast alone when either side sent no multiprotocol capability. */
  readonly families: ReadonlySet<FamilyKey>;
  /** Families in which received NLRI carry a Path Identifier (RFC 7911 §4). */
  readonly addPathReceive: ReadonlySet<FamilyKey>;
  /** Families in which sent NLRI carry a Path Identifier (RFC 7911 §4). */
  readonly addPathSend: ReadonlySet<FamilyKey>;
  /** Families for which an IPv6 next hop may carry IPv4 NLRI (RFC 8950 §4). */
  readonly extendedNextHop: ReadonlySet<FamilyKey>;
  readonly peerType: 'internal' | 'external';
  /**
   * The peer announced Enhanced Route Refresh, so that a BoRR or EoRR of a wrong length is a fault
   * (RFC 7313 §5). Absent means yes.
   */
  readonly enhancedRouteRefresh?: boolean;
}

const noFamilies: ReadonlySet<FamilyKey> = new Set();

/**
 * What holds between external peers that announced no capabilities: RFC 4271 alone. A start for
 * options that differ in a few members: `{ ...baseSessionOptions, fourOctetAs: true }`.
 */
export const baseSessionOptions: SessionOptions = {
  fourOctetAs: false,
  maximumReceiveLength: maximumMessageLength,
  maximumSendLength: maximumMessageLength,
  families: new Set([familyKey(Afi.ipv4, Safi.unicast)]),
  addPathReceive: noFamilies,
  addPathSend: noFamilies,
  extendedNextHop: noFamilies,
  peerType: 'external',
  enhancedRouteRefresh: false,
};
