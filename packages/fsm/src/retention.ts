import { CeaseSubcode, ErrorCode, type NotificationMessage } from '@peerloom/wire';
import type { NegotiatedSession } from './negotiatedSession.ts';
import type { RetainedRoutes } from './sessionEnd.ts';

/** What ended a session, as far as graceful restart asks. */
export type EndKind =
  /** TCP is gone, or the peer came with a new connection: RFC 4724 §4.2. */
  | 'connectionLost'
  /** A NOTIFICATION went one way or the other, or a hold timer ran out: RFC 8538 §4. */
  | 'notification';

/** RFC 8538 §3.2: nothing is kept after a Hard Reset. */
function isHardReset(message: NotificationMessage | undefined): boolean {
  return message?.code === ErrorCode.cease && message.subcode === CeaseSubcode.hardReset;
}

/** Whether RFC 8538 §5.1 suggests a Hard Reset for a Cease of this subcode: those that mean a long time. */
export function suggestsHardReset(subcode: number): boolean {
  return (
    subcode === CeaseSubcode.maximumNumberOfPrefixesReached ||
    subcode === CeaseSubcode.administrativeShutdown ||
    subcode === CeaseSubcode.peerDeconfigured
  );
}

/** The peer's routes that may be kept over this end of the session; `undefined` when none may. */
export function retainedRoutes(
  { gracefulRestart, options }: NegotiatedSession,
  kind: EndKind,
  notification: NotificationMessage | undefined,
): RetainedRoutes | undefined {
  if (gracefulRestart === undefined) return undefined;
  if (kind === 'notification' && !gracefulRestart.notification) return undefined;
  if (isHardReset(notification)) return undefined;
  const { restartTime, longLivedStaleTimes } = gracefulRestart;
  const families = new Set(gracefulRestart.families.keys()).intersection(options.families);
  return families.size > 0 ? { families, restartTime, longLivedStaleTimes } : undefined;
}
