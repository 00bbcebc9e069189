import type { FamilyKey } from '@peerloom/wire';
import { beforeEach, describe, expect, test } from 'vitest';
import { RibStore } from '../src/ribStore.ts';
import { InboundPeer } from './inboundPeer.ts';
import {
  announcement,
  attributesOf,
  endOfRib,
  ipv4Unicast,
  ipv6Unicast,
  prefixes,
  sessionOptions,
} from './sessions.ts';

const options = sessionOptions();
let peer: InboundPeer;

beforeEach(() => {
  peer = new InboundPeer();
});

describe('graceful restart (RFC 4724)', () => {
  const families = new Set([ipv4Unicast]);
  const resumption = { gracefulRestart: true, forwarding: families };

  beforeEach(() => {
    peer.rib.sessionUp(options, resumption);
    peer.announce(ipv4Unicast, 1, '10.0.0.0/8', '10.1.0.0/16');
    peer.announce(ipv6Unicast, 1, '2001:db8::/32');
  });

  test('without it, all routes go with the session', () => {
    peer.rib.sessionDown();
    expect(peer.rib.routeCount).toBe(0);
    expect(peer.contents(ipv4Unicast)).toEqual([]);
  });

  test('routes of its families stay as stale, and End-of-RIB sweeps what was not confirmed', () => {
    peer.rib.sessionDown({ families, keepStale: false });
    expect(peer.contents(ipv4Unicast)).toEqual(['10.0.0.0/8 1 stale', '10.1.0.0/16 1 stale']);
    expect(peer.contents(ipv6Unicast)).toEqual([]);
    peer.rib.sessionUp(options, resumption);
    expect(peer.announce(ipv4Unicast, 1, '10.0.0.0/8')).toMatchObject({ unchanged: 1 });
    expect(peer.contents(ipv4Unicast)).toEqual(['10.0.0.0/8 1', '10.1.0.0/16 1 stale']);
    expect(peer.receive(endOfRib(ipv4Unicast))).toMatchObject({
      endOfRib: ipv4Unicast,
      withdrawn: 1,
    });
    expect(peer.contents(ipv4Unicast)).toEqual(['10.0.0.0/8 1']);
    expect(peer.rib.family(ipv4Unicast)!.staleRoutes).toBe(0);
  });

  test('the end of the restart time removes stale routes', () => {
    peer.rib.sessionDown({ families, keepStale: false });
    expect(peer.rib.removeStale()).toBe(2);
    expect(peer.rib.routeCount).toBe(0);
  });

  test.each([
    ['does not forward for the family', options, new Set<FamilyKey>(), 3],
    ['has the family no more', sessionOptions({ families: new Set([ipv6Unicast]) }), families, 1],
    ['now has Path Identifiers', sessionOptions({ addPathReceive: families }), families, 1],
  ])(
    'stale routes go at once when the peer comes back and %s',
    (_name, next, forwarding, waiting) => {
      peer.rib.sessionDown({ families, keepStale: false });
      peer.rib.sessionUp(next, { gracefulRestart: true, forwarding });
      expect(peer.rib.routeCount).toBe(0);
      peer.reclaim();
      expect(peer.store.statistics.routeKeys, 'of routes that may come back').toBe(waiting);
      peer.reclaimAll();
      expect(peer.store.statistics).toMatchObject({ attributeBlocks: 0, routeKeys: 0 });
    },
  );

  test('nothing is waited for in a store that was not told to', () => {
    const other = new InboundPeer({}, new RibStore());
    other.announce(ipv4Unicast, 1, '10.0.0.0/8', '10.1.0.0/16');
    other.rib.sessionDown();
    expect([other.store.isWaiting, other.store.hasGarbage]).toEqual([false, true]);
    expect(other.store.statistics).toMatchObject({ goneRoutes: 2, routeKeys: 2 });
    other.reclaim();
    expect(other.store.statistics).toMatchObject({ goneRoutes: 0, routeKeys: 0 });
  });

  test('what is gone is not waited for once the peer has told all', () => {
    peer.rib.sessionDown();
    peer.rib.sessionUp(options);
    peer.announce(ipv4Unicast, 1, '10.0.0.0/8');
    peer.receive(endOfRib(ipv4Unicast));
    peer.reclaim();
    expect(peer.store.statistics.routeKeys, 'with the one of IPv6').toBe(2);
  });

  test('each drop is waited for anew, whatever is still gone from the one before', () => {
    peer.rib.sessionDown();
    peer.store.age();
    peer.rib.sessionUp(options);
    peer.announce(ipv4Unicast, 1, '10.0.0.0/8');
    peer.rib.sessionDown();
    peer.store.age();
    peer.reclaim();
    expect(peer.store.statistics.routeKeys, 'without the one of IPv6').toBe(2);
    peer.store.age();
    peer.reclaim();
    expect(peer.store.statistics.routeKeys).toBe(0);
  });

  test.each([
    ['are removed', false, ['10.0.0.0/8 1 stale']],
    ['stay with the N bit (RFC 8538)', true, ['10.0.0.0/8 1 stale', '10.1.0.0/16 1 stale']],
  ])('routes still stale when the peer restarts again %s', (_name, keepStale, expected) => {
    peer.rib.sessionDown({ families, keepStale });
    peer.rib.sessionUp(options, resumption);
    peer.announce(ipv4Unicast, 1, '10.0.0.0/8');
    peer.rib.sessionDown({ families, keepStale });
    expect(peer.contents(ipv4Unicast)).toEqual(expected);
  });

  test('a route that has gone can come back before its memory is freed', () => {
    peer.rib.sessionDown();
    peer.rib.sessionUp(options);
    expect(peer.announce(ipv4Unicast, 1, '10.0.0.0/8')).toMatchObject({ announced: 1 });
    expect(peer.withdraw(ipv4Unicast, '10.1.0.0/16')).toMatchObject({ withdrawn: 0 });
    peer.reclaimAll();
    expect(peer.contents(ipv4Unicast)).toEqual(['10.0.0.0/8 1']);
    expect(peer.store.statistics).toMatchObject({ attributeBlocks: 1, routeKeys: 1 });
  });

  test.each([
    ['some', 4, 64 + 2 + 4],
    ['more than a sixteenth', 5, 5],
  ])('routes that are gone are waited for as long as others are few: %s', (_name, others, keys) => {
    const announceAll = (first: number, count: number): void => {
      for (let index = 0; index < count; index += 1)
        peer.announce(ipv4Unicast, 1, `${first}.0.${index}.0/24`);
    };
    announceAll(11, 64);
    peer.rib.sessionDown();
    peer.rib.sessionUp(options);
    announceAll(12, others);
    peer.reclaim();
    expect(peer.rib.routeCount).toBe(others);
    expect(peer.store.statistics.routeKeys, 'with the one of IPv6').toBe(keys + 1);
  });

  test('a page looks at no more routes than it may, those that are gone included', () => {
    for (let index = 0; index < 100; index += 1)
      peer.announce(ipv4Unicast, 1, `11.0.${index}.0/24`);
    peer.rib.sessionDown();
    peer.rib.sessionUp(options);
    peer.announce(ipv4Unicast, 1, '11.0.99.0/24');
    const query = { family: ipv4Unicast, limit: 10, maximumSteps: 50 };
    const pages = [peer.rib.routes(query)];
    for (let page = pages[0]!; page.cursor !== undefined; pages.push(page))
      page = peer.rib.routes({ ...query, cursor: page.cursor });
    expect(pages.map(({ routes }) => routes.length)).toEqual([0, 0, 1]);
  });

  test('memory is freed in bounded steps', () => {
    for (let index = 0; index < 500; index += 1)
      peer.announce(ipv4Unicast, 1, `11.0.${index >> 1}.${(index & 1) * 128}/25`);
    peer.rib.sessionDown();
    peer.store.age();
    expect(peer.store.hasGarbage).toBe(false);
    peer.store.age();
    let steps = 0;
    while (peer.store.reclaim(50)) steps += 1;
    expect(steps).toBeGreaterThanOrEqual(10);
    expect(peer.store.statistics).toMatchObject({ attributeBlocks: 0, routeKeys: 0 });
  });
});

describe('long-lived graceful restart (RFC 9494)', () => {
  const families = new Set([ipv4Unicast]);
  const resumption = { gracefulRestart: true, forwarding: families };

  test('stale routes stay, marked LLGR_STALE, without those that have NO_LLGR', () => {
    peer.rib.sessionUp(options, resumption);
    peer.announce(ipv4Unicast, 1, '10.0.0.0/8');
    const noLlgr = [
      ...attributesOf(2).filter(({ type }) => type !== 'communities'),
      { type: 'communities' as const, communities: [65001 * 65536 + 2, 0xffff0007] },
    ];
    peer.receive(announcement(ipv4Unicast, prefixes('10.1.0.0/16'), noLlgr, options));
    peer.rib.sessionDown({ families, keepStale: false });
    peer.rib.beginLongLivedStale(ipv4Unicast);
    expect(peer.contents(ipv4Unicast)).toEqual(['10.0.0.0/8 1,6 long-lived']);

    // A second restart must not remove them (§4.2).
    peer.rib.sessionUp(options, resumption);
    peer.announce(ipv4Unicast, 3, '10.2.0.0/16');
    peer.rib.sessionDown({ families, keepStale: false });
    expect(peer.contents(ipv4Unicast)).toEqual([
      '10.0.0.0/8 1,6 long-lived',
      '10.2.0.0/16 3 stale',
    ]);

    peer.rib.sessionUp(options, resumption);
    peer.announce(ipv4Unicast, 1, '10.0.0.0/8');
    peer.receive(endOfRib(ipv4Unicast));
    expect(peer.contents(ipv4Unicast)).toEqual(['10.0.0.0/8 1']);
  });
});

describe('enhanced route refresh (RFC 7313)', () => {
  test('EoRR removes what was not announced again since BoRR', () => {
    peer.announce(ipv4Unicast, 1, '10.0.0.0/8', '10.1.0.0/16');
    expect(peer.rib.beginRouteRefresh(ipv4Unicast)).toBe(true);
    peer.announce(ipv4Unicast, 2, '10.0.0.0/8');
    expect(peer.rib.endRouteRefresh(ipv4Unicast)).toBe(1);
    expect(peer.contents(ipv4Unicast)).toEqual(['10.0.0.0/8 2']);
  });

  test('an End-of-RIB in between removes nothing', () => {
    peer.announce(ipv4Unicast, 1, '10.0.0.0/8');
    peer.rib.beginRouteRefresh(ipv4Unicast);
    peer.receive(endOfRib(ipv4Unicast));
    expect(peer.rib.routeCount).toBe(1);
    expect(peer.rib.endRouteRefresh(ipv4Unicast)).toBe(1);
  });

  test('EoRR without BoRR is ignored', () => {
    peer.announce(ipv4Unicast, 1, '10.0.0.0/8');
    expect(peer.rib.endRouteRefresh(ipv4Unicast)).toBe(-1);
    expect(peer.rib.routeCount).toBe(1);
  });

  test('BoRR is ignored before the End-of-RIB of a peer that does graceful restart', () => {
    const families = new Set([ipv4Unicast]);
    peer.rib.sessionUp(options, { gracefulRestart: true, forwarding: families });
    peer.announce(ipv4Unicast, 1, '10.0.0.0/8');
    expect(peer.rib.beginRouteRefresh(ipv4Unicast)).toBe(false);
    peer.receive(endOfRib(ipv4Unicast));
    expect(peer.rib.beginRouteRefresh(ipv4Unicast)).toBe(true);
  });

  test('a restart in the middle of a refresh keeps the routes', () => {
    peer.announce(ipv4Unicast, 1, '10.0.0.0/8');
    peer.rib.beginRouteRefresh(ipv4Unicast);
    peer.rib.sessionDown({ families: new Set([ipv4Unicast]), keepStale: false });
    expect(peer.contents(ipv4Unicast)).toEqual(['10.0.0.0/8 1 stale']);
  });
});
