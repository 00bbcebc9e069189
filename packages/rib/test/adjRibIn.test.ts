import { type FamilyKey, formatNlri, type Nlri } from '@peerloom/wire';
import { beforeEach, describe, expect, test } from 'vitest';
import { RibError } from '../src/ribError.ts';
import type { UpdateOutcome } from '../src/updateOutcome.ts';
import { InboundPeer } from './inboundPeer.ts';
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
let peer: InboundPeer;

beforeEach(() => {
  peer = new InboundPeer();
});

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
    expect(peer.announce(ipv4Unicast, 1, '10.0.0.0/8', '10.1.0.0/16')).toMatchObject({
      announced: 2,
    });
    expect(peer.announce(ipv4Unicast, 1, '10.0.0.0/8', '10.2.0.0/16')).toMatchObject({
      announced: 1,
      unchanged: 1,
    });
    expect(peer.announce(ipv4Unicast, 2, '10.0.0.0/8')).toMatchObject({ announced: 0, changed: 1 });
    expect(peer.withdraw(ipv4Unicast, '10.1.0.0/16', '10.9.0.0/16')).toMatchObject({
      withdrawn: 1,
    });
    expect(peer.contents(ipv4Unicast)).toEqual(['10.0.0.0/8 2', '10.2.0.0/16 1']);
    expect(peer.rib.routeCount).toBe(2);
  });

  test('keeps families apart, next hop included', () => {
    peer.announce(ipv4Unicast, 1, '10.0.0.0/8');
    peer.announce(ipv6Unicast, 1, '2001:db8::/32');
    const [route] = peer.rib.routes({ family: ipv6Unicast, limit: 1 }).routes;
    expect(route!.attributes[0]).toEqual({
      type: 'mpReachNlri',
      afi: 2,
      safi: 1,
      nextHops: [{ address: '2001:db8::1' }],
      nlri: [],
    });
    expect([peer.rib.family(ipv4Unicast)!.routes, peer.rib.family(ipv6Unicast)!.routes]).toEqual([
      1, 1,
    ]);
  });

  test('routes that share attributes share a block, across peers too', () => {
    const other = new InboundPeer({}, peer.store);
    const message = announcement(ipv4Unicast, prefixes('10.0.0.0/8'), attributesOf(1), options);
    peer.receive(message);
    other.receive(message);
    expect(peer.store.statistics).toMatchObject({ attributeBlocks: 1, routeKeys: 1 });
    peer.rib.clear();
    peer.reclaimAll();
    expect(peer.store.statistics).toMatchObject({ attributeBlocks: 1, routeKeys: 1 });
    other.rib.sessionDown();
    peer.reclaimAll();
    expect(peer.store.statistics).toMatchObject({ attributeBlocks: 0, routeKeys: 0 });
  });

  test('the same bytes are another block where AS numbers are of another width', () => {
    const narrow = new InboundPeer({}, peer.store);
    narrow.rib.sessionUp(sessionOptions({ fourOctetAs: false }));
    // An empty AS_PATH looks the same either way.
    const attributes = attributesOf(1).filter(({ type }) => type !== 'asPath');
    const message = announcement(
      ipv4Unicast,
      prefixes('10.0.0.0/8'),
      [...attributes, { type: 'asPath', segments: [] }],
      options,
    );
    peer.receive(message);
    narrow.receive(message);
    expect(peer.store.statistics.attributeBlocks).toBe(2);
  });

  describe('attributes that were looked at before', () => {
    const [known] = announcement(ipv4Unicast, prefixes('10.0.0.0/8'), attributesOf(1), options);
    /** The same announcement with other routes, and withdrawals. */
    const variant = (nlri: readonly number[], withdrawn: readonly number[] = []): Uint8Array => {
      const attributes = known!.subarray(21, known!.length - 2);
      const message = Uint8Array.of(
        ...known!.subarray(0, 19),
        0,
        withdrawn.length,
        ...withdrawn,
        ...attributes,
        ...nlri,
      );
      message[16] = message.length >>> 8;
      message[17] = message.length;
      return message;
    };

    beforeEach(() => {
      peer.receive([known!]);
    });

    test('come with other routes', () => {
      expect(peer.receive([variant([16, 10, 1, 8, 10])])).toMatchObject({
        announced: 1,
        unchanged: 1,
      });
      expect(peer.contents(ipv4Unicast)).toEqual(['10.0.0.0/8 1', '10.1.0.0/16 1']);
    });

    test('come with withdrawals, which count as well', () => {
      peer.announce(ipv4Unicast, 2, '10.9.0.0/16');
      expect(peer.receive([variant([16, 10, 1], [16, 10, 9])])).toMatchObject({
        announced: 1,
        withdrawn: 1,
      });
    });

    test('do not make up for routes that cannot be read', () => {
      const { fault } = peer.receive([variant([33, 10, 1, 2, 3, 4])]);
      expect(fault).toMatchObject({ action: 'sessionReset', subcode: 10 });
    });

    test('are of no use to a session without the family', () => {
      peer.rib.sessionDown();
      peer.rib.sessionUp(sessionOptions({ families: new Set([ipv6Unicast]) }));
      expect(peer.receive([known!])).toMatchObject({ announced: 0, ignoredFields: 1 });
    });

    test('are of no use while the family is disabled', () => {
      const family = peer.rib.family(ipv4Unicast)!;
      family.isDisabled = true;
      expect(peer.receive([known!])).toMatchObject({ announced: 0, ignoredFields: 1 });
    });

    test('are as incomplete the second time as they were the first', () => {
      const attributes = attributesOf(3).filter(({ type }) => type !== 'asPath');
      const messages = announcement(ipv4Unicast, prefixes('10.3.0.0/16'), attributes, options);
      for (let time = 0; time < 2; time += 1) {
        expect(peer.receive(messages).fault).toMatchObject({ action: 'treatAsWithdraw' });
      }
    });
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
    peer.rib.sessionUp(sessionOptions({ families: new Set([family]) }));
    const send = (nlri: Nlri): UpdateOutcome =>
      peer.receive(announcement(family, [nlri], attributesOf(1), peer.rib.options!));
    expect(send(first)).toMatchObject({ announced: 1 });
    expect(send(first)).toMatchObject({ unchanged: 1, changed: 0 });
    if (second !== undefined) {
      expect(send(second)).toMatchObject({ announced: 0, changed: 1 });
      expect(peer.contents(family)).toEqual([`${formatNlri(second)} 1`]);
    }
    expect(peer.receive(withdrawal(family, [first], peer.rib.options!))).toMatchObject({
      withdrawn: 1,
    });
    expect(peer.rib.routeCount).toBe(0);
  });

  test('Path Identifiers tell routes for the same prefix apart', () => {
    peer.rib.sessionUp(sessionOptions({ addPathReceive: new Set([ipv4Unicast]) }));
    peer.receive(
      announcement(ipv4Unicast, [withPathId(1), withPathId(2)], attributesOf(1), peer.rib.options!),
    );
    expect(peer.rib.routeCount).toBe(2);
    peer.receive(withdrawal(ipv4Unicast, [withPathId(1)], peer.rib.options!));
    expect(peer.contents(ipv4Unicast)).toEqual(['10.0.0.0/8 path-id 2 1']);
  });

  test('routes of a family that was not agreed on are ignored', () => {
    peer.rib.sessionUp(sessionOptions({ families: new Set([ipv6Unicast]) }));
    expect(peer.announce(ipv4Unicast, 1, '10.0.0.0/8')).toMatchObject({
      announced: 0,
      ignoredFields: 1,
      fault: undefined,
    });
    expect(peer.rib.routeCount).toBe(0);
  });

  test('a route that is withdrawn and announced by one message is there', () => {
    peer.announce(ipv4Unicast, 1, '10.0.0.0/8');
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
    expect(peer.receive([message])).toMatchObject({ withdrawn: 1, announced: 1, fault: undefined });
    expect(peer.rib.routeCount).toBe(1);
  });

  test('receiving without a session is a mistake of the caller', () => {
    peer.rib.sessionDown();
    expect(() => peer.receive(endOfRib(ipv4Unicast))).toThrow(RibError);
  });
});

describe('faults (RFC 7606)', () => {
  test('treat-as-withdraw takes the routes of the message away', () => {
    peer.announce(ipv4Unicast, 1, '10.0.0.0/8', '10.1.0.0/16');
    const outcome = peer.receive([withOrigin(9)]);
    expect(outcome.fault).toMatchObject({ action: 'treatAsWithdraw', attribute: 1 });
    expect(outcome).toMatchObject({ withdrawn: 1, announced: 0 });
    expect(peer.contents(ipv4Unicast)).toEqual(['10.1.0.0/16 1']);
    expect(peer.store.statistics.attributeBlocks).toBe(1);
  });

  test('a block found faulty is found faulty again', () => {
    expect(peer.receive([withOrigin(9)]).fault).toBeDefined();
    expect(peer.receive([withOrigin(9)]).fault).toBeDefined();
    expect(peer.receive([withOrigin(2)]).fault).toBeUndefined();
  });

  test('attribute discard is done beside the fault that disables another family', () => {
    const sound = [0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xe9, 0x40, 3, 4, 192, 0, 2, 1];
    // Of a wrong length, and with a next hop that is too short.
    const aggregator = [0xc0, 7, 3, 1, 2, 3];
    const mpReach = [0x80, 14, 13, 0, 2, 1, 3, 1, 2, 3, 0, 32, 0x20, 1, 0xd, 0xb8];
    const attributes = [...sound, ...aggregator, ...mpReach];
    const head = [...new Uint8Array(16).fill(0xff), 0, 0, 2, 0, 0, 0, attributes.length];
    const message = Uint8Array.from([...head, ...attributes, 8, 10]);
    message[17] = message.length;
    const outcome = peer.receive([message]);
    expect(outcome.faults.map(({ action }) => action).toSorted()).toEqual([
      'afiSafiDisable',
      'attributeDiscard',
    ]);
    const [route] = peer.rib.routes({ family: ipv4Unicast, limit: 1 }).routes;
    expect(route!.attributes.map(({ type }) => type)).toEqual(['origin', 'asPath', 'nextHop']);
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
      const outcome = peer.receive(messages);
      expect(outcome.fault).toMatchObject({ action: 'attributeDiscard', attribute: 7 });
    }
    peer.announce(ipv4Unicast, 1, '10.1.0.0/16');
    expect(peer.store.statistics.attributeBlocks).toBe(1);
    expect(peer.contents(ipv4Unicast)).toEqual(['10.0.0.0/8 1', '10.1.0.0/16 1']);
  });

  test('a session reset applies nothing', () => {
    peer.announce(ipv4Unicast, 1, '10.0.0.0/8');
    const [message] = announcement(ipv4Unicast, prefixes('10.1.0.0/16'), attributesOf(1), options);
    message![message!.length - 3] = 33; // A prefix length of 33.
    const outcome = peer.receive([message!]);
    expect(outcome.fault).toMatchObject({ action: 'sessionReset', code: 3, subcode: 10 });
    expect(peer.contents(ipv4Unicast)).toEqual(['10.0.0.0/8 1']);
  });

  test('AFI/SAFI disable takes the family away until the next session', () => {
    peer.announce(ipv4Unicast, 1, '10.0.0.0/8');
    peer.announce(ipv6Unicast, 1, '2001:db8::/32');
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
    const outcome = peer.receive([message!]);
    expect(outcome.fault).toMatchObject({ action: 'afiSafiDisable', family: ipv6Unicast });
    expect(outcome.withdrawn).toBe(1);
    peer.reclaim();
    expect(peer.store.statistics.routeKeys).toBe(1);
    expect(peer.announce(ipv6Unicast, 1, '2001:db8::/32')).toMatchObject({ ignoredFields: 1 });
    expect(peer.rib.routeCount).toBe(1);
    peer.rib.sessionDown();
    peer.rib.sessionUp(options);
    expect(peer.announce(ipv6Unicast, 1, '2001:db8::/32')).toMatchObject({ announced: 1 });
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
      peer.receive([broken]);
    }
    peer.rib.clear();
    peer.reclaimAll();
    expect(peer.store.statistics.attributeBlocks).toBe(0);
  });
});

describe('counting only', () => {
  test('counts without keeping', () => {
    peer = new InboundPeer({ storeRoutes: false });
    expect(peer.announce(ipv4Unicast, 1, '10.0.0.0/8', '10.1.0.0/16')).toMatchObject({
      announced: 2,
    });
    expect(peer.withdraw(ipv4Unicast, '10.1.0.0/16')).toMatchObject({ withdrawn: 1 });
    expect(peer.rib.routeCount).toBe(1);
    expect(peer.contents(ipv4Unicast)).toEqual([]);
    expect(peer.store.statistics).toMatchObject({ attributeBlocks: 0, routeKeys: 0 });
    peer.rib.sessionDown({ families: new Set([ipv4Unicast]), keepStale: true });
    expect(peer.rib.routeCount).toBe(0);
  });
});
