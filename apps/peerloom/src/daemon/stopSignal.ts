/** How soon after the first a second SIGINT is the same Ctrl-C: a terminal and `npm start` both deliver it. */
const sameKeystroke = 500;

/**
 * Waits for SIGINT or SIGTERM. From then on a later one, but not one within half a second, ends the
 * process at once: an operator who has no patience left for the orderly end.
 */
export function untilStopSignal(
  now: () => number = () => performance.now(),
): Promise<'SIGINT' | 'SIGTERM'> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const onSignal = (signal: 'SIGINT' | 'SIGTERM'): void => {
      if (first === undefined) {
        first = now();
        resolve(signal);
      } else if (now() - first >= sameKeystroke) {
        process.exit(1);
      }
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  });
}
