import { describe, expect, it } from 'vitest';
import { badWeather, calmWeather, type Scenario, type Theme } from './simulation/scenario.ts';
import { agree, expectLastingSession, forEachSeed, runUntil } from './simulation/story.ts';

const startTogether = (scenario: Scenario): void => {
  const { speakers, draw, clock } = scenario;
  const spread = draw.oneOf([0, 1, 100, 2000]);
  for (const speaker of speakers) {
    clock.schedule(draw.between(0, spread), () =>
      speaker.receive({ type: 'start', cause: 'manual' }),
    );
  }
  expect(runUntil(scenario, 60_000, () => agree(scenario))).toBe(true);
  runUntil(scenario, 90_000);
  expect(agree(scenario)).toBe(true);
  expect(speakers.map(({ sessionsLost }) => sessionsLost)).toEqual([0, 0]);
};

describe('two speakers that start within moments of each other, on a network that only delays', () => {
  it('get a session that stays, and lose none on the way', () => {
    forEachSeed(1000, { profiles: ['classic'] }, startTogether);
  });
});

const weatherStorm = (scenario: Scenario): void => {
  const { speakers, draw, clock, network, options } = scenario;
  // Only a hold timer finds out about a connection that has died.
  const isEverDead = options.every((each) => !('holdTime' in each) || each.holdTime !== 0);
  network.weather = badWeather(draw, isEverDead);
  const end = draw.between(1_000, 300_000);
  for (const speaker of speakers) {
    clock.schedule(draw.between(0, 5000), () =>
      speaker.receive({ type: 'start', cause: 'manual' }),
    );
    for (let times = draw.between(0, 4); times > 1; times -= 1) {
      const cause = draw.oneOf(['manual', 'automatic'] as const);
      clock.schedule(draw.between(0, end), () => speaker.receive({ type: 'stop', cause }));
    }
    clock.schedule(draw.between(0, end), () => speaker.receive({ type: 'retryNow' }));
    clock.schedule(end, () => speaker.receive({ type: 'start', cause: 'automatic' }));
  }
  runUntil(scenario, end);
  network.weather = calmWeather(draw);
  expectLastingSession(scenario);
};

describe('two speakers on a network that fails, stopped and started meanwhile', () => {
  it('always get there, and agree on the connection', () => {
    forEachSeed(3000, {}, weatherStorm);
  });
});

/** Seconds from the crash to the next session. */
const outage = (scenario: Scenario): number => {
  const { speakers, draw, clock } = scenario;
  for (const speaker of speakers) speaker.receive({ type: 'start', cause: 'manual' });
  expect(runUntil(scenario, 600_000, () => agree(scenario))).toBe(true);
  runUntil(scenario, clock.now + draw.between(15_000, 60_000));
  const crash = clock.now;
  draw.oneOf(speakers).crash();
  expect(runUntil(scenario, crash + 3_600_000, () => agree(scenario))).toBe(true);
  const seconds = (clock.now - crash) / 1000;
  runUntil(scenario, clock.now + 40_000);
  expect(agree(scenario)).toBe(true);
  return seconds;
};

describe('a speaker that crashes and comes back without the other having noticed', () => {
  it('gets a session again when the hold timer of the other has run out', () => {
    forEachSeed(500, { gracefulRestart: false, holdTimes: [3, 9, 90] }, outage);
  });

  it('gets it at once, where it can dial, when graceful restart was agreed', () => {
    const theme: Theme = { gracefulRestart: true, passive: false, holdTimes: [90] };
    forEachSeed(500, { ...theme, profiles: ['classic'] }, (scenario) => {
      expect(outage(scenario)).toBeLessThan(10);
    });
  });
});
