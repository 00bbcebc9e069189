import {
  gracefulRestartDefaults,
  NoticeCode,
  type PeerOptions,
  peerOptionDefaults,
} from '@peerloom/ipc';
import { type Capability, encodeNotification, encodeOpen } from '@peerloom/wire';
import { beforeEach, describe, expect, it } from 'vitest';
import { defaultCapabilities, routeAttributes, ScriptedPeer } from './scriptedPeer.ts';
import { SimulatedClock } from './simulatedClock.ts';
import { TestHost } from './testHost.ts';

const families = [{ afi: 1, safi: 1, forwarding: true }];
const restart = (more: Partial<Capability & { type: 'gracefulRestart' }> = {}): Capability => ({
  type: 'gracefulRestart',
  restarting: false,
  notification: true,
  restartTime: 100,
  families,
  ...more,
});
const longLived = (staleTime: number, forwarding = true): Capability => ({
  type: 'longLivedGracefulRestart',
  families: [{ afi: 1, safi: 1, forwarding, staleTime }],
});

const notify = (subcode: number, data = new Uint8Array(0)): Uint8Array =>
  encodeNotification({ kind: 'notification', code: 6, subcode, data });

let host: TestHost;
let peer: ScriptedPeer;

function establish(options: Partial<PeerOptions> = {}, ...capabilities: Capability[]): void {
  host = new TestHost(new SimulatedClock());
  peer = new ScriptedPeer(host);
  peer.capabilities = [...defaultCapabilities, ...capabilities];
  peer.establish(options);
  peer.announce('10.1.0.0/16', '10.2.0.0/16');
  peer.endOfRib();
}
const counts = (): { received: number; stale: number } | undefined =>
  host.snapshot(1).prefixes['ipv4-unicast'];

describe('the routes of a peer that restarts gracefully', () => {
  beforeEach(() => establish({}, restart()));

  it('stay, stale, when its connection is lost', () => {
    peer.close('ECONNRESET');
    expect(counts()).toMatchObject({ received: 2, stale: 2 });
    expect(host.sessionDown(1)).toMatchObject({ stale: true });
    expect(host.notices(NoticeCode.routesRetained)[0]?.text).toContain(
      '2 routes are kept for 100 s',
    );
  });

  it('go when it does not come back in time', () => {
    peer.close('ECONNRESET');
    host.clock.advance(99_000);
    expect(counts()).toMatchObject({ received: 2 });
    host.clock.advance(2000);
    expect(counts()?.received ?? 0).toBe(0);
    expect(host.notices(NoticeCode.staleRemoved)[0]?.text).toContain('did not come back');
  });

  it('are confirmed one by one when it is back, and the rest goes at End-of-RIB', () => {
    peer.close('ECONNRESET');
    host.clock.advance(50_000);
    peer.connect();
    expect(counts()).toMatchObject({ received: 2, stale: 2 });
    peer.announce('10.1.0.0/16', '10.3.0.0/16');
    expect(counts()).toMatchObject({ received: 3, stale: 1 });
    peer.endOfRib();
    expect(host.notices(NoticeCode.staleRemoved)[0]?.text).toContain('1 stale route is removed');
    expect(peer.prefixes).toEqual(['10.1.0.0/16', '10.3.0.0/16']);
    host.clock.advance(3600);
    expect(peer.prefixes).toHaveLength(2);
  });

  it('go when it is back and says no End-of-RIB in time', () => {
    peer.close('ECONNRESET');
    host.clock.advance(1000);
    peer.connect();
    peer.announce('10.1.0.0/16');
    for (let times = 0; times < 12; times++) {
      host.clock.advance(30_000);
      peer.keepalive();
    }
    host.clock.advance(1000);
    expect(peer.prefixes).toEqual(['10.1.0.0/16']);
    expect(host.snapshot(1).state).toBe('Established');
  });

  it('go at once when it is back without having kept its forwarding state', () => {
    peer.close('ECONNRESET');
    host.clock.advance(1000);
    peer.capabilities = [
      ...defaultCapabilities,
      restart({ families: [{ afi: 1, safi: 1, forwarding: false }] }),
    ];
    peer.connect();
    expect(counts()).toMatchObject({ received: 0, stale: 0 });
  });

  it('go at once when it is back without the capability', () => {
    peer.close('ECONNRESET');
    host.clock.advance(1000);
    peer.capabilities = defaultCapabilities;
    peer.connect();
    expect(counts()).toMatchObject({ received: 0 });
  });

  it('stay over a NOTIFICATION, but not over a Hard Reset (RFC 8538)', () => {
    peer.send(notify(4));
    peer.close();
    expect(counts()).toMatchObject({ received: 2, stale: 2 });
    host.clock.advance(1000);
    peer.connect();
    peer.announce('10.1.0.0/16');
    peer.endOfRib();
    peer.send(notify(9, Uint8Array.of(6, 2)));
    peer.close();
    expect(counts()?.received ?? 0).toBe(0);
  });

  it('stay when a new connection takes the place of the old one', () => {
    const old = peer.connection;
    peer.capabilities = [...defaultCapabilities, restart({ restarting: true })];
    peer.connect();
    expect(host.last('close', 1)?.connection).toBe(old);
    expect(host.snapshot(1).state).toBe('Established');
    expect(counts()).toMatchObject({ received: 2, stale: 2 });
    peer.announce('10.2.0.0/16');
    peer.endOfRib();
    expect(peer.prefixes).toEqual(['10.2.0.0/16']);
  });
});

describe('the routes of a peer that restarts without it', () => {
  it('go with the session', () => {
    establish();
    peer.close('ECONNRESET');
    expect(counts()?.received ?? 0).toBe(0);
  });
});

describe('long-lived stale routes', () => {
  const capabilities = {
    ...peerOptionDefaults.capabilities,
    gracefulRestart: { ...gracefulRestartDefaults, families: ['ipv4-unicast'] },
    longLivedGracefulRestart: { staleTime: 1000 },
  };
  const noLlgr = [...routeAttributes, { type: 'communities' as const, communities: [0xffff0007] }];

  beforeEach(() => {
    establish({ capabilities }, restart({ restartTime: 10 }), longLived(5000));
    peer.update({ attributes: noLlgr, nlri: [{ kind: 'prefix', prefix: '10.9.0.0/16' }] });
    peer.close('ECONNRESET');
  });

  it('stay beyond the restart time, marked, except those that must not', () => {
    host.clock.advance(11_000);
    expect(peer.prefixes).toEqual(['10.1.0.0/16', '10.2.0.0/16']);
    const [route] = host.host.routes(1, { direction: 'received' }).routes;
    // LLGR_STALE, 65535:6.
    expect(Buffer.from(route!.attributes).toString('hex')).toContain('ffff0006');
    expect(route!.stale).toBe(true);
  });

  it('go after the lower of what the peer asks for and what we grant', () => {
    host.clock.advance(1_009_000);
    expect(counts()).toMatchObject({ received: 2 });
    host.clock.advance(2000);
    expect(counts()?.received ?? 0).toBe(0);
  });

  it('are not given more time by another restart', () => {
    host.clock.advance(500_000);
    peer.connect();
    peer.close('ECONNRESET');
    expect(counts()).toMatchObject({ received: 2 });
    host.clock.advance(511_000);
    expect(counts()?.received ?? 0).toBe(0);
  });

  it('go at once when the peer is back and has not kept their forwarding', () => {
    host.clock.advance(500_000);
    peer.capabilities = [...defaultCapabilities, restart(), longLived(5000, false)];
    peer.connect();
    expect(counts()).toMatchObject({ received: 0 });
  });

  it('go with the next session that ends, when their time ran out while it confirmed them', () => {
    host.clock.advance(1_000_000);
    peer.connect();
    for (let times = 0; times < 3; times++) {
      host.clock.advance(10_000);
      peer.keepalive();
    }
    expect(counts()).toMatchObject({ received: 2, stale: 2 });
    peer.close('ECONNRESET');
    expect(counts()?.received ?? 0).toBe(0);
  });
});

describe('a speaker that has restarted itself', () => {
  it('sets the R bit until its session is up, and never again', () => {
    host = new TestHost(new SimulatedClock());
    peer = new ScriptedPeer(host);
    peer.capabilities = [...defaultCapabilities, restart()];
    peer.establish({}, { restarting: true });
    peer.announce('10.1.0.0/16');
    expect(host.snapshot(1).state).toBe('Established');
    const rBit = (): boolean[] =>
      host
        .sentMessages(peer.connection)
        .filter(({ type }) => type === 1)
        .map(({ bytes }) => Buffer.from(bytes).toString('hex').includes('4002c078'));
    expect(rBit()).toEqual([true]);
    peer.close('ECONNRESET');
    host.clock.advance(2000);
    peer.connect();
    expect(rBit()).toEqual([false]);
    expect(host.snapshot(1).state).toBe('Established');
    expect(encodeOpen(peer.open()).length).toBeGreaterThan(29);
  });
});
