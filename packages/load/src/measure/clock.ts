import type { Clock } from '@peerloom/actor';

/** Between this thread's `performance.now()` and the system's monotonic clock. */
const offset = Number(process.hrtime.bigint() / 1000n) / 1000 - performance.now();

/** Milliseconds of the monotonic clock that all threads of this machine share. Never goes back. */
export function now(): number {
  return performance.now() + offset;
}

/** That clock, for timers. */
export const monotonicClock: Clock = {
  now,
  schedule: (delay, callback) => setTimeout(callback, delay),
  clear: (handle) => clearTimeout(handle as NodeJS.Timeout),
  yield: (callback) => {
    setImmediate(callback);
  },
};
