import type { StateOverrides } from './cell.ts';
import * as end from './cells/ending.ts';
import * as open from './cells/opening.ts';
import * as start from './cells/starting.ts';
import { FsmEvent as E } from './event.ts';

/**
 * Where deployed routers differ from RFC 4271 §8.2.2:
 *
 * - a TCP failure keeps the peer between Connect and Active, instead of throwing it back to Idle;
 * - a dial that has no answer in time is repeated from Active;
 * - a NOTIFICATION is never answered with one;
 * - a connection that the peer closes for another one leaves us listening for that;
 * - every error that throws the peer back to Idle counts for damping.
 */
export const classic: StateOverrides = {
  Connect: {
    [E.connectRetryTimerExpires]: start.dialAgainFromActive,
    [E.tcpConnectionFails]: open.listenAndRetry,
    [E.notificationVersionError]: end.heedNotification,
  },
  Active: {
    [E.tcpConnectionFails]: start.retryFromActive,
    [E.notificationVersionError]: end.heedNotification,
  },
  OpenSent: {
    [E.notificationVersionError]: end.heedNotification,
    [E.notification]: end.heedNotificationWhileOpening,
  },
  OpenConfirm: {
    [E.notificationVersionError]: end.heedNotification,
    [E.notification]: end.heedNotificationWhileOpening,
  },
  Established: {
    [E.tcpConnectionFails]: end.loseConnectionDamped,
    [E.notificationVersionError]: end.heedNotification,
    [E.notification]: end.heedNotification,
  },
};
