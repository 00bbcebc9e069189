import { ourAs, theirAs } from './meeting.ts';
import type { PlainRoute, Speaker } from './speakers/speaker.ts';

/**
 * Routes that try every attribute the speakers print: 4-octet AS numbers, communities, large
 * communities, MULTI_EXIT_DISC, each ORIGIN; `side` keeps the two sides' prefixes apart.
 */
export function sampleRoutes(side: 'ours' | 'theirs'): PlainRoute[] {
  const n = side === 'ours' ? 1 : 2;
  return [
    {
      prefix: `198.51.10${n}.0/24`,
      nextHop: `192.0.2.${n}`,
      asPath: [4_200_000_100, 64_999],
      origin: 'igp',
      multiExitDiscriminator: 77,
      communities: ['65001:100', '65001:200'],
      largeCommunities: ['4200000000:1:2', '4200000000:1:3'],
    },
    {
      prefix: `203.0.${n}.128/25`,
      nextHop: `192.0.2.${n}`,
      asPath: [],
      origin: 'egp',
      communities: [],
      largeCommunities: [],
    },
    {
      prefix: `198.18.${n}.1/32`,
      nextHop: `192.0.2.${n}`,
      asPath: [],
      origin: 'incomplete',
      communities: ['65001:1'],
      largeCommunities: [],
    },
    {
      prefix: `2001:db8:${n}::/48`,
      nextHop: `2001:db8::${n}`,
      asPath: [4_200_000_100],
      origin: 'igp',
      communities: ['65001:300'],
      largeCommunities: ['4200000000:6:1'],
    },
    {
      prefix: `2001:db8:${n}00:1::/64`,
      nextHop: `2001:db8::${n}`,
      asPath: [],
      origin: 'incomplete',
      communities: [],
      largeCommunities: [],
    },
  ];
}

/** What this speaker is able to announce of `routes`. */
export function announceable(routes: readonly PlainRoute[], speaker: Speaker): PlainRoute[] {
  return routes.map(({ multiExitDiscriminator, ...route }) => ({
    ...route,
    asPath: speaker.supports.originatedAsPath ? route.asPath : [],
    ...(speaker.supports.multiExitDiscriminator && multiExitDiscriminator !== undefined
      ? { multiExitDiscriminator }
      : {}),
  }));
}

/** How a route looks on the far side of an external session: the sender's AS stands in front. */
export function acrossSession(routes: readonly PlainRoute[], from: 'us' | 'them'): PlainRoute[] {
  return routes.map((route) => ({
    ...route,
    asPath: [from === 'us' ? ourAs : theirAs, ...route.asPath],
  }));
}

/** In the order of their prefixes, with 0 for no MULTI_EXIT_DISC: some speakers print it so. */
export function comparable(routes: readonly PlainRoute[]): PlainRoute[] {
  return routes
    .map((route) => ({ ...route, multiExitDiscriminator: route.multiExitDiscriminator ?? 0 }))
    .toSorted((a, b) => (a.prefix < b.prefix ? -1 : 1));
}
