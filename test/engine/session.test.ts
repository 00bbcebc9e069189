import { describe, expect, it, vi } from 'vitest';
import { established, join, ofKind, prefixesFrom, record, speaker } from './speakers.ts';

vi.setConfig({ testTimeout: 20_000 });

const soon = { timeout: 10_000 };

describe.for([0, 2])('two engines with %i workers', (workers) => {
  it('establish a session, whoever dials', async () => {
    await using a = await speaker(1, { workers });
    await using b = await speaker(2, { workers });
    const [toB, toA] = await join(a, b, {}, { a: { passive: true } });
    const [atA, atB] = await Promise.all([established(toB), established(toA)]);
    expect(atA.negotiated).toMatchObject({
      remoteAs: 65_002,
      remoteRouterId: '192.0.2.2',
      peerType: 'external',
      dialled: false,
    });
    expect(atB.negotiated).toMatchObject({ remoteAs: 65_001, dialled: true });
    expect(toA.state).toBe('Established');
    expect(a.connections()).toMatchObject([
      { peer: '127.0.0.2', localAddress: '127.0.0.1', established: true, dialled: false },
    ]);
    expect((await a.metrics()).pendingConnections).toBe(0);
  });

  it('exchange routes both ways, with their attributes', async () => {
    const families = ['ipv4-unicast', 'ipv6-unicast'];
    await using a = await speaker(1, {
      workers,
      announce: [{ prefix: '198.51.100.0/24', communities: ['65001:7'] }],
    });
    await using b = await speaker(2, { workers });
    const [toB, toA] = await join(a, b, { families });
    await established(toB);
    const result = await toB.announce(
      { prefix: '203.0.113.0/24' },
      { prefix: '2001:db8:a::/48', nextHop: '2001:db8::1' },
    );
    expect(result).toMatchObject({ accepted: 2, rejected: 0 });
    await b.announce({ prefix: '192.0.2.0/25' });
    await expect
      .poll(() => prefixesFrom(toA), soon)
      .toEqual(['198.51.100.0/24', '2001:db8:a::/48', '203.0.113.0/24']);
    await expect.poll(() => prefixesFrom(toB), soon).toEqual(['192.0.2.0/25']);

    await toB.withdraw({ prefix: '203.0.113.0/24' });
    await expect
      .poll(() => prefixesFrom(toA), soon)
      .toEqual(['198.51.100.0/24', '2001:db8:a::/48']);
  });

  it('resolve the collision when both dial at once', async () => {
    await using a = await speaker(1, { workers });
    await using b = await speaker(2, { workers });
    const [toB, toA] = await join(a, b);
    const [atA, atB] = await Promise.all([established(toB), established(toA)]);
    // One connection is left, and it is the same one at both ends.
    await expect.poll(() => [a.connections().length, b.connections().length], soon).toEqual([1, 1]);
    expect(atA.negotiated.ends.localPort).toBe(atB.negotiated.ends.remotePort);
    expect([toB.session?.id, toA.session?.id]).toEqual([atA.id, atB.id]);
  });

  it('end it with a reason that the other side can read', async () => {
    await using a = await speaker(1, { workers });
    await using b = await speaker(2, { workers });
    const [toB, toA] = await join(a, b);
    const atB = await established(toA);
    await established(toB);
    await a.close({ text: 'maintenance until noon' });
    expect(await atB.closed).toMatchObject({
      error: { direction: 'received', text: 'maintenance until noon' },
    });
    expect((await toA.snapshot()).lastErrorReceived?.name).toContain('Administrative Shutdown');
    await expect.poll(() => b.connections(), soon).toEqual([]);
  });
});

describe('a session', () => {
  it('comes up over IPv6', async () => {
    await using a = await speaker(1, { listen: [{ address: '::1', port: 0 }] });
    await using b = await speaker(2, { listen: [] });
    const { port } = a.addresses[0]!;
    const toB = await a.addPeer({ address: '0:0::1', remoteAs: 65_002, passive: true });
    await b.addPeer({ address: '::1', port, remoteAs: 'external' });
    expect((await established(toB)).negotiated.ends.remoteAddress).toBe('::1');
  });

  it('comes up between two of one AS', async () => {
    await using a = await speaker(1, { localAs: 65_000 });
    await using b = await speaker(2, { localAs: 65_000 });
    const [toB] = await join(a, b, { remoteAs: 'internal' });
    expect((await established(toB)).negotiated.peerType).toBe('internal');
  });

  it.for([
    ['an MD5 password', { password: 'secret' }],
    ['GTSM', { ttlSecurity: 1 }],
    ['a TTL of 1', { ttl: 1 }],
    ['all of them', { password: 'secret', ttlSecurity: 2 }],
  ] as const)('comes up with %s', async ([, options]) => {
    await using a = await speaker(1);
    await using b = await speaker(2);
    const [toB, toA] = await join(a, b, options);
    await Promise.all([established(toB), established(toA)]);
  });

  it('does not come up with another password, and none is needed to see why', async () => {
    await using a = await speaker(1);
    await using b = await speaker(2);
    const [toB, toA] = await join(
      a,
      b,
      { connectRetryTime: 1 },
      { a: { password: 'secret', passive: true }, b: { password: 'guess' } },
    );
    await expect.poll(async () => (await toA.snapshot()).stuckReason, soon).toBeDefined();
    expect([toB.session, toA.session]).toEqual([undefined, undefined]);
    expect((await a.metrics()).supervisor.connectionsAccepted).toBe(0);
  });

  it('does not come up without GTSM on the other side, and says that it is refused here', async () => {
    // A neighbour without GTSM: the listener takes all calls, and each is looked at.
    const neighbors = [{ address: '127.0.0.9', remoteAs: 65_009, passive: true }];
    await using a = await speaker(1, { neighbors });
    await using b = await speaker(2);
    const [toB] = await join(
      a,
      b,
      { connectRetryTime: 1 },
      { a: { ttlSecurity: 1, passive: true } },
    );
    await expect
      .poll(async () => (await toB.snapshot()).stuckReason, soon)
      .toMatchObject({
        code: 'refused-here',
        text: expect.stringMatching(/from 127.0.0.2 was opened with TTL 64, and ttlSecurity/),
        remedy: 'allow more hops, or have the neighbour send with TTL 255',
      });
    // What is refused is no attempt of the state machine's: nothing went wrong there.
    expect(await toB.snapshot()).toMatchObject({ state: 'Active', stuckReason: { times: 0 } });
  });

  it('does not come up with the wrong AS, and says so', async () => {
    await using a = await speaker(1);
    await using b = await speaker(2);
    const events = record(a);
    const [toB] = await join(a, b, {}, { a: { remoteAs: 65_009 } });
    await expect
      .poll(async () => (await toB.snapshot()).lastErrorSent?.name, soon)
      .toContain('Bad Peer AS');
    expect(ofKind(events, 'sessionUp')).toEqual([]);
  });

  it('is shut down, stays down, and comes back when it may', async () => {
    await using a = await speaker(1);
    await using b = await speaker(2);
    const [toB, toA] = await join(a, b, { connectRetryTime: 1, idleHoldTime: 1 });
    const atB = await established(toA);
    await toB.shutdown('out for lunch');
    expect((await atB.closed).error).toMatchObject({ text: 'out for lunch' });
    expect(toB.isShutDown).toBe(true);
    const refused = async (): Promise<number> =>
      (await a.metrics()).supervisor.connectionsRefused.shutdown;
    await expect.poll(refused, soon).toBeGreaterThan(0);
    expect(toB.session).toBeUndefined();
    await toB.noShutdown();
    await established(toB);
  });

  it('is cleared and comes back', async () => {
    await using a = await speaker(1);
    await using b = await speaker(2);
    const [toB, toA] = await join(a, b, { connectRetryTime: 1, idleHoldTime: 1 });
    const first = await established(toB);
    await established(toA);
    toB.clear({ text: 'again, please' });
    expect((await first.closed).why).toContain('again, please');
    const second = await established(toB);
    expect(second.id).toBeGreaterThan(first.id);
  });

  it('sends its routes again when it is cleared softly', async () => {
    await using a = await speaker(1, { announce: [{ prefix: '198.51.100.0/24' }] });
    await using b = await speaker(2);
    const [toB, toA] = await join(a, b);
    await established(toB);
    await expect.poll(() => prefixesFrom(toA), soon).toEqual(['198.51.100.0/24']);
    const updates = async (): Promise<number> => (await toB.snapshot()).sent.update;
    const before = await updates();
    toA.clear({ soft: 'in' });
    await expect.poll(updates, soon).toBeGreaterThan(before);
    expect((await toB.snapshot()).received.routeRefresh).toBe(1);
    expect(toB.session?.id).toBe(1);
  });
});
