import { formatNlri, type Nlri } from '@peerloom/wire';
import { describe, expect, test } from 'vitest';
import { AdjRibIn } from '../src/adjRibIn.ts';
import { RibStore } from '../src/ribStore.ts';
import type { RouteQuery } from '../src/routeQuery.ts';
import {
  announcement,
  attributesOf,
  ipv4Unicast,
  ipv6Unicast,
  sessionOptions,
  vpnIpv4,
} from './sessions.ts';

const texts = [
  '0.0.0.0/0',
  '10.0.0.0/8',
  '10.128.0.0/9',
  '10.1.0.0/16',
  '10.1.2.0/24',
  '11.0.0.0/8',
];

/** Of an earlier session, gone and not yet freed: nobody is to find them. */
const gone = ['10.1.2.0/25', '10.1.3.0/24', '192.0.0.0/8'];

/** A table with the routes above, with Path Identifiers 1 and 2 if `addPath`. */
function filled(addPath: boolean): AdjRibIn {
  const options = sessionOptions({ addPathReceive: new Set(addPath ? [ipv4Unicast] : []) });
  const rib = new AdjRibIn(new RibStore());
  const nlri = (prefixes: readonly string[], pathId: number): Nlri[] =>
    prefixes.map((prefix) => ({ kind: 'prefix', prefix, ...(addPath && { pathId }) }));
  for (const session of [[...gone, ...texts], texts]) {
    rib.sessionDown();
    rib.sessionUp(options);
    for (const pathId of addPath ? [1, 2] : [1]) {
      const messages = announcement(ipv4Unicast, nlri(session, pathId), attributesOf(1), options);
      for (const message of messages) rib.receive(message, 0, message.length);
    }
  }
  return rib;
}

describe.each([false, true])('queries (ADD-PATH %s)', (addPath) => {
  const rib = filled(addPath);
  const ask = (kind: NonNullable<RouteQuery['match']>['kind'], prefix: string): string[] =>
    rib
      .routes({ family: ipv4Unicast, match: { kind, prefix }, limit: 100 })
      .routes.map(({ nlri }) => formatNlri(nlri).replace(/ path-id .*/, ''))
      .toSorted();
  const twice = (...prefixes: string[]): string[] =>
    prefixes.flatMap((prefix) => (addPath ? [prefix, prefix] : [prefix])).toSorted();

  test.each([
    ['10.1.0.0/16', ['10.1.0.0/16']],
    ['10.1.255.255/16', ['10.1.0.0/16']],
    ['10.1.0.0/17', []],
    ['0.0.0.0/0', ['0.0.0.0/0']],
  ])('exactly %s', (prefix, expected) => {
    expect(ask('exact', prefix)).toEqual(twice(...expected));
  });

  test.each([
    ['10.1.2.3', '10.1.2.0/24'],
    ['10.1.3.3', '10.1.0.0/16'],
    ['10.200.0.0/16', '10.128.0.0/9'],
    ['10.0.0.0/7', '0.0.0.0/0'],
    ['192.0.2.1', '0.0.0.0/0'],
  ])('longest match of %s', (prefix, expected) => {
    expect(ask('longestMatch', prefix)).toEqual(twice(expected));
  });

  test.each([
    ['10.0.0.0/8', ['10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/24', '10.128.0.0/9']],
    ['10.1.2.0/23', ['10.1.2.0/24']],
    ['10.1.2.0/25', []],
    ['0.0.0.0/0', texts],
  ])('within %s', (prefix, expected) => {
    expect(ask('orLonger', prefix)).toEqual(twice(...expected));
  });

  test('page by page, with the steps of each page bounded', () => {
    const seen: string[] = [];
    let cursor: number | undefined;
    let pages = 0;
    do {
      const page = rib.routes({
        family: ipv4Unicast,
        match: { kind: 'orLonger', prefix: '10.0.0.0/8' },
        limit: 2,
        maximumSteps: 3,
        ...(cursor !== undefined && { cursor }),
      });
      expect(page.routes.length).toBeLessThanOrEqual(2);
      seen.push(...page.routes.map(({ nlri }) => formatNlri(nlri)));
      cursor = page.cursor;
      pages += 1;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(addPath ? 8 : 4);
    expect(seen).toHaveLength(addPath ? 8 : 4);
    expect(pages).toBeGreaterThan(1);
  });
});

test.each([
  ['a prefix of another family', ipv4Unicast, '2001:db8::/32'],
  ['no prefix', ipv6Unicast, 'banana'],
  ['a family without plain prefixes', vpnIpv4, '10.0.0.0/8'],
])('refuses %s', (_name, family, prefix) => {
  const rib = new AdjRibIn(new RibStore());
  const options = sessionOptions({ families: new Set([family]) });
  rib.sessionUp(options);
  const nlri: Nlri =
    family === vpnIpv4
      ? { kind: 'vpn', routeDistinguisher: '65000:1', labels: [16], prefix: '10.0.0.0/8' }
      : { kind: 'prefix', prefix: family === ipv6Unicast ? '::/0' : '0.0.0.0/0' };
  for (const message of announcement(family, [nlri], attributesOf(1), options)) {
    rib.receive(message, 0, message.length);
  }
  expect(() => rib.routes({ family, match: { kind: 'exact', prefix }, limit: 1 })).toThrow(
    expect.objectContaining({ code: 'ERR_RIB_WRONG_FAMILY' }),
  );
});

test('a family without routes has none', () => {
  expect(new AdjRibIn(new RibStore()).routes({ family: ipv4Unicast, limit: 1 })).toEqual({
    routes: [],
  });
});
