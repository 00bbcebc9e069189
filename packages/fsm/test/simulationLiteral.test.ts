import { describe, expect, it } from 'vitest';
import type { FsmOptions } from '../src/index.ts';
import { type Habits, LiteralSpeaker } from './simulation/literalSpeaker.ts';
import { badWeather, calmWeather, type Scenario } from './simulation/scenario.ts';
import { Draw, seededRandom } from './simulation/seededRandom.ts';
import { SimulatedClock } from './simulation/simulatedClock.ts';
import { SimulatedNetwork } from './simulation/simulatedNetwork.ts';
import { SimulatedSpeaker } from './simulation/simulatedSpeaker.ts';
import { agree, expectLastingSession, forEachScenario, runUntil } from './simulation/story.ts';
import { gracefulRestart } from './speakers.ts';

type LiteralScenario = Scenario<readonly [SimulatedSpeaker, LiteralSpeaker]>;

function drawHabits(draw: Draw, isDialled: boolean): Habits {
  return {
    second: draw.oneOf(['refuse', 'track', 'replace']),
    afterEstablished: draw.oneOf(['refuse', 'cease']),
    compares: draw.oneOf(['OpenConfirm', 'OpenSent']),
    tellsWhy: draw.chance(0.8),
    insists: draw.chance(0.5),
    passive: isDialled && draw.chance(0.2),
    patience: draw.oneOf([0, 0, 0, 2, 10]),
    sloth: draw.oneOf([0, 0, 0.1, 2, 5]),
    retryTime: draw.oneOf([2, 7, 30]),
    holdTime: draw.oneOf([9, 90]),
  };
}

function drawLiteralScenario(seed: number): LiteralScenario {
  const draw = new Draw(seededRandom(seed));
  const clock = new SimulatedClock();
  const network = new SimulatedNetwork(clock, draw, calmWeather(draw));
  const [ours, theirs] = draw.oneOf([
    ['192.0.2.1', '192.0.2.2'],
    ['200.0.0.1', '9.255.255.255'],
  ] as const);
  const options: FsmOptions = {
    localAs: 65001,
    remoteAs: 65002,
    routerId: ours,
    profile: draw.oneOf(['classic', 'rfc4271']),
    holdTime: draw.oneOf([9, 30, 90]),
    delayOpenTime: draw.oneOf([0, 0, 0, 1, 3]),
    connectRetryTime: draw.oneOf([5, 30]),
    passive: draw.chance(0.2),
    dampPeerOscillations: draw.chance(0.7),
    collisionDetectEstablishedState: draw.chance(0.2),
    capabilities: draw.chance(0.3) ? [gracefulRestart()] : [],
  };
  const habits = drawHabits(draw, options.passive !== true);
  const identity = { identifier: theirs, as: 65002 };
  const speakers = [
    new SimulatedSpeaker('A', options, clock, network, seededRandom(seed + 0.25e9)),
    new LiteralSpeaker('B', identity, habits, clock, network, draw),
  ] as const;
  return { clock, network, speakers, draw, options: [options, habits] };
}

function startBoth({ speakers, draw, clock }: LiteralScenario): void {
  const spread = draw.oneOf([0, 100, 3000]);
  for (const speaker of speakers) {
    clock.schedule(draw.between(0, spread), () =>
      speaker.receive({ type: 'start', cause: 'manual' }),
    );
  }
}

describe('a speaker that was written from the RFC alone', () => {
  it('gets a session with us within two minutes, however it takes collisions', () => {
    forEachScenario(800, drawLiteralScenario, (scenario) => {
      startBoth(scenario);
      expect(runUntil(scenario, 120_000, () => agree(scenario))).toBe(true);
      // It may think itself Established on a connection that is about to lose.
      runUntil(scenario, scenario.clock.now + 120_000);
      expectLastingSession(scenario);
    });
  });

  it('gets it on a network that fails, once it does not any more', () => {
    forEachScenario(800, drawLiteralScenario, (scenario) => {
      const { draw, network, clock } = scenario;
      network.weather = badWeather(draw, true);
      startBoth(scenario);
      runUntil(scenario, draw.between(1000, 300_000));
      network.weather = calmWeather(draw);
      // Its hold timer may have to find out about what has died by then.
      expect(runUntil(scenario, clock.now + 3_600_000, () => agree(scenario))).toBe(true);
      runUntil(scenario, clock.now + 400_000);
      expectLastingSession(scenario);
    });
  });
});
