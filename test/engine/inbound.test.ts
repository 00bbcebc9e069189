import { connect, type Socket } from 'node:net';
import type { Engine } from '@peerloom/supervisor';
import { describe, expect, it, vi } from 'vitest';
import { established, neighborOf, ofKind, record, speaker } from './speakers.ts';

vi.setConfig({ testTimeout: 20_000 });

const soon = { timeout: 10_000 };

/** Opens a TCP connection to an engine from a loopback address. */
function caller(engine: Engine, localAddress: string): Socket {
  const { address, port } = engine.addresses[0]!;
  const socket = connect({ host: address, port, localAddress });
  socket.on('error', () => {});
  return socket;
}

const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => socket.once('close', () => resolve()));

async function refusals(engine: Engine): Promise<Record<string, number>> {
  const { connectionsRefused } = (await engine.metrics()).supervisor;
  return Object.fromEntries(Object.entries(connectionsRefused).filter(([, count]) => count > 0));
}

describe('an inbound connection', () => {
  it('from nobody we know is closed, counted and reported', async () => {
    await using engine = await speaker(1, {
      neighbors: [{ address: '127.0.0.9', remoteAs: 65_009, sourceAddress: '127.0.0.8' }],
    });
    const events = record(engine);
    await closed(caller(engine, '127.0.0.7'));
    await closed(caller(engine, '127.0.0.9'));
    await expect.poll(() => refusals(engine), soon).toEqual({ noNeighbor: 2 });
    expect(engine.connections()).toEqual([]);
    // What came after the first is told together, now that it ends at the latest.
    await engine.close();
    await expect.poll(() => ofKind(events, 'refused'), soon).toHaveLength(2);
    expect(ofKind(events, 'refused')).toMatchObject([
      {
        reason: 'noNeighbor',
        count: 1,
        text: expect.stringContaining('127.0.0.7 is no neighbour and in no range') as string,
        ends: { remoteAddress: '127.0.0.7', localAddress: '127.0.0.1' },
      },
      {
        reason: 'noNeighbor',
        text: expect.stringContaining(
          'neighbour 127.0.0.9 has sourceAddress 127.0.0.8 and connected to 127.0.0.1',
        ) as string,
        count: 1,
        ends: { remoteAddress: '127.0.0.9' },
      },
    ]);
  });

  it('from a neighbour that is shut down is refused', async () => {
    await using engine = await speaker(1, {
      neighbors: [{ address: '127.0.0.2', remoteAs: 65_002, shutdown: 'not yet', passive: true }],
    });
    await closed(caller(engine, '127.0.0.2'));
    await expect.poll(() => refusals(engine), soon).toEqual({ shutdown: 1 });
  });

  it('from a neighbour that has too many already is refused', async () => {
    await using engine = await speaker(1, {
      neighbors: [{ address: '127.0.0.2', remoteAs: 65_002, passive: true }],
      limits: { connectionsPerPeer: 2 },
    });
    const callers = Array.from({ length: 5 }, () => caller(engine, '127.0.0.2'));
    await expect.poll(() => refusals(engine), soon).toMatchObject({ tooMany: expect.any(Number) });
    expect(engine.connections().length).toBeLessThanOrEqual(2);
    for (const socket of callers) socket.destroy();
  });

  it('is refused while too many are not Established, and taken again after', async () => {
    await using engine = await speaker(1, {
      ranges: [{ prefix: '127.3.0.0/16', remoteAs: 'external' }],
      limits: { pendingConnections: 3 },
    });
    const callers = [1, 2, 3].map((each) => caller(engine, `127.3.0.${each}`));
    await expect.poll(async () => (await engine.metrics()).pendingConnections, soon).toBe(3);
    await closed(caller(engine, '127.3.0.4'));
    expect(await refusals(engine)).toEqual({ tooMany: 1 });
    callers[0]!.destroy();
    await expect.poll(async () => (await engine.metrics()).pendingConnections, soon).toBe(2);
    const last = caller(engine, '127.3.0.5');
    await expect.poll(async () => (await engine.metrics()).pendingConnections, soon).toBe(3);
    for (const socket of [...callers, last]) socket.destroy();
  });

  it('is refused by the thousand while sessions stay up', async () => {
    await using engine = await speaker(1);
    await using other = await speaker(2);
    const peer = await engine.addPeer(neighborOf(engine, other, { passive: true }));
    await other.addPeer(neighborOf(other, engine));
    const session = await established(peer);
    const events = record(engine);
    const count = 3000;
    let next = 0;
    const callInTurn = async (): Promise<void> => {
      while (next < count) {
        const index = next++;
        await closed(caller(engine, `127.9.${index >> 8}.${index & 255}`));
      }
    };
    await Promise.all(Array.from({ length: 50 }, callInTurn));
    await expect.poll(() => refusals(engine), soon).toEqual({ noNeighbor: count });
    expect(peer.session).toBe(session);
    expect(engine.connections()).toHaveLength(1);
    // The first, and what was gathered since: one for each ten seconds that it took.
    expect(ofKind(events, 'refused').length).toBeLessThan(20);
    await engine.close();
    const told = (): number => ofKind(events, 'refused').reduce((sum, each) => sum + each.count, 0);
    await expect.poll(told, soon).toBe(count);
  });
});

describe('a range', () => {
  it('tells of connections without a session by their number', async () => {
    await using engine = await speaker(1, {
      ranges: [{ prefix: '127.3.0.0/16', remoteAs: 'external' }],
    });
    const events = record(engine);
    for (let each = 1; each <= 20; each++) {
      const socket = caller(engine, `127.3.0.${each}`);
      socket.resume().end(Buffer.alloc(19));
      await closed(socket);
    }
    await expect.poll(() => engine.connections(), soon).toEqual([]);
    await engine.close();
    for (const code of ['connection-without-session', 'fault']) {
      const told = (): number[] =>
        ofKind(events, 'notice')
          .filter((notice) => notice.code === code)
          .map(({ details }) => (details as { readonly count: number }).count);
      await expect.poll(() => told().reduce((sum, count) => sum + count, 0), soon).toBe(20);
      expect(told().length).toBeLessThan(10);
    }
  });

  it('makes a peer of each neighbour that connects, up to its limit', async () => {
    await using engine = await speaker(1, {
      ranges: [{ prefix: '127.0.0.0/24', remoteAs: 'external', limit: 2, description: 'lab' }],
    });
    const events = record(engine);
    await using two = await speaker(2);
    await using three = await speaker(3);
    const uplinks = await Promise.all(
      [two, three].map((each) => each.addPeer(neighborOf(each, engine))),
    );
    await Promise.all(uplinks.map(established));
    expect(engine.peers.map(({ address }) => address).toSorted()).toEqual([
      '127.0.0.2',
      '127.0.0.3',
    ]);
    expect(engine.peer('127.0.0.2')).toMatchObject({
      dynamic: true,
      options: { description: 'lab', passive: true, dynamic: true },
    });
    await closed(caller(engine, '127.0.0.4'));
    expect(await refusals(engine)).toEqual({ rangeFull: 1 });
    expect(ofKind(events, 'peerAdded')).toHaveLength(2);
  });

  it('forgets a peer some time after its session is gone, and takes it back', async () => {
    await using engine = await speaker(1, {
      ranges: [{ prefix: '127.0.0.0/24', remoteAs: 'external' }],
      limits: { dynamicPeerTime: 0.2 },
    });
    await using two = await speaker(2);
    const uplink = await two.addPeer(neighborOf(two, engine));
    await established(uplink);
    const first = engine.peer('127.0.0.2')!;
    await two.removePeer(uplink);
    await expect.poll(() => engine.peers, soon).toEqual([]);
    await established(await two.addPeer(neighborOf(two, engine)));
    expect(engine.peer('127.0.0.2')!.id).toBeGreaterThan(first.id);
    await expect(first.snapshot()).rejects.toMatchObject({ code: 'ERR_PEERLOOM_NO_PEER' });
  });

  it('makes room by forgetting those that are gone', async () => {
    await using engine = await speaker(1, {
      ranges: [{ prefix: '127.3.0.0/16', remoteAs: 'external', limit: 1 }],
    });
    const first = caller(engine, '127.3.0.1');
    await expect.poll(() => engine.peers.length, soon).toBe(1);
    first.destroy();
    await expect.poll(() => engine.connections(), soon).toEqual([]);
    const second = caller(engine, '127.3.0.2');
    await expect.poll(() => engine.peer('127.3.0.2'), soon).toBeDefined();
    expect(engine.peer('127.3.0.1')).toBeUndefined();
    second.destroy();
  });

  it('gives way to the same neighbour when it is listed', async () => {
    await using engine = await speaker(1, {
      ranges: [{ prefix: '127.0.0.0/24', remoteAs: 'external' }],
    });
    await using two = await speaker(2);
    const uplink = await two.addPeer(
      neighborOf(two, engine, { idleHoldTime: 1, connectRetryTime: 1 }),
    );
    await established(uplink);
    const dynamic = engine.peer('127.0.0.2')!;
    const listed = await engine.addPeer({ address: '127.0.0.2', remoteAs: 65_002, passive: true });
    expect(engine.peers).toEqual([listed]);
    expect(listed.dynamic).toBe(false);
    await established(listed);
    expect(listed.id).not.toBe(dynamic.id);
  });

  it('asks its neighbours for its password', async () => {
    await using engine = await speaker(1, {
      ranges: [{ prefix: '127.0.0.0/24', remoteAs: 'external', password: 'shared' }],
    });
    await using two = await speaker(2);
    await established(await two.addPeer(neighborOf(two, engine, { password: 'shared' })));
  });
});
