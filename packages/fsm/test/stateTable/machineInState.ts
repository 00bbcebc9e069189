import { expect } from 'vitest';
import { dispatch } from '../../src/dispatch.ts';
import {
  type FsmEvent,
  type FsmInput,
  type FsmProfile,
  resolveFsmOptions,
} from '../../src/index.ts';
import { Machine } from '../../src/machine.ts';
import { route } from '../../src/routing/route.ts';
import type { Signal } from '../../src/signal.ts';
import { fault, leastJitter, localOptions, notice, peerOpen } from '../speakers.ts';

export const connection = 1;
export const secondConnection = 2;

/** The inputs that lead to a state; each state is reached from a start, by the shortest way. */
const ways: Record<string, readonly FsmInput[]> = {
  Idle: [],
  Connect: [],
  'Connect delayed': [{ type: 'dialConnected', dial: 1, connection }],
  Active: [],
  'Active delayed': [{ type: 'accepted', connection }],
  OpenSent: [{ type: 'dialConnected', dial: 1, connection }],
  OpenConfirm: [
    { type: 'dialConnected', dial: 1, connection },
    { type: 'message', connection, message: peerOpen() },
  ],
  Established: [
    { type: 'dialConnected', dial: 1, connection },
    { type: 'message', connection, message: peerOpen() },
    { type: 'message', connection, message: { kind: 'keepalive' } },
  ],
};

/** A machine in a state; one in Active has been started passively, and is then free to dial. */
export function machineIn(state: string, profile: FsmProfile): Machine {
  const delayOpenTime = state.endsWith('delayed') ? 5 : 0;
  const passive = state.startsWith('Active');
  const options = { ...localOptions, profile, delayOpenTime };
  const machine = new Machine(resolveFsmOptions({ ...options, passive }), leastJitter, 1);
  machine.wanted = true;
  if (state !== 'Idle') route(machine, { type: 'start', cause: 'manual' });
  machine.options = resolveFsmOptions(options);
  for (const input of ways[state]!) route(machine, input);
  expect(machine.state).toBe(state.split(' ')[0]);
  machine.connectRetryCounter = 5;
  machine.outputs = [];
  return machine;
}

const signals: Partial<Record<FsmEvent, Partial<Signal>>> = {
  16: { connection: secondConnection },
  17: { connection: secondConnection },
  18: { errno: 'ECONNRESET' },
  19: { open: peerOpen(), messageType: 1 },
  20: { open: peerOpen(), messageType: 1 },
  21: { fault: fault(1, 2) },
  22: { fault: fault(2, 6), messageType: 1 },
  24: { notification: notice(2, 1), messageType: 3 },
  25: { notification: notice(3, 1), messageType: 3 },
  26: { messageType: 4 },
  27: { messageType: 2 },
  28: { fault: fault(3, 1), messageType: 2 },
};

/** Stops come in as inputs, as they do more than signal an event; all others as what they are. */
export function signalEvent(machine: Machine, event: FsmEvent): void {
  if (event === 2 || event === 8) {
    route(machine, { type: 'stop', cause: event === 2 ? 'manual' : 'automatic' });
    return;
  }
  const track = machine.primary;
  // The end of TCP is news: there is nothing left to close. The same for a dial.
  if (event === 18) {
    track.isGone = true;
    track.dial = 0;
  }
  if (event === 16) track.dial = 0;
  dispatch(machine, track, { event, why: 'the test wants it', ...signals[event] });
}
