import {
  blockOptions,
  decodePathAttributes,
  encodePathAttributes,
  type PathAttribute,
} from '@peerloom/wire';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyPlainAnnouncement, encodeAnnouncement, longestAddition } from '../src/index.ts';
import { ipv4Unicast, ipv6Unicast } from './sessions.ts';

/** The block in the quick way; `undefined` where it is left to the readable one. */
function plain(
  attributes: Uint8Array,
  family: number,
  isFinal: boolean,
  nextHop?: Uint8Array,
): Uint8Array | undefined {
  const before = 7;
  const target = new Uint8Array(before + attributes.length + longestAddition).fill(0xee);
  const end = copyPlainAnnouncement(attributes, family, isFinal, nextHop, target, before);
  expect(target.subarray(0, before)).toEqual(new Uint8Array(before).fill(0xee));
  return end < 0 ? undefined : target.slice(before, end);
}

/** The block in the readable way. */
function readable(
  octets: Uint8Array,
  family: number,
  isFinal: boolean,
  nextHop?: Uint8Array,
): Uint8Array {
  const attributes = decodePathAttributes(octets, blockOptions).filter(
    (each) => isFinal || each.type !== 'asPath' || each.segments.length > 0,
  );
  const hasPath = attributes.some(({ type }) => type === 'asPath');
  const others = attributes.filter(({ type }) => nextHop === undefined || type !== 'nextHop');
  if (nextHop !== undefined) others.push({ type: 'nextHop', nextHop: [...nextHop].join('.') });
  return encodeAnnouncement(others, family, !isFinal && hasPath);
}

const sequence = (...asNumbers: number[]): PathAttribute => ({
  type: 'asPath',
  segments: [{ kind: 'sequence', asNumbers }],
});
const encode = (...attributes: PathAttribute[]): Uint8Array =>
  encodePathAttributes(attributes, blockOptions);
const many = (count: number): number[] => Array.from({ length: count }, (_, each) => each + 1);

describe('attributes that are encoded already', () => {
  it.for<[what: string, attributes: Uint8Array]>([
    ['nothing at all', encode()],
    ['what most routes have', encode({ type: 'origin', origin: 'igp' }, sequence(65001, 70000))],
    ['an empty path', encode({ type: 'asPath', segments: [] }, { type: 'origin', origin: 'egp' })],
    ['a set', encode({ type: 'asPath', segments: [{ kind: 'set', asNumbers: [65001, 65002] }] })],
    [
      'all that is common',
      encode(
        { type: 'origin', origin: 'incomplete' },
        sequence(65001),
        { type: 'multiExitDiscriminator', value: 7 },
        { type: 'localPreference', value: 200 },
        { type: 'atomicAggregate' },
        { type: 'aggregator', as: 65001, address: '192.0.2.1' },
        { type: 'communities', communities: [1, 2] },
        { type: 'originatorId', originatorId: '192.0.2.9' },
        { type: 'clusterList', clusterIds: ['192.0.2.8'] },
        { type: 'onlyToCustomer', as: 65001 },
      ),
    ],
  ])('become a block as they stand: %s', ([, attributes]) => {
    for (const isFinal of [false, true]) {
      const expected = readable(attributes, ipv6Unicast, isFinal);
      expect(plain(attributes, ipv6Unicast, isFinal)).toEqual(expected);
    }
  });

  it.for<[what: string, attributes: Uint8Array]>([
    ['in another order', Uint8Array.of(0x40, 2, 0, 0x40, 1, 1, 0)],
    ['there twice', Uint8Array.of(0x40, 1, 1, 0, 0x40, 1, 1, 1)],
    ['cut short', Uint8Array.of(0x40, 1, 1, 0, 0x40, 2)],
    ['with other flags', Uint8Array.of(0xc0, 1, 1, 0)],
    ['with a length of two octets', Uint8Array.of(0x50, 1, 0, 1, 0)],
    ['of a rare type', Uint8Array.of(0xc0, 99, 1, 0)],
    ['with a path that is none', Uint8Array.of(0x40, 2, 2, 7, 0)],
    ['with AS number 0', Uint8Array.of(0x40, 2, 6, 2, 1, 0, 0, 0, 0)],
    ['with a next hop that belongs elsewhere', Uint8Array.of(0x40, 3, 4, 192, 0, 2, 1)],
    ['with a path that would need a longer header', encode(sequence(...many(63)))],
  ])('are read when anything is out of the ordinary: %s', ([, attributes]) => {
    expect(plain(attributes, ipv6Unicast, false)).toBeUndefined();
  });

  it('are read when the next hop is one that no host can have, for that is refused there', () => {
    const given = Uint8Array.of(0x40, 3, 4, 224, 0, 0, 1);
    expect(plain(given, ipv4Unicast, false)).toBeUndefined();
    expect(plain(given, ipv4Unicast, false, Uint8Array.of(192, 0, 2, 1))).toBeUndefined();
    expect(plain(encode(), ipv4Unicast, false, Uint8Array.of(0, 0, 0, 0))).toBeUndefined();
    expect(plain(encode(), ipv4Unicast, false, Uint8Array.of(192, 0, 2, 1))).toBeDefined();
  });

  it('become what the readable way makes of them, whatever they are', () => {
    const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
    const asNumber = fc.integer({ min: 1, max: 0xffff_ffff });
    const kind = fc.constantFrom('sequence', 'set', 'confederationSequence', 'confederationSet');
    const segment = fc.record({ kind, asNumbers: fc.array(asNumber, { minLength: 1 }) });
    const list = fc.array(u32, { minLength: 1, maxLength: 5 });
    const largeCommunity = fc.record({
      globalAdministrator: u32,
      localData1: u32,
      localData2: u32,
    });
    const attributes: fc.Arbitrary<PathAttribute>[] = [
      fc.record({ type: fc.constant('origin'), origin: fc.constantFrom('igp', 'egp') }),
      fc.record({ type: fc.constant('asPath'), segments: fc.array(segment, { maxLength: 3 }) }),
      fc.constant({ type: 'nextHop', nextHop: '192.0.2.1' }),
      fc.record({ type: fc.constant('multiExitDiscriminator'), value: u32 }),
      fc.constant({ type: 'atomicAggregate' }),
      fc.record({
        type: fc.constant('aggregator'),
        as: asNumber,
        address: fc.constant('192.0.2.1'),
      }),
      fc.record({ type: fc.constant('communities'), communities: list }),
      fc.uint8Array({ minLength: 8, maxLength: 8 }).map((value) => {
        return { type: 'unknown', code: 16, flags: 0xc0, value };
      }),
      fc.record({
        type: fc.constant('largeCommunities'),
        communities: fc.array(largeCommunity, { minLength: 1, maxLength: 3 }),
      }),
      fc.constant({ type: 'unknown', code: 99, flags: 0xc0, value: Uint8Array.of(1, 2) }),
    ];
    const block = fc
      .tuple(...attributes.map((each) => fc.option(each, { freq: 2 })))
      .map((chosen) => encode(...chosen.filter((each) => each !== null)));
    // Of some blocks one octet is another one.
    const change = fc.option(fc.tuple(fc.nat(), fc.nat({ max: 255 })));
    let taken = 0;
    let changedTaken = 0;
    fc.assert(
      fc.property(
        block,
        change,
        fc.constantFrom(ipv4Unicast, ipv6Unicast),
        fc.boolean(),
        fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }), { nil: undefined }),
        (octets, changed, family, isFinal, address) => {
          if (changed !== null && octets.length > 0) {
            octets[changed[0] % octets.length] = changed[1];
          }
          const nextHop = family === ipv4Unicast ? address : undefined;
          const quick = plain(octets, family, isFinal, nextHop);
          if (quick === undefined) return;
          expect(quick).toEqual(readable(octets, family, isFinal, nextHop));
          if (octets.length > 0) taken += 1;
          if (octets.length > 0 && changed !== null) changedTaken += 1;
        },
      ),
      { numRuns: 5000 },
    );
    expect(taken).toBeGreaterThan(200);
    expect(changedTaken).toBeGreaterThan(100);
  });
});
