import {
  blockOptions,
  encodePathAttributes,
  parseCommunity,
  parseExtendedCommunity,
  parseLargeCommunity,
} from '@peerloom/wire';
import { describe, expect, it } from 'vitest';
import type { RouteItem } from '../src/control/methods.ts';
import { type ReadableRoute, readableRoutes } from '../src/print/readableRoute.ts';
import { routeDetailLines, routeTableHead, routeTableLine } from '../src/print/routes.ts';

const attributes = encodePathAttributes(
  [
    { type: 'origin', origin: 'egp' },
    {
      type: 'asPath',
      segments: [
        { kind: 'sequence', asNumbers: [65001, 4_200_000_000] },
        { kind: 'set', asNumbers: [65003, 65004] },
      ],
    },
    { type: 'multiExitDiscriminator', value: 5 },
    { type: 'localPreference', value: 200 },
    { type: 'aggregator', as: 65009, address: '192.0.2.9' },
    {
      type: 'communities',
      communities: [parseCommunity('65001:100')!, parseCommunity('no-export')!],
    },
    { type: 'extendedCommunities', communities: [parseExtendedCommunity('target:65001:1')!] },
    { type: 'largeCommunities', communities: [parseLargeCommunity('65001:1:2')!] },
  ],
  blockOptions,
);

const item: RouteItem = {
  family: 'ipv4-unicast',
  prefix: '198.51.100.0/24',
  pathId: 7,
  attributes: Buffer.from(attributes).toString('base64'),
  fourOctetAs: true,
  stale: true,
};

describe('a route', () => {
  const [route] = readableRoutes({ neighbor: '192.0.2.2', routes: [item] }) as [ReadableRoute];

  it('is read from its bytes', () => {
    expect(route).toEqual({
      neighbor: '192.0.2.2',
      family: 'ipv4-unicast',
      prefix: '198.51.100.0/24',
      pathId: 7,
      nextHop: null,
      origin: 'egp',
      asPath: '65001 4200000000 {65003,65004}',
      med: 5,
      localPreference: 200,
      communities: ['65001:100', 'no-export'],
      largeCommunities: ['65001:1:2'],
      extendedCommunities: ['target:65001:1'],
      otherAttributes: ['AGGREGATOR 65009 192.0.2.9'],
      stale: true,
    });
  });

  it('is a line of a table as routers print it', () => {
    const plain = {
      ...route,
      stale: false,
      nextHop: '192.0.2.2',
      med: null,
      localPreference: null,
    };
    const { pathId: _, ...received } = { ...plain, origin: 'igp' as const, asPath: '65001' };
    expect(
      [...routeTableHead('192.0.2.1', 'received').slice(-1), route, received].map((each) =>
        typeof each === 'string' ? each : routeTableLine(each),
      ),
    ).toEqual([
      '   Network            Next Hop            Metric LocPrf From            Path',
      'S* 198.51.100.0/24 [7] -                        5    200 192.0.2.2       65001 4200000000 {65003,65004} e',
      ' * 198.51.100.0/24    192.0.2.2                         192.0.2.2       65001 i',
    ]);
  });

  it('is shown in full', () => {
    expect(routeDetailLines(route.prefix, [route])).toEqual([
      'BGP routing table entry for 198.51.100.0/24',
      'Paths: 1',
      '  65001 4200000000 {65003,65004}',
      '    no next hop from 192.0.2.2, path identifier 7',
      '      origin egp, metric 5, localpref 200, stale',
      '      Community: 65001:100 no-export',
      '      Large Community: 65001:1:2',
      '      Extended Community: target:65001:1',
      '      AGGREGATOR 65009 192.0.2.9',
    ]);
  });
});
