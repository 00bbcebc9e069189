/** How soon after the first a second SIGINT is the same Ctrl-C: a terminal and `npm start` both deliver it. */
const sameKeystroke = 500;

/** The part of `process` that signals come from. */
export interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM', listener: (signal: 'SIGINT' | 'SIGTERM') => void): unknown;
  off(signal: 'SIGINT' | 'SIGTERM', listener: (signal: 'SIGINT' | 'SIGTERM') => void): unknown;
  exit(status: number): void;
}

/**
 * Waits for SIGINT or SIGTERM. From then on a later one, but not one within half a second, ends the
 * process at once with status 1: an operator who has no patience left for the orderly end.
 *
 * @param over ends the listening, so that signals mean again what they meant before; the promise then stays open
 * @param now milliseconds of a clock that only goes forward
 */
export function untilStopSignal(
  over?: AbortSignal,
  source: SignalSource = process,
  now: () => number = () => performance.now(),
): Promise<'SIGINT' | 'SIGTERM'> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const onSignal = (signal: 'SIGINT' | 'SIGTERM'): void => {
      if (first === undefined) {
        first = now();
        resolve(signal);
      } else if (now() - first >= sameKeystroke) {
        source.exit(1);
      }
    };
    source.on('SIGINT', onSignal);
    source.on('SIGTERM', onSignal);
    over?.addEventListener('abort', () => {
      source.off('SIGINT', onSignal);
      source.off('SIGTERM', onSignal);
    });
  });
}
