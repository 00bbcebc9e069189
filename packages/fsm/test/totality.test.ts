import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { type FsmInput, type FsmOutput, PeerFsm } from '../src/index.ts';
import { arbitraryInput, arbitraryOptions } from './arbitraryInput.ts';
import { Invariants } from './invariants.ts';
import { seededRandom } from './simulation/seededRandom.ts';
import { localOptions, peerOpen } from './speakers.ts';
import { TestPeer } from './testPeer.ts';

/** Each input with the milliseconds since the one before. */
const arbitraryStory = fc.array(
  fc.tuple(fc.constantFrom(0, 1, 500, 20_000, 100_000), arbitraryInput),
  { minLength: 1, maxLength: 80 },
);

it('whatever happens in whatever order, the FSM keeps its promises', () => {
  fc.assert(
    fc.property(arbitraryOptions, arbitraryStory, (options, story) => {
      const fsm = new PeerFsm(options, () => 0.5);
      const invariants = new Invariants(fsm);
      let now = 0;
      for (const [pause, input] of story) {
        now += pause;
        invariants.observe(input, fsm.step(now, input));
      }
    }),
    { numRuns: 1500 },
  );
});

/**
 * A peer that knows what is possible and does any of it: every timer that runs may fire, every message
 * may come on a connection that is open. It gets further than sheer chance.
 */
it('whatever a real peer does, the FSM keeps its promises', () => {
  const visited = new Set<string>();
  fc.assert(
    fc.property(
      arbitraryOptions,
      fc.array(fc.nat({ max: 999 }), { minLength: 5, maxLength: 120 }),
      (options, choices) => {
        const peer = new TestPeer(options, seededRandom(choices.length));
        peer.start();
        let connection = 0;
        for (const choice of choices) {
          const acts = possibleActs(peer, () => (connection += 1));
          acts[choice % acts.length]!();
          visited.add(peer.state);
        }
      },
    ),
    { numRuns: 600 },
  );
  expect([...visited].toSorted()).toEqual([
    'Active',
    'Connect',
    'Established',
    'Idle',
    'OpenConfirm',
    'OpenSent',
  ]);
});

/** All that can happen to a peer now, from what it has asked for so far. */
function possibleActs(peer: TestPeer, newConnection: () => number): (() => void)[] {
  const acts: (() => void)[] = [
    () => peer.accepted(newConnection()),
    () => peer.wait(10),
    () => peer.start('automatic'),
  ];
  if (peer.dialInFlight !== undefined) {
    acts.push(
      () => peer.dialConnected(newConnection()),
      () => peer.dialConnected(newConnection()),
      () => peer.dialFailed(),
    );
  }
  for (const { timer, connection } of peer.runningTimers) {
    acts.push(() => peer.fire(timer, connection));
  }
  for (const connection of peer.openConnections) {
    acts.push(
      () => peer.open(connection),
      () => peer.open(connection),
      () => peer.message(connection, 'keepalive'),
      () => peer.message(connection, 'keepalive'),
      () => peer.message(connection, 'update'),
      () => peer.open(connection, { holdTime: 1 }),
      () => peer.notification(connection, 6, 7),
      () => peer.notification(connection, 3, 1),
      () => peer.decodeError(connection, 1, 1),
      () => peer.closed(connection, 'ECONNRESET'),
    );
  }
  return acts;
}

it('the same inputs lead to the same outputs', () => {
  fc.assert(
    fc.property(arbitraryOptions, arbitraryStory, fc.nat(), (options, story, seed) => {
      const run = (): (readonly FsmOutput[])[] => {
        const fsm = new PeerFsm(options, seededRandom(seed));
        let now = 0;
        return story.map(([pause, input]) => fsm.step((now += pause), input));
      };
      expect(run()).toEqual(run());
    }),
    { numRuns: 200 },
  );
});

it('an FSM that is restored goes on as the one that it was taken of', () => {
  fc.assert(
    fc.property(arbitraryOptions, arbitraryStory, fc.nat({ max: 80 }), (options, story, cut) => {
      const original = new PeerFsm(options, () => 0.5);
      let restored: PeerFsm | undefined;
      let now = 0;
      for (const [index, [pause, input]] of story.entries()) {
        now += pause;
        if (index === cut % story.length) {
          restored = PeerFsm.restore(structuredClone(original.checkpoint()), () => 0.5);
        }
        const outputs = original.step(now, input);
        if (restored !== undefined) expect(restored.step(now, input)).toEqual(outputs);
      }
      expect(restored?.checkpoint()).toEqual(original.checkpoint());
    }),
    { numRuns: 200 },
  );
});

it('an FSM does not hold on to what it gave away', () => {
  const fsm = new PeerFsm(localOptions, () => 0);
  const first = fsm.step(0, { type: 'start', cause: 'manual' });
  const copy = structuredClone(first);
  fsm.step(1, { type: 'dialConnected', dial: 1, connection: 1 });
  fsm.step(2, { type: 'message', connection: 1, message: peerOpen() });
  expect(first).toEqual(copy);
});

it('a message that only shows life costs no memory', async () => {
  const peer = new TestPeer();
  peer.establish(1);
  const update: FsmInput = { type: 'message', connection: 1, message: { kind: 'update' } };
  const keepalive: FsmInput = { type: 'message', connection: 1, message: { kind: 'keepalive' } };
  const { fsm } = peer;
  const show = (times: number): void => {
    for (let now = 1; now <= times; now += 1) {
      fsm.step(now, update);
      fsm.step(now, keepalive);
      fsm.noteSent(now, 1);
      fsm.noteTransmitted(now, 1, 0);
    }
  };
  show(100_000);
  let collections = 0;
  const observer = new PerformanceObserver((list) => {
    collections += list.getEntries().length;
  });
  observer.observe({ entryTypes: ['gc'] });
  // An object for each call would be 100 MB and more: half a dozen collections at the least.
  show(1_000_000);
  await new Promise((resolve) => setImmediate(resolve));
  observer.disconnect();
  expect(collections).toBeLessThanOrEqual(2);
  expect(fsm.step(1_000_001, update)).toBe(fsm.step(1_000_002, keepalive));
});
