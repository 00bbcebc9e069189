import { ErrorCode } from '@peerloom/wire';
import type { Cell } from '../cell.ts';
import { backToActive, fall } from '../falling.ts';
import {
  ceaseOf,
  collisionCease,
  faultNotification,
  fsmErrorOf,
  holdTimerExpired,
  isCollisionCease,
} from '../notices.ts';

/** Cells that lead to Idle (RFC 4271 §8.2.2). Each differs only in what is said, counted and damped. */

/** Event 2 in Connect: no NOTIFICATION. */
export const stopSilently: Cell = (machine, track, signal) => {
  fall(machine, track, signal, { counter: 'zero', damp: false });
};

/** Event 2 in Active: a Cease "if the DelayOpenTimer is running and the SendNOTIFICATIONwithoutOPEN session attribute is set". */
export const stopDelayed: Cell = (machine, track, signal) => {
  const isDelayed = track.timers.delayOpen !== 0;
  fall(machine, track, signal, {
    ...(isDelayed && { notification: ceaseOf(signal.stop, track) }),
    counter: 'zero',
    damp: false,
  });
};

/** Event 2 from OpenSent on. */
export const stop: Cell = (machine, track, signal) => {
  const notification = ceaseOf(signal.stop, track);
  fall(machine, track, signal, { notification, counter: 'zero', damp: false });
};

/** Event 8 from OpenSent on. */
export const stopAutomatically: Cell = (machine, track, signal) => {
  const notification = ceaseOf(signal.stop, track);
  fall(machine, track, signal, { notification, counter: 'increment', damp: true });
};

/** "Drops the TCP connection, increments the ConnectRetryCounter by 1, performs peer oscillation damping". */
export const failSilently: Cell = (machine, track, signal) => {
  fall(machine, track, signal, { counter: 'increment', damp: true });
};

/** The same without damping. */
export const failUndamped: Cell = (machine, track, signal) => {
  fall(machine, track, signal, { counter: 'increment', damp: false });
};

/** Event 24 in OpenSent and OpenConfirm: neither counted nor damped. */
export const failUncounted: Cell = (machine, track, signal) => {
  fall(machine, track, signal, { counter: 'keep', damp: false });
};

/** Event 24 in Connect and Active: it counts unless the DelayOpenTimer is running. */
export const versionErrorBeforeOpen: Cell = (machine, track, signal) => {
  (track.timers.delayOpen === 0 ? failSilently : failUncounted)(machine, track, signal);
};

/** Events 21, 22 and 28: the NOTIFICATION that the fault asks for (RFC 4271 §6). */
export const failWithFault: Cell = (machine, track, signal) => {
  const notification = faultNotification(track, signal);
  fall(machine, track, signal, { notification, counter: 'increment', damp: true });
};

/** "In response to any other event" from OpenSent on (RFC 4271 §6.6, RFC 6608). */
export const failWithFsmError: Cell = (machine, track, signal) => {
  const notification = fsmErrorOf(track, signal);
  fall(machine, track, signal, { notification, counter: 'increment', damp: true });
};

/** Event 10 from OpenSent on. */
export const failWithHoldTimerExpired: Cell = (machine, track, signal) => {
  fall(machine, track, signal, {
    notification: holdTimerExpired,
    counter: 'increment',
    damp: true,
  });
};

/** Event 23 from OpenSent on. */
export const loseCollision: Cell = (machine, track, signal) => {
  fall(machine, track, signal, { notification: collisionCease, counter: 'increment', damp: true });
};

/** Event 23 in Established: only if CollisionDetectEstablishedState. */
export const loseCollisionIfDetected: Cell = (machine, track, signal) => {
  if (machine.options.collisionDetectEstablishedState) loseCollision(machine, track, signal);
};

/** Event 18 in Established: TCP is gone; graceful restart may keep routes (RFC 4724 §5). */
export const loseConnection: Cell = (machine, track, signal) => {
  fall(machine, track, signal, { counter: 'increment', damp: false, kind: 'connectionLost' });
};

/** The same, damped: `classic`. */
export const loseConnectionDamped: Cell = (machine, track, signal) => {
  fall(machine, track, signal, { counter: 'increment', damp: true, kind: 'connectionLost' });
};

/**
 * Events 24 and 25 in `classic`: a NOTIFICATION is not answered (RFC 4271 §6.4), and counts as a
 * failure unless it is a Cease, which is used in the absence of errors (§6.7).
 */
export const heedNotification: Cell = (machine, track, signal) => {
  const damp = signal.notification?.code !== ErrorCode.cease;
  fall(machine, track, signal, { counter: 'increment', damp });
};

/**
 * The same in OpenSent and OpenConfirm; but when the peer closes the connection for the sake of another
 * one, which may still be on its way, the peer must be there to accept it.
 */
export const heedNotificationWhileOpening: Cell = (machine, track, signal) => {
  if (isCollisionCease(signal.notification)) backToActive(machine, track);
  else heedNotification(machine, track, signal);
};

/**
 * Event 29 (RFC 9687 §4.3). A NOTIFICATION could only queue up behind what the peer does not take, so
 * that none is sent, and what is unsent is dropped.
 */
export const failWithSendHoldTimerExpired: Cell = (machine, track, signal) => {
  fall(machine, track, signal, { counter: 'increment', damp: true, reset: true });
};
