import type { FamilyKey, NotificationMessage } from '@peerloom/wire';
import type { FsmEvent } from './event.ts';

/** Routes of the peer that outlive the session as stale routes (RFC 4724 §4.2, RFC 8538 §4, RFC 9494 §4.2). */
export interface RetainedRoutes {
  /** Families whose routes may be kept: those of the peer's Graceful Restart capability. */
  readonly families: ReadonlySet<FamilyKey>;
  /** Seconds within which the session must be back, 0–4095. */
  readonly restartTime: number;
  /** Seconds that a family's routes may stay after that, long-lived stale; families without it are not in the map. */
  readonly longLivedStaleTimes: ReadonlyMap<FamilyKey, number>;
}

/** How and why a session ended. */
export interface SessionEnd {
  /** The event that ended it. */
  readonly event: FsmEvent;
  /** One sentence, without a full stop. */
  readonly why: string;
  /** The NOTIFICATION that we sent, if we did. */
  readonly sent?: NotificationMessage;
  /** The NOTIFICATION that the peer sent, if it did. */
  readonly received?: NotificationMessage;
  /** Which of the peer's routes may be kept; `undefined`: none, they all go. */
  readonly retained?: RetainedRoutes;
  /** Milliseconds that the session lasted. */
  readonly uptime: number;
}
