import { expect, vi } from 'vitest';
import { drawScenario, type Scenario, type Speaker, type Theme } from './scenario.ts';

/** `PEERLOOM_SEED=17` replays one seed and prints what happened; `PEERLOOM_SEEDS=100000` runs so many of each story. */
const oneSeed = process.env['PEERLOOM_SEED'];
const allSeeds = process.env['PEERLOOM_SEEDS'];

vi.setConfig({ testTimeout: allSeeds === undefined ? 60_000 : 3_600_000 });

/** Two speakers of any kind. */
type AnyScenario = Scenario<readonly [Speaker, Speaker]>;

/** Whether both are Established, and on the same connection. */
export function agree({ speakers: [left, right] }: AnyScenario): boolean {
  return left.pipe !== 0 && left.pipe === right.pipe;
}

/** Runs until `end`, or until `isDone`; tells whether it is. */
export function runUntil(
  { clock }: AnyScenario,
  end: number,
  isDone: () => boolean = () => false,
): boolean {
  while (!isDone()) if (!clock.tick(end)) return isDone();
  return true;
}

/** Both get a session within the hour, and keep it. */
export function expectLastingSession(scenario: AnyScenario): void {
  const { clock, speakers } = scenario;
  expect(runUntil(scenario, clock.now + 3_600_000, () => agree(scenario))).toBe(true);
  const lost = speakers.map(({ sessionsLost }) => sessionsLost);
  runUntil(scenario, clock.now + 40_000);
  expect(agree(scenario)).toBe(true);
  expect(speakers.map(({ sessionsLost }) => sessionsLost)).toEqual(lost);
}

/** Runs a story for each seed; a story that fails is named by its seed, and told again in full. */
export function forEachScenario<S extends AnyScenario>(
  count: number,
  draw: (seed: number) => S,
  story: (scenario: S) => void,
): void {
  const first = oneSeed === undefined ? 1 : Number(oneSeed);
  const last = oneSeed === undefined ? Number(allSeeds ?? count) : first;
  for (let seed = first; seed <= last; seed += 1) {
    const scenario = draw(seed);
    // oxlint-disable-next-line no-console
    if (oneSeed !== undefined) for (const speaker of scenario.speakers) speaker.trace = console.log;
    try {
      story(scenario);
    } catch (error) {
      const options = JSON.stringify(scenario.options);
      throw new Error(`seed ${seed} fails (PEERLOOM_SEED=${seed} replays it): ${options}`, {
        cause: error,
      });
    }
  }
}

/** The same for scenarios of a theme. */
export function forEachSeed(
  count: number,
  theme: Theme,
  story: (scenario: Scenario) => void,
): void {
  forEachScenario(count, (seed) => drawScenario(seed, theme), story);
}
