import { checkEngineOptions, formatOptionIssue } from '@peerloom/supervisor';
import { describe, expect, it } from 'vitest';
import { assertNoIssues } from '../src/checkEngineOptions.ts';

const right = {
  routerId: '192.0.2.1',
  localAs: 65001,
  listen: [{ address: '127.0.0.1', port: 1790 }, { address: '::1' }],
  workers: 0,
  defaults: { holdTime: 30 },
  groups: { transit: { remoteAs: 'external', capabilities: { gracefulRestart: true } } },
  neighbors: [
    { address: '192.0.2.2', group: 'transit', password: 'secret', ttlSecurity: 1 },
    { address: '2001:db8::2', remoteAs: 65001, families: ['ipv6-unicast'], shutdown: 'later' },
    { address: '192.0.2.3', remoteAs: 'internal', maximumPrefixes: 1000 },
  ],
  ranges: [{ prefix: '10.0.0.0/8', remoteAs: 65002, limit: 10 }],
  announce: [{ prefix: '198.51.100.0/24' }],
  limits: { closeTime: 1 },
};

const messages = (options: unknown): string[] => checkEngineOptions(options).map(formatOptionIssue);
const withNeighbor = (neighbor: object): unknown => ({
  ...right,
  neighbors: [{ address: '192.0.2.9', remoteAs: 65009, ...neighbor }],
});

describe('options', () => {
  it('that are right have no issues', () => {
    expect(messages(right)).toEqual([]);
    expect(messages({ routerId: '192.0.2.1', localAs: 4_294_967_295 })).toEqual([]);
  });

  it.for([
    ['nothing at all', undefined, 'the options is undefined; it must be an object'],
    ['no routerId', { localAs: 1 }, 'routerId is missing'],
    [
      'a routerId of zero',
      { ...right, routerId: '0.0.0.0' },
      'routerId is "0.0.0.0"; it must be a dotted quad other than 0.0.0.0',
    ],
    [
      'an AS of zero',
      { ...right, localAs: 0 },
      'localAs is 0; it must be a whole number from 1 to 4294967295',
    ],
    [
      'a wrong key',
      { ...right, neighbours: [] },
      'neighbours is no option; did you mean neighbors?',
    ],
    [
      'a route with a key of the configuration file',
      { ...right, announce: [...right.announce, { prefix: '10.0.0.0/8', med: 5 }] },
      'announce[1].med is no option; there are prefix, family, pathId, nextHop, origin, asPath, asPathIsFinal, multiExitDiscriminator, localPreference, atomicAggregate, aggregator, communities, largeCommunities, extendedCommunities',
    ],
    [
      'a hold time of 2',
      withNeighbor({ holdTime: 2 }),
      'neighbors[0].holdTime is 2; it must be 0, or 3 to 65535 seconds (RFC 4271 §4.2)',
    ],
    [
      'a key in the wrong case',
      withNeighbor({ holdtime: 9 }),
      'neighbors[0].holdtime is no option; did you mean holdTime?',
    ],
    ['no address', { ...right, neighbors: [{ remoteAs: 1 }] }, 'neighbors[0].address is missing'],
    [
      'an address that is none',
      withNeighbor({ address: '192.0.2' }),
      'neighbors[0].address is "192.0.2"; it must be an IPv4 or IPv6 address',
    ],
    [
      'a family that is none',
      withNeighbor({ families: ['ipv5'] }),
      'neighbors[0].families[0] is "ipv5"; it must be an address family, such as ipv4-unicast or ipv6-unicast',
    ],
    [
      'a remote AS that is none',
      withNeighbor({ remoteAs: 'foreign' }),
      'neighbors[0].remoteAs is "foreign"; it must be an AS number, internal or external',
    ],
    [
      'no remote AS anywhere',
      { ...right, neighbors: [{ address: '192.0.2.9' }] },
      'neighbors[0].remoteAs is missing; give the AS number of the neighbour, or internal or external',
    ],
    [
      'a group that is none',
      withNeighbor({ group: 'peers' }),
      'neighbors[0].group is "peers", which is no group; there is transit',
    ],
    [
      'a source of another family',
      withNeighbor({ sourceAddress: '::1' }),
      'neighbors[0].sourceAddress is ::1; it must be of the address family of 192.0.2.9',
    ],
    [
      'GTSM and multihop',
      withNeighbor({ ttlSecurity: 1, multihop: 2 }),
      'neighbors[0].ttlSecurity excludes ttl and multihop, for it sends with TTL 255 (RFC 5082 §3)',
    ],
    [
      'a password that is too long',
      withNeighbor({ password: 'x'.repeat(81) }),
      'neighbors[0].password is not right; it must be text of 1 to 80 octets',
    ],
    [
      'a mistake within a capability',
      withNeighbor({ capabilities: { gracefulRestart: { restartTime: 5000 } } }),
      'neighbors[0].capabilities.gracefulRestart.restartTime is 5000; it must be a whole number from 0 to 4095 seconds',
    ],
    [
      'strict role without a role',
      withNeighbor({ capabilities: { roleStrict: true } }),
      'neighbors[0].capabilities has roleStrict without a role of our own (RFC 9234 §4.2)',
    ],
    [
      'a prefix with host bits',
      { ...right, ranges: [{ prefix: '10.0.0.1/8', remoteAs: 1 }] },
      'ranges[0].prefix is "10.0.0.1/8"; it must be a prefix without bits beyond its length, such as 10.0.0.0/8 or 2001:db8::/32',
    ],
    [
      'a range that is dialled',
      { ...right, ranges: [{ prefix: '10.0.0.0/8', remoteAs: 1, passive: false }] },
      'ranges[0].passive is false; the neighbours of a range are never dialled, leave it out',
    ],
    [
      'a port of 70000',
      { ...right, listen: [{ address: '::', port: 70_000 }] },
      'listen[0].port is 70000; it must be a whole number from 0 to 65535',
    ],
    [
      'the same listener twice',
      { ...right, listen: [{ address: '::1' }, { address: '0:0::1', port: 179 }] },
      'listen[1].address is 0:0::1 with port 179 for the second time; leave one out',
    ],
    [
      'limits that are too small',
      { ...right, limits: { connectionsPerPeer: 1 } },
      'limits.connectionsPerPeer is 1; it must be a whole number from 2 to 1000',
    ],
    [
      'a handler that is no URL',
      { ...right, handler: './handler.js' },
      'handler is "./handler.js"; it must be a file: URL',
    ],
  ] as const)('%s', ([, options, message]) => {
    expect(messages(options)).toEqual([message]);
  });

  it('names the other one of two that are the same', () => {
    const neighbors = [
      { address: '2001:db8::1', remoteAs: 1 },
      { address: '2001:db8:0::1', remoteAs: 2 },
    ];
    expect(messages({ ...right, neighbors })).toEqual([
      'neighbors[1].address is 2001:db8::1, as neighbors[0] is; two sessions between the same addresses need a sourceAddress each',
    ]);
    const apart = neighbors.map((each, index) => ({
      ...each,
      sourceAddress: `2001:db8::a${index}`,
    }));
    expect(messages({ ...right, neighbors: apart })).toEqual([]);
  });

  it('are all told of at once: one that is wrong hides nothing that is wrong between the others', () => {
    const neighbors = [
      { address: '10.0.0.1', remoteAs: 65001, group: 'nope' },
      { address: '10.0.0.300', remoteAs: 65001 },
      { address: '10.0.0.1', remoteAs: 65001, ttl: 3, ttlSecurity: 1 },
      { address: '10.0.0.1', remoteAs: 65001, holdTime: 1, group: 'none', sendHoldTime: 9 },
      { address: '10.0.0.4', group: 'transit' },
      'no neighbor at all',
    ];
    const ranges = [
      { prefix: '10.0.0.0/8', remoteAs: 1, limit: 0, group: 'nope' },
      { prefix: '10.0.0.0/33', remoteAs: 1, passive: false },
      { prefix: '10.0.0.0/8', remoteAs: 1, passive: false },
    ];
    const listen = [{ address: '::1' }, { address: 'x' }, { address: '::1' }];
    const said = messages({ ...right, localAs: 0, neighbors, ranges, listen });
    expect(said.map((message) => message.split(';')[0])).toEqual([
      'localAs is 0',
      'listen[1].address is "x"',
      'neighbors[1].address is "10.0.0.300"',
      'neighbors[3].holdTime is 1',
      'neighbors[5] is "no neighbor at all"',
      'ranges[0].limit is 0',
      'ranges[1].prefix is "10.0.0.0/33"',
      'neighbors[0].group is "nope", which is no group',
      'neighbors[2].ttlSecurity excludes ttl and multihop, for it sends with TTL 255 (RFC 5082 §3)',
      'neighbors[2].address is 10.0.0.1, as neighbors[0] is',
      'neighbors[3].group is "none", which is no group',
      'neighbors[3].address is 10.0.0.1, as neighbors[2] is',
      'ranges[0].group is "nope", which is no group',
      'ranges[2].passive is false',
      'ranges[2].prefix is 10.0.0.0/8, as ranges[0] is',
      'listen[2].address is ::1 with port 179 for the second time',
    ]);
  });

  it.for([
    ['defaults', { defaults: { holdTime: 1, remoteAs: 'foreign' } }],
    ['their group', { groups: { transit: { remoteAs: 'foreign' } } }],
    ['all groups', { groups: null, neighbors: [{ address: '10.0.0.1', group: 'transit' }] }],
    ['the list of them', { neighbors: { address: '10.0.0.1' }, ranges: 5, listen: 'x' }],
  ] as const)('are not blamed for what is wrong with %s', ([, wrong]) => {
    const neighbors = [{ address: '10.0.0.1', group: 'transit', sendHoldTime: 10 }];
    for (const message of messages({ ...right, neighbors, ...wrong })) {
      expect(message).toMatch(/^(?:defaults|groups|neighbors is|ranges is|listen is)/);
    }
  });

  it('never shows a password', () => {
    expect(messages(withNeighbor({ password: 'x'.repeat(99) })).join()).not.toContain('xx');
  });

  it('are refused with every issue in the error, and a code', () => {
    const issues = checkEngineOptions({ routerId: 'x', localAs: 'y' });
    expect(() => assertNoIssues(issues)).toThrow(
      expect.objectContaining({
        name: 'PeerloomError',
        code: 'ERR_PEERLOOM_OPTIONS',
        issues,
        message: 'routerId is "x"; it must be a dotted quad other than 0.0.0.0 (and 1 more)',
      }) as Error,
    );
  });
});
