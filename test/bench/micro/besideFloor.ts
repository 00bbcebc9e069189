import { expect, test } from 'vitest';

/** `small`: to see that all runs and no ratio has run away. */
const isSmall: boolean = process.env['PEERLOOM_BENCH_SIZE'] === 'small';

/** How much work there is to be done where `count` is the full size: in a small run a fiftieth, but not next to nothing. */
export function sized(count: number): number {
  return isSmall ? Math.max(Math.min(count, 5000), Math.ceil(count / 50)) : count;
}

/** A small run is over before all of it is compiled for speed, and may share its processors with other tests. */
const indulgence = isSmall ? 3 : 1;

/** Something that is measured. */
export interface Part {
  readonly name: string;
  /** Returns any number above 0, so that nothing of the work can be left out as unused. Once it runs without `before`. */
  readonly run: () => number;
  /** Made ready before each run; not measured. */
  readonly before?: () => void;
  /** How many floors it may take: some four times what it takes, for busy machines and other processors. */
  readonly below: number;
}

/** Parts that all do something with the same bytes, or the same numbers. */
export interface Work {
  /** What there are `count` of: `message`, `prefix`. */
  readonly unit: string;
  readonly count: number;
  /** What `floor` does. */
  readonly floorName: string;
  /** Goes over the same bytes once, and does nothing else. */
  readonly floor: () => number;
  readonly parts: readonly Part[];
}

/** What the reporter prints, beside the times. */
export type Units = Pick<Work, 'unit' | 'count' | 'floorName'>;

declare module 'vitest' {
  interface TaskMeta {
    units?: Units;
  }
}

/**
 * Measures parts beside a floor. The fastest round of each counts, for that is what the machine can do
 * when nothing else runs; a part that takes more than its bound of floors fails.
 */
export function besideFloor(name: string, prepare: () => Work): void {
  test(name, async ({ bench, task }) => {
    const { unit, count, floorName, floor, parts } = prepare();
    task.meta.units = { unit, count, floorName };
    const result = await bench.compare(
      bench(floorName, counted(floor)),
      ...parts.map(({ name: part, before, run }) =>
        bench(part, before === undefined ? {} : { beforeEach: before }, counted(run)),
      ),
      { time: isSmall ? 50 : 500, iterations: 8, warmupTime: 200, warmupIterations: 3 },
    );
    const fastest = (part: string): number => result.get(part).latency.min;
    for (const part of parts) {
      expect
        .soft(fastest(part.name) / fastest(floorName), part.name)
        .toBeLessThan(part.below * indulgence);
    }
  });
}

function counted(run: () => number): () => void {
  return () => {
    if (!(run() > 0)) throw new Error('nothing was measured');
  };
}
