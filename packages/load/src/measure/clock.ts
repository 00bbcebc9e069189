import type { Clock } from '@peerloom/actor';

/** Readings from which the best is taken. */
const readings = 16;

/**
 * What one clock is ahead of another, both in milliseconds. On a busy machine the thread may be interrupted for
 * milliseconds between the two, so the reading that took least time counts; it is off by half of that at the most.
 */
export function offsetBetween(clock: () => number, other: () => number): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (let reading = 0; reading < readings; reading++) {
    const before = other();
    const time = clock();
    const after = other();
    if (after - before >= least) continue;
    least = after - before;
    best = time - (before + after) / 2;
  }
  return best;
}

/** Between this thread's `performance.now()` and the system's monotonic clock. */
const offset = offsetBetween(
  () => Number(process.hrtime.bigint() / 1000n) / 1000,
  () => performance.now(),
);

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
