/** How soon after the first a second SIGINT is the same Ctrl-C: a terminal and `npm start` both deliver it. */
const sameKeystroke = 500;

/** What ends a command; SIGHUP, which a daemon takes for a request to reload, only where nothing is reloaded. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** The part of `process` that signals come from. */
export interface SignalSource {
  on(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
  off(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
  exit(status: number): void;
}

/**
 * Waits for one of the signals. From then on a later one, but not one within half a second, ends the
 * process at once with status 1: an operator who has no patience left for the orderly end.
 *
 * @param over ends the listening, so that signals mean again what they meant before; the promise then stays open
 * @param now milliseconds of a clock that only goes forward
 */
export function untilStopSignal(
  over?: AbortSignal,
  signals: readonly StopSignal[] = ['SIGINT', 'SIGTERM'],
  source: SignalSource = process,
  now: () => number = () => performance.now(),
): Promise<StopSignal> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const onSignal = (signal: StopSignal): void => {
      if (first === undefined) {
        first = now();
        resolve(signal);
      } else if (now() - first >= sameKeystroke) {
        source.exit(1);
      }
    };
    for (const signal of signals) source.on(signal, onSignal);
    over?.addEventListener('abort', () => {
      for (const signal of signals) source.off(signal, onSignal);
    });
  });
}
