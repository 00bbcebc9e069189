import type { EncodedAnnouncement } from '@peerloom/ipc';
import type { EngineOptions, NeighborOptions } from '@peerloom/supervisor';
import {
  encodePathAttributes,
  formatIpv4,
  maximumMessageLength,
  parseCommunity,
  parseIpv4,
  type SessionOptions,
} from '@peerloom/wire';

/** How large the demonstration is. */
export interface DemoSize {
  readonly peers: number;
  /** Routes that each neighbor announces. */
  readonly routes: number;
}

const speakerAs = 65000;
/** The first AS of the neighbors: from the range for private use with four octets (RFC 6996). */
const firstAs = 4_200_000_000;
const firstAddress = parseIpv4('127.1.0.1')!;
const firstRouterId = parseIpv4('10.1.0.1')!;
/** The routes: consecutive /24s from here on, so that no two neighbors announce the same. */
const firstPrefix = parseIpv4('20.0.0.0')!;

const addressOf = (index: number): string => formatIpv4(firstAddress + index);

/** The engine that is demonstrated: it waits for its neighbors on loopback. */
export function speakerOptions({ peers }: DemoSize, workers: number): EngineOptions {
  return {
    routerId: '10.0.0.1',
    localAs: speakerAs,
    listen: [{ address: '127.0.0.1', port: 0 }],
    workers,
    defaults: { passive: true },
    neighbors: Array.from({ length: peers }, (_, index) => ({
      address: addressOf(index),
      remoteAs: firstAs + index,
      description: `simulated neighbor ${index + 1}`,
    })),
    announce: [
      { prefix: '198.51.100.0/24', communities: ['65000:1'] },
      { prefix: '203.0.113.0/24', communities: ['65000:2'], multiExitDiscriminator: 10 },
    ],
  };
}

/**
 * The simulated neighbors: a second engine, in which each peer is a speaker of its own, with its own AS,
 * BGP Identifier and address, that dials the first engine over TCP.
 */
export function neighborsOptions({ peers }: DemoSize, port: number): EngineOptions {
  return {
    routerId: '10.1.0.1',
    localAs: firstAs,
    workers: 1,
    neighbors: Array.from(
      { length: peers },
      (_, index): NeighborOptions => ({
        address: '127.0.0.1',
        port,
        sourceAddress: addressOf(index),
        localAs: firstAs + index,
        routerId: formatIpv4(firstRouterId + index),
        remoteAs: speakerAs,
        connectRetryTime: 5,
        storeRoutes: false,
        // With RFC 8538 a shutdown would be a Cease/Hard Reset that holds the Administrative Shutdown.
        capabilities: { gracefulRestart: false },
      }),
    ),
  };
}

const session: SessionOptions = {
  fourOctetAs: true,
  maximumReceiveLength: maximumMessageLength,
  maximumSendLength: maximumMessageLength,
  families: new Set(),
  addPathReceive: new Set(),
  addPathSend: new Set(),
  extendedNextHop: new Set(),
  peerType: 'external',
};

/** Routes that share their path attributes, as many as a real table has on average for one set. */
const routesAPath = 25;

/** What one neighbor announces: its routes, some of them with each of several AS paths. */
export function announcementsOf(index: number, { routes }: DemoSize): EncodedAnnouncement[] {
  const announcements: EncodedAnnouncement[] = [];
  for (let begin = 0; begin < routes; begin += routesAPath) {
    const end = Math.min(begin + routesAPath, routes);
    announcements.push(announcementOf(index * routes + begin, index * routes + end, 0));
  }
  return announcements;
}

/** The routes with the numbers from `begin` to before `end`, with one set of path attributes. */
export function announcementOf(begin: number, end: number, metric: number): EncodedAnnouncement {
  const origin = 64_512 + (begin % 1000);
  const nlri = new Uint8Array((end - begin) * 4);
  for (let number = begin; number < end; number++) {
    const address = firstPrefix + number * 256;
    nlri.set(
      [24, address >>> 24, (address >>> 16) & 0xff, (address >>> 8) & 0xff],
      (number - begin) * 4,
    );
  }
  return {
    family: 'ipv4-unicast',
    nlri,
    attributes: encodePathAttributes(
      [
        { type: 'origin', origin: 'igp' },
        { type: 'asPath', segments: [{ kind: 'sequence', asNumbers: [65_100, origin] }] },
        { type: 'multiExitDiscriminator', value: metric },
        { type: 'communities', communities: [parseCommunity(`65100:${begin % 1000}`)!] },
      ],
      session,
    ),
  };
}
