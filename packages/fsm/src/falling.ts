import type { NotificationMessage } from '@peerloom/wire';
import { FsmEvent } from './event.ts';
import type { Machine } from './machine.ts';
import { isCollisionCease } from './notices.ts';
import type { EndKind } from './retention.ts';
import type { Signal } from './signal.ts';
import { FsmState } from './state.ts';
import { FsmTimer } from './timer.ts';
import type { Track } from './track.ts';

/** How a track goes back to Idle. */
export interface Fall {
  /** Sent first, where it may be. */
  readonly notification?: NotificationMessage;
  /** What becomes of the ConnectRetryCounter. */
  readonly counter: 'zero' | 'increment' | 'keep';
  /** Whether it counts as a failure for DampPeerOscillations. */
  readonly damp: boolean;
  /** `notification` unless told otherwise. */
  readonly kind?: EndKind;
  /** Drop what is unsent. */
  readonly reset?: boolean;
}

/** What went wrong with this connection says nothing about another one to the same peer. */
function isAboutTheConnection({ event, notification }: Signal): boolean {
  return (
    event === FsmEvent.tcpConnectionFails ||
    event === FsmEvent.openCollisionDump ||
    isCollisionCease(notification)
  );
}

/**
 * A NOTIFICATION before our OPEN needs SendNOTIFICATIONwithoutOPEN (RFC 4271 §8.1.1). Returns what
 * was sent.
 */
function notify(
  machine: Machine,
  track: Track,
  notification: NotificationMessage | undefined,
  why: string,
): NotificationMessage | undefined {
  if (notification === undefined || track.connection === 0 || track.isGone) return undefined;
  if (track.localOpen === undefined && !machine.options.sendNotificationWithoutOpen) {
    return undefined;
  }
  machine.send(track, notification, why);
  return notification;
}

/**
 * "Releases all BGP resources, drops the TCP connection, changes its state to Idle" (RFC 4271 §8.2.2).
 *
 * When a second track is under way only this one ends, as there is a state machine for each connection
 * (§8.2.1): always when it was the connection that failed; and when the peer was at fault, then if the
 * second one has got as far as an OPEN. The peer goes back to Idle when the last one has ended.
 */
export function fall(machine: Machine, track: Track, signal: Signal, how: Fall): void {
  const other = machine.other(track);
  const hadSession = track.session !== 0;
  const sent = notify(machine, track, how.notification, signal.why);
  machine.sessionDown(track, signal, how.kind ?? 'notification', sent);
  machine.release(track, how.reset ?? false);
  machine.remove(track);
  if (other !== undefined && (other.isOpening || isAboutTheConnection(signal))) {
    keepDialling(machine, other);
    return;
  }
  if (other !== undefined) {
    machine.release(other, false);
    machine.remove(other);
  }
  machine.disarm(FsmTimer.connectRetry);
  if (how.counter !== 'keep') {
    machine.connectRetryCounter = how.counter === 'zero' ? 0 : machine.connectRetryCounter + 1;
  }
  restInIdle(machine, signal, how.damp, hadSession);
}

/**
 * To Active, to listen and to dial again when the ConnectRetryTimer runs out; or, when a second track
 * is under way, nowhere: that one is the peer's from here on.
 */
export function backToActive(machine: Machine, track: Track): void {
  const other = machine.other(track);
  machine.release(track, false);
  if (other !== undefined) {
    machine.remove(track);
    keepDialling(machine, other);
    return;
  }
  track.state = FsmState.active;
  machine.startConnectRetry();
}

/** A dial that goes on alone is watched by the ConnectRetryTimer again. */
function keepDialling(machine: Machine, track: Track): void {
  if (track.connection === 0 && machine.timers.connectRetry === 0) machine.startConnectRetry();
}

/**
 * What comes after a fall to Idle. A peer that somebody wants comes back by itself: after a failure
 * when damping lets it, and else as `undampedRest` says. Without AllowAutomaticStart only when the stop
 * itself told when.
 */
function restInIdle(machine: Machine, signal: Signal, damp: boolean, hadSession: boolean): void {
  const { options, damping } = machine;
  const restartAfter = signal.stop?.restartAfter;
  if (!machine.wanted || (!options.allowAutomaticStart && restartAfter === undefined)) {
    machine.holdUntil(undefined);
    return;
  }
  const milliseconds =
    restartAfter !== undefined
      ? Math.max(0, Number(restartAfter) * 1000)
      : damp && options.dampPeerOscillations
        ? damping.fail(options.idleHoldTime * 1000, options.idleHoldTimeMaximum * 1000)
        : undampedRest(machine, hadSession);
  machine.arm(FsmTimer.idleHold, milliseconds);
  machine.holdUntil(machine.now + milliseconds);
}

/**
 * None after a session, so that it is soon there again, or the peer finds us listening; but the
 * ConnectRetryTime if that was granted within the same time, and when there was no session: no peer
 * can make us spin. One that never dials cannot: the other side sets the pace, and may come back as
 * soon as it likes after an orderly end, as it may with deployed routers' dynamic neighbors.
 */
function undampedRest(machine: Machine, hadSession: boolean): number {
  const { now, options, lastReturn } = machine;
  if (options.passive) return 0;
  const isSoonAfter =
    lastReturn !== undefined && now - lastReturn < options.connectRetryTime * 1000;
  if (!hadSession || isSoonAfter) return machine.jittered(options.connectRetryTime);
  machine.lastReturn = now;
  return 0;
}
