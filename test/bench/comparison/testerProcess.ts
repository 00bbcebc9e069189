// The load tester in a process of its own, so that its threads and memory are not the watcher's.
// Told a scenario, it says when each phase begins, and at the end what came of it.

import { type LoadResult, runLoad, type Scenario } from '@peerloom/load';

/** What the tester is told. */
export type ToTester =
  | { readonly kind: 'run'; readonly scenario: Scenario }
  | { readonly kind: 'end' };

/** What it says. */
export type FromTester =
  | { readonly kind: 'phase'; readonly number: number; readonly phase: string }
  | { readonly kind: 'result'; readonly result: LoadResult; readonly cpuSeconds: number }
  | { readonly kind: 'failed'; readonly reason: string };

const stop = new AbortController();
const say = (message: FromTester): void => {
  process.send?.(message);
};

process.on('disconnect', () => process.exit(1));
process.on('message', async (message: ToTester) => {
  if (message.kind === 'end') {
    stop.abort();
    return;
  }
  let number = 0;
  try {
    const result = await runLoad(message.scenario, {
      signal: stop.signal,
      onProgress: (progress) => {
        if (progress.number === number) return;
        number = progress.number;
        say({ kind: 'phase', number, phase: progress.phase });
      },
    });
    const { user, system } = process.cpuUsage();
    // The samples are many, and the watcher takes its own.
    say({
      kind: 'result',
      result: { ...result, samples: [] },
      cpuSeconds: (user + system) / 1e6,
    });
  } catch (error) {
    say({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
  process.disconnect();
});
