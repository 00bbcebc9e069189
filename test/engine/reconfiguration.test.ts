import { readFileSync } from 'node:fs';
import type { EngineOptions, NeighborOptions } from '@peerloom/supervisor';
import { describe, expect, it, vi } from 'vitest';
import { established, neighborOf, ofKind, prefixesFrom, record, speaker } from './speakers.ts';

vi.setConfig({ testTimeout: 30_000 });

const soon = { timeout: 10_000 };
const quick = { connectRetryTime: 1, idleHoldTime: 1 };

describe('a configuration that is applied', () => {
  it('touches only the peers that differ', async () => {
    await using a = await speaker(1, { listen: [{ address: '127.0.0.1', port: 0 }] });
    await using b = await speaker(2);
    await using c = await speaker(3);
    await using d = await speaker(4);
    const base: EngineOptions = {
      ...a.options,
      neighbors: [b, c].map((each) => neighborOf(a, each, { passive: true })),
    };
    for (const each of [b, c, d]) await each.addPeer(neighborOf(each, a, quick));
    const first = await a.apply(base);
    expect(first).toMatchObject({ added: [{ address: '127.0.0.2' }, { address: '127.0.0.3' }] });
    const [toB, toC] = await Promise.all(
      ['127.0.0.2', '127.0.0.3'].map(async (address) => {
        const peer = a.peer(address)!;
        return { peer, session: await established(peer) };
      }),
    );
    const events = record(a);

    // b stays as it is, c gets another description, d is new.
    const [forB, forC] = base.neighbors as [NeighborOptions, NeighborOptions];
    const second = await a.apply({
      ...base,
      neighbors: [
        forB,
        { ...forC, description: 'renamed' },
        neighborOf(a, d, { passive: true, ...quick }),
      ],
      workers: 7,
    });
    expect(second).toMatchObject({
      added: [{ address: '127.0.0.4' }],
      removed: [],
      kept: [{ address: '127.0.0.3' }],
      reset: [],
      ignored: ['workers'],
    });
    await established(a.peer('127.0.0.4')!);
    expect(toC!.peer.session).toBe(toC!.session);
    expect((await toC!.peer.snapshot()).description).toBe('renamed');

    // c is gone, d gets another hold time: that takes a new session.
    const forD = neighborOf(a, d, { passive: true, ...quick });
    const third = await a.apply({
      ...a.options,
      neighbors: [forB, { ...forD, holdTime: 30 }],
    });
    expect(third).toMatchObject({ added: [], removed: [{ address: '127.0.0.3' }] });
    expect(await toC!.session.closed).toMatchObject({ session: 1 });
    await expect.poll(() => a.peer('127.0.0.4')!.session?.negotiated.holdTime, soon).toBe(30);

    expect(toB!.peer.session).toBe(toB!.session);
    expect(ofKind(events, 'sessionDown').map(({ peer }) => peer.address)).not.toContain(
      '127.0.0.2',
    );
  });

  it('announces and withdraws what has changed', async () => {
    await using a = await speaker(1, { announce: [{ prefix: '198.51.100.0/24' }] });
    await using b = await speaker(2);
    await a.addPeer(neighborOf(a, b));
    const uplink = await b.addPeer(neighborOf(b, a));
    await expect.poll(() => prefixesFrom(uplink), soon).toEqual(['198.51.100.0/24']);
    const neighbors = [neighborOf(a, b)];
    const announce = [
      { prefix: '203.0.113.0/24' },
      { prefix: '203.0.113.0/24', nextHop: 'nowhere' },
    ];
    const { announced } = await a.apply({ ...a.options, neighbors, announce });
    expect(announced).toMatchObject({ rejected: 1, errors: [expect.stringContaining('nowhere')] });
    await expect.poll(() => prefixesFrom(uplink), soon).toEqual(['203.0.113.0/24']);
    expect(uplink.session?.id).toBe(1);
  });

  it('opens and closes listeners, and keeps the sessions that came through them', async () => {
    await using a = await speaker(1);
    await using b = await speaker(2);
    const toB = await a.addPeer(neighborOf(a, b, { passive: true }));
    await b.addPeer(neighborOf(b, a));
    const session = await established(toB);
    const neighbors = [neighborOf(a, b, { passive: true })];
    await a.apply({ ...a.options, neighbors, listen: [{ address: '127.0.0.11', port: 0 }] });
    expect(a.addresses.map(({ address }) => address)).toEqual(['127.0.0.11']);
    expect(toB.session).toBe(session);
  });

  it('that is wrong, or cannot be listened on, changes nothing', async () => {
    await using a = await speaker(1);
    await using b = await speaker(2);
    const toB = await a.addPeer(neighborOf(a, b));
    await b.addPeer(neighborOf(b, a));
    const session = await established(toB);
    const before = a.options;
    await expect(a.apply({ ...before, neighbors: [{ address: 'x' }] })).rejects.toMatchObject({
      code: 'ERR_PEERLOOM_OPTIONS',
    });
    const { port } = b.addresses[0]!;
    const listen = [
      { address: '127.0.0.11', port: 0 },
      { address: '127.0.0.2', port },
    ];
    await expect(a.apply({ ...before, neighbors: [], listen })).rejects.toMatchObject({
      code: 'ERR_PEERLOOM_ADDRESS_IN_USE',
    });
    expect(a.options).toBe(before);
    expect(a.addresses).toHaveLength(1);
    expect(toB.session).toBe(session);
  });

  it('that the system refuses changes nothing', async () => {
    await using a = await speaker(1);
    await using b = await speaker(2);
    const forB = neighborOf(a, b);
    await a.apply({ ...a.options, neighbors: [forB] });
    await b.addPeer(neighborOf(b, a));
    const session = await established(a.peer('127.0.0.2')!);
    const before = a.options;
    // More MD5 keys than the kernel has room for on one listener: each takes more than 100 octets.
    const room = Number(readFileSync('/proc/sys/net/core/optmem_max', 'utf8')) / 100;
    const neighbors = Array.from({ length: Math.ceil(room) }, (_, each) => ({
      address: `127.8.${each >> 8}.${each & 255}`,
      remoteAs: 65_008,
      password: 'secret',
      passive: true,
    }));
    await expect(a.apply({ ...before, neighbors })).rejects.toMatchObject({
      code: 'ERR_PEERLOOM_SOCKET_OPTION',
      message: expect.stringContaining('net.core.optmem_max') as string,
    });
    expect(a.options).toBe(before);
    expect(a.peers.map(({ address }) => address)).toEqual(['127.0.0.2']);
    expect(a.peer('127.0.0.2')!.session).toBe(session);
    // Nothing of it is left on the listener: there is room for other keys.
    await a.addPeer({ address: '127.8.9.9', remoteAs: 65_008, password: 'secret', passive: true });
  });

  it('says which peers it has shut down, and which it has started', async () => {
    await using a = await speaker(1);
    await using b = await speaker(2);
    const forB = neighborOf(a, b, { passive: true });
    await a.apply({ ...a.options, neighbors: [forB] });
    await b.addPeer(neighborOf(b, a, quick));
    const peer = a.peer('127.0.0.2')!;
    const session = await established(peer);
    const events = record(a);
    const none = { added: [], removed: [], kept: [], reset: [], shutDown: [], started: [] };
    const down = await a.apply({ ...a.options, neighbors: [{ ...forB, shutdown: 'bye' }] });
    expect(down).toMatchObject({ ...none, shutDown: [{ address: '127.0.0.2' }] });
    expect((await session.closed).error?.name).toContain('Administrative Shutdown');
    expect(ofKind(events, 'peerChanged')).toMatchObject([{ reset: true }]);
    const up = await a.apply({ ...a.options, neighbors: [forB] });
    expect(up).toMatchObject({ ...none, started: [{ address: '127.0.0.2' }] });
    await established(peer);
    expect(await a.updatePeer({ ...forB, shutdown: true })).toBe('reset');
  });

  it('adds, changes and removes ranges with the peers that came from them', async () => {
    await using a = await speaker(1);
    await using b = await speaker(2);
    await b.addPeer(neighborOf(b, a, quick));
    const range = { prefix: '127.0.0.0/24', remoteAs: 'external' } as const;
    await a.apply({ ...a.options, ranges: [range] });
    await expect.poll(() => a.peer('127.0.0.2')?.state, soon).toBe('Established');
    const peer = a.peer('127.0.0.2')!;
    const whom = [{ address: '127.0.0.2' }];
    const lab = { ...range, description: 'lab' };
    expect(await a.apply({ ...a.options, ranges: [lab] })).toMatchObject({ kept: whom, reset: [] });
    expect(peer.options.description).toBe('lab');
    const limited = await a.apply({ ...a.options, ranges: [{ ...lab, limit: 7 }] });
    expect(limited).toMatchObject({ kept: [], reset: [] });
    expect(peer.session?.id).toBe(1);

    const slower = { ...lab, holdTime: 30 };
    expect(await a.apply({ ...a.options, ranges: [slower] })).toMatchObject({ reset: whom });
    await expect.poll(() => peer.session?.negotiated.holdTime, soon).toBe(30);
    expect(await a.apply({ ...a.options, ranges: [] })).toMatchObject({ removed: whom });
    expect(a.peers).toEqual([]);

    await a.apply({ ...a.options, ranges: [slower] });
    await expect.poll(() => a.peer('127.0.0.2')?.state, soon).toBe('Established');
    const neighbors = [{ address: '127.0.0.2', remoteAs: 65_002, passive: true }];
    const listed = await a.apply({ ...a.options, neighbors });
    expect(listed).toMatchObject({ added: whom, removed: whom });
    expect(listed.removed[0]!.dynamic).toBe(true);
  });
});

describe('a peer that is held in Idle', () => {
  it('tries again when its options are corrected, and not when another one changes', async () => {
    await using a = await speaker(1);
    await using b = await speaker(2);
    const wrong = neighborOf(a, b, { remoteAs: 65_009, idleHoldTime: 600 });
    await a.apply({ ...a.options, neighbors: [wrong] });
    await b.addPeer(neighborOf(b, a, { passive: true, dampPeerOscillations: false }));
    const toB = a.peer('127.0.0.2')!;
    const isHeld = async (): Promise<boolean> => (await toB.snapshot()).timers['idleHold']! > 500;
    await expect.poll(isHeld, soon).toBe(true);

    const other = { address: '127.0.0.3', remoteAs: 65_003, passive: true };
    const described = { ...wrong, description: 'transit' };
    await a.apply({ ...a.options, neighbors: [described, other] });
    expect(await isHeld()).toBe(true);
    expect((await toB.snapshot()).stuckReason).toMatchObject({ code: 'wrong-as' });

    await a.apply({ ...a.options, neighbors: [{ ...described, remoteAs: 65_002 }, other] });
    await established(toB);
    expect((await toB.snapshot()).stuckReason).toBeUndefined();
  });
});

describe('a peer', () => {
  it('that cannot be had is refused, and is not there afterwards', async () => {
    await using a = await speaker(1);
    await expect(a.addPeer({ address: '127.0.0.9' })).rejects.toMatchObject({
      code: 'ERR_PEERLOOM_OPTIONS',
      message: 'remoteAs is missing; give the AS number of the neighbour, or internal or external',
    });
    await expect(a.updatePeer({ address: '127.0.0.9', remoteAs: 1 })).rejects.toMatchObject({
      code: 'ERR_PEERLOOM_NO_PEER',
    });
    expect(a.peers).toEqual([]);
  });

  it('gets another password with its session', async () => {
    await using a = await speaker(1);
    await using b = await speaker(2);
    const [forB, forA] = [neighborOf(a, b, { passive: true }), neighborOf(b, a, quick)];
    const toB = await a.addPeer({ ...forB, password: 'old' });
    const toA = await b.addPeer({ ...forA, password: 'old' });
    await established(toB);
    await a.updatePeer({ ...forB, password: 'new' });
    await b.updatePeer({ ...forA, password: 'new' });
    await expect
      .poll(() => (toB.session?.id ?? 0) > 1 && toA.session !== undefined, soon)
      .toBe(true);
    expect(toB.options.password).toBe('new');
  });

  it('that is removed is told so, and leaves no connection behind', async () => {
    await using a = await speaker(1);
    await using b = await speaker(2);
    const toB = await a.addPeer(neighborOf(a, b));
    const toA = await b.addPeer(neighborOf(b, a));
    await established(toB);
    const session = await established(toA);
    await a.removePeer('127.0.0.2', { text: 'moved away' });
    expect((await session.closed).error?.direction).toBe('received');
    await expect.poll(() => a.connections(), soon).toEqual([]);
    expect(a.peer('127.0.0.2')).toBeUndefined();
  });
});
