import type { Nlri, PathAttribute } from '@peerloom/wire';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Announcement, AnnouncementTable } from '../src/announcementTable.ts';
import { RibStore } from '../src/ribStore.ts';
import { OutboundPeer } from './outboundPeer.ts';
import { attributesOf, ipv4Unicast, ipv6Unicast, prefixes } from './sessions.ts';

const endOfRibs = ['End-of-RIB ipv4-unicast', 'End-of-RIB ipv6-unicast'];
let store: RibStore;
let table: AnnouncementTable;

beforeEach(() => {
  store = new RibStore();
  table = new AnnouncementTable(store);
});

function announcements(seed: number, ...texts: string[]): Announcement[] {
  const attributes = attributesOf(seed);
  return prefixes(...texts).map((nlri) => ({
    family: texts[0]!.includes(':') ? ipv6Unicast : ipv4Unicast,
    nlri,
    attributes,
  }));
}

function announce(seed: number, ...texts: string[]): number {
  return table.announce(announcements(seed, ...texts));
}

function withdraw(...texts: string[]): number {
  return table.withdraw(announcements(0, ...texts));
}

describe('the initial update', () => {
  test('is everything announced, ended by End-of-RIB for each family', () => {
    announce(1, '10.0.0.0/8', '10.1.0.0/16');
    announce(2, '10.2.0.0/16');
    announce(1, '2001:db8::/32');
    const peer = new OutboundPeer(store, table).up();
    expect(peer.out.isSynchronized).toBe(false);
    const lines = peer.pull();
    expect(lines.toSorted()).toEqual(
      ['+10.0.0.0/8 +10.1.0.0/16', '+10.2.0.0/16', '+2001:db8::/32', ...endOfRibs].toSorted(),
    );
    expect(lines.indexOf(endOfRibs[0]!)).toBeGreaterThan(lines.indexOf('+10.2.0.0/16'));
    expect(lines.indexOf(endOfRibs[1]!)).toBeGreaterThan(lines.indexOf('+2001:db8::/32'));
    expect(peer.out.isSynchronized).toBe(true);
  });

  test('of nothing is End-of-RIB alone, and not even that where it is not wanted', () => {
    expect(new OutboundPeer(store, table).up().pull()).toEqual(endOfRibs);
    expect(new OutboundPeer(store, table).up({}, {}, { endOfRib: false }).pull()).toEqual([]);
  });

  test('comes again with the next session', () => {
    announce(1, '10.0.0.0/8');
    const peer = new OutboundPeer(store, table).up();
    peer.pull();
    peer.out.sessionDown();
    announce(1, '10.1.0.0/16');
    withdraw('10.0.0.0/8');
    expect(peer.pull()).toEqual([]);
    expect(peer.up().pull().toSorted()).toEqual(['+10.1.0.0/16', ...endOfRibs]);
  });

  test('has only routes without Path Identifier where ADD-PATH is not in use', () => {
    announce(1, '10.0.0.0/8');
    const nlri: Nlri = { kind: 'prefix', prefix: '10.0.0.0/8', pathId: 7 };
    table.announce([{ family: ipv4Unicast, nlri, attributes: attributesOf(1) }]);
    expect(new OutboundPeer(store, table).up().pull()[0]).toBe('+10.0.0.0/8');
    const addPath = new OutboundPeer(store, table).up({ addPathSend: new Set([ipv4Unicast]) });
    expect(addPath.pull()[0]).toBe('+10.0.0.0/8 path-id 0 +10.0.0.0/8 path-id 7');
  });
});

describe('changes', () => {
  test('wake a session that has pulled everything, once', () => {
    const peer = new OutboundPeer(store, table).up();
    peer.pull();
    announce(1, '10.0.0.0/8');
    announce(1, '10.1.0.0/16');
    withdraw('10.0.0.0/8');
    expect(peer.wakes).toBe(1);
    expect(peer.pull()).toEqual(['+10.1.0.0/16']);
    withdraw('10.1.0.0/16');
    expect(peer.wakes).toBe(2);
    expect(peer.pull()).toEqual(['-10.1.0.0/16']);
  });

  test('that change nothing are not sent', () => {
    announce(1, '10.0.0.0/8');
    const peer = new OutboundPeer(store, table).up();
    peer.pull();
    expect(announce(1, '10.0.0.0/8')).toBe(0);
    expect(withdraw('10.9.0.0/16')).toBe(0);
    expect(peer.pull()).toEqual([]);
  });

  test('of what the peer knows are sent as one, the last', () => {
    announce(1, '10.0.0.0/8', '10.1.0.0/16');
    const peer = new OutboundPeer(store, table).up();
    peer.pull();
    withdraw('10.0.0.0/8');
    announce(2, '10.0.0.0/8');
    withdraw('10.0.0.0/8');
    announce(3, '10.1.0.0/16');
    announce(4, '10.1.0.0/16');
    expect(peer.pull()).toEqual(['-10.0.0.0/8', '+10.1.0.0/16']);
  });

  test('to attributes that cannot be sent withdraw the route', () => {
    announce(1, '10.0.0.0/8');
    const peer = new OutboundPeer(store, table).up();
    peer.pull();
    const attributes: PathAttribute[] = [{ type: 'nextHop', nextHop: '2001:db8::9' }];
    table.announce([{ family: ipv4Unicast, nlri: prefixes('10.0.0.0/8')[0]!, attributes }]);
    expect(peer.pull()).toEqual(['-10.0.0.0/8']);
  });

  test('reach a session that joins while another is behind', () => {
    announce(1, '10.0.0.0/8', '10.1.0.0/16');
    const slow = new OutboundPeer(store, table).up();
    slow.pull();
    withdraw('10.0.0.0/8');
    // It never heard of the route, and must not keep the other from hearing of its end.
    const joined = new OutboundPeer(store, table).up();
    expect(joined.pull().toSorted()).toEqual(['+10.1.0.0/16', ...endOfRibs]);
    expect(slow.pull()).toEqual(['-10.0.0.0/8']);
    expect(joined.pull()).toEqual([]);
  });

  test('announcements stop at one that cannot be encoded', () => {
    const bad = { ...announcements(1, '10.1.0.0/16')[0]!, family: ipv6Unicast };
    expect(() => table.announce([...announcements(1, '10.0.0.0/8'), bad])).toThrow(
      expect.objectContaining({ code: 'ERR_WIRE_BAD_VALUE' }),
    );
    expect(table.routeCount).toBe(1);
    table.clear();
    expect(store.statistics.attributeBlocks).toBe(0);
  });
});

describe('pulling', () => {
  test('is bounded, and in whole messages', () => {
    for (let index = 0; index < 3000; index += 1)
      announce(index % 50, `10.${index >>> 8}.${index & 255}.0/24`);
    const peer = new OutboundPeer(store, table).up();
    for (let bytes = peer.out.pull(5000); bytes !== undefined; bytes = peer.out.pull(5000)) {
      expect(bytes.length).toBeLessThanOrEqual(5000);
      let at = 0;
      while (at < bytes.length) at += bytes[at + 16]! * 256 + bytes[at + 17]!;
      expect(at).toBe(bytes.length);
    }
    expect(peer.out.isSynchronized).toBe(true);
  });

  test('gives families turns', () => {
    announce(1, '10.0.0.0/8');
    announce(1, '2001:db8::/32');
    const peer = new OutboundPeer(store, table).up();
    peer.pull();
    const seen: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      announce(round, '10.0.0.0/8');
      announce(round, '2001:db8::/32');
      seen.push(peer.out.pull(4096)![24] === 14 ? 'ipv6' : 'ipv4');
    }
    expect(new Set(seen).size).toBe(2);
  });
});

describe('route refresh', () => {
  test('sends the family again, between BoRR and EoRR where the peer knows them', () => {
    announce(1, '10.0.0.0/8');
    announce(1, '2001:db8::/32');
    const peer = new OutboundPeer(store, table).up({}, {}, { enhancedRouteRefresh: true });
    peer.pull();
    expect(peer.out.refresh(ipv4Unicast)).toBe(true);
    expect(peer.wakes).toBe(1);
    expect(peer.pull()).toEqual(['BoRR', '+10.0.0.0/8', 'EoRR']);
  });

  test('sends the family again, and nothing else, where it does not', () => {
    announce(1, '10.0.0.0/8');
    const peer = new OutboundPeer(store, table).up();
    peer.pull();
    peer.out.refresh();
    expect(peer.pull()).toEqual(['+10.0.0.0/8']);
  });

  test('waits for the End-of-RIB (RFC 7313 §4), and is not done twice', () => {
    announce(1, '10.0.0.0/8');
    const options = { families: new Set([ipv4Unicast]) };
    const peer = new OutboundPeer(store, table).up(options, {}, { enhancedRouteRefresh: true });
    peer.out.refresh(ipv4Unicast);
    peer.out.refresh(ipv4Unicast);
    expect(peer.pull()).toEqual(['+10.0.0.0/8', endOfRibs[0], 'BoRR', '+10.0.0.0/8', 'EoRR']);
  });

  test('keeps withdrawals that were still to be sent', () => {
    announce(1, '10.0.0.0/8', '10.1.0.0/16');
    const peer = new OutboundPeer(store, table).up();
    peer.pull();
    withdraw('10.0.0.0/8');
    peer.out.refresh(ipv4Unicast);
    expect(peer.pull()).toEqual(['+10.1.0.0/16', '-10.0.0.0/8']);
  });

  test('does not take what was packed for a session that needs no withdrawals', () => {
    announce(1, '10.0.0.0/8', '10.1.0.0/16');
    const peer = new OutboundPeer(store, table).up();
    peer.pull();
    withdraw('10.0.0.0/8');
    peer.out.refresh(ipv4Unicast);
    const joined = new OutboundPeer(store, table).up();
    expect(joined.pull()).not.toContain('-10.0.0.0/8');
    expect(peer.pull().toSorted()).toEqual(['+10.1.0.0/16', '-10.0.0.0/8']);
  });

  test('of a family that the session does not have is refused', () => {
    expect(new OutboundPeer(store, table).up().out.refresh(25 * 256 + 70)).toBe(false);
  });
});

describe('more tables than one', () => {
  let own: AnnouncementTable;
  let peer: OutboundPeer;

  beforeEach(() => {
    own = new AnnouncementTable(store);
    peer = new OutboundPeer(store, own, table);
  });

  test('the first goes before the second, which takes over what the first withdraws', () => {
    announce(1, '10.0.0.0/8', '10.1.0.0/16');
    own.announce(announcements(2, '10.0.0.0/8'));
    expect(peer.up().pull().toSorted()).toEqual(['+10.0.0.0/8', '+10.1.0.0/16', ...endOfRibs]);
    own.withdraw(announcements(2, '10.0.0.0/8'));
    expect(peer.attributes()).toContainEqual(attributesOf(1)[2]);
    own.announce(announcements(3, '10.0.0.0/8'));
    expect(peer.attributes()).toContainEqual(attributesOf(3)[2]);
    expect(withdraw('10.0.0.0/8')).toBe(1);
    expect(peer.pull()).toEqual([]);
    own.clear();
    expect(peer.pull()).toEqual(['-10.0.0.0/8']);
  });

  test('a route that is taken over and then withdrawn there too is withdrawn', () => {
    announce(1, '10.0.0.0/8');
    own.announce(announcements(2, '10.0.0.0/8', '10.1.0.0/16'));
    peer.up().pull();
    own.clear();
    // The first message is out, the second table's route is not: nobody was ever told of it.
    expect(peer.decode(peer.out.pull(4096)!).withdrawn).toEqual(prefixes('10.1.0.0/16'));
    withdraw('10.0.0.0/8');
    expect(peer.pull()).toEqual(['-10.0.0.0/8']);
  });

  test('however many are taken over, all are sent', () => {
    const texts = Array.from(
      { length: 30_000 },
      (_, index) => `10.${index >>> 8}.${index & 255}.0/24`,
    );
    announce(1, ...texts);
    own.announce(announcements(2, ...texts));
    peer.up().pull();
    own.clear();
    const sent = peer.pull().flatMap((line) => line.split(' '));
    expect(sent).toHaveLength(texts.length);
    expect(new Set(sent)).toEqual(new Set(texts.map((text) => `+${text}`)));
  });

  test('what is advertised is shown once, as it is sent', () => {
    announce(1, '10.0.0.0/8', '10.1.0.0/16');
    own.announce(announcements(2, '10.0.0.0/8'));
    peer.up();
    const show = (): (number | boolean)[][] =>
      peer.out
        .routes({ family: ipv4Unicast, limit: 10 })
        .routes.map(({ attributes, sent }) => [
          attributes.flatMap((each) => (each.type === 'communities' ? each.communities : []))[0]! &
            0xff,
          sent,
        ]);
    expect(show()).toEqual([
      [2, false],
      [1, false],
    ]);
    peer.pull();
    expect(show()).toEqual([
      [2, true],
      [1, true],
    ]);
    const match = { kind: 'longestMatch', prefix: '10.1.2.3' } as const;
    const found = peer.out.routes({ family: ipv4Unicast, match, limit: 10 }).routes;
    expect(found.map(({ nlri }) => nlri)).toEqual(prefixes('10.1.0.0/16'));
    peer.out.sessionDown();
    expect(show()).toEqual([]);
  });
});
