import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine, Peer, Session } from '@peerloom/supervisor';
import { describe, expect, it, vi } from 'vitest';
import { RawSpeaker } from './rawSpeaker.ts';
import { established, ofKind, prefixesFrom, record, speaker } from './speakers.ts';

vi.setConfig({ testTimeout: 60_000 });

const soon = { timeout: 20_000 };
const handler = new URL('./handlers/crashing.ts', import.meta.url);

/** An engine with two workers, three neighbours that live on, and one that will make its worker fail. */
interface Scene extends AsyncDisposable {
  readonly engine: Engine;
  readonly others: Engine;
  readonly culprit: RawSpeaker;
  /** Peers of the engine: the culprit, and one that shares its worker; and two in the other worker. */
  readonly doomed: readonly [Peer, Peer];
  readonly safe: readonly [Peer, Peer];
}

/**
 * `workerRestartTime`: seconds until a worker that has died is replaced; `workerAnswerTime`: seconds until one
 * that does not answer is taken for hung.
 */
async function stage(workerRestartTime = 0.05, workerAnswerTime = 60): Promise<Scene> {
  const engine = await speaker(1, {
    workers: 2,
    handler,
    workerMemory: { maxOldGenerationSizeMb: 96 },
    announce: [{ prefix: '198.51.100.0/24' }],
    limits: { workerRestartTime, workerAnswerTime },
    // Workers take turns: the first and the third neighbour share one.
    neighbors: [2, 3, 4, 5].map((each) => ({
      address: `127.0.0.${each}`,
      remoteAs: 65_000 + each,
      passive: true,
    })),
  });
  const others = await speaker(9, {
    listen: [],
    neighbors: [3, 4, 5].map((each) => ({
      address: '127.0.0.1',
      port: engine.addresses[0]!.port,
      sourceAddress: `127.0.0.${each}`,
      routerId: `192.0.2.${each}`,
      localAs: 65_000 + each,
      remoteAs: 65_001,
      connectRetryTime: 1,
      idleHoldTime: 1,
    })),
  });
  const culprit = await RawSpeaker.establish(engine, 65_002, '127.0.0.2');
  const [first, second, third, fourth] = engine.peers as [Peer, Peer, Peer, Peer];
  await Promise.all(engine.peers.map(established));
  return {
    engine,
    others,
    culprit,
    doomed: [first, third],
    safe: [second, fourth],
    async [Symbol.asyncDispose]() {
      culprit.socket.destroy();
      await Promise.all([others.close(), engine.close()]);
    },
  };
}

const sessionsOf = (peers: readonly Peer[]): (Session | undefined)[] =>
  peers.map(({ session }) => session);

describe('a worker that dies', () => {
  it.for([
    ['of memory', '192.0.2.1/32', /memory/i],
    ['by process.exit', '192.0.2.2/32', /exited with code: 3/],
    ['of an exception', '192.0.2.3/32', /nobody caught me/],
    ['of a rejection', '192.0.2.4/32', /nobody awaited me/],
  ] as const)(
    '%s takes only its own peers down, and they come back',
    async ([, prefix, reason]) => {
      await using scene = await stage();
      const { engine, culprit, doomed, safe } = scene;
      const events = record(engine);
      const before = sessionsOf(safe);
      const lost = doomed.map(({ session }) => session!);

      await doomed[1].announce({ prefix: '203.0.113.0/24' });
      culprit.announce(prefix);
      const ends = await Promise.all(lost.map(({ closed }) => closed));
      for (const end of ends)
        expect(end).toMatchObject({ event: 18, error: { name: 'Worker lost' } });
      await expect.poll(() => culprit.socket.closed, soon).toBe(true);
      expect(ofKind(events, 'workerDown')).toMatchObject([
        { worker: 0, peers: 2, reason: expect.stringMatching(reason) as string },
      ]);

      // The neighbour that shared the worker is back, with what is announced to all and to it alone.
      const back = await established(doomed[1]);
      expect(back.id).toBeGreaterThan(lost[1]!.id);
      expect(ofKind(events, 'workerUp')).toMatchObject([{ worker: 0, peers: 2 }]);
      const uplink = scene.others.peer('127.0.0.1', '127.0.0.4')!;
      await expect
        .poll(() => prefixesFrom(uplink), soon)
        .toEqual(['198.51.100.0/24', '203.0.113.0/24']);

      // The culprit may try again.
      const again = await RawSpeaker.establish(engine, 65_002, '127.0.0.2');
      again.socket.destroy();

      // The others never noticed.
      expect(sessionsOf(safe)).toEqual(before);
      expect(
        (await Promise.all(safe.map((peer) => peer.snapshot()))).map(({ flaps }) => flaps),
      ).toEqual([0, 0]);
      expect((await engine.metrics()).supervisor.workerDeaths).toBe(1);
    },
  );

  it('is not offered again what was refused, and gets what that would have replaced', async () => {
    await using scene = await stage();
    const { engine, culprit, doomed, others } = scene;
    const good = { prefix: '203.0.113.0/24', communities: ['65001:1'] };
    await engine.announce(good);
    const bad = { ...good, communities: ['nonsense'] };
    for (const target of [engine, doomed[1]]) {
      expect(await target.announce(bad)).toMatchObject({ accepted: 0, rejected: 1 });
    }
    const { closed } = doomed[1].session!;
    culprit.announce('192.0.2.2/32');
    await closed;
    await established(doomed[1]);
    const uplink = others.peer('127.0.0.1', '127.0.0.4')!;
    await expect
      .poll(() => prefixesFrom(uplink), soon)
      .toEqual(['198.51.100.0/24', '203.0.113.0/24']);
  });

  it('leaves its peers in sight, Idle for that reason, while it is being replaced', async () => {
    await using scene = await stage(60);
    const { engine, culprit, doomed, safe } = scene;
    const { closed } = doomed[1].session!;
    culprit.announce('192.0.2.2/32');
    await closed;
    const snapshots = new Map((await engine.snapshot()).map((each) => [each.address, each]));
    expect(snapshots.size).toBe(4);
    for (const { address } of safe) expect(snapshots.get(address)!.state).toBe('Established');
    for (const peer of doomed) {
      const snapshot = snapshots.get(peer.address)!;
      expect(snapshot).toMatchObject({
        state: 'Idle',
        remoteAs: peer.options.remoteAs,
        shutdown: false,
        stuckReason: { code: 'worker', text: 'its worker is being replaced' },
      });
      expect(Date.now() - snapshot.stateSince).toBeLessThan(60_000);
      expect(await peer.snapshot()).toEqual(snapshot);
    }
  });

  it('is asked in vain while it is being replaced, and nothing hangs', async () => {
    await using scene = await stage();
    const { engine, culprit, doomed } = scene;
    const { closed } = doomed[1].session!;
    culprit.announce('192.0.2.2/32');
    const routes = async (): Promise<void> => {
      for await (const route of doomed[1].routes({ direction: 'received' })) void route;
    };
    const answers = await Promise.allSettled(Array.from({ length: 20 }, routes));
    for (const answer of answers) {
      if (answer.status === 'rejected') {
        expect(answer.reason).toMatchObject({ code: 'ERR_PEERLOOM_WORKER' });
      }
    }
    await closed;
    await established(doomed[1]);
    expect((await doomed[1].snapshot()).state).toBe('Established');
    await engine.close();
  });
});

describe('a worker that hangs', () => {
  it('is replaced, and holds up what is announced to the peers of others no longer than that takes', async () => {
    await using scene = await stage(0.05, 2);
    const { engine, others, culprit, doomed, safe } = scene;
    const events = record(engine);
    const before = sessionsOf(safe);
    const { closed } = doomed[1].session!;
    await doomed[1].announce({ prefix: '203.0.113.0/24' });
    culprit.announce('192.0.2.6/32');
    // The handler has it when its worker answers nothing any more.
    const answers = (): Promise<boolean> =>
      Promise.race([doomed[1].snapshot().then(() => true), sleep(200, false)]);
    await expect.poll(answers, soon).toBe(false);

    // One waits for the other; neither knows of the worker.
    const announced = engine.announce({ prefix: '192.0.2.128/25' });
    const withdrawn = engine.withdraw({ prefix: '198.51.100.0/24' });
    expect(await announced).toMatchObject({ rejected: 0, errors: [] });
    expect(await withdrawn).toMatchObject({ rejected: 0, errors: [] });
    const told = (address: string): Promise<string[]> =>
      prefixesFrom(others.peer('127.0.0.1', address)!);
    for (const address of ['127.0.0.3', '127.0.0.5']) {
      await expect.poll(() => told(address), soon).toEqual(['192.0.2.128/25']);
    }
    expect(await closed).toMatchObject({ event: 18, error: { name: 'Worker lost' } });
    expect(ofKind(events, 'workerDown')).toMatchObject([
      { worker: 0, reason: expect.stringMatching(/answered nothing for 2 s/) as string },
    ]);
    await established(doomed[1]);
    await expect.poll(() => told('127.0.0.4'), soon).toEqual(['192.0.2.128/25', '203.0.113.0/24']);
    expect(sessionsOf(safe)).toEqual(before);
    expect((await engine.metrics()).supervisor.workerDeaths).toBe(1);
  });
});

it('a handler that throws ends the session that it was called for, and no other', async () => {
  await using scene = await stage();
  const { engine, culprit, doomed, safe } = scene;
  const before = sessionsOf([doomed[1], ...safe]);
  culprit.announce('192.0.2.5/32');
  await expect.poll(() => culprit.notification, soon).toMatchObject({ code: 6, subcode: 8 });
  expect(sessionsOf([doomed[1], ...safe])).toEqual(before);
  expect((await doomed[0].snapshot()).handlerErrors).toBe(1);
  expect((await engine.metrics()).supervisor.workerDeaths).toBe(0);
});
