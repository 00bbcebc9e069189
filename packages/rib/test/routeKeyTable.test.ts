import {
  ByteWriter,
  encodeNlri,
  type FamilyKey,
  familyKey,
  type Nlri,
  type NlriContext,
} from '@peerloom/wire';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Ipv4PrefixTable } from '../src/ipv4PrefixTable.ts';
import { NlriTable } from '../src/nlriTable.ts';
import { PrefixTable } from '../src/prefixTable.ts';
import type { RouteKeyId, RouteKeyTable } from '../src/routeKeyTable.ts';

const ipv4 = familyKey(1, 1);
const ipv6 = familyKey(2, 1);
const labeled = familyKey(1, 4);
const routeTarget = familyKey(1, 132);

/** Few enough to meet again, many enough to make tables grow. */
const ipv4Prefix = fc
  .tuple(fc.integer({ min: 0, max: 600 }), fc.constantFrom(0, 7, 8, 16, 22, 24, 31, 32))
  .map(([index, length]): Nlri => ({ kind: 'prefix', prefix: maskedIpv4(index, length) }));
const ipv6Prefix = fc
  .tuple(fc.integer({ min: 0, max: 400 }), fc.constantFrom(0, 19, 32, 33, 48, 64, 65, 127, 128))
  .map(([index, length]): Nlri => ({ kind: 'prefix', prefix: maskedIpv6(index, length) }));
const membership = fc
  .integer({ min: 1, max: 300 })
  .map((as): Nlri => ({ kind: 'routeTarget', prefixLength: 32, originAs: as }));

function maskedIpv4(index: number, length: number): string {
  const word = Math.imul(index, 0x9e3779b1) & (length === 0 ? 0 : -1 << (32 - length));
  return `${[24, 16, 8, 0].map((shift) => (word >>> shift) & 0xff).join('.')}/${length}`;
}

function maskedIpv6(index: number, length: number): string {
  const value = (BigInt(index) * 0x9e3779b97f4a7c15f39cc0605cedc835n) % (1n << 128n);
  const masked = length === 0 ? 0n : (value >> BigInt(128 - length)) << BigInt(128 - length);
  const digits = masked.toString(16).padStart(32, '0');
  return `${digits.match(/.{4}/g)!.join(':')}/${length}`;
}

function encode(nlri: readonly Nlri[], family: FamilyKey, hasPathIds: boolean): Uint8Array {
  const writer = new ByteWriter();
  for (const each of nlri) encodeNlri(writer, each, family, hasPathIds, 'reach');
  return writer.toBytes();
}

function withPathIds(nlri: fc.Arbitrary<Nlri>): fc.Arbitrary<Nlri> {
  return fc
    .tuple(nlri, fc.constantFrom(0, 1, 2, 0xffff_ffff))
    .map(([each, pathId]) => ({ ...each, pathId }));
}

const tables: readonly [string, FamilyKey, boolean, () => RouteKeyTable, fc.Arbitrary<Nlri>][] = [
  ['IPv4', ipv4, false, () => new Ipv4PrefixTable(), ipv4Prefix],
  ['IPv4, path ids', ipv4, true, () => new PrefixTable(ipv4, true), withPathIds(ipv4Prefix)],
  ['IPv6', ipv6, false, () => new PrefixTable(ipv6, false), ipv6Prefix],
  ['IPv6, path ids', ipv6, true, () => new PrefixTable(ipv6, true), withPathIds(ipv6Prefix)],
  ['any, IPv4 as bytes', ipv4, false, () => new NlriTable(ipv4, false), ipv4Prefix],
  [
    'any, route targets',
    routeTarget,
    true,
    () => new NlriTable(routeTarget, true),
    withPathIds(membership),
  ],
];

describe.each(tables)('route keys: %s', (_name, family, hasPathIds, create, nlri) => {
  test('behave like a map from NLRI to a count of references', () => {
    const commands = fc.array(fc.tuple(fc.constantFrom('intern', 'find', 'release'), nlri), {
      maxLength: 600,
      size: 'max',
    });
    fc.assert(
      fc.property(commands, (steps) => {
        const table = create();
        const model = new Map<string, { id: number; references: number; bytes: Uint8Array }>();
        for (const [command, each] of steps) {
          const bytes = encode([each], family, hasPathIds);
          const known = model.get(bytes.join());
          if (command === 'intern') {
            const [id] = intern(table, bytes) as [number];
            table.retain(id);
            if (known !== undefined) expect(id).toBe(known.id);
            model.set(bytes.join(), { id, references: (known?.references ?? 0) + 1, bytes });
          } else if (command === 'find') {
            expect(find(table, bytes, 'reach')).toEqual([known?.id ?? 0]);
          } else if (known !== undefined) {
            table.release(known.id);
            known.references -= 1;
            if (known.references === 0) model.delete(bytes.join());
          }
        }
        expect(table.count).toBe(model.size);
        expect(new Set([...model.values()].map(({ id }) => id)).size).toBe(model.size);
        const target = new Uint8Array(64);
        for (const { id, references, bytes } of model.values()) {
          expect(table.references(id)).toBe(references);
          const end = table.writeNlri(id, target, 3, hasPathIds);
          expect(target.subarray(3, end)).toEqual(bytes);
          expect(table.nlriLength(id, hasPathIds)).toBe(bytes.length);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('a field of many is walked to its end', () => {
    const table = create();
    const routes = fc.sample(nlri, { numRuns: 300, seed: 7 });
    const bytes = encode(routes, family, hasPathIds);
    const ids = intern(table, bytes);
    for (const id of ids) table.retain(id);
    expect(ids).toHaveLength(routes.length);
    expect(find(table, bytes, 'unreach')).toEqual(ids);
    for (const id of ids) table.release(id);
    expect(table.count).toBe(0);
  });
});

/** Keys of all NLRI of a field, made where there are none. */
function intern(table: RouteKeyTable, field: Uint8Array): RouteKeyId[] {
  table.begin(field, 0, field.length, 'reach');
  return walk(() => table.internNext(), 0);
}

/** Keys of all NLRI of a field, 0 for those without. */
function find(table: RouteKeyTable, field: Uint8Array, context: NlriContext): RouteKeyId[] {
  table.begin(field, 0, field.length, context);
  return walk(() => table.findNext(), -1);
}

/** What comes until there is nothing more, and goes on being so. */
function walk(next: () => RouteKeyId, end: number): RouteKeyId[] {
  const keys: RouteKeyId[] = [];
  for (let key = next(); key !== end; key = next()) keys.push(key);
  expect(next()).toBe(end);
  return keys;
}

/** A field of so many /24s, from `networkOf(0)` on. */
function networks(count: number): Uint8Array {
  return fieldOf(Array.from({ length: count }, (_, index) => networkOf(index)));
}

function fieldOf(addresses: readonly number[]): Uint8Array {
  const field = new Uint8Array(addresses.length * 4);
  const words = new DataView(field.buffer);
  // The length, and the three octets that are not zero.
  addresses.forEach((address, index) => words.setUint32(index * 4, (24 << 24) | (address >>> 8)));
  return field;
}

/** 10.0.0.0, 10.0.1.0 and so on: the address of a /24. */
function networkOf(index: number): number {
  return (index * 256 + 0x0a00_0000) >>> 0;
}

describe('prefix tables', () => {
  test('bits after the length do not make another prefix', () => {
    const table: RouteKeyTable = new Ipv4PrefixTable();
    const field = Uint8Array.of(9, 10, 0x80, 9, 10, 0xff);
    const [id, again] = intern(table, field) as [number, number];
    expect(again).toBe(id);
    const target = new Uint8Array(3);
    table.writeNlri(id, target, 0, false);
    expect([...target]).toEqual([9, 10, 0x80]);
  });

  test.each([0, 60_000])(
    'a table of %i others walks a field of known, new and repeated prefixes',
    (others) => {
      const table = new Ipv4PrefixTable();
      for (const id of intern(table, networks(others))) table.retain(id);
      const addresses = Array.from({ length: 100 }, (_, index) =>
        index % 3 === 0 ? networkOf(index) : (0xc000_0000 + (index % 40) * 256) >>> 0,
      );
      const field = fieldOf(addresses);
      const ids = intern(table, field);
      expect(ids).toEqual(addresses.map((address) => table.find(address, 24)));
      expect(new Set(ids).size).toBe(new Set(addresses).size);
      expect(find(table, field, 'unreach')).toEqual(ids);
    },
  );

  test('every length is read right at the very end of a buffer', () => {
    for (let length = 0; length <= 32; length += 1) {
      const field = Uint8Array.of(length, ...[1, 2, 3, 4].slice(0, (length + 7) >>> 3));
      const table = new Ipv4PrefixTable();
      const [id] = intern(table, field) as [number];
      const address = length === 0 ? 0 : (0x0102_0304 & (-1 << (32 - length))) >>> 0;
      expect(table.find(address, length)).toBe(id);
    }
  });

  test('a walk that was given up leaves nothing behind', () => {
    const table = new Ipv4PrefixTable();
    const [first, second] = [networks(3), fieldOf([networkOf(9)])];
    table.begin(first, 0, first.length);
    table.internNext();
    expect(intern(table, second)).toEqual([table.find(networkOf(9), 24)]);
    expect(table.find(networkOf(1), 24)).toBe(0);
  });

  test('an address with each length is a prefix of its own, whatever their hashes have in common', () => {
    const lengths = Array.from({ length: 33 }, (_, length) => length);
    const field = Uint8Array.from(
      lengths.flatMap((length) => [length, ...new Uint8Array((length + 7) >>> 3)]),
    );
    // Each table has a secret of its own: among so many some have tags in common.
    for (let round = 0; round < 100; round += 1) {
      const table = new Ipv4PrefixTable();
      const ids = intern(table, field);
      expect(ids).toEqual(lengths.map((length) => length + 1));
      expect(lengths.map((length) => table.find(0, length))).toEqual(ids);
    }
  });

  test('a million IPv4 prefixes take no more than 20 octets each, columns aside', () => {
    const table = new Ipv4PrefixTable();
    for (const id of intern(table, networks(1_000_000))) table.retain(id);
    expect(table.count).toBe(1_000_000);
    expect(table.byteLength / 1_000_000).toBeLessThan(20);
    expect(table.find(0x0a00_0000, 24)).toBe(1);
    expect(table.find(0x0a00_0000, 23)).toBe(0);
  });
});

describe('NlriTable', () => {
  test('a new label replaces the old one under the same key', () => {
    const table = new NlriTable(labeled, false);
    const route = (label: number): Uint8Array =>
      encode([{ kind: 'labeled', labels: [label], prefix: '10.0.0.0/8' }], labeled, false);
    const internOne = (field: Uint8Array): RouteKeyId => {
      table.begin(field, 0, field.length, 'reach');
      return table.internNext();
    };
    const id = internOne(route(100));
    table.retain(id);
    expect(table.replaced).toBe(false);
    expect(internOne(route(100))).toBe(id);
    expect(table.replaced).toBe(false);
    expect(internOne(route(200))).toBe(id);
    expect(table.replaced).toBe(true);
    const kept = new Uint8Array(5);
    table.writeNlri(id, kept, 0, false);
    expect(kept).toEqual(route(200));
    const withdrawn = Uint8Array.of(32, 0x80, 0, 0, 10);
    expect(find(table, withdrawn, 'unreach')).toEqual([id]);
  });
});
