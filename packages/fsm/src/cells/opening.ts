import type { Cell } from '../cell.ts';
import { dismissOther, isTooLate, settleCollision } from '../collisionSettlement.ts';
import { FsmEvent } from '../event.ts';
import { backToActive, fall } from '../falling.ts';
import type { Machine } from '../machine.ts';
import { negotiate } from '../negotiate.ts';
import { openOf } from '../openMessage.ts';
import type { Signal } from '../signal.ts';
import { FsmState } from '../state.ts';
import { FsmTimer } from '../timer.ts';
import { Track } from '../track.ts';
import { refuseConnection } from './starting.ts';

/** Cells that bring a connection forward, from TCP to Established (RFC 4271 §8.2.2). */

/** Sends our OPEN, and goes to OpenSent; not on a connection that comes too late. Returns whether it was sent. */
function sendOpen(machine: Machine, track: Track): boolean {
  machine.disarm(FsmTimer.delayOpen, track);
  if (isTooLate(machine, track)) {
    backToActive(machine, track);
    return false;
  }
  track.localOpen = openOf(machine.options);
  machine.send(track, track.localOpen);
  track.state = FsmState.openSent;
  return true;
}

/** Sends our OPEN, and waits for the peer's, for a large value of the HoldTimer. */
function awaitOpen(machine: Machine, track: Track, signal: Signal): void {
  if (!sendOpen(machine, track)) return;
  machine.setHold(track, machine.options.openHoldTime);
  settleCollision(machine, track, signal);
}

/**
 * Answers the peer's OPEN with a KEEPALIVE. The peer's is still awaited, and with a hold time of zero
 * nothing would end that wait: the large value stays for as long as it lasts, so that a peer which died
 * meanwhile cannot keep us here, where `isTooLate` gives up every other connection for this one.
 */
function confirmOpen(machine: Machine, track: Track): void {
  const { localOpen, peerOpen, initiator } = track;
  track.negotiated = negotiate(machine.options, localOpen!, peerOpen!, initiator);
  machine.sendKeepalive(track);
  machine.setHold(track, track.negotiated.holdTime || machine.options.openHoldTime);
  track.state = FsmState.openConfirm;
}

/**
 * Events 16 and 17 in Connect and Active. The connection is this track's, unless the track has one
 * already, or the peer has connected while we are dialling: then there are two (RFC 4271 §8.2.1: "For
 * each incoming connection, a state machine MUST be instantiated").
 */
export const takeConnection: Cell = (machine, track, signal) => {
  if (signal.connection === undefined) return;
  machine.disarm(FsmTimer.connectRetry);
  if (track.connection !== 0 || track.dial !== 0) {
    trackSecondConnection(machine, track, signal);
    return;
  }
  track.connection = signal.connection;
  track.initiator = signal.event === FsmEvent.tcpConnectionRequestAcked ? 'local' : 'remote';
  const { delayOpenTime } = machine.options;
  if (delayOpenTime > 0) machine.arm(FsmTimer.delayOpen, delayOpenTime * 1000, track);
  else awaitOpen(machine, track, signal);
};

/** Events 16 and 17 from OpenSent on: "This second TCP connection is tracked". */
export const trackSecondConnection: Cell = (machine, track, signal) => {
  if (machine.second !== undefined) {
    refuseConnection(machine, machine.second, signal);
    return;
  }
  machine.second = new Track(track.isOpening ? FsmState.active : track.state);
  takeConnection(machine, machine.second, signal);
};

/** Event 12 in Connect and Active. */
export const openAfterDelay: Cell = (machine, track, signal) => {
  if (track.connection !== 0) awaitOpen(machine, track, signal);
};

/** Event 19 in OpenSent. */
export const acceptOpen: Cell = (machine, track, signal) => {
  track.peerOpen = signal.open;
  if (settleCollision(machine, track, signal)) confirmOpen(machine, track);
};

/** Event 20: the peer has spoken first. */
export const openWhileDelayed: Cell = (machine, track, signal) => {
  if (track.connection === 0 || !sendOpen(machine, track)) return;
  acceptOpen(machine, track, signal);
};

/** Event 26 in OpenConfirm. */
export const establish: Cell = (machine, track) => {
  dismissOther(machine, track);
  track.state = FsmState.established;
  const { holdTime, sendHoldTime } = track.negotiated!;
  machine.setHold(track, holdTime);
  track.sendHoldMilliseconds = sendHoldTime * 1000;
  if (sendHoldTime > 0) machine.arm(FsmTimer.sendHold, track.sendHoldMilliseconds, track);
  machine.sessionUp(track);
};

/** Events 26 and 27 in Established: "restarts its HoldTimer". What the message says is for others. */
export const noteLife: Cell = (machine, track) => {
  track.lastReceived = machine.now;
};

/** Event 11. */
export const sendKeepalive: Cell = (machine, track) => {
  machine.sendKeepalive(track);
};

/** Event 18 in Connect: to Active only with the DelayOpenTimer running, else to Idle. */
export const connectFails: Cell = (machine, track, signal) => {
  if (track.timers.delayOpen !== 0) backToActive(machine, track);
  else fall(machine, track, signal, { counter: 'keep', damp: false });
};

/** Event 18 in OpenSent; in Connect, too, in `classic`. */
export const listenAndRetry: Cell = (machine, track) => {
  backToActive(machine, track);
};
