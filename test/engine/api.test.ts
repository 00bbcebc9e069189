import { getEventListeners, once } from 'node:events';
import { createServer } from 'node:net';
import { createEngine, type EngineEvent } from '@peerloom/supervisor';
import { describe, expect, it, vi } from 'vitest';
import { RawSpeaker } from './rawSpeaker.ts';
import { established, join, neighborOf, ofKind, record, speaker } from './speakers.ts';

vi.setConfig({ testTimeout: 20_000 });

const soon = { timeout: 10_000 };

describe('an engine', () => {
  it('that is told nonsense does not start, and says what is wrong', async () => {
    await expect(createEngine({ routerId: 'nonsense', localAs: 1 })).rejects.toMatchObject({
      code: 'ERR_PEERLOOM_OPTIONS',
      message: 'routerId is "nonsense"; it must be a dotted quad other than 0.0.0.0',
    });
  });

  it('that cannot listen does not start, and leaves nothing behind', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const listen = [
      { address: '127.0.0.1', port: 0 },
      { address: '127.0.0.1', port },
    ];
    await expect(speaker(1, { listen })).rejects.toMatchObject({
      code: 'ERR_PEERLOOM_ADDRESS_IN_USE',
      message: expect.stringContaining(
        `127.0.0.1:${port}: another process listens there`,
      ) as string,
    });
    server.close();
    await expect(
      speaker(1, { listen: [{ address: '192.0.2.99', port: 0 }] }),
    ).rejects.toMatchObject({ code: 'ERR_PEERLOOM_ADDRESS_NOT_AVAILABLE' });
  });

  it('that cannot load its handler does not start', async () => {
    const handler = new URL('./noSuchHandler.js', import.meta.url);
    await expect(speaker(1, { handler })).rejects.toMatchObject({
      code: 'ERR_PEERLOOM_HANDLER',
      message: expect.stringContaining('noSuchHandler.js') as string,
    });
  });

  it('that cannot announce what it should does not start', async () => {
    const options = {
      announce: [{ prefix: '198.51.100.0/24', communities: ['nonsense'] }],
      neighbors: [{ address: '127.0.0.9', remoteAs: 65_009, passive: true }],
    };
    await expect(speaker(1, options)).rejects.toMatchObject({
      code: 'ERR_PEERLOOM_OPTIONS',
      message: expect.stringContaining('nonsense') as string,
    });
  });

  it('closes with its signal, and then refuses to be told more', async () => {
    const aborter = new AbortController();
    const options = { routerId: '192.0.2.1', localAs: 65_001, workers: 0 };
    const engine = await createEngine(options, { signal: aborter.signal });
    const stream = engine.events();
    aborter.abort();
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    await engine.close();
    const neighbor = { address: '127.0.0.9', remoteAs: 1 };
    await expect(engine.addPeer(neighbor)).rejects.toMatchObject({ code: 'ERR_PEERLOOM_CLOSED' });
    await expect(createEngine(options, { signal: aborter.signal })).rejects.toThrow('aborted');
  });

  it('that is closed is not held by a signal that lives on', async () => {
    const { signal } = new AbortController();
    const options = { routerId: '192.0.2.1', localAs: 65_001, workers: 0 };
    const engine = await createEngine(options, { signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await engine.close();
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('tells its own starts from those of an operator', async () => {
    await using engine = await speaker(1);
    const events = record(engine);
    const peer = await engine.addPeer({ address: '127.0.0.9', remoteAs: 65_009, passive: true });
    await peer.shutdown();
    await peer.noShutdown();
    const starts = (): string[] =>
      ofKind(events, 'transition').flatMap(({ from, why }) => (from === 'Idle' ? [why] : []));
    await expect.poll(starts, soon).toEqual(['started by the engine', 'started by an operator']);
  });

  it('tells of what has happened with the time at which it has, in that order', async () => {
    await using engine = await speaker(1);
    const events = record(engine);
    const maximumPrefixes = { limit: 1 };
    const from = '127.0.0.2';
    await engine.addPeer({ address: from, remoteAs: 65_002, passive: true, maximumPrefixes });
    const raw = await RawSpeaker.establish(engine, 65_002, from);
    raw.announce('10.1.0.0/16');
    raw.announce('10.2.0.0/16');
    await expect.poll(() => ofKind(events, 'sessionDown').length, soon).toBe(1);
    const codes = ofKind(events, 'notice').map(({ code }) => code);
    expect(codes).toContain('maximum-prefixes');
    const times = events.flatMap((event) =>
      event.kind === 'notice' || event.kind === 'sessionDown' || event.kind === 'sessionUp'
        ? [event.time]
        : [],
    );
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    raw.socket.destroy();
  });

  it('knows its peers by address, and by both addresses where that is not enough', async () => {
    await using engine = await speaker(1);
    const target = { address: '127.0.0.9', remoteAs: 65_009, passive: true };
    const first = await engine.addPeer({ ...target, sourceAddress: '127.0.0.1' });
    expect(engine.peer('127.0.0.9')).toBe(first);
    const second = await engine.addPeer({ ...target, sourceAddress: '127.0.0.11' });
    expect(engine.peer('127.0.0.9')).toBeUndefined();
    expect(engine.peer('127.0.0.9', '127.0.0.11')).toBe(second);
    await expect(engine.addPeer({ ...target, sourceAddress: '127.0.0.1' })).rejects.toMatchObject({
      code: 'ERR_PEERLOOM_PEER_EXISTS',
    });
    await engine.removePeer(first);
    await expect(engine.removePeer(first)).rejects.toMatchObject({ code: 'ERR_PEERLOOM_NO_PEER' });
    expect(engine.peers).toEqual([second]);
  });

  it('tells each follower what happens, in order, and how much a slow one missed', async () => {
    await using engine = await speaker(1);
    const slow = engine.events({ buffer: 3 });
    const aborter = new AbortController();
    const fast: EngineEvent[] = [];
    const follow = (async () => {
      for await (const event of engine.events({ signal: aborter.signal })) fast.push(event);
    })();
    for (let each = 2; each < 12; each += 1) {
      await engine.addPeer({ address: `127.0.0.${each}`, remoteAs: 65_000, passive: true });
    }
    await expect.poll(() => ofKind(fast, 'peerAdded').length, soon).toBe(10);
    await expect.poll(() => ofKind(fast, 'transition').length, soon).toBe(10);
    aborter.abort();
    await follow;
    const seen = [await slow.next(), await slow.next(), await slow.next()];
    expect(seen.map(({ value }) => value)).toEqual(fast.slice(0, 3));
    expect((await slow.next()).value).toMatchObject({ kind: 'lost', count: 17 });
    expect((await engine.metrics()).supervisor.lost).toBe(17);
  });

  it('writes its events as JSON', async () => {
    await using a = await speaker(1);
    await using b = await speaker(2);
    const events = record(a);
    const [toB] = await join(a, b);
    await established(toB);
    await expect.poll(() => ofKind(events, 'sessionUp').length, soon).toBe(1);
    expect(JSON.parse(JSON.stringify(ofKind(events, 'sessionUp')[0]))).toMatchObject({
      kind: 'sessionUp',
      peer: { address: '127.0.0.2', state: 'Established' },
      session: { id: 1, peer: '127.0.0.2' },
      negotiated: { remoteAs: 65_002 },
    });
  });

  it('keeps its last steps for who wants to know why', async () => {
    await using a = await speaker(1);
    await using b = await speaker(2);
    const [toB] = await join(a, b);
    await established(toB);
    const recording = await toB.flightRecording();
    expect(recording).toMatchObject({ version: 2, dropped: 0 });
    expect(recording.entries.length).toBeGreaterThan(3);
  });

  it('counts what it does', async () => {
    await using a = await speaker(1);
    await using b = await speaker(2);
    const [toB, toA] = await join(a, b, {}, { a: { passive: true } });
    await Promise.all([established(toB), established(toA)]);
    const metrics = await b.metrics();
    expect(metrics).toMatchObject({
      connections: 1,
      supervisor: { dials: 1, dialsConnected: 1, dialsFailed: 0, collisions: 0 },
      workers: [{ peers: 1, established: 1, paused: false }],
    });
    expect(metrics.supervisor.bytesReceived).toBeGreaterThan(50);
    expect(metrics.supervisor.batchesToHosts).toBeGreaterThan(0);
    expect((await a.snapshot()).map(({ state }) => state)).toEqual(['Established']);
  });
});

describe('the sessions of a peer', () => {
  it('are given as they come up, with every UPDATE from the first on', async () => {
    const announce = Array.from({ length: 50 }, (_, each) => ({
      prefix: `10.0.${each}.0/24`,
      multiExitDiscriminator: each,
    }));
    await using a = await speaker(1, { announce });
    await using b = await speaker(2);
    const sessions = b.addPeer(neighborOf(b, a)).then((peer) => peer.sessions());
    await a.addPeer(neighborOf(a, b));
    const seen = new Set<string>();
    for await (const session of await sessions) {
      for await (const update of session.updates()) {
        if (update.kind === 'lost') throw new Error('nothing should be lost');
        for (const nlri of update.message.nlri) if ('prefix' in nlri) seen.add(nlri.prefix);
        if (seen.size === announce.length) break;
      }
      break;
    }
    expect([...seen].toSorted()).toEqual(announce.map(({ prefix }) => prefix).toSorted());
  });

  it('say how many UPDATEs a slow reader missed', async () => {
    await using a = await speaker(1);
    await using b = await speaker(2, { limits: { updateBytes: 4096 } });
    const [toB, toA] = await join(a, b);
    const session = (await toA.sessions().next()).value!;
    await established(toB);
    const updates = session.updates();
    // Each with attributes of its own, so that each is an UPDATE.
    const count = 500;
    const routes = Array.from({ length: count }, (_, each) => ({
      prefix: `10.${each >> 8}.${each & 255}.0/24`,
      multiExitDiscriminator: each,
    }));
    await toB.announce(...routes);
    const received = async (): Promise<number> => (await toA.snapshot()).received.update;
    await expect.poll(received, soon).toBeGreaterThanOrEqual(count);
    await toA.shutdown();
    const total = await received();
    let [seen, lost] = [0, 0];
    for await (const update of updates) {
      if (update.kind === 'update') seen += 1;
      else lost += update.count;
    }
    expect(seen).toBeGreaterThan(10);
    expect(lost).toBeGreaterThan(100);
    expect(seen + lost).toBe(total);
    expect((await b.metrics()).supervisor.lost).toBe(lost);
  });

  it('end with the session, and the session says how', async () => {
    await using a = await speaker(1);
    await using b = await speaker(2);
    const [toB, toA] = await join(a, b);
    const session = await established(toA);
    await established(toB);
    const reading = session.updates();
    const rest = (async () => {
      let count = 0;
      for await (const update of reading) count += update.kind === 'update' ? 1 : 0;
      return count;
    })();
    await a.removePeer(toB, { text: 'moved' });
    expect(await session.closed).toMatchObject({ session: 1, error: { direction: 'received' } });
    expect(session.signal.aborted).toBe(true);
    expect(await rest).toBeGreaterThanOrEqual(0);
    expect((await toA.snapshot()).lastErrorReceived?.name).toContain('Peer De-configured');
  });

  it('end with the peer', async () => {
    await using a = await speaker(1);
    const peer = await a.addPeer({ address: '127.0.0.9', remoteAs: 65_009, passive: true });
    const next = peer.sessions().next();
    await a.removePeer(peer);
    expect(await next).toEqual({ done: true, value: undefined });
  });
});
