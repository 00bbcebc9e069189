import type { Cell } from '../cell.ts';
import { backToActive } from '../falling.ts';
import type { Machine } from '../machine.ts';
import { FsmState } from '../state.ts';
import { FsmTimer } from '../timer.ts';
import type { Track } from '../track.ts';

/** Cells for Idle, and those of Connect and Active that dial (RFC 4271 §8.2.2). */

/** "Ignored", or "remains in the state". */
export const ignore: Cell = () => {};

/** "In this state, BGP FSM refuses all incoming BGP connections for this peer." */
export const refuseConnection: Cell = (machine, _track, { connection }) => {
  if (connection !== undefined) machine.emit({ type: 'close', connection, reset: true });
};

function leaveIdle(machine: Machine, track: Track, passive: boolean): void {
  machine.disarm(FsmTimer.idleHold);
  machine.holdUntil(undefined);
  machine.startConnectRetry();
  if (passive) {
    track.state = FsmState.active;
  } else {
    track.state = FsmState.connect;
    machine.dial(track);
  }
}

/** Events 1 and 3. */
export const start: Cell = (machine, track) => {
  machine.connectRetryCounter = 0;
  leaveIdle(machine, track, false);
};

/** Events 4 and 5. */
export const startPassively: Cell = (machine, track) => {
  machine.connectRetryCounter = 0;
  leaveIdle(machine, track, true);
};

/** Event 6: "the local system will use these events to prevent peer oscillations": not while it is held. */
export const startUnlessHeld: Cell = (machine, track, signal) => {
  if (machine.timers.idleHold === 0) start(machine, track, signal);
};

/** Event 7. */
export const startPassivelyUnlessHeld: Cell = (machine, track, signal) => {
  if (machine.timers.idleHold === 0) startPassively(machine, track, signal);
};

/** Event 13: the hold is over. It goes on counting its tries: it is the same start. */
export const endHold: Cell = (machine, track) => {
  if (machine.wanted) leaveIdle(machine, track, machine.options.passive);
};

/** Event 9 in Connect: "drops the TCP connection, restarts the ConnectRetryTimer, [...] initiates a TCP connection". */
export const dialAgain: Cell = (machine, track) => {
  machine.startConnectRetry();
  machine.dial(track);
};

/** Event 9 in Connect, `classic`: dial again, but wait for the outcome in Active. */
export const dialAgainFromActive: Cell = (machine, track, signal) => {
  dialAgain(machine, track, signal);
  track.state = FsmState.active;
};

/**
 * Event 9 in Active: dial, and wait in Connect. A passive peer is never dialled; it stays, as nothing
 * else can come of PassiveTcpEstablishment.
 */
export const dialFromActive: Cell = (machine, track) => {
  machine.startConnectRetry();
  if (machine.options.passive) return;
  machine.dial(track);
  track.state = FsmState.connect;
};

/** Event 18 in Active, `classic`: a failed attempt leads back to Connect, with a new one. */
export const retryFromActive: Cell = (machine, track, signal) => {
  if (machine.other(track) !== undefined) {
    backToActive(machine, track);
    return;
  }
  machine.release(track, false);
  dialFromActive(machine, track, signal);
};
