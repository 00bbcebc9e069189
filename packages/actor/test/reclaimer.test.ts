import { CommandKind } from '@peerloom/ipc';
import { beforeEach, describe, expect, it } from 'vitest';
import { ScriptedPeer } from './scriptedPeer.ts';
import { SimulatedClock } from './simulatedClock.ts';
import { TestHost } from './testHost.ts';

let clock: SimulatedClock;
let host: TestHost;
let peer: ScriptedPeer;

beforeEach(() => {
  clock = new SimulatedClock();
  host = new TestHost(clock);
  peer = new ScriptedPeer(host).establish();
  peer.announce('10.0.0.0/8', '10.1.0.0/16');
});

/** Blocks of attributes and prefixes that take memory. */
const kept = (): { attributeBlocks: number; routeKeys: number } => {
  const { attributeBlocks, routeKeys } = host.host.store.statistics;
  return { attributeBlocks, routeKeys };
};
const gone = (): number => host.host.usage().goneRoutes;
const nothing = { attributeBlocks: 0, routeKeys: 0 };

describe('routes that are gone with their session', () => {
  beforeEach(() => {
    peer.close('ECONNRESET');
  });

  it('keep their memory for ten to twenty seconds', () => {
    expect(peer.prefixes).toEqual([]);
    clock.advance(10_000);
    expect(kept()).toEqual({ attributeBlocks: 1, routeKeys: 2 });
    expect(gone()).toBe(2);
    clock.advance(10_200);
    expect(kept()).toEqual(nothing);
    expect(gone()).toBe(0);
  });

  it('are in their place when the neighbour sends them again, and then stay', () => {
    clock.advance(9_000);
    peer.connect();
    peer.announce('10.0.0.0/8');
    expect(kept(), 'one has not come back').toEqual({ attributeBlocks: 1, routeKeys: 2 });
    expect(gone()).toBe(1);
    clock.advance(30_000);
    expect(kept()).toEqual({ attributeBlocks: 1, routeKeys: 1 });
    expect(peer.prefixes).toEqual(['10.0.0.0/8']);
  });

  it('wait no shorter when another session has ended before', () => {
    clock.advance(11_000);
    const other = new ScriptedPeer(host, 2).establish();
    other.announce('10.2.0.0/16');
    other.close('ECONNRESET');
    expect(kept().routeKeys, 'of both').toBe(3);
    clock.advance(10_000);
    expect(kept().routeKeys, 'of the other').toBe(1);
    clock.advance(10_000);
    expect(kept()).toEqual(nothing);
  });

  it('are freed at once with the peer, and only with theirs', () => {
    const other = new ScriptedPeer(host, 2).establish();
    other.announce('10.2.0.0/16');
    host.command(2, CommandKind.deconfigure);
    expect(kept().routeKeys).toBe(2);
    host.command(1, CommandKind.deconfigure);
    expect(kept()).toEqual(nothing);
  });
});
