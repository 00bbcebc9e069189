import type { Capability, FamilyKey, OpenMessage, SessionOptions } from '@peerloom/wire';

/** What both sides may do to keep routes over a restart (RFC 4724, RFC 8538, RFC 9494). Present when both announced graceful restart. */
export interface NegotiatedGracefulRestart {
  /** R bit of the peer: it has restarted, and does not wait for our End-of-RIB, nor shall we for its. */
  readonly peerRestarted: boolean;
  /** Both set the N bit: NOTIFICATIONs and hold timer expiry keep routes too, unless they are a Hard Reset. */
  readonly notification: boolean;
  /** Seconds that the peer asks us to wait for it, 0–4095. */
  readonly restartTime: number;
  /** Families that the peer asked us to keep; the value is its F bit. */
  readonly families: ReadonlyMap<FamilyKey, boolean>;
  /** Seconds that the peer lets its routes stay long-lived stale, by family; empty unless both announced it. */
  readonly longLivedStaleTimes: ReadonlyMap<FamilyKey, number>;
}

/** What the two OPENs of a connection agreed on. */
export interface NegotiatedSession {
  /** What encoding and decoding of messages depend on. */
  readonly options: SessionOptions;
  /** The peer's AS number, of the 4-octet capability where it sent one (RFC 6793 §4.1). */
  readonly peerAs: number;
  /** Dotted quad. */
  readonly peerIdentifier: string;
  /** Seconds: the lower of the two (RFC 4271 §4.2); 0: no hold timer and no KEEPALIVEs. */
  readonly holdTime: number;
  /** Seconds between our KEEPALIVEs before jitter; 0 when the hold time is 0. */
  readonly keepaliveTime: number;
  /** Seconds that the peer may take nothing from us; 0: for ever (RFC 9687 §4.3). */
  readonly sendHoldTime: number;
  /** Both announced route refresh (RFC 2918). */
  readonly routeRefresh: boolean;
  /** Both announced enhanced route refresh (RFC 7313). */
  readonly enhancedRouteRefresh: boolean;
  readonly gracefulRestart?: NegotiatedGracefulRestart;
  /** Paths of one prefix that the peer wants at the most, in families of `options.addPathSend`. */
  readonly pathsLimits: ReadonlyMap<FamilyKey, number>;
  /** The roles, when both announced one (RFC 9234 §4.2). */
  readonly role?: { readonly local: number; readonly peer: number };
  /** Which side opened the TCP connection. */
  readonly initiator: 'local' | 'remote';
  /** The OPENs as they were. */
  readonly localOpen: OpenMessage;
  readonly peerOpen: OpenMessage;
  /** What the peer announced: `peerOpen.capabilities`. */
  readonly peerCapabilities: readonly Capability[];
}
