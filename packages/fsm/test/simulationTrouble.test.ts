import { describe, it } from 'vitest';
import type { FsmOptions } from '../src/index.ts';
import { badWeather, calmWeather, type Scenario, type Theme } from './simulation/scenario.ts';
import type { SimulatedSpeaker } from './simulation/simulatedSpeaker.ts';
import { expectLastingSession, forEachSeed, runUntil } from './simulation/story.ts';

/** Only a hold timer finds out about a connection that has died. */
const theme: Theme = { holdTimes: [3, 9, 90] };

/** Starts both, makes `trouble` for one of them several times while the network fails, and then looks on. */
function troubled(
  times: number,
  trouble: (scenario: Scenario, speaker: SimulatedSpeaker, index: 0 | 1) => void,
): (scenario: Scenario) => number {
  return (scenario) => {
    const { speakers, draw, clock, network } = scenario;
    network.weather = draw.chance(0.7) ? badWeather(draw, true) : calmWeather(draw);
    const end = draw.between(1000, 300_000);
    for (const speaker of speakers) {
      clock.schedule(draw.between(0, 5000), () =>
        speaker.receive({ type: 'start', cause: 'manual' }),
      );
    }
    for (let left = times; left > 0; left -= 1) {
      clock.schedule(draw.between(0, end), () => {
        const index = draw.oneOf([0, 1] as const);
        trouble(scenario, speakers[index], index);
      });
    }
    runUntil(scenario, end);
    network.weather = calmWeather(draw);
    return end;
  };
}

describe('a speaker that comes back under another BGP Identifier', () => {
  const crashes = troubled(4, ({ draw }, speaker, index) => {
    const identifiers = index === 0 ? ['10.0.0.1', '223.0.0.1'] : ['11.0.0.1', '222.0.0.1'];
    speaker.crash({ routerId: draw.oneOf(identifiers) });
  });

  it('gets a session again', () => {
    forEachSeed(500, theme, (scenario) => {
      crashes(scenario);
      expectLastingSession(scenario);
    });
  });
});

describe('a speaker whose clock jumps ahead', () => {
  const jumps = troubled(6, ({ draw }, speaker) => {
    speaker.ahead += draw.oneOf([1000, 60_000, 3_600_000, 1e9]);
  });

  it('gets a session again, and keeps it from then on', () => {
    forEachSeed(500, theme, (scenario) => {
      // A jump shows when the next timer fires.
      runUntil(scenario, jumps(scenario) + 120_000);
      expectLastingSession(scenario);
    });
  });
});

describe('a speaker that is told other options while it runs', () => {
  const changes = troubled(6, ({ draw }, speaker, index) => {
    speaker.change(
      draw.oneOf<Partial<FsmOptions>>([
        { holdTime: draw.oneOf([3, 30, 180]) },
        { passive: draw.chance(0.5) },
        { delayOpenTime: draw.oneOf([0, 1]) },
        { profile: draw.oneOf(['classic', 'rfc4271']) },
        { remoteAs: 64999 },
        { routerId: `198.51.100.${index}` },
        { connectRetryTime: 3 },
        { dampPeerOscillations: false },
        { collisionDetectEstablishedState: draw.chance(0.5) },
        { requiredCapabilities: [{ type: 'routeRefresh' }] },
      ]),
    );
  });

  it('gets a session when they are sound again', () => {
    forEachSeed(500, theme, (scenario) => {
      changes(scenario);
      scenario.speakers.forEach((speaker, index) => {
        speaker.change({ requiredCapabilities: [], ...scenario.options[index], passive: false });
      });
      expectLastingSession(scenario);
    });
  });
});
