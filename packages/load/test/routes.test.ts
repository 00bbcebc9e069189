import { decodeUpdate, familyKey, NlriCursor, splitUpdate, UpdateView } from '@peerloom/wire';
import { describe, expect, it } from 'vitest';
import {
  type AttributeDigest,
  digestAttributes,
  emptyDigest,
} from '../src/routes/attributeDigest.ts';
import { type GeneratorOptions, generateTable } from '../src/routes/generator.ts';
import { PrefixIndex } from '../src/routes/prefixIndex.ts';
import { Random } from '../src/routes/random.ts';
import type { RouteTable } from '../src/routes/routeTable.ts';

const options: GeneratorOptions = {
  seed: 7,
  prefixes: 500,
  ipv6Prefixes: 0,
  sources: 4,
  distribution: 'disjoint',
  overlap: 0.25,
  firstAs: 65_001,
  internal: false,
  nextHop4: '192.0.2.1',
  nextHop6: '2001:db8::1',
  addPath: false,
};

function prefixesOfFeed(table: RouteTable, feed: number): Set<string> {
  const index = new PrefixIndex(table.prefixes);
  const { start, end } = table.feeds[feed]!;
  const routes = table.routes.slice(table.routeStarts[start], table.routeStarts[end]);
  return new Set([...routes].map((route) => index.text(route)));
}

const shared = (a: Set<string>, b: Set<string>): number =>
  [...a].filter((prefix) => b.has(prefix)).length;

function bytesOf(seed: number): string {
  return Buffer.from(generateTable({ ...options, seed }).announcements.bytes).toString('hex');
}

const origin = [0x40, 1, 1, 0];
const path = (...ases: number[]): number[] => [
  0x40,
  2,
  2 + 4 * ases.length,
  2,
  ases.length,
  ...ases.flatMap((as) => [0, 0, as >>> 8, as & 0xff]),
];
const communities = (...values: number[]): number[] => [
  0xc0,
  8,
  4 * values.length,
  ...values.flatMap((value) => [0, 1, 0, value]),
];
const digest = (block: number[], prepended = 0): AttributeDigest => {
  const result = emptyDigest();
  digestAttributes(Uint8Array.from(block), 0, block.length, prepended, result);
  return result;
};

describe('generated routes', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(bytesOf(7)).toBe(bytesOf(7));
    expect(bytesOf(8)).not.toBe(bytesOf(7));
  });

  it('are disjoint when asked for', () => {
    const table = generateTable(options);
    const feeds = [0, 1, 2, 3].map((feed) => prefixesOfFeed(table, feed));
    expect(feeds.map(({ size }) => size)).toEqual([500, 500, 500, 500]);
    expect(table.prefixes.count).toBe(2000);
    expect(shared(feeds[0]!, feeds[1]!)).toBe(0);
  });

  it('are one table for all when asked for', () => {
    const table = generateTable({ ...options, distribution: 'same' });
    expect(table.feeds).toHaveLength(1);
    expect(prefixesOfFeed(table, 0).size).toBe(500);
  });

  it('overlap with those of the next source by the share that was asked for', () => {
    const table = generateTable({ ...options, distribution: 'overlapping' });
    const feeds = [0, 1, 2, 3].map((feed) => prefixesOfFeed(table, feed));
    expect(feeds.map(({ size }) => size)).toEqual([500, 500, 500, 500]);
    expect(shared(feeds[0]!, feeds[1]!)).toBe(125);
    expect(shared(feeds[0]!, feeds[2]!)).toBe(0);
  });

  it('are UPDATEs without a fault, about four prefixes each, most of them /24', () => {
    const table = generateTable({ ...options, prefixes: 4000, ipv6Prefixes: 1000, sources: 1 });
    const { bytes, offsets } = table.announcements;
    const families = new Set([familyKey(1, 1), familyKey(2, 1)]);
    const lengths = new Map<number, number>();
    for (let message = 0; message < offsets.length - 1; message++) {
      const copy = bytes.slice(offsets[message], offsets[message + 1]);
      const decoded = decodeUpdate(copy, 0, copy.length, {
        fourOctetAs: true,
        maximumReceiveLength: 4096,
        maximumSendLength: 4096,
        families,
        addPathReceive: new Set(),
        addPathSend: new Set(),
        extendedNextHop: new Set(),
        peerType: 'external',
      });
      expect(decoded).toMatchObject({ faults: [] });
    }
    const index = new PrefixIndex(table.prefixes);
    for (let prefix = 0; prefix < 4000; prefix++) {
      const length = Number(index.text(prefix).split('/')[1]);
      lengths.set(length, (lengths.get(length) ?? 0) + 1);
    }
    expect(lengths.get(24)! / 4000).toBeGreaterThan(0.5);
    expect(lengths.get(24)! / 4000).toBeLessThan(0.75);
    const perUpdate = 5000 / (offsets.length - 1);
    expect(perUpdate).toBeGreaterThan(2.5);
    expect(perUpdate).toBeLessThan(6);
  });

  it('can be withdrawn message by message', () => {
    const table = generateTable({ ...options, sources: 1, ipv6Prefixes: 100 });
    const { bytes, offsets } = table.withdrawals;
    const view = new UpdateView();
    const cursor = new NlriCursor();
    let withdrawn = 0;
    for (let message = 0; message < offsets.length - 1; message++) {
      const copy = bytes.slice(offsets[message], offsets[message + 1]);
      expect(splitUpdate(view, copy, 0, copy.length)).toBeUndefined();
      const [start, end, family] =
        view.mpUnreachFamily >= 0
          ? [view.mpUnreachStart, view.mpUnreachEnd, view.mpUnreachFamily]
          : [view.withdrawnStart, view.withdrawnEnd, familyKey(1, 1)];
      cursor.reset(copy, start, end, family, false);
      while (cursor.next()) withdrawn++;
    }
    expect(withdrawn).toBe(600);
  });

  it('carry path identifiers when asked for', () => {
    const table = generateTable({ ...options, sources: 1, addPath: true });
    expect(table.prefixes.count).toBe(500);
    expect(table.addPath).toBe(true);
  });
});

describe('the digest of attributes', () => {
  const sent = digest([...origin, ...path(65_001, 300, 400), ...communities(1, 2)]);

  it.for<[string, number[], number, boolean]>([
    [
      'the device in front',
      [...origin, ...path(65_000, 65_001, 300, 400), ...communities(1, 2)],
      65_000,
      true,
    ],
    [
      'communities in another order',
      [...origin, ...path(65_001, 300, 400), ...communities(2, 1)],
      0,
      true,
    ],
    [
      'another first AS, which is the speaker\u2019s own',
      [...origin, ...path(65_009, 300, 400), ...communities(1, 2)],
      0,
      true,
    ],
    [
      'a next hop of the device',
      [...origin, ...path(65_001, 300, 400), 0x40, 3, 4, 1, 2, 3, 4, ...communities(1, 2)],
      0,
      true,
    ],
    ['another path', [...origin, ...path(65_001, 300, 401), ...communities(1, 2)], 0, false],
    ['a longer path', [...origin, ...path(65_001, 300, 400, 400), ...communities(1, 2)], 0, false],
    ['another ORIGIN', [0x40, 1, 1, 2, ...path(65_001, 300, 400), ...communities(1, 2)], 0, false],
    ['a community less', [...origin, ...path(65_001, 300, 400), ...communities(1)], 0, false],
    ['a community more', [...origin, ...path(65_001, 300, 400), ...communities(1, 2, 3)], 0, false],
    [
      'an AS of the device that was not expected',
      [...origin, ...path(65_000, 65_001, 300, 400), ...communities(1, 2)],
      0,
      false,
    ],
  ])('with %s', ([, block, prepended, same]) => {
    expect(digest(block, prepended).value === sent.value).toBe(same);
  });

  it('tells the first AS', () => {
    expect(digest([...origin, ...path(65_000, 65_001, 300)], 65_000).firstAs).toBe(65_001);
    expect(digest([...origin, ...path()]).firstAs).toBe(0);
  });
});

describe('the index of prefixes', () => {
  it('finds each of many prefixes again, in another thread\u2019s copy too', () => {
    const index = new PrefixIndex();
    const cursor = new NlriCursor();
    const random = new Random(1);
    const ipv4 = familyKey(1, 1);
    const nlri = Array.from({ length: 5000 }, () =>
      Uint8Array.from([24, random.below(256), random.below(256), random.below(256)]),
    );
    const numbers = nlri.map((bytes) => {
      cursor.reset(bytes, 0, 4, ipv4, false).next();
      return index.intern(cursor, ipv4);
    });
    const copy = new PrefixIndex(index.share());
    for (const [at, bytes] of nlri.entries()) {
      cursor.reset(bytes, 0, 4, ipv4, false).next();
      expect(copy.find(cursor, ipv4)).toBe(numbers[at]);
    }
    cursor.reset(Uint8Array.from([23, 1, 2, 2]), 0, 4, ipv4, false).next();
    expect(copy.find(cursor, ipv4)).toBe(-1);
  });

  it('tells 0.0.0.0/0 from ::/0', () => {
    const index = new PrefixIndex();
    const cursor = new NlriCursor();
    const [ipv4, ipv6] = [familyKey(1, 1), familyKey(2, 1)];
    cursor.reset(Uint8Array.of(0), 0, 1, ipv4, false).next();
    expect(index.intern(cursor, ipv4)).toBe(0);
    cursor.reset(Uint8Array.of(0), 0, 1, ipv6, false).next();
    expect(index.intern(cursor, ipv6)).toBe(1);
    expect([index.text(0), index.text(1)]).toEqual(['0.0.0.0/0', '::/0']);
  });
});
