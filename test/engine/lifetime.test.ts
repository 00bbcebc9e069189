import type { Engine, PeerloomError } from '@peerloom/supervisor';
import { describe, expect, it, vi } from 'vitest';
import { RawSpeaker } from './rawSpeaker.ts';
import { established, neighborOf, prefixesFrom, speaker } from './speakers.ts';

vi.setConfig({ testTimeout: 20_000 });

const soon = { timeout: 10_000 };

const passive = (number: number): { address: string; remoteAs: number; passive: true } => ({
  address: `127.0.0.${number}`,
  remoteAs: 65_000 + number,
  passive: true,
});

/** The codes of what was refused; `undefined` for what was done. */
async function codesOf(asked: readonly Promise<unknown>[]): Promise<(string | undefined)[]> {
  return (await Promise.allSettled(asked)).map((each) =>
    each.status === 'fulfilled' ? undefined : (each.reason as PeerloomError).code,
  );
}

describe('an engine that closes', () => {
  it('refuses whatever comes after, and says why', async () => {
    const engine = await speaker(1, { neighbors: [passive(9)] });
    const peer = engine.peer('127.0.0.9')!;
    const closing = engine.close();
    const asked = (): Promise<unknown>[] => [
      engine.announce({ prefix: '203.0.113.0/24' }),
      engine.withdraw({ prefix: '203.0.113.0/24' }),
      engine.addPeer(passive(8)),
      engine.updatePeer({ ...passive(9), holdTime: 30 }),
      engine.removePeer(peer),
      engine.apply(engine.options),
      peer.announce({ prefix: '203.0.113.0/24' }),
      peer.shutdown(),
    ];
    const all = Array.from({ length: 8 }, () => 'ERR_PEERLOOM_CLOSED');
    expect(await codesOf(asked())).toEqual(all);
    await closing;
    expect(await codesOf(asked())).toEqual(all);
    expect(await codesOf([peer.snapshot(), peer.flightRecording()])).toEqual([
      'ERR_PEERLOOM_CLOSED',
      'ERR_PEERLOOM_CLOSED',
    ]);
    expect(await engine.snapshot()).toEqual([]);
    for await (const session of peer.sessions()) throw new Error(`session ${session.id}`);
  });

  it('leaves nothing behind of what was under way', async () => {
    const engine = await speaker(1);
    const under = [
      ...[2, 3, 4].map((each) => engine.addPeer(passive(each))),
      engine.apply({
        ...engine.options,
        listen: [{ address: '127.0.0.11', port: 0 }],
        neighbors: [passive(5), passive(6)],
        ranges: [{ prefix: '127.4.0.0/16', remoteAs: 'external' }],
      }),
      engine.addPeer(passive(7)),
    ];
    await engine.close();
    for (const code of await codesOf(under)) {
      expect(code ?? 'ERR_PEERLOOM_CLOSED').toBe('ERR_PEERLOOM_CLOSED');
    }
    expect(engine.addresses).toEqual([]);
    expect(engine.connections()).toEqual([]);
  });
});

describe('a peer that has been removed', () => {
  it('is told nothing more, and says so', async () => {
    await using engine = await speaker(1, { neighbors: [passive(9)] });
    const peer = engine.peer('127.0.0.9')!;
    const asked = [
      engine.removePeer(peer),
      engine.removePeer(peer),
      peer.announce({ prefix: '203.0.113.0/24' }),
      peer.shutdown(),
    ];
    const gone = 'ERR_PEERLOOM_NO_PEER';
    const [removed, ...refused] = await codesOf(asked);
    expect(removed).toBeUndefined();
    expect(refused).toContain(gone);
    expect(
      await codesOf([
        peer.announce({ prefix: '203.0.113.0/24' }),
        peer.withdraw({ prefix: '203.0.113.0/24' }),
        peer.shutdown(),
        peer.noShutdown(),
        peer.snapshot(),
        engine.removePeer(peer),
      ]),
    ).toEqual([gone, gone, gone, gone, gone, gone]);
    for await (const session of peer.sessions()) throw new Error(`session ${session.id}`);
  });
});

describe('changes at the same time', () => {
  it('to one address make one peer of it', async () => {
    await using engine = await speaker(1, {
      ranges: [{ prefix: '127.0.0.0/24', remoteAs: 'external' }],
    });
    await using two = await speaker(2);
    await established(
      await two.addPeer(neighborOf(two, engine, { idleHoldTime: 1, connectRetryTime: 1 })),
    );
    // Both find a neighbour that came from the range, and both have to wait until it is gone.
    const codes = await codesOf([1, 2, 3].map(() => engine.addPeer(passive(2))));
    const exists = 'ERR_PEERLOOM_PEER_EXISTS';
    expect(codes).toHaveLength(3);
    expect(codes.filter((code) => code !== exists)).toEqual([undefined]);
    await established(engine.peer('127.0.0.2')!);
    expect(await engine.snapshot()).toHaveLength(1);
  });

  it('and whole configurations take their turns', async () => {
    await using engine = await speaker(1);
    const states = [[2, 3, 4], [3, 4, 5], [], [2, 5], [4]];
    const base = engine.options;
    const under: Promise<unknown>[] = [];
    for (let round = 0; round < 6; round++) {
      const neighbors = states[round % states.length]!.map(passive);
      under.push(
        engine.addPeer(passive(2)),
        engine.apply({ ...base, neighbors }),
        engine.removePeer('127.0.0.3'),
        engine.addPeer(passive(5)),
        engine.updatePeer({ ...passive(4), description: `round ${round}` }),
      );
    }
    under.push(engine.apply({ ...base, neighbors: [2, 3, 6].map(passive) }));
    const allowed = [undefined, 'ERR_PEERLOOM_NO_PEER', 'ERR_PEERLOOM_PEER_EXISTS'];
    for (const code of await codesOf(under)) expect(allowed).toContain(code);
    const wanted = ['127.0.0.2', '127.0.0.3', '127.0.0.6'];
    expect(engine.peers.map(({ address }) => address).toSorted()).toEqual(wanted);
    // Each has its actor, and none is left of the others.
    const actors = await engine.snapshot();
    expect(actors.map(({ address }) => address).toSorted()).toEqual(wanted);
  });
});

it('a dynamic neighbour that is shut down stays so, though its range is full', async () => {
  await using engine = await speaker(1, {
    ranges: [{ prefix: '127.0.0.0/24', remoteAs: 'external', limit: 1 }],
  });
  const first = await RawSpeaker.establish(engine, 65_002, '127.0.0.2');
  const peer = engine.peer('127.0.0.2')!;
  await peer.shutdown('not this one');
  await expect.poll(() => engine.connections(), soon).toEqual([]);
  await expect(RawSpeaker.establish(engine, 65_003, '127.0.0.3')).rejects.toThrow();
  await expect(RawSpeaker.establish(engine, 65_002, '127.0.0.2')).rejects.toThrow();
  expect(engine.peers).toEqual([peer]);
  first.socket.destroy();
});

/** What a new session of the two brings. */
async function routesOfNewSession(engine: Engine, two: Engine): Promise<string[]> {
  const peer = two.peer(engine.addresses[0]!.address)!;
  await peer.shutdown();
  await peer.noShutdown();
  await established(peer);
  await expect.poll(() => engine.peer('127.0.0.2')?.state, soon).toBe('Established');
  // What is announced to all comes with what the handler has announced, or after it.
  await expect.poll(() => prefixesFrom(peer), soon).toContain('198.51.100.0/24');
  return await prefixesFrom(peer);
}

describe('another handler', () => {
  const announcing = new URL('./handlers/announcing.ts', import.meta.url);
  it('is taken away by a configuration without one, and stays as it was where one does not load', async () => {
    await using engine = await speaker(1, {
      handler: announcing,
      announce: [{ prefix: '198.51.100.0/24' }],
      neighbors: [passive(2)],
    });
    await using two = await speaker(2);
    await two.addPeer(neighborOf(two, engine, { idleHoldTime: 1, connectRetryTime: 1 }));
    expect(await routesOfNewSession(engine, two)).toEqual(['198.51.100.0/24', '203.0.113.0/24']);
    const withHandler = engine.options;
    const handler = new URL('./handlers/noSuchHandler.ts', import.meta.url);
    expect(await codesOf([engine.apply({ ...withHandler, handler })])).toEqual([
      'ERR_PEERLOOM_HANDLER',
    ]);
    expect(engine.options).toBe(withHandler);

    const { handler: _, ...without } = withHandler;
    await engine.apply(without);
    await engine.removePeer('127.0.0.2');
    await engine.addPeer(passive(2));
    expect(await routesOfNewSession(engine, two)).toEqual(['198.51.100.0/24']);
  });
});
