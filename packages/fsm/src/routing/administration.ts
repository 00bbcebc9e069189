import { CeaseSubcode } from '@peerloom/wire';
import { stopped } from '../diagnosis.ts';
import { dispatch } from '../dispatch.ts';
import { FsmEvent } from '../event.ts';
import type { OptionsInput, StartInput, StopInput } from '../input.ts';
import type { Machine } from '../machine.ts';
import { needsReset } from '../optionsChange.ts';
import type { Signal } from '../signal.ts';
import { FsmState } from '../state.ts';
import { tableOf } from '../stateTable.ts';
import { FsmTimer } from '../timer.ts';

/** Which of Events 1 and 3–7 a start is, by the optional attributes of RFC 4271 §8.1.2. */
function startEvent({ options }: Machine, { cause }: StartInput): FsmEvent {
  const { passive, dampPeerOscillations } = options;
  if (cause === 'manual') {
    return passive ? FsmEvent.manualStartWithPassiveTcpEstablishment : FsmEvent.manualStart;
  }
  if (dampPeerOscillations) {
    return passive
      ? FsmEvent.automaticStartWithDampPeerOscillationsAndPassiveTcpEstablishment
      : FsmEvent.automaticStartWithDampPeerOscillations;
  }
  return passive ? FsmEvent.automaticStartWithPassiveTcpEstablishment : FsmEvent.automaticStart;
}

/** An operator's start forgives what was before; the program's waits for the end of a hold in Idle. */
export function routeStart(machine: Machine, input: StartInput): void {
  const isManual = input.cause === 'manual';
  if (!isManual && !machine.options.allowAutomaticStart) return;
  if (isManual) machine.damping.clear();
  const isAnew = isManual || !machine.wanted;
  if (isAnew && machine.state === FsmState.idle) machine.stuck(undefined);
  machine.wanted = true;
  const { why = isManual ? 'started by an operator' : 'started' } = input;
  dispatch(machine, machine.primary, { event: startEvent(machine, input), why });
}

export function routeStop(machine: Machine, stop: StopInput): void {
  const isManual = stop.cause === 'manual';
  if (!isManual && !machine.options.allowAutomaticStop) return;
  if (isManual || !comesBack(stop)) stayIn(machine);
  const event = isManual ? FsmEvent.manualStop : FsmEvent.automaticStop;
  const by = isManual ? 'stopped by an operator' : 'stopped';
  const why = stop.text ? `${by}: ${stop.text}` : by;
  endTracks(machine, { event, why, stop });
}

/** Not after `never`, and not after what is no time that a timer could run for. */
function comesBack({ restartAfter }: StopInput): boolean {
  return restartAfter === undefined || Number.isFinite(restartAfter);
}

/** Signals a stop to each track. The end of the second may take the first with it. */
function endTracks(machine: Machine, signal: Signal): void {
  for (const track of [machine.second, machine.primary]) {
    if (track !== undefined && machine.holds(track)) dispatch(machine, track, signal);
  }
}

/** Events 2 and 8 are ignored in Idle, but a peer that is held there shall not come back by itself. */
function stayIn(machine: Machine): void {
  machine.wanted = false;
  machine.disarm(FsmTimer.idleHold);
  machine.holdUntil(undefined);
  machine.stuck(stopped);
}

/** Does now what a timer would do later. */
export function routeRetryNow(machine: Machine): void {
  const { primary, options } = machine;
  const why = 'told not to wait';
  if (primary.state === FsmState.idle) {
    dispatch(machine, primary, { event: FsmEvent.idleHoldTimerExpires, why });
  } else if (isBetweenConnections(machine) && !options.passive) {
    dispatch(machine, primary, { event: FsmEvent.connectRetryTimerExpires, why });
  }
}

/** Started, but without a connection: dialling, or waiting to dial, or to be dialled. */
function isBetweenConnections(machine: Machine): boolean {
  return machine.primary.state !== FsmState.idle && hasNoConnection(machine);
}

function hasNoConnection({ primary, second }: Machine): boolean {
  return primary.connection === 0 && second === undefined;
}

/** A peer that rests in Idle only for want of AllowAutomaticStart comes back when that is granted. */
function resume(machine: Machine): void {
  const isHeld = machine.timers.idleHold !== 0;
  if (machine.wanted && !isHeld) routeStart(machine, { type: 'start', cause: 'automatic' });
}

export function routeOptions(machine: Machine, { options, anew = false }: OptionsInput): void {
  const before = machine.options;
  machine.options = options;
  machine.cells = tableOf(options.profile);
  if (!before.allowAutomaticStart) resume(machine);
  const passiveChanged = before.passive !== options.passive && hasNoConnection(machine);
  const isOther = anew || passiveChanged || needsReset(before, options);
  if (isOther && machine.wanted) beginAnew(machine);
}

/** What went wrong under other options is forgiven, as by an operator's start, and what is under way ends. */
function beginAnew(machine: Machine): void {
  const isHeld = machine.timers.idleHold !== 0;
  // Without AllowAutomaticStart nothing but a start gets it out of Idle.
  if (machine.state === FsmState.idle && !isHeld) return;
  const why = 'its options changed';
  machine.damping.clear();
  machine.stuck(undefined);
  if (isHeld) dispatch(machine, machine.primary, { event: FsmEvent.idleHoldTimerExpires, why });
  else endConnections(machine, why);
  machine.connectRetryCounter = 0;
}

function endConnections(machine: Machine, why: string): void {
  const stop: StopInput = {
    type: 'stop',
    cause: 'automatic',
    subcode: CeaseSubcode.otherConfigurationChange,
    restartAfter: 0,
  };
  endTracks(machine, { event: FsmEvent.automaticStop, why, stop });
}
