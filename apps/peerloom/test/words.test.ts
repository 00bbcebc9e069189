import { describe, expect, it } from 'vitest';
import { announcedRoute, withdrawnRoute } from '../src/commands/routeWords.ts';
import { makeProgram } from '../src/program.ts';
import { completeWords } from '../src/words.ts';

describe('shortened commands', () => {
  const program = makeProgram();

  it.for([
    ['sh ip b s', 'show ip bgp summary'],
    ['sh ip bgp', 'show ip bgp'],
    ['sh ip bgp nei 10.0.0.1 received-routes', 'show ip bgp neighbors 10.0.0.1 received-routes'],
    ['sh ip bgp 10.0.0.0/8 longer-prefixes', 'show ip bgp 10.0.0.0/8 longer-prefixes'],
    ['sh bgp ipv6 u', 'show bgp ipv6 unicast'],
    ['--socket sh show tcp b --json', '--socket sh show tcp brief --json'],
    ['show --json ip bgp sum', 'show --json ip bgp sum'],
    ['neig 10.0.0.1 no shutdown', 'neighbor 10.0.0.1 no shutdown'],
    ['cl ip b *', 'clear ip bgp *'],
    ['an r 10.0.0.0/8 next-hop self', 'announce route 10.0.0.0/8 next-hop self'],
    ['--duration 5', '--duration 5'],
  ] as const)('%s is %s', ([short, complete]) => {
    expect(completeWords(program, short.split(' ')).join(' ')).toBe(complete);
  });

  it.for([
    ['r', 'r is short for more than one command: run, reload'],
    ['show bgp ip', 'show bgp ip is short for more than one command: ipv4, ipv6'],
    ['show tcpp', 'there is no command show tcpp; did you mean tcp?'],
    ['wibble', 'there is no command wibble; there are run, show, neighbor, clear'],
  ] as const)('%s is none: %s', ([short, complaint]) => {
    expect(() => completeWords(program, short.split(' '))).toThrow(complaint);
  });
});

describe('the words of a route', () => {
  it('are the keys of a route in a configuration file', () => {
    const words = `next-hop 192.0.2.1 as-path [ 65001 65002 {65003,65004} ] origin egp med 5
      local-preference 200 community 65001:100 no-export large-community 65001:1:2
      extended-community target:65001:1 path-id 7 family ipv4-multicast atomic-aggregate
      aggregator 65001 192.0.2.9 final-as-path to 192.0.2.2`;
    expect(announcedRoute('route', '10.0.0.0/8', words.split(/\s+/))).toEqual({
      route: {
        prefix: '10.0.0.0/8',
        nextHop: '192.0.2.1',
        asPath: [65001, 65002, [65003, 65004]],
        origin: 'egp',
        med: 5,
        localPreference: 200,
        communities: ['65001:100', 'no-export'],
        largeCommunities: ['65001:1:2'],
        extendedCommunities: ['target:65001:1'],
        pathId: 7,
        family: 'ipv4-multicast',
        atomicAggregate: true,
        aggregator: { as: 65001, address: '192.0.2.9' },
        asPathIsFinal: true,
      },
      to: '192.0.2.2',
    });
  });

  it('are those of a flow rule', () => {
    const rule = 'destination 2001:db8::/32 && protocol =6';
    expect(announcedRoute('flow', rule, ['extended-community', 'traffic-rate:0:0'])).toEqual({
      route: { nlri: rule, family: 'ipv6-flowspec', extendedCommunities: ['traffic-rate:0:0'] },
    });
    expect(withdrawnRoute('flow', 'source 10.0.0.0/8', ['from', '192.0.2.2'])).toEqual({
      route: { nlri: 'source 10.0.0.0/8', family: 'ipv4-flowspec' },
      from: '192.0.2.2',
    });
  });

  it('that are no number are left for the engine to complain of', () => {
    expect(announcedRoute('route', '10.0.0.0/8', ['med', 'x']).route).toMatchObject({ med: 'x' });
  });

  it.for([
    ['nexthop 192.0.2.1', 'nexthop is no attribute; did you mean next-hop?'],
    ['med', 'med needs a value after it'],
    ['community [ ]', 'community needs a value after it'],
    ['med 5 med 6', 'med is given twice'],
    ['192.0.2.1', '192.0.2.1 is no attribute; there are family, path-id, next-hop'],
  ] as const)('may be wrong: %s', ([words, complaint]) => {
    expect(() => announcedRoute('route', '10.0.0.0/8', words.split(' '))).toThrow(complaint);
  });
});
