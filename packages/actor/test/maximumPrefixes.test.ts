import {
  CommandKind,
  type MaximumPrefixesOptions,
  maximumPrefixesDefaults,
  NoticeCode,
} from '@peerloom/ipc';
import { describe, expect, it } from 'vitest';
import { ScriptedPeer } from './scriptedPeer.ts';
import { SimulatedClock } from './simulatedClock.ts';
import { TestHost } from './testHost.ts';

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

  it('may have another limit for a family', () => {
    const peer = establish({ families: { 'ipv4-unicast': 20 } });
    peer.announce(...prefixes(14));
    expect(peer.host.notices(NoticeCode.maximumPrefixesWarning)).toHaveLength(0);
    peer.announce(...prefixes(21));
    expect([...peer.host.sentNotification(peer.connection)!.data]).toEqual([0, 1, 1, 0, 0, 0, 20]);
  });
});
