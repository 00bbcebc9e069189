import type { FsmTimer } from './timer.ts';

/** For each timer the generation under which it was last armed; 0: it does not run. */
export type TimerGenerations = Record<FsmTimer, number>;

/** None of the timers runs. */
export function noTimers(): TimerGenerations {
  return { connectRetry: 0, idleHold: 0, delayOpen: 0, hold: 0, keepalive: 0, sendHold: 0 };
}
