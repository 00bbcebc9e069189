import { refusedHere } from '../diagnosis.ts';
import { dispatch } from '../dispatch.ts';
import { FsmEvent } from '../event.ts';
import type {
  AcceptedInput,
  ClosedInput,
  ConnectionRequestInput,
  DialConnectedInput,
  DialFailedInput,
  RefusedInput,
} from '../input.ts';
import type { Machine } from '../machine.ts';
import { collisionCease } from '../notices.ts';
import { FsmState } from '../state.ts';
import { StuckCode } from '../stuckReason.ts';
import type { Track } from '../track.ts';

function trackOfDial({ primary, second }: Machine, dial: number): Track | undefined {
  if (dial === 0) return undefined;
  if (primary.dial === dial) return primary;
  return second?.dial === dial ? second : undefined;
}

/** A number that can be a new connection's. Anything else is the caller's mistake, and does no harm. */
function isNew(machine: Machine, connection: number): boolean {
  return connection > 0 && machine.trackOf(connection) === undefined;
}

/** A dial that was given up, and succeeded all the same, leaves a connection that nobody wants. */
export function routeDialConnected(machine: Machine, input: DialConnectedInput): void {
  const { dial, connection } = input;
  if (!isNew(machine, connection)) return;
  const track = trackOfDial(machine, dial);
  if (track === undefined) {
    machine.emit({ type: 'close', connection, reset: true });
    return;
  }
  track.dial = 0;
  const event = FsmEvent.tcpConnectionRequestAcked;
  dispatch(machine, track, { event, why: 'the dial has become a connection', connection });
}

export function routeDialFailed(machine: Machine, { dial, errno, text }: DialFailedInput): void {
  const track = trackOfDial(machine, dial);
  if (track === undefined) return;
  track.dial = 0;
  const why = `the dial failed: ${text || errno}`;
  dispatch(machine, track, { event: FsmEvent.tcpConnectionFails, why, errno });
}

/**
 * A peer opens one connection at a time: when it opens another before the last was Established, it has
 * given the last one up, and the news of that is still on its way. The last one makes room.
 */
function makeRoom(machine: Machine): void {
  for (const track of [machine.second, machine.primary]) {
    const isStale =
      track !== undefined &&
      track.connection !== 0 &&
      track.initiator === 'remote' &&
      track.state !== FsmState.established;
    if (!isStale) continue;
    if (track.localOpen !== undefined) {
      machine.send(track, collisionCease, 'the peer has opened another connection in its place');
    }
    machine.release(track, false);
    if (machine.second === undefined) track.state = FsmState.active;
    else machine.remove(track);
  }
}

export function routeAccepted(machine: Machine, input: AcceptedInput): void {
  const { connection, remoteAddress } = input;
  if (!isNew(machine, connection)) return;
  if (machine.stuckReason?.code === StuckCode.refusedHere) machine.stuck(undefined);
  makeRoom(machine);
  const from = remoteAddress === undefined ? '' : ` from ${remoteAddress}`;
  const why = `the peer has connected${from}`;
  const event = FsmEvent.tcpConnectionConfirmed;
  dispatch(machine, machine.primary, { event, why, connection });
}

/** Beside a session, or when nobody wants one, it keeps nothing from coming up. */
export function routeRefused(machine: Machine, input: RefusedInput): void {
  if (machine.wanted && machine.state !== FsmState.established) machine.stuck(refusedHere(input));
}

export function routeClosed(machine: Machine, { connection, errno, text }: ClosedInput): void {
  const track = machine.trackOf(connection);
  if (track === undefined) return;
  track.isGone = true;
  const why =
    errno === '' ? 'the peer closed the connection' : `the connection is lost: ${text || errno}`;
  dispatch(machine, track, { event: FsmEvent.tcpConnectionFails, why, errno });
}

export function routeConnectionRequest(machine: Machine, { valid }: ConnectionRequestInput): void {
  if (!machine.options.trackTcpState) return;
  const event = valid ? FsmEvent.tcpConnectionValid : FsmEvent.tcpConnectionRequestInvalid;
  const why = valid ? 'the peer wants to connect' : 'somebody wants to connect who is not the peer';
  dispatch(machine, machine.primary, { event, why });
}
