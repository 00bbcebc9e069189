import type { Capability } from '@peerloom/wire';
import type { FsmOptions, FsmProfile } from '../../src/index.ts';
import { gracefulRestart } from '../speakers.ts';
import { Draw, seededRandom } from './seededRandom.ts';
import { SimulatedClock } from './simulatedClock.ts';
import { type Host, SimulatedNetwork, type Weather } from './simulatedNetwork.ts';
import { SimulatedSpeaker } from './simulatedSpeaker.ts';

/** What a story asks of those who take part in it. */
export interface Speaker extends Host {
  /** What both ends call the connection of the session; 0 without a session, or when it only seems to be there. */
  readonly pipe: number;
  /** Sessions that have ended. */
  readonly sessionsLost: number;
  /** Told of everything that happens, for whoever reads a failure. */
  trace: ((line: string) => void) | undefined;
}

/** Two speakers and the network between them, all drawn from one seed. */
export interface Scenario<
  Speakers extends readonly [Speaker, Speaker] = readonly [SimulatedSpeaker, SimulatedSpeaker],
> {
  readonly clock: SimulatedClock;
  readonly network: SimulatedNetwork;
  readonly speakers: Speakers;
  readonly draw: Draw;
  /** Of what the two are made, for the message of a failure. */
  readonly options: readonly [FsmOptions, object];
}

/** A network that delays, and does nothing worse. */
export function calmWeather(draw: Draw): Weather {
  const least = draw.between(0, 40);
  return {
    latency: [least, least + draw.between(0, 200)],
    handover: [0, draw.oneOf([0, 1, 30, 150])],
    refusal: 0,
    silence: 0,
    reset: 0,
    death: 0,
    hastyClose: 0,
    halfOpen: 0,
    lateNews: [0, 0],
  };
}

/** A network that does everything worse, now and then. */
export function badWeather(draw: Draw, isEverDead: boolean): Weather {
  return {
    ...calmWeather(draw),
    refusal: draw.between(0, 0.4),
    silence: draw.between(0, 0.3),
    reset: draw.between(0, 0.6),
    death: isEverDead ? draw.between(0, 0.3) : 0,
    hastyClose: draw.between(0, 0.5),
    halfOpen: isEverDead ? draw.between(0, 0.3) : 0,
    lateNews: [0, draw.oneOf([0, 100, 5000, 60_000])],
  };
}

function speaker(localAs: number, remoteAs: number, routerId: string): FsmOptions {
  return { localAs, remoteAs, routerId };
}

/** Identity of the two: the identifiers either way round, the same with different AS, and internal. */
function identities(draw: Draw): [FsmOptions, FsmOptions] {
  return draw.oneOf([
    () => [speaker(65001, 65002, '192.0.2.1'), speaker(65002, 65001, '192.0.2.2')],
    () => [speaker(65001, 65002, '200.0.0.1'), speaker(65002, 65001, '9.255.255.255')],
    () => [speaker(65001, 4_200_000_000, '192.0.2.7'), speaker(4_200_000_000, 65001, '192.0.2.7')],
    () => [speaker(65001, 65001, '192.0.2.1'), speaker(65001, 65001, '192.0.2.2')],
  ] satisfies (() => [FsmOptions, FsmOptions])[])();
}

/** All that two speakers may be told, but nothing that would keep them apart for ever. */
function temperament(draw: Draw, profile: FsmProfile, holdTime: number): Partial<FsmOptions> {
  return {
    profile,
    holdTime,
    delayOpenTime: draw.oneOf([0, 0, 0, 0.1, 3]),
    connectRetryTime: draw.oneOf([5, 30]),
    dampPeerOscillations: draw.chance(0.7),
    idleHoldTime: 60,
    idleHoldTimeMaximum: 240,
    stableTime: 60,
    collisionDetectEstablishedState: draw.chance(0.2),
    sendNotificationWithoutOpen: draw.chance(0.5),
  };
}

/** What a scenario is about. */
export interface Theme {
  readonly profiles?: readonly FsmProfile[];
  /** Whether one of the two may be passive. */
  readonly passive?: boolean;
  readonly gracefulRestart?: boolean;
  readonly holdTimes?: readonly number[];
}

export function drawScenario(seed: number, theme: Theme): Scenario {
  const draw = new Draw(seededRandom(seed));
  const clock = new SimulatedClock();
  const network = new SimulatedNetwork(clock, draw, calmWeather(draw));
  const profiles = theme.profiles ?? ['classic', 'rfc4271'];
  const notification = draw.chance(0.5);
  const passiveOne = (theme.passive ?? true) && draw.chance(0.3) ? draw.oneOf([0, 1]) : -1;
  const options = identities(draw).map((identity, index): FsmOptions => {
    // 4-octet AS numbers need their capability, or the other side sees AS_TRANS.
    const fourOctetAs: Capability = { type: 'fourOctetAs', as: identity.localAs };
    const restarts = theme.gracefulRestart ?? draw.chance(0.3);
    // After a restart the R bit stands in both OPENs of a collision.
    const restart = gracefulRestart({ notification, restarting: draw.chance(0.3) });
    const holdTime = draw.oneOf(theme.holdTimes ?? [0, 3, 9, 90]);
    return {
      ...identity,
      ...temperament(draw, draw.oneOf(profiles), holdTime),
      passive: index === passiveOne,
      capabilities: restarts ? [fourOctetAs, restart] : [fourOctetAs],
    };
  }) as [FsmOptions, FsmOptions];
  const [left, right] = options;
  const newSpeaker = (name: string, its: FsmOptions, ownSeed: number): SimulatedSpeaker =>
    new SimulatedSpeaker(name, its, clock, network, seededRandom(ownSeed));
  const speakers = [
    newSpeaker('A', left, seed + 0.25e9),
    newSpeaker('B', right, seed + 0.5e9),
  ] as const;
  return { clock, network, speakers, draw, options };
}
