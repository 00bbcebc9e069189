import type { AddressFamily } from './addressFamily.ts';

/** Capability codes that this codec reads (IANA "Capability Codes"). */
export const CapabilityCode = {
  /** RFC 4760 §8 */
  multiprotocol: 1,
  /** RFC 2918 §2 */
  routeRefresh: 2,
  /** RFC 8950 §4 */
  extendedNextHop: 5,
  /** RFC 8654 §3 */
  extendedMessage: 6,
  /** RFC 9234 §4.1 */
  role: 9,
  /** RFC 4724 §3 */
  gracefulRestart: 64,
  /** RFC 6793 §3 */
  fourOctetAs: 65,
  /** RFC 7911 §4 */
  addPath: 69,
  /** RFC 7313 §3.1 */
  enhancedRouteRefresh: 70,
  /** RFC 9494 §3.1 */
  longLivedGracefulRestart: 71,
  /** draft-walton-bgp-hostname-capability */
  fqdn: 73,
  /** draft-abraitis-bgp-version-capability */
  softwareVersion: 75,
  /** draft-abraitis-idr-addpath-paths-limit */
  pathsLimit: 76,
} as const;
/** One of the values of `CapabilityCode`. */
export type CapabilityCode = (typeof CapabilityCode)[keyof typeof CapabilityCode];

/** The roles of RFC 9234 §4.1: what the speaker that sends the capability is to its neighbour. */
export const BgpRole = {
  provider: 0,
  routeServer: 1,
  routeServerClient: 2,
  customer: 3,
  peer: 4,
} as const;
/** One of the values of `BgpRole`. */
export type BgpRole = (typeof BgpRole)[keyof typeof BgpRole];

/** The Send/Receive field of ADD-PATH (RFC 7911 §4), as seen by the speaker that sends it. */
export const AddPathMode = { receive: 1, send: 2, both: 3 } as const;
/** One of the values of `AddPathMode`. */
export type AddPathMode = (typeof AddPathMode)[keyof typeof AddPathMode];

/** RFC 4760 §8: routes of this family can be exchanged. */
export interface MultiprotocolCapability extends AddressFamily {
  readonly type: 'multiprotocol';
}

/** RFC 2918 §2. */
export interface RouteRefreshCapability {
  readonly type: 'routeRefresh';
}

/** RFC 7313 §3.1: BoRR and EoRR. */
export interface EnhancedRouteRefreshCapability {
  readonly type: 'enhancedRouteRefresh';
}

/** RFC 6793 §3. */
export interface FourOctetAsCapability {
  readonly type: 'fourOctetAs';
  /** The speaker's AS number, 0–4294967295. */
  readonly as: number;
}

/** RFC 8654 §3: messages of up to 65535 octets can be received. */
export interface ExtendedMessageCapability {
  readonly type: 'extendedMessage';
}

/** RFC 4724 §3, with the N bit of RFC 8538 §2. */
export interface GracefulRestartCapability {
  readonly type: 'gracefulRestart';
  /** R bit: the speaker has restarted. */
  readonly restarting: boolean;
  /** N bit: NOTIFICATIONs and hold timer expiry start a graceful restart too (RFC 8538 §2). */
  readonly notification: boolean;
  /** Seconds that the session is expected to need to come back, 0–4095. */
  readonly restartTime: number;
  readonly families: readonly (AddressFamily & {
    /** F bit: the forwarding state of the family was kept. */
    readonly forwarding: boolean;
  })[];
}

/** RFC 9494 §3.1. */
export interface LongLivedGracefulRestartCapability {
  readonly type: 'longLivedGracefulRestart';
  readonly families: readonly (AddressFamily & {
    /** F bit: the forwarding state of the family was kept. */
    readonly forwarding: boolean;
    /** Seconds that stale routes may be kept, 0–16777215. */
    readonly staleTime: number;
  })[];
}

/** RFC 7911 §4. */
export interface AddPathCapability {
  readonly type: 'addPath';
  readonly families: readonly (AddressFamily & {
    /** 1 can receive, 2 can send, 3 both (`AddPathMode`); any other value is kept, and means nothing. */
    readonly sendReceive: number;
  })[];
}

/** RFC 8950 §4: NLRI of this family may have a next hop of another one. */
export interface ExtendedNextHopCapability {
  readonly type: 'extendedNextHop';
  readonly tuples: readonly (AddressFamily & {
    /** AFI of the next hop, 0–65535. */
    readonly nextHopAfi: number;
  })[];
}

/** RFC 9234 §4.1. */
export interface RoleCapability {
  readonly type: 'role';
  /** 0–4 as in `BgpRole`; 5–255 are kept. */
  readonly role: number;
}

/** draft-walton-bgp-hostname-capability: names for people; each at most 255 octets of UTF-8, both together 253. */
export interface FqdnCapability {
  readonly type: 'fqdn';
  readonly hostname: string;
  readonly domain: string;
}

/** draft-abraitis-bgp-version-capability: the speaker's software, at most 64 octets of UTF-8. */
export interface SoftwareVersionCapability {
  readonly type: 'softwareVersion';
  readonly version: string;
}

/** draft-abraitis-idr-addpath-paths-limit: how many paths of a prefix the speaker wants to receive. */
export interface PathsLimitCapability {
  readonly type: 'pathsLimit';
  readonly families: readonly (AddressFamily & {
    /** 1–65535 paths. */
    readonly limit: number;
  })[];
}

/** Any other capability, and a known one whose value does not read as its document says: kept, and sent on, as bytes. */
export interface UnknownCapability {
  readonly type: 'unknown';
  /** 0–255. */
  readonly code: number;
  /** At most 255 octets. */
  readonly value: Uint8Array;
}

/** A capability as an OPEN announces it (RFC 5492 §4). */
export type Capability =
  | MultiprotocolCapability
  | RouteRefreshCapability
  | EnhancedRouteRefreshCapability
  | FourOctetAsCapability
  | ExtendedMessageCapability
  | GracefulRestartCapability
  | LongLivedGracefulRestartCapability
  | AddPathCapability
  | ExtendedNextHopCapability
  | RoleCapability
  | FqdnCapability
  | SoftwareVersionCapability
  | PathsLimitCapability
  | UnknownCapability;
