import type { NegotiatedSession as FsmSession, SessionEnd as FsmSessionEnd } from '@peerloom/fsm';
import type { ErrorReport, NegotiatedSession, SessionAgreement, SessionEnd } from '@peerloom/ipc';
import { type FamilyKey, familyName, type SessionOptions } from '@peerloom/wire';
import type { Connection } from './connection.ts';

const roleNames = ['provider', 'rs', 'rs-client', 'customer', 'peer'];

function names(families: Iterable<FamilyKey>): string[] {
  return Array.from(families, familyName);
}

/** What the two OPENs agreed on, in the words of its people. */
export function describeSession(
  session: number,
  connection: Connection,
  negotiated: FsmSession,
): NegotiatedSession {
  return {
    session,
    connection: connection.id,
    ends: connection.ends,
    dialled: connection.dialled,
    remoteAs: negotiated.peerAs,
    remoteRouterId: negotiated.peerIdentifier,
    ...describeAgreement(negotiated),
  };
}

/** What many sessions agree on alike, as JSON: made once for those whose OPENs have the same capabilities. */
export function agreementText(negotiated: FsmSession): string {
  const { options, holdTime, keepaliveTime } = negotiated;
  let made = texts.get(options);
  if (made?.holdTime !== holdTime || made.keepaliveTime !== keepaliveTime) {
    made = { holdTime, keepaliveTime, text: JSON.stringify(describeAgreement(negotiated)) };
    texts.set(options, made);
  }
  return made.text;
}

/**
 * By the options that come of two lists of capabilities: they are one object for all sessions of these two,
 * and all else of an agreement but its times stands in the lists.
 */
const texts = new WeakMap<
  SessionOptions,
  { readonly holdTime: number; readonly keepaliveTime: number; readonly text: string }
>();

function describeAgreement(negotiated: FsmSession): SessionAgreement {
  const { options, gracefulRestart, role, peerCapabilities } = negotiated;
  const fqdn = peerCapabilities.findLast(({ type }) => type === 'fqdn');
  const software = peerCapabilities.findLast(({ type }) => type === 'softwareVersion');
  const longLived = gracefulRestart?.longLivedStaleTimes;
  return {
    peerType: options.peerType,
    holdTime: negotiated.holdTime,
    keepaliveTime: negotiated.keepaliveTime,
    families: names(options.families),
    fourOctetAs: options.fourOctetAs,
    maximumReceiveLength: options.maximumReceiveLength,
    maximumSendLength: options.maximumSendLength,
    routeRefresh: negotiated.routeRefresh,
    enhancedRouteRefresh: negotiated.enhancedRouteRefresh,
    addPathReceive: names(options.addPathReceive),
    addPathSend: names(options.addPathSend),
    extendedNextHop: names(options.extendedNextHop),
    ...(gracefulRestart !== undefined && {
      gracefulRestart: {
        restarting: gracefulRestart.peerRestarted,
        notification: gracefulRestart.notification,
        restartTime: gracefulRestart.restartTime,
        families: names(gracefulRestart.families.keys()),
      },
    }),
    ...(longLived !== undefined &&
      longLived.size > 0 && {
        longLivedGracefulRestart: Object.fromEntries(
          Array.from(longLived, ([family, seconds]) => [familyName(family), seconds]),
        ),
      }),
    ...(role !== undefined && { remoteRole: roleNames[role.peer] ?? String(role.peer) }),
    ...(fqdn?.type === 'fqdn' && {
      fqdn: [fqdn.hostname, fqdn.domain].filter((part) => part !== '').join('.'),
    }),
    ...(software?.type === 'softwareVersion' && { softwareVersion: software.version }),
  };
}

/** How a session ended, for the supervisor. */
export function describeSessionEnd(
  session: number,
  end: FsmSessionEnd,
  error: ErrorReport | undefined,
): SessionEnd {
  return {
    session,
    event: end.event,
    why: end.why,
    ...(error !== undefined && { error }),
    uptime: end.uptime / 1000,
    stale: end.retained !== undefined,
  };
}
