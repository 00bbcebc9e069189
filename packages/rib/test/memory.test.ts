import type { Nlri } from '@peerloom/wire';
import { expect, test } from 'vitest';
import { AdjRibIn } from '../src/adjRibIn.ts';
import { AnnouncementTable } from '../src/announcementTable.ts';
import { RibStore } from '../src/ribStore.ts';
import {
  announcement,
  attributesOf,
  ipv4Unicast,
  ipv6Unicast,
  sessionOptions,
} from './sessions.ts';

const options = sessionOptions();

function nlriOf(family: number, count: number): Nlri[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: 'prefix',
    prefix:
      family === ipv4Unicast
        ? `10.${index >>> 8}.${index & 255}.0/24`
        : `2001:db8:${(index + 1).toString(16)}::/48`,
  }));
}

/** Octets of all typed arrays that `peers` peers with the same `routes` routes need, for each of their routes. */
function octetsPerRoute(family: number, peers: number, routes: number): number {
  const store = new RibStore();
  const messages = announcement(family, nlriOf(family, routes), attributesOf(1), options);
  let octets = 0;
  for (let peer = 0; peer < peers; peer += 1) {
    const rib = new AdjRibIn(store);
    rib.sessionUp(options);
    for (const message of messages) rib.receive(message, 0, message.length);
    expect(rib.routeCount).toBe(routes);
    octets += rib.family(family)!.byteLength;
  }
  return (octets + store.statistics.routeKeyBytes) / (peers * routes);
}

// The figures of the README, with the slack that arrays have which grow by half and slots that double.
test.each([
  ['IPv4, one peer', ipv4Unicast, 1, 30_000, 27],
  ['IPv4, 50 peers with the same table', ipv4Unicast, 50, 5000, 8],
  ['IPv6, one peer', ipv6Unicast, 1, 30_000, 48],
])('memory a received route: %s', (_name, family, peers, routes, limit) => {
  expect(octetsPerRoute(family, peers, routes)).toBeLessThan(limit);
});

test('a peer without routes costs no tables', () => {
  const store = new RibStore();
  const rib = new AdjRibIn(store);
  rib.sessionUp(options);
  const [endOfRib] = announcement(ipv4Unicast, [], [], options);
  rib.receive(endOfRib!, 0, endOfRib!.length);
  const octets = [...rib.families].reduce((sum, { byteLength }) => sum + byteLength, 0);
  expect(octets).toBeLessThan(64);
});

test('memory an announced route', () => {
  const table = new AnnouncementTable(new RibStore());
  const attributes = attributesOf(1);
  const routes = 30_000;
  const nlri = nlriOf(ipv4Unicast, routes);
  table.announce(nlri.map((each) => ({ family: ipv4Unicast, nlri: each, attributes })));
  expect(table.family(ipv4Unicast)!.byteLength / routes).toBeLessThan(48);
});
