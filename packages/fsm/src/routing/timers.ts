import { dispatch } from '../dispatch.ts';
import { FsmEvent } from '../event.ts';
import type { TimerInput } from '../input.ts';
import type { Machine } from '../machine.ts';
import { FsmTimer } from '../timer.ts';
import type { Track } from '../track.ts';

const events: Readonly<Record<FsmTimer, { event: FsmEvent; why: string }>> = {
  connectRetry: {
    event: FsmEvent.connectRetryTimerExpires,
    why: 'the ConnectRetryTimer has run out',
  },
  idleHold: { event: FsmEvent.idleHoldTimerExpires, why: 'the hold in Idle is over' },
  delayOpen: { event: FsmEvent.delayOpenTimerExpires, why: 'the DelayOpenTimer has run out' },
  hold: { event: FsmEvent.holdTimerExpires, why: 'the peer was silent for the hold time' },
  keepalive: { event: FsmEvent.keepaliveTimerExpires, why: 'a KEEPALIVE is due' },
  sendHold: {
    event: FsmEvent.sendHoldTimerExpires,
    why: 'nothing could be sent for the send hold time: the peer reads too slowly, or not at all',
  },
};

/**
 * Milliseconds that a timer of a connection has to run, whenever it is to fire: received and sent messages only leave
 * the time they came and went, and the timers are measured against that here.
 */
export function remaining(now: number, track: Track, timer: FsmTimer): number {
  switch (timer) {
    case FsmTimer.hold:
      return track.lastReceived + track.holdMilliseconds - now;
    case FsmTimer.keepalive:
      return track.lastSent + track.keepaliveMilliseconds - now;
    case FsmTimer.sendHold:
      return remainingToSend(now, track);
    default:
      return 0;
  }
}

/**
 * The SendHoldTimer counts from the last time that octets were taken, while there are some to take
 * (RFC 9687 §4.3). A caller that never tells what was taken gets no expiry.
 *
 * Of what was handed over in the very millisecond in which the rest was taken nobody knows which came first: it counts
 * as not taken. If it was, the KEEPALIVEs that follow are too, long before the time is over (§4.4: more than the
 * hold time).
 */
function remainingToSend(now: number, track: Track): number {
  const hasUnsent =
    track.lastTaken >= 0 && (track.unsentBytes > 0 || track.lastSent >= track.lastTaken);
  const since = hasUnsent ? track.lastTaken : now;
  return since + track.sendHoldMilliseconds - now;
}

export function routeTimer(machine: Machine, { timer, connection, generation }: TimerInput): void {
  const isPeers = timer === FsmTimer.connectRetry || timer === FsmTimer.idleHold;
  // The peer's own timers are armed with connection 0: news of any other is of no timer of ours.
  if (isPeers && connection !== 0) return;
  const track = isPeers ? undefined : machine.trackOf(connection);
  if (!isPeers && track === undefined) return;
  const { timers } = track ?? machine;
  if (generation === 0 || timers[timer] !== generation) return;
  const milliseconds = track === undefined ? 0 : remaining(machine.now, track, timer);
  if (milliseconds > 0) {
    machine.arm(timer, milliseconds, track);
    return;
  }
  timers[timer] = 0;
  dispatch(machine, track ?? machine.primary, events[timer]);
}
