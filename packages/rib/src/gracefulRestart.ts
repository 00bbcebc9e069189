import type { FamilyKey } from '@peerloom/wire';

/** What the end of a session leaves behind (RFC 4724 §4.2). */
export interface StaleRetention {
  /** Families whose routes stay, marked as stale: those of the peer's Graceful Restart Capability. */
  readonly families: ReadonlySet<FamilyKey>;
  /** Whether routes that are still stale from the restart before stay too: both sides sent the N bit (RFC 8538 §4.1). */
  readonly keepStale: boolean;
}

/** How a session goes on from what the one before has left. */
export interface StaleResumption {
  /** The peer sent the Graceful Restart Capability, so that it will send End-of-RIBs. */
  readonly gracefulRestart: boolean;
  /** Families whose stale routes stay: the peer listed them with the Forwarding State bit set (RFC 4724 §4.2). */
  readonly forwarding: ReadonlySet<FamilyKey>;
}
