import { type FamilyKey, formatNlri, type Nlri, UpdateView } from '@peerloom/wire';
import { beforeEach, describe, expect, test } from 'vitest';
import { AdjRibIn } from '../src/adjRibIn.ts';
import { RibError } from '../src/ribError.ts';
import { RibStore } from '../src/ribStore.ts';
import type { UpdateOutcome } from '../src/updateOutcome.ts';
import {
  announcement,
  attributesOf,
  endOfRib,
  evpn,
  flowspecIpv4,
  ipv4Unicast,
  ipv6Unicast,
  labeledIpv4,
  prefixes,
  sessionOptions,
  vpnIpv4,
  withdrawal,
} from './sessions.ts';

const options = sessionOptions();
const view = new UpdateView();
let store: RibStore;
let rib: AdjRibIn;

beforeEach(() => {
  store = new RibStore();
  rib = new AdjRibIn(store);
  rib.sessionUp(options);
});

function receive(messages: Uint8Array[], to: AdjRibIn = rib): UpdateOutcome {
  let outcome: UpdateOutcome | undefined;
  for (const message of messages) outcome = to.receive(view, message, 0, message.length);
  return outcome!;
}

function announce(family: FamilyKey, seed: number, ...texts: string[]): UpdateOutcome {
  return receive(announcement(family, prefixes(...texts), attributesOf(seed), rib.options!));
}

function withdraw(family: FamilyKey, ...texts: string[]): UpdateOutcome {
  return receive(withdrawal(family, prefixes(...texts), rib.options!));
}

/** What is in the table, one a line: `prefix community`, with a mark for stale ones. */
function contents(family: FamilyKey): string[] {
  return rib
    .routes({ family, limit: 1000 })
    .routes.map(({ nlri, attributes, stale, longLivedStale }) => {
      const communities = attributes.find((each) => each.type === 'communities');
      const values = communities?.communities.map((value) => value & 0xffff).join() ?? '';
      return `${formatNlri(nlri)} ${values}${longLivedStale ? ' long-lived' : stale ? ' stale' : ''}`;
    })
    .toSorted();
}

function withPathId(pathId: number): Nlri {
  return { kind: 'prefix', prefix: '10.0.0.0/8', pathId };
}

/** An announcement of 10.0.0.0/8 with the ORIGIN value set to `origin`. */
function withOrigin(origin: number): Uint8Array {
  const [message] = announcement(ipv4Unicast, prefixes('10.0.0.0/8'), attributesOf(1), options);
  message![26] = origin;
  return message!;
}

describe('receiving routes', () => {
  test('counts what is new, changed, unchanged and withdrawn', () => {
    expect(announce(ipv4Unicast, 1, '10.0.0.0/8', '10.1.0.0/16')).toMatchObject({ announced: 2 });
    expect(announce(ipv4Unicast, 1, '10.0.0.0/8', '10.2.0.0/16')).toMatchObject({
      announced: 1,
      unchanged: 1,
    });
    expect(announce(ipv4Unicast, 2, '10.0.0.0/8')).toMatchObject({ announced: 0, changed: 1 });
    expect(withdraw(ipv4Unicast, '10.1.0.0/16', '10.9.0.0/16')).toMatchObject({ withdrawn: 1 });
    expect(contents(ipv4Unicast)).toEqual(['10.0.0.0/8 2', '10.2.0.0/16 1']);
    expect(rib.routeCount).toBe(2);
  });

  test('keeps families apart, next hop included', () => {
    announce(ipv4Unicast, 1, '10.0.0.0/8');
    announce(ipv6Unicast, 1, '2001:db8::/32');
    const [route] = rib.routes({ family: ipv6Unicast, limit: 1 }).routes;
    expect(route!.attributes[0]).toEqual({
      type: 'mpReachNlri',
      afi: 2,
      safi: 1,
      nextHops: [{ address: '2001:db8::1' }],
      nlri: [],
    });
    expect([rib.family(ipv4Unicast)!.routes, rib.family(ipv6Unicast)!.routes]).toEqual([1, 1]);
  });

  test('routes that share attributes share a block, across peers too', () => {
    const other = new AdjRibIn(store);
    other.sessionUp(options);
    const message = announcement(ipv4Unicast, prefixes('10.0.0.0/8'), attributesOf(1), options);
    receive(message);
    receive(message, other);
    expect(store.statistics).toMatchObject({ attributeBlocks: 1, routeKeys: 1 });
    rib.clear();
    while (store.reclaim(1));
    expect(store.statistics).toMatchObject({ attributeBlocks: 1, routeKeys: 1 });
    other.sessionDown();
    while (store.reclaim(1));
    expect(store.statistics).toMatchObject({ attributeBlocks: 0, routeKeys: 0 });
  });

  test('the same bytes are another block where AS numbers are of another width', () => {
    const narrow = new AdjRibIn(store);
    narrow.sessionUp(sessionOptions({ fourOctetAs: false }));
    // An empty AS_PATH looks the same either way.
    const attributes = attributesOf(1).filter(({ type }) => type !== 'asPath');
    const message = announcement(
      ipv4Unicast,
      prefixes('10.0.0.0/8'),
      [...attributes, { type: 'asPath', segments: [] }],
      options,
    );
    receive(message);
    receive(message, narrow);
    expect(store.statistics.attributeBlocks).toBe(2);
  });

  test.each<[string, FamilyKey, Nlri, Nlri | undefined]>([
    [
      'VPN, with a new label',
      vpnIpv4,
      { kind: 'vpn', routeDistinguisher: '65000:1', labels: [100], prefix: '10.0.0.0/8' },
      { kind: 'vpn', routeDistinguisher: '65000:1', labels: [200], prefix: '10.0.0.0/8' },
    ],
    [
      'labelled, with a new label',
      labeledIpv4,
      { kind: 'labeled', labels: [100], prefix: '10.0.0.0/8' },
      { kind: 'labeled', labels: [200], prefix: '10.0.0.0/8' },
    ],
    [
      'EVPN, with a new label',
      evpn,
      {
        kind: 'evpn',
        route: 'macIp',
        routeDistinguisher: '65000:1',
        esi: '00:00:00:00:00:00:00:00:00:00',
        ethernetTag: 0,
        mac: '02:00:5e:10:00:01',
        label: 1600,
      },
      {
        kind: 'evpn',
        route: 'macIp',
        routeDistinguisher: '65000:1',
        esi: '00:00:00:00:00:00:00:00:00:00',
        ethernetTag: 0,
        mac: '02:00:5e:10:00:01',
        label: 3200,
      },
    ],
    [
      'flow specifications, which are nothing but key',
      flowspecIpv4,
      {
        kind: 'flowspec',
        components: [{ type: 'destinationPrefix', prefix: '10.0.0.0/8' }],
      },
      undefined,
    ],
  ])('%s', (_name, family, first, second) => {
    rib.sessionUp(sessionOptions({ families: new Set([family]) }));
    const send = (nlri: Nlri): UpdateOutcome =>
      receive(announcement(family, [nlri], attributesOf(1), rib.options!));
    expect(send(first)).toMatchObject({ announced: 1 });
    expect(send(first)).toMatchObject({ unchanged: 1, changed: 0 });
    if (second !== undefined) {
      expect(send(second)).toMatchObject({ announced: 0, changed: 1 });
      expect(contents(family)).toEqual([`${formatNlri(second)} 1`]);
    }
    expect(receive(withdrawal(family, [first], rib.options!))).toMatchObject({ withdrawn: 1 });
    expect(rib.routeCount).toBe(0);
  });

  test('Path Identifiers tell routes for the same prefix apart', () => {
    rib.sessionUp(sessionOptions({ addPathReceive: new Set([ipv4Unicast]) }));
    receive(
      announcement(ipv4Unicast, [withPathId(1), withPathId(2)], attributesOf(1), rib.options!),
    );
    expect(rib.routeCount).toBe(2);
    receive(withdrawal(ipv4Unicast, [withPathId(1)], rib.options!));
    expect(contents(ipv4Unicast)).toEqual(['10.0.0.0/8 path-id 2 1']);
  });

  test('routes of a family that was not agreed on are ignored', () => {
    rib.sessionUp(sessionOptions({ families: new Set([ipv6Unicast]) }));
    expect(announce(ipv4Unicast, 1, '10.0.0.0/8')).toMatchObject({
      announced: 0,
      ignoredFields: 1,
      fault: undefined,
    });
    expect(rib.routeCount).toBe(0);
  });

  test('a route that is withdrawn and announced by one message is there', () => {
    announce(ipv4Unicast, 1, '10.0.0.0/8');
    const [announced] = announcement(ipv4Unicast, prefixes('10.0.0.0/8'), attributesOf(1), options);
    const message = Uint8Array.from([
      ...announced!.subarray(0, 19),
      0,
      2,
      8,
      10,
      ...announced!.subarray(21),
    ]);
    new DataView(message.buffer).setUint16(16, message.length);
    expect(receive([message])).toMatchObject({ withdrawn: 1, announced: 1, fault: undefined });
    expect(rib.routeCount).toBe(1);
  });

  test('receiving without a session is a mistake of the caller', () => {
    rib.sessionDown();
    expect(() => receive(endOfRib(ipv4Unicast))).toThrow(RibError);
  });
});

describe('faults (RFC 7606)', () => {
  test('treat-as-withdraw takes the routes of the message away', () => {
    announce(ipv4Unicast, 1, '10.0.0.0/8', '10.1.0.0/16');
    const outcome = receive([withOrigin(9)]);
    expect(outcome.fault).toMatchObject({ action: 'treatAsWithdraw', attribute: 1 });
    expect(outcome).toMatchObject({ withdrawn: 1, announced: 0 });
    expect(contents(ipv4Unicast)).toEqual(['10.1.0.0/16 1']);
    expect(store.statistics.attributeBlocks).toBe(1);
  });

  test('a block found faulty is found faulty again', () => {
    expect(receive([withOrigin(9)]).fault).toBeDefined();
    expect(receive([withOrigin(9)]).fault).toBeDefined();
    expect(receive([withOrigin(2)]).fault).toBeUndefined();
  });

  test('attribute discard keeps the routes without the attribute', () => {
    // AGGREGATOR of a wrong length (RFC 7606 §7.7).
    const attributes = [...attributesOf(1)];
    const unknown = { type: 'unknown' as const, code: 7, flags: 0xc0, value: new Uint8Array(3) };
    const messages = announcement(
      ipv4Unicast,
      prefixes('10.0.0.0/8'),
      [...attributes, unknown],
      options,
    );
    for (let round = 0; round < 2; round += 1) {
      const outcome = receive(messages);
      expect(outcome.fault).toMatchObject({ action: 'attributeDiscard', attribute: 7 });
    }
    announce(ipv4Unicast, 1, '10.1.0.0/16');
    expect(store.statistics.attributeBlocks).toBe(1);
    expect(contents(ipv4Unicast)).toEqual(['10.0.0.0/8 1', '10.1.0.0/16 1']);
  });

  test('a session reset applies nothing', () => {
    announce(ipv4Unicast, 1, '10.0.0.0/8');
    const [message] = announcement(ipv4Unicast, prefixes('10.1.0.0/16'), attributesOf(1), options);
    message![message!.length - 3] = 33; // A prefix length of 33.
    const outcome = receive([message!]);
    expect(outcome.fault).toMatchObject({ action: 'sessionReset', code: 3, subcode: 10 });
    expect(contents(ipv4Unicast)).toEqual(['10.0.0.0/8 1']);
  });

  test('AFI/SAFI disable takes the family away until the next session', () => {
    announce(ipv4Unicast, 1, '10.0.0.0/8');
    announce(ipv6Unicast, 1, '2001:db8::/32');
    const [message] = announcement(
      ipv6Unicast,
      prefixes('2001:db8:1::/48'),
      attributesOf(1),
      options,
    );
    const at = message!.findIndex(
      (_, index) => message![index] === 48 && message![index + 1] === 0x20,
    );
    message![at] = 129;
    const outcome = receive([message!]);
    expect(outcome.fault).toMatchObject({ action: 'afiSafiDisable', family: ipv6Unicast });
    expect(outcome.withdrawn).toBe(1);
    expect(announce(ipv6Unicast, 1, '2001:db8::/32')).toMatchObject({ ignoredFields: 1 });
    expect(rib.routeCount).toBe(1);
    rib.sessionDown();
    rib.sessionUp(options);
    expect(announce(ipv6Unicast, 1, '2001:db8::/32')).toMatchObject({ announced: 1 });
  });

  test('arbitrary octets never throw, and leave no block behind', () => {
    const [message] = announcement(
      ipv6Unicast,
      prefixes('2001:db8::/32'),
      attributesOf(1),
      options,
    );
    let seed = 42;
    for (let round = 0; round < 20_000; round += 1) {
      const broken = message!.slice();
      for (let change = 0; change < 3; change += 1) {
        seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
        broken[19 + ((seed >>> 8) % (broken.length - 19))] = seed >>> 24;
      }
      rib.receive(view, broken, 0, broken.length);
    }
    rib.clear();
    while (store.reclaim(1000));
    expect(store.statistics.attributeBlocks).toBe(0);
  });
});

describe('graceful restart (RFC 4724)', () => {
  const families = new Set([ipv4Unicast]);
  const resumption = { gracefulRestart: true, forwarding: families };

  beforeEach(() => {
    rib.sessionUp(options, resumption);
    announce(ipv4Unicast, 1, '10.0.0.0/8', '10.1.0.0/16');
    announce(ipv6Unicast, 1, '2001:db8::/32');
  });

  test('without it, all routes go with the session', () => {
    rib.sessionDown();
    expect(rib.routeCount).toBe(0);
    expect(contents(ipv4Unicast)).toEqual([]);
  });

  test('routes of its families stay as stale, and End-of-RIB sweeps what was not confirmed', () => {
    rib.sessionDown({ families, keepStale: false });
    expect(contents(ipv4Unicast)).toEqual(['10.0.0.0/8 1 stale', '10.1.0.0/16 1 stale']);
    expect(contents(ipv6Unicast)).toEqual([]);
    rib.sessionUp(options, resumption);
    expect(announce(ipv4Unicast, 1, '10.0.0.0/8')).toMatchObject({ unchanged: 1 });
    expect(contents(ipv4Unicast)).toEqual(['10.0.0.0/8 1', '10.1.0.0/16 1 stale']);
    expect(receive(endOfRib(ipv4Unicast))).toMatchObject({ endOfRib: ipv4Unicast, withdrawn: 1 });
    expect(contents(ipv4Unicast)).toEqual(['10.0.0.0/8 1']);
    expect(rib.family(ipv4Unicast)!.staleRoutes).toBe(0);
  });

  test('the end of the restart time removes stale routes', () => {
    rib.sessionDown({ families, keepStale: false });
    expect(rib.removeStale()).toBe(2);
    expect(rib.routeCount).toBe(0);
  });

  test.each([
    ['does not forward for the family', options, new Set<FamilyKey>()],
    ['has the family no more', sessionOptions({ families: new Set([ipv6Unicast]) }), families],
    ['now has Path Identifiers', sessionOptions({ addPathReceive: families }), families],
  ])('stale routes go at once when the peer comes back and %s', (_name, next, forwarding) => {
    rib.sessionDown({ families, keepStale: false });
    rib.sessionUp(next, { gracefulRestart: true, forwarding });
    expect(rib.routeCount).toBe(0);
    while (store.reclaim(1));
    expect(store.statistics).toMatchObject({ attributeBlocks: 0, routeKeys: 0 });
  });

  test.each([
    ['are removed', false, ['10.0.0.0/8 1 stale']],
    ['stay with the N bit (RFC 8538)', true, ['10.0.0.0/8 1 stale', '10.1.0.0/16 1 stale']],
  ])('routes still stale when the peer restarts again %s', (_name, keepStale, expected) => {
    rib.sessionDown({ families, keepStale });
    rib.sessionUp(options, resumption);
    announce(ipv4Unicast, 1, '10.0.0.0/8');
    rib.sessionDown({ families, keepStale });
    expect(contents(ipv4Unicast)).toEqual(expected);
  });

  test('a route that has gone can come back before its memory is freed', () => {
    rib.sessionDown();
    rib.sessionUp(options);
    expect(announce(ipv4Unicast, 1, '10.0.0.0/8')).toMatchObject({ announced: 1 });
    expect(withdraw(ipv4Unicast, '10.1.0.0/16')).toMatchObject({ withdrawn: 0 });
    while (store.reclaim(1));
    expect(contents(ipv4Unicast)).toEqual(['10.0.0.0/8 1']);
    expect(store.statistics).toMatchObject({ attributeBlocks: 1, routeKeys: 1 });
  });

  test('memory is freed in bounded steps', () => {
    for (let index = 0; index < 500; index += 1)
      announce(ipv4Unicast, 1, `11.0.${index >> 1}.${(index & 1) * 128}/25`);
    rib.sessionDown();
    let steps = 0;
    while (store.reclaim(50)) steps += 1;
    expect(steps).toBeGreaterThanOrEqual(10);
    expect(store.statistics).toMatchObject({ attributeBlocks: 0, routeKeys: 0 });
  });
});

describe('long-lived graceful restart (RFC 9494)', () => {
  const families = new Set([ipv4Unicast]);
  const resumption = { gracefulRestart: true, forwarding: families };

  test('stale routes stay, marked LLGR_STALE, without those that have NO_LLGR', () => {
    rib.sessionUp(options, resumption);
    announce(ipv4Unicast, 1, '10.0.0.0/8');
    const noLlgr = [
      ...attributesOf(2).filter(({ type }) => type !== 'communities'),
      { type: 'communities' as const, communities: [65001 * 65536 + 2, 0xffff0007] },
    ];
    receive(announcement(ipv4Unicast, prefixes('10.1.0.0/16'), noLlgr, options));
    rib.sessionDown({ families, keepStale: false });
    rib.beginLongLivedStale(ipv4Unicast);
    expect(contents(ipv4Unicast)).toEqual(['10.0.0.0/8 1,6 long-lived']);

    // A second restart must not remove them (§4.2).
    rib.sessionUp(options, resumption);
    announce(ipv4Unicast, 3, '10.2.0.0/16');
    rib.sessionDown({ families, keepStale: false });
    expect(contents(ipv4Unicast)).toEqual(['10.0.0.0/8 1,6 long-lived', '10.2.0.0/16 3 stale']);

    rib.sessionUp(options, resumption);
    announce(ipv4Unicast, 1, '10.0.0.0/8');
    receive(endOfRib(ipv4Unicast));
    expect(contents(ipv4Unicast)).toEqual(['10.0.0.0/8 1']);
  });
});

describe('enhanced route refresh (RFC 7313)', () => {
  test('EoRR removes what was not announced again since BoRR', () => {
    announce(ipv4Unicast, 1, '10.0.0.0/8', '10.1.0.0/16');
    expect(rib.beginRouteRefresh(ipv4Unicast)).toBe(true);
    announce(ipv4Unicast, 2, '10.0.0.0/8');
    expect(rib.endRouteRefresh(ipv4Unicast)).toBe(1);
    expect(contents(ipv4Unicast)).toEqual(['10.0.0.0/8 2']);
  });

  test('an End-of-RIB in between removes nothing', () => {
    announce(ipv4Unicast, 1, '10.0.0.0/8');
    rib.beginRouteRefresh(ipv4Unicast);
    receive(endOfRib(ipv4Unicast));
    expect(rib.routeCount).toBe(1);
    expect(rib.endRouteRefresh(ipv4Unicast)).toBe(1);
  });

  test('EoRR without BoRR is ignored', () => {
    announce(ipv4Unicast, 1, '10.0.0.0/8');
    expect(rib.endRouteRefresh(ipv4Unicast)).toBe(-1);
    expect(rib.routeCount).toBe(1);
  });

  test('BoRR is ignored before the End-of-RIB of a peer that does graceful restart', () => {
    const families = new Set([ipv4Unicast]);
    rib.sessionUp(options, { gracefulRestart: true, forwarding: families });
    announce(ipv4Unicast, 1, '10.0.0.0/8');
    expect(rib.beginRouteRefresh(ipv4Unicast)).toBe(false);
    receive(endOfRib(ipv4Unicast));
    expect(rib.beginRouteRefresh(ipv4Unicast)).toBe(true);
  });

  test('a restart in the middle of a refresh keeps the routes', () => {
    announce(ipv4Unicast, 1, '10.0.0.0/8');
    rib.beginRouteRefresh(ipv4Unicast);
    rib.sessionDown({ families: new Set([ipv4Unicast]), keepStale: false });
    expect(contents(ipv4Unicast)).toEqual(['10.0.0.0/8 1 stale']);
  });
});

describe('counting only', () => {
  test('counts without keeping', () => {
    rib = new AdjRibIn(store, { storeRoutes: false });
    rib.sessionUp(options);
    expect(announce(ipv4Unicast, 1, '10.0.0.0/8', '10.1.0.0/16')).toMatchObject({ announced: 2 });
    expect(withdraw(ipv4Unicast, '10.1.0.0/16')).toMatchObject({ withdrawn: 1 });
    expect(rib.routeCount).toBe(1);
    expect(contents(ipv4Unicast)).toEqual([]);
    expect(store.statistics).toMatchObject({ attributeBlocks: 0, routeKeys: 0 });
    rib.sessionDown({ families: new Set([ipv4Unicast]), keepStale: true });
    expect(rib.routeCount).toBe(0);
  });
});
