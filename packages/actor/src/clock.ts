import { stampClock } from '@peerloom/ipc';

/** What a host needs of time. Injected, so that tests turn the hands themselves. */
export interface Clock {
  /** Milliseconds since the UNIX epoch, never going back; the clock that stamps batches too. */
  now(): number;
  /** Calls back once, `delay` milliseconds from now or a little later. Returns what `clear` takes. */
  schedule(delay: number, callback: () => void): unknown;
  clear(handle: unknown): void;
  /** Calls back as soon as whatever else is due (arriving messages, timers) has had its turn. */
  yield(callback: () => void): void;
}

/** The real one. */
export const systemClock: Clock = {
  now: stampClock,
  schedule: (delay, callback) => setTimeout(callback, delay),
  clear: (handle) => clearTimeout(handle as NodeJS.Timeout),
  yield: (callback) => {
    setImmediate(callback);
  },
};
