import {
  CommandKind,
  type MaximumPrefixesOptions,
  maximumPrefixesDefaults,
  NoticeCode,
} from '@peerloom/ipc';
import { describe, expect, it } from 'vitest';
import { routeAttributes, ScriptedPeer } from './scriptedPeer.ts';
import { SimulatedClock } from './simulatedClock.ts';
import { peerOptions, TestHost } from './testHost.ts';

function establish(limits: Partial<MaximumPrefixesOptions>): ScriptedPeer {
  const maximumPrefixes = { ...maximumPrefixesDefaults, limit: 10, ...limits };
  return new ScriptedPeer(new TestHost(new SimulatedClock())).establish({ maximumPrefixes });
}
const prefixes = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `10.${index}.0.0/16`);

describe('a peer with maximum prefixes', () => {
  it('is warned of once at the warning level', () => {
    const peer = establish({});
    const { host } = peer;
    peer.announce(...prefixes(7));
    expect(host.notices(NoticeCode.maximumPrefixesWarning)).toHaveLength(0);
    peer.announce(...prefixes(8));
    peer.announce(...prefixes(9));
    expect(host.notices(NoticeCode.maximumPrefixesWarning)).toHaveLength(1);
    expect(host.snapshot(1)).toMatchObject({
      state: 'Established',
      prefixes: { 'ipv4-unicast': { received: 9, maximum: 10 } },
    });
  });

  it('is told Cease/Maximum Number of Prefixes Reached with family and limit beyond it', () => {
    const peer = establish({});
    const { host } = peer;
    peer.announce(...prefixes(11));
    const notification = host.sentNotification(peer.connection)!;
    expect(notification).toMatchObject({ code: 6, subcode: 1 });
    expect([...notification.data]).toEqual([0, 1, 1, 0, 0, 0, 10]);
    expect(host.notices(NoticeCode.maximumPrefixes)[0]?.text).toContain('11 ipv4-unicast');
    expect(host.snapshot(1).lastError?.name).toContain('Maximum Number of Prefixes');
    host.clock.advance(86_400_000);
    expect(host.snapshot(1)).toMatchObject({
      state: 'Idle',
      shutdown: false,
      stuckReason: {
        code: 'maximum-prefixes',
        text: 'the peer has announced 11 ipv4-unicast prefixes; at most 10 are accepted',
        remedy: 'let the peer announce less, or raise maximumPrefixes here; then clear the peer',
      },
    });
  });

  it('comes back after the restart time', () => {
    const peer = establish({ restartTime: 600 });
    const { host } = peer;
    peer.announce(...prefixes(11));
    host.clock.advance(599_000);
    expect(host.snapshot(1)).toMatchObject({
      state: 'Idle',
      stuckReason: { remedy: 'let the peer announce less, or raise maximumPrefixes here' },
    });
    host.clock.advance(2000);
    expect(host.snapshot(1).state).toBe('Active');
    peer.connect();
    peer.announce(...prefixes(10));
    expect(host.snapshot(1)).toMatchObject({ state: 'Established', stuckReason: undefined });
  });

  it('comes back before when it may announce more', () => {
    const peer = establish({ restartTime: 600 });
    const { host } = peer;
    peer.announce(...prefixes(11));
    const maximumPrefixes = { ...maximumPrefixesDefaults, limit: 20, restartTime: 600 };
    host.host.update(
      1,
      peerOptions({ families: ['ipv4-unicast', 'ipv6-unicast'], passive: true, maximumPrefixes }),
    );
    expect(host.snapshot(1).state).toBe('Active');
    peer.connect();
    peer.announce(...prefixes(11));
    expect(host.snapshot(1)).toMatchObject({ state: 'Established', stuckReason: undefined });
  });

  it('comes back when it is cleared', () => {
    const peer = establish({});
    const { host } = peer;
    peer.announce(...prefixes(11));
    host.command(1, CommandKind.clear);
    expect(host.snapshot(1).state).toBe('Active');
  });

  it('is only warned of, if so configured', () => {
    const peer = establish({ action: 'warn' });
    const { host } = peer;
    peer.announce(...prefixes(8));
    peer.announce(...prefixes(20));
    peer.announce(...prefixes(30));
    expect(host.snapshot(1).state).toBe('Established');
    expect(host.notices(NoticeCode.maximumPrefixesWarning)).toHaveLength(2);
  });

  it('is looked at by the families of which new routes come', () => {
    const peer = establish({});
    const ipv6 = (count: number): void => {
      const nlri = Array.from({ length: count }, (_, index) => ({
        kind: 'prefix' as const,
        prefix: `2001:db8:${index}::/48`,
      }));
      const reach = { type: 'mpReachNlri' as const, afi: 2, safi: 1, nlri };
      const nextHops = [{ address: '2001:db8::1' }];
      peer.update({ attributes: [...routeAttributes.slice(0, 2), { ...reach, nextHops }] });
    };
    ipv6(5);
    peer.announce(...prefixes(7));
    // Nothing new of IPv6: its count does not matter, whatever its limit is now.
    const families = { 'ipv6-unicast': 4 };
    const maximumPrefixes = { ...maximumPrefixesDefaults, limit: 10, families };
    const options = { families: ['ipv4-unicast', 'ipv6-unicast'], passive: true, maximumPrefixes };
    expect(peer.host.host.update(1, peerOptions(options))).toBe('kept');
    peer.announce(...prefixes(9));
    expect(peer.host.snapshot(1).state).toBe('Established');
    ipv6(6);
    expect([...peer.host.sentNotification(peer.connection)!.data]).toEqual([0, 2, 1, 0, 0, 0, 4]);
  });

  it('may have another limit for a family', () => {
    const peer = establish({ families: { 'ipv4-unicast': 20 } });
    peer.announce(...prefixes(14));
    expect(peer.host.notices(NoticeCode.maximumPrefixesWarning)).toHaveLength(0);
    peer.announce(...prefixes(21));
    expect([...peer.host.sentNotification(peer.connection)!.data]).toEqual([0, 1, 1, 0, 0, 0, 20]);
  });
});
