import { now } from '../measure/clock.ts';
import type { RunContext } from './runContext.ts';

/**
 * Whether every sink holds all routes that it must, and none that were withdrawn; those that it may hold besides do
 * not count. How many paths a sink with ADD-PATH is to get is the device's choice: with these it is never sure.
 */
export function isEverywhere({ memory, oracle }: RunContext, wanted: readonly number[]): boolean {
  return (
    memory.paths.every((paths) => paths === 0) &&
    memory.present.every((held, sink) => held >= wanted[sink]!) &&
    memory.present.every((_, sink) => oracle?.expected.isComplete(sink) !== false)
  );
}

/**
 * Waits until what was sent has had its effect: at the sinks, or else until a device whose process is
 * known has nothing more to do. When nothing new has come for `settle` seconds, nothing will.
 */
export async function waitForEffect(
  run: RunContext,
  began: number,
  arrived: () => boolean,
  timeout: number,
  settle: number,
  done: () => number,
): Promise<{ ended: 'done' | 'settled'; seconds: number } | 'timeout' | 'interrupted'> {
  const { memory, scenario } = run;
  if (memory.sinks.length > 0) {
    let held = -1;
    let changed = now();
    const isOver = (): boolean => {
      const current = [...memory.present, ...memory.paths].reduce(
        (sum, one) => (sum * 31 + one) % 1_000_000_007,
        7,
      );
      if (current !== held) {
        held = current;
        changed = now();
      }
      return arrived() || now() - changed >= settle * 1000;
    };
    const outcome = await run.until(isOver, timeout, done);
    if (outcome !== 'done') return outcome;
    return { ended: arrived() ? 'done' : 'settled', seconds: (changed - began) / 1000 };
  }
  if (scenario.target.pid === undefined) return { ended: 'done', seconds: 0 };
  const outcome = await run.until(() => run.quietSince !== undefined, timeout, done);
  if (outcome !== 'done') return outcome;
  return { ended: 'done', seconds: Math.max(0, run.quietSince! - began) / 1000 };
}
