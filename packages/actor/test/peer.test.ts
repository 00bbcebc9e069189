import {
  CommandKind,
  gracefulRestartDefaults,
  type PeerOptions,
  peerOptionDefaults,
} from '@peerloom/ipc';
import { encodeNotification, encodeOpen } from '@peerloom/wire';
import { beforeEach, describe, expect, it } from 'vitest';
import { Network } from './network.ts';
import { defaultCapabilities, ScriptedPeer } from './scriptedPeer.ts';
import { SimulatedClock } from './simulatedClock.ts';
import { peerOptions, TestHost } from './testHost.ts';

let clock: SimulatedClock;
let host: TestHost;

beforeEach(() => {
  clock = new SimulatedClock();
  host = new TestHost(clock);
});

describe('an operator', () => {
  it('clears a session: Administrative Reset with the words, and up again at once', () => {
    const peer = new ScriptedPeer(host).establish();
    host.command(1, CommandKind.clear, 'new filters');
    const notification = host.sentNotification(peer.connection)!;
    expect(notification).toMatchObject({ code: 6, subcode: 4 });
    expect(Buffer.from(notification.data).toString()).toContain('new filters');
    peer.connect();
    expect(host.snapshot(1)).toMatchObject({ state: 'Established', flaps: 1, established: 2 });
    expect(host.snapshot(1).lastErrorSent).toMatchObject({ text: 'new filters' });
  });

  it('does not bring up with a clear what is shut down', () => {
    new ScriptedPeer(host).establish();
    host.command(1, CommandKind.shutdown, 'for good');
    host.command(1, CommandKind.clear);
    expect(host.snapshot(1)).toMatchObject({
      state: 'Idle',
      shutdown: true,
      shutdownText: 'for good',
      stuckReason: { code: 'stopped' },
    });
  });

  it('is shut down from the beginning where its options say so', () => {
    host.spawn(1, peerOptions({ shutdown: 'not cabled yet' }));
    expect(host.snapshot(1)).toMatchObject({
      state: 'Idle',
      shutdown: true,
      shutdownText: 'not cabled yet',
    });
    host.command(1, CommandKind.start);
    expect(host.snapshot(1)).toMatchObject({ shutdown: false, shutdownText: '' });
  });

  it('need not wait for a timer', () => {
    host.start(1, peerOptions());
    host.writer.message({ kind: 'dialFailed', peer: 1, dial: 1, errno: 'ECONNREFUSED', text: '' });
    host.flush();
    expect(host.snapshot(1).timers['connectRetry']).toBeGreaterThan(20);
    host.command(1, CommandKind.retryNow);
    expect(host.all('dial', 1)).toHaveLength(2);
  });

  it('removes a peer: Peer De-configured, and nothing is left', () => {
    const peer = new ScriptedPeer(host).establish();
    peer.announce('10.0.0.0/8');
    host.command(1, CommandKind.deconfigure);
    expect(host.sentNotification(peer.connection)).toMatchObject({ code: 6, subcode: 3 });
    expect(host.last('stopped')).toEqual({ kind: 'stopped', peer: 1 });
    expect(() => host.snapshot(1)).toThrowError(
      expect.objectContaining({ code: 'ERR_PEERLOOM_NO_PEER' }),
    );
    expect(host.host.usage()).toMatchObject({ peers: 0, attributeBlocks: 0, queued: 0 });
    // What was on its way to it finds nobody, and does no harm.
    peer.keepalive();
    host.accept(1);
    expect(host.last('close')).toMatchObject({ peer: 1 });
    expect(host.host.wheel.size).toBe(0);
    clock.advance(300_000);
    expect(clock.waiting).toBe(0);
  });
});

describe('changed options', () => {
  const base = { families: ['ipv4-unicast', 'ipv6-unicast'], passive: true };
  const cases: [what: string, change: Partial<PeerOptions>, result: 'kept' | 'reset'][] = [
    ['a description', { description: 'transit' }, 'kept'],
    ['a connect retry time', { connectRetryTime: 99 }, 'kept'],
    [
      'maximum prefixes',
      { maximumPrefixes: { limit: 5, warningPercent: 75, action: 'warn' } },
      'kept',
    ],
    ['a hold time', { holdTime: 30 }, 'reset'],
    ['families', { families: ['ipv4-unicast'] }, 'reset'],
    ['a password', { password: 'secret' }, 'reset'],
    ['a local AS', { localAs: 64999 }, 'reset'],
  ];
  it.for(cases)('of %s: the session is %s', ([, change, result]) => {
    const peer = new ScriptedPeer(host).establish();
    expect(host.host.update(1, peerOptions({ ...base, ...change }))).toBe(result);
    clock.settle();
    expect(host.snapshot(1).flaps).toBe(result === 'reset' ? 1 : 0);
    const sent = host.sentNotification(peer.connection);
    if (result === 'reset') expect(sent).toMatchObject({ code: 6, subcode: 6 });
    else expect(sent).toBeUndefined();
    clock.advance(100);
    if (result === 'reset') expect(host.snapshot(1).state).toBe('Active');
  });

  const fixes: [what: string, change: Partial<PeerOptions>][] = [
    ['the AS of the peer', { remoteAs: 65009 }],
    ['a password', { password: 'secret' }],
    ['a port', { port: 1790 }],
  ];
  it.for(fixes)('of %s let a peer that is held in Idle try again', ([, change]) => {
    const peer = new ScriptedPeer(host).establish({ ...base, remoteAs: 65003 });
    expect(host.snapshot(1).timers['idleHold']).toBe(0);
    clock.advance(1);
    peer.connect();
    expect(host.snapshot(1)).toMatchObject({ state: 'Idle', stuckReason: { code: 'wrong-as' } });
    host.host.update(1, peerOptions({ ...base, remoteAs: 65003, description: 'transit' }));
    expect(host.snapshot(1)).toMatchObject({ state: 'Idle', stuckReason: { code: 'wrong-as' } });
    host.host.update(1, peerOptions({ ...base, remoteAs: 65003, ...change }));
    expect(host.snapshot(1)).toMatchObject({ state: 'Active', stuckReason: { code: 'passive' } });
  });

  it('do not start what is shut down', () => {
    new ScriptedPeer(host).establish();
    host.command(1, CommandKind.shutdown);
    expect(host.host.update(1, peerOptions({ ...base, password: 'x' }))).toBe('kept');
    expect(host.snapshot(1).state).toBe('Idle');
  });
});

describe('a snapshot', () => {
  it('tells what people want to know of a session', () => {
    const peer = new ScriptedPeer(host).establish({ description: 'a neighbour' });
    peer.announce('10.0.0.0/8');
    peer.endOfRib();
    clock.advance(10_000);
    expect(host.snapshot(1)).toMatchObject({
      peer: 1,
      address: '192.0.2.2',
      description: 'a neighbour',
      localAs: 65001,
      remoteAs: 65002,
      state: 'Established',
      connections: [{ connection: peer.connection, dialled: false, remotePort: 40000 }],
      session: {
        remoteAs: 65002,
        remoteRouterId: '192.0.2.2',
        peerType: 'external',
        holdTime: 90,
        keepaliveTime: 30,
        families: ['ipv4-unicast', 'ipv6-unicast'],
        fourOctetAs: true,
        uptime: 10,
        disabledFamilies: [],
      },
      received: { open: 1, keepalive: 1, update: 2, total: 4 },
      sent: { open: 1, keepalive: 1, update: 2 },
      prefixes: { 'ipv4-unicast': { received: 1, stale: 0, advertised: 0, pending: 0 } },
      established: 1,
      flaps: 0,
      inputQueue: 0,
      outputQueue: 0,
      stuckReason: undefined,
    });
    const { timers, session, received } = host.snapshot(1);
    expect(timers['hold']).toBeCloseTo(80, 0);
    expect(timers['keepalive']).toBeGreaterThan(10);
    expect(session!.capabilitiesReceived.join()).toContain('65002');
    expect(received.bytes).toBeGreaterThan(100);
  });

  it('can be taken of all peers', () => {
    for (const peer of [3, 1, 2]) host.spawn(peer, peerOptions());
    expect(host.host.snapshot().map(({ peer }) => peer)).toEqual([3, 1, 2]);
  });
});

describe('subscribed UPDATEs', () => {
  it('come whole and in order, while they are wanted', () => {
    const peer = new ScriptedPeer(host).establish();
    peer.announce('10.0.0.0/8');
    host.host.subscribeUpdates('all', true);
    peer.announce('10.1.0.0/16');
    peer.withdraw('10.1.0.0/16');
    host.host.subscribeUpdates(1, false);
    peer.announce('10.2.0.0/16');
    expect(
      host.updates.map(({ peer: id, session, postFault }) => [id, session, postFault]),
    ).toEqual([
      [1, 1, false],
      [1, 1, false],
    ]);
    expect(host.updates[0]!.bytes[18]).toBe(2);
    expect(host.updates[0]!.bytes.length).toBe(
      (host.updates[0]!.bytes[16]! << 8) | host.updates[0]!.bytes[17]!,
    );
  });
});

const dialFailed = (errno: string): void => {
  const { dial } = host.last('dial', 1)!;
  host.writer.message({ kind: 'dialFailed', peer: 1, dial, errno, text: `dial: ${errno}` });
  host.flush();
};

describe('the reason why a session is not up', () => {
  const dials: [errno: string, options: Partial<PeerOptions>, code: string, remedy: RegExp][] = [
    ['ECONNREFUSED', {}, 'refused', /neighbor statement/],
    ['EHOSTUNREACH', {}, 'unreachable', /route to the peer/],
    ['EADDRNOTAVAIL', { sourceAddress: '203.0.113.1' }, 'source-address', /update source/],
    ['ETIMEDOUT', {}, 'no-answer', /filters/],
    ['ETIMEDOUT', { password: 'x' }, 'md5', /password on both sides/],
    ['ETIMEDOUT', { ttlSecurity: 2 }, 'ttl', /TTL 255/],
    ['ETIMEDOUT', { multihop: 3 }, 'ttl', /set multihop/],
    ['ECONNREFUSED', { sourceAddress: '203.0.113.1' }, 'refused', /dialled from 203.0.113.1/],
  ];
  it.for(dials)('after %s with %o is %s', ([errno, options, code, remedy]) => {
    host.start(1, peerOptions(options));
    dialFailed(errno);
    const { stuckReason } = host.snapshot(1);
    expect(stuckReason).toMatchObject({ code, times: expect.any(Number) });
    expect(stuckReason!.remedy).toMatch(remedy);
    expect(stuckReason!.text).not.toBe('');
  });

  it('is a missing neighbor statement when the far end hangs up before its OPEN', () => {
    host.start(1, peerOptions());
    const connection = host.connect(1);
    host.writer.message({ kind: 'closed', peer: 1, connection, errno: '', text: 'closed' });
    host.flush();
    const { stuckReason } = host.snapshot(1);
    expect(stuckReason).toMatchObject({ code: 'closed-before-open' });
    expect(stuckReason!.remedy).toMatch(/neighbor statement.*dialled from 192.0.2.1/);
  });

  it('is the AS when the two ends disagree about it, whoever says so', () => {
    const peer = new ScriptedPeer(host).establish({ remoteAs: 65009 });
    expect(host.sentNotification(peer.connection)).toMatchObject({ code: 2, subcode: 2 });
    expect(host.snapshot(1).stuckReason).toMatchObject({ code: 'wrong-as' });
    expect(host.snapshot(1).stuckReason!.text).toMatch(/65002.*65009/);

    host.spawn(2, peerOptions({ passive: true }));
    host.command(2, CommandKind.start);
    const connection = host.accept(2);
    const data = new Uint8Array(0);
    host.receive(
      2,
      connection,
      encodeNotification({ kind: 'notification', code: 2, subcode: 2, data }),
    );
    expect(host.snapshot(2).stuckReason).toMatchObject({ code: 'wrong-as' });
    expect(host.snapshot(2).lastErrorReceived?.name).toContain('Bad Peer AS');
  });

  it('is what a connection waits for, with what may be behind it', () => {
    host.start(1, peerOptions({ passive: true, ttlSecurity: 1, password: 'x' }));
    clock.advance(5000);
    expect(host.snapshot(1).stuckReason).toMatchObject({
      code: 'passive',
      remedy: expect.stringMatching(/MD5 password.*TTL 255/),
    });
    host.accept(1);
    const since = clock.now();
    clock.advance(5000);
    expect(host.snapshot(1)).toMatchObject({
      state: 'OpenSent',
      stuckReason: {
        code: 'silent',
        text: 'the peer has connected, and has sent no OPEN yet',
        remedy: expect.stringContaining('TTL 255'),
        since,
      },
    });
  });

  it('is that its connections are refused, and that is recorded once', () => {
    host.start(1, peerOptions({ passive: true }));
    const steps = (): number => host.host.recorder(1).entries.length;
    const before = steps();
    for (const _ of [1, 2, 3]) {
      host.writer.message({
        kind: 'refused',
        peer: 1,
        text: 'too far away',
        remedy: 'come nearer',
      });
      host.flush();
    }
    expect(host.snapshot(1).stuckReason).toMatchObject({
      code: 'refused-here',
      text: 'too far away',
      remedy: 'come nearer',
    });
    expect(steps()).toBe(before + 1);
    const peer = new ScriptedPeer(host);
    peer.connection = host.accept(1);
    peer.send(encodeOpen(peer.open()));
    peer.keepalive();
    host.writer.message({ kind: 'refused', peer: 1, text: 'too far away', remedy: 'come nearer' });
    host.flush();
    expect(host.snapshot(1)).toMatchObject({ state: 'Established', stuckReason: undefined });
  });

  it('goes when the session is up', () => {
    host.start(1, peerOptions({ families: ['ipv4-unicast'] }));
    dialFailed('ECONNREFUSED');
    const peer = new ScriptedPeer(host);
    clock.advance(60_000);
    peer.connection = host.connect(1);
    peer.send(encodeOpen(peer.open()));
    peer.keepalive();
    expect(host.snapshot(1)).toMatchObject({ state: 'Established', stuckReason: undefined });
  });
});

const sentUpdates = (peer: ScriptedPeer): number =>
  host.sentMessages(peer.connection).filter(({ type }) => type === 2).length;

describe('a speaker that has restarted', () => {
  const capabilities = {
    ...peerOptionDefaults.capabilities,
    gracefulRestart: { ...gracefulRestartDefaults, families: ['ipv4-unicast'] },
  };
  const establish = (restarting: boolean): ScriptedPeer => {
    const peer = new ScriptedPeer(host);
    peer.capabilities = [
      ...defaultCapabilities,
      {
        type: 'gracefulRestart',
        restarting: false,
        notification: true,
        restartTime: 100,
        families: [{ afi: 1, safi: 1, forwarding: true }],
      },
    ];
    host.announce('all', [{ prefix: '10.7.0.0/16' }]);
    return peer.establish({ capabilities }, { restarting });
  };
  it('hears its peer out before it announces anything', () => {
    const peer = establish(true);
    clock.advance(5000);
    expect(sentUpdates(peer)).toBe(0);
    peer.endOfRib();
    peer.update({
      attributes: [{ type: 'mpUnreachNlri', afi: 2, safi: 1, withdrawn: [] }],
    });
    expect(sentUpdates(peer)).toBe(3);
  });

  it('does not wait for ever', () => {
    const peer = establish(true);
    for (let times = 0; times < 12; times++) {
      clock.advance(30_000);
      peer.keepalive();
    }
    clock.advance(1000);
    expect(sentUpdates(peer)).toBe(3);
  });

  it('announces at once when it has not restarted', () => {
    expect(sentUpdates(establish(false))).toBe(3);
  });
});

describe('a host', () => {
  it('refuses what it cannot do, with a code', () => {
    host.spawn(1, peerOptions());
    const wrong: [() => unknown, string][] = [
      [() => host.spawn(1, peerOptions()), 'ERR_PEERLOOM_PEER_EXISTS'],
      [() => host.spawn(2, peerOptions({ families: ['ipv9'] })), 'ERR_PEERLOOM_FAMILY'],
      [() => host.spawn(2, peerOptions({ holdTime: 2 })), 'ERR_FSM_OPTION'],
      [() => host.host.snapshot(9), 'ERR_PEERLOOM_NO_PEER'],
      [() => host.announce(9, [{ prefix: '10.0.0.0/8' }]), 'ERR_PEERLOOM_NO_PEER'],
      [() => host.host.recorder(9), 'ERR_PEERLOOM_NO_PEER'],
    ];
    for (const [run, code] of wrong) {
      expect(run).toThrowError(expect.objectContaining({ code }));
    }
    expect(host.host.snapshot()).toHaveLength(1);
  });

  it('that is stopped says goodbye to every peer, and then is silent', async () => {
    const first = new ScriptedPeer(host, 1).establish();
    const second = new ScriptedPeer(host, 2).establish();
    await host.host.stop('maintenance');
    await host.host.done;
    for (const { connection } of [first, second]) {
      expect(host.sentNotification(connection)).toMatchObject({ code: 6, subcode: 2 });
      expect(host.all('close').some((close) => close.connection === connection)).toBe(true);
    }
    expect(host.closed).toBe(true);
    clock.advance(10);
    expect(clock.waiting).toBe(0);
    expect(() => host.spawn(3, peerOptions())).toThrowError(
      expect.objectContaining({ code: 'ERR_PEERLOOM_STOPPED' }),
    );
    await host.host.stop();
  });

  it('tells how it is doing', () => {
    const network = new Network(clock);
    const other = new TestHost(clock);
    network.link(host, 1, other, 2);
    host.start(1, peerOptions());
    other.start(2, peerOptions({ localAs: 65002, remoteAs: 65001, routerId: '192.0.2.2' }));
    clock.advance(1000);
    const usage = host.host.usage();
    expect(usage).toMatchObject({ peers: 1, established: 1, queued: 0, mailboxOldest: 0 });
    expect(usage.mailboxDelay.count).toBeGreaterThan(3);
    expect(usage.mailboxDelay.p99).toBeLessThanOrEqual(usage.mailboxDelay.max);
    expect(usage.heapUsed).toBeGreaterThan(0);
    expect(usage.cpuSeconds).toBeGreaterThan(0);
    expect(host.host.usage().mailboxDelay.count).toBe(0);
  });
});
