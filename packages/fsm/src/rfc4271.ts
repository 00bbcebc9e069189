import { on, row, type StateTable } from './cell.ts';
import * as end from './cells/ending.ts';
import * as open from './cells/opening.ts';
import * as start from './cells/starting.ts';
import { FsmEvent as E } from './event.ts';

const starts: readonly E[] = [1, 3, 4, 5, 6, 7];
const { ignore } = start;

/** Events that are the same in Connect and Active. */
const beforeOpen = {
  ...on(starts, ignore),
  [E.delayOpenTimerExpires]: open.openAfterDelay,
  [E.tcpConnectionValid]: ignore,
  [E.tcpConnectionRequestInvalid]: ignore,
  [E.tcpConnectionRequestAcked]: open.takeConnection,
  [E.tcpConnectionConfirmed]: open.takeConnection,
  [E.bgpOpenWithDelayOpenTimerRunning]: open.openWhileDelayed,
  [E.bgpHeaderError]: end.failWithFault,
  [E.bgpOpenMessageError]: end.failWithFault,
  [E.notificationVersionError]: end.versionErrorBeforeOpen,
  [E.sendHoldTimerExpires]: ignore,
};

/** Events from OpenSent on that are the same in each of the states. */
const fromOpenSent = {
  ...on(starts, ignore),
  [E.manualStop]: end.stop,
  [E.automaticStop]: end.stopAutomatically,
  [E.holdTimerExpires]: end.failWithHoldTimerExpired,
  [E.tcpConnectionValid]: ignore,
  [E.tcpConnectionRequestInvalid]: ignore,
  [E.tcpConnectionRequestAcked]: open.trackSecondConnection,
  [E.tcpConnectionConfirmed]: open.trackSecondConnection,
  [E.bgpHeaderError]: end.failWithFault,
};

/**
 * RFC 4271 §8.2.2, state by state, with the cells that later RFCs added or changed: RFC 4724 §5
 * (in `settleCollision` and `SessionEnd.retained`), RFC 6608 §4 (in `failWithFsmError`), RFC 9687 §4.3
 * (Event 29).
 *
 * Three cells follow other sections where §8.2.2 contradicts them or is silent:
 * - Event 18 in Active restarts the ConnectRetryTimer and goes to Idle, where no event takes note of
 *   it. Here the peer's return from Idle is the IdleHoldTimer's business alone.
 * - Event 19 in OpenConfirm and Established, on the same connection: nothing is said of a second
 *   OPEN that collides with nothing. RFC 6608 §4 names it as an unexpected message.
 * - Event 21 in Established stands among "any other event", with a Finite State Machine Error; §6.1
 *   says that header errors MUST be indicated by Message Header Error.
 */
export const rfc4271: StateTable = {
  Idle: row(
    {
      [E.manualStart]: start.start,
      [E.automaticStart]: start.start,
      [E.manualStartWithPassiveTcpEstablishment]: start.startPassively,
      [E.automaticStartWithPassiveTcpEstablishment]: start.startPassively,
      [E.automaticStartWithDampPeerOscillations]: start.startUnlessHeld,
      [E.automaticStartWithDampPeerOscillationsAndPassiveTcpEstablishment]:
        start.startPassivelyUnlessHeld,
      [E.idleHoldTimerExpires]: start.endHold,
      [E.tcpConnectionRequestAcked]: start.refuseConnection,
      [E.tcpConnectionConfirmed]: start.refuseConnection,
    },
    ignore,
  ),

  Connect: row(
    {
      ...beforeOpen,
      [E.manualStop]: end.stopSilently,
      [E.connectRetryTimerExpires]: start.dialAgain,
      [E.tcpConnectionFails]: open.connectFails,
    },
    end.failSilently,
  ),

  Active: row(
    {
      ...beforeOpen,
      [E.manualStop]: end.stopDelayed,
      [E.connectRetryTimerExpires]: start.dialFromActive,
      [E.tcpConnectionFails]: end.failSilently,
    },
    end.failSilently,
  ),

  OpenSent: row(
    {
      ...fromOpenSent,
      [E.tcpConnectionFails]: open.listenAndRetry,
      [E.bgpOpen]: open.acceptOpen,
      [E.bgpOpenMessageError]: end.failWithFault,
      [E.openCollisionDump]: end.loseCollision,
      [E.notificationVersionError]: end.failUncounted,
      [E.sendHoldTimerExpires]: ignore,
    },
    end.failWithFsmError,
  ),

  OpenConfirm: row(
    {
      ...fromOpenSent,
      [E.keepaliveTimerExpires]: open.sendKeepalive,
      [E.tcpConnectionFails]: end.failSilently,
      [E.bgpOpenMessageError]: end.failWithFault,
      [E.openCollisionDump]: end.loseCollision,
      [E.notificationVersionError]: end.failUncounted,
      [E.notification]: end.failSilently,
      [E.keepalive]: open.establish,
      [E.sendHoldTimerExpires]: ignore,
    },
    end.failWithFsmError,
  ),

  Established: row(
    {
      ...fromOpenSent,
      [E.keepaliveTimerExpires]: open.sendKeepalive,
      [E.tcpConnectionFails]: end.loseConnection,
      [E.openCollisionDump]: end.loseCollisionIfDetected,
      [E.notificationVersionError]: end.failUndamped,
      [E.notification]: end.failUndamped,
      [E.keepalive]: open.noteLife,
      [E.update]: open.noteLife,
      [E.updateMessageError]: end.failWithFault,
      [E.sendHoldTimerExpires]: end.failWithSendHoldTimerExpired,
    },
    end.failWithFsmError,
  ),
};
