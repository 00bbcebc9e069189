import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ipv4Unicast,
  noFamily,
  PlainUpdateScanner,
  splitUpdate,
  type UpdateOptions,
  UpdateView,
  validateAttributes,
} from '../src/index.ts';
import { plainOrAny } from './arbitraries/plainUpdate.ts';
import { concat, hex } from './bytes.ts';
import { flagsOf, internal, oldRoute, route, routeWith } from './faultTable.ts';
import {
  asPath,
  attribute,
  mpReach,
  mpUnreach,
  nextHop,
  origin,
  prefix,
  sessionOptions,
  type UpdateParts,
  updateBytes,
} from './updateBytes.ts';

const scanner = new PlainUpdateScanner();
const secret = { seed: 1, multiplier: 3 };

/** What the scanner says, and what the two passes say whom it stands for. */
function judge(bytes: Uint8Array, options: UpdateOptions): { quick: boolean; sound: boolean } {
  const view = new UpdateView();
  splitUpdate(view, bytes, 0, bytes.length);
  const addPath = options.addPathReceive.has(ipv4Unicast);
  const end = bytes.length;
  const quick =
    scanner.scan(bytes, 0, end, addPath, 65535, options, secret, secret) === 1 &&
    scanner.areAttributesSound(0);
  const faults = validateAttributes(view, options);
  const hasMp = view.mpReachFamily !== noFamily || view.mpUnreachFamily !== noFamily;
  const sound = view.faults === undefined && faults === undefined && !hasMp;
  return { quick, sound };
}

function judgeParts(parts: UpdateParts, options?: Partial<UpdateOptions>): boolean {
  return judge(updateBytes(parts), sessionOptions(options)).quick;
}

const member = { confederationPeer: true } as const;

/** Types that plain UPDATEs need not have: their values are looked at elsewhere. */
const judgedElsewhere: readonly number[] = [17, 18, 22, 23, 26, 29, 40];

describe('of attributes, the scanner of plain UPDATEs', () => {
  it.for(flagsOf)('knows attribute %2$i with flags %1$i, and not with others', (row) => {
    const [right, code, value, options] = row;
    const withFlags = (flags: number): UpdateParts => {
      const bytes = attribute(flags, code, value);
      if (code <= 3) return routeWith(code as 1 | 2 | 3, bytes);
      return (options?.fourOctetAs === false ? oldRoute : route)(bytes);
    };
    expect(judgeParts(withFlags(right), options)).toBe(!judgedElsewhere.includes(code));
    for (const wrong of [0x00, 0x40, 0x80, 0xc0].filter((flags) => flags !== right)) {
      expect(judgeParts(withFlags(wrong), options)).toBe(false);
    }
  });

  // biome-ignore format: one line a message
  const rows: readonly (readonly [string, boolean, UpdateParts, Partial<UpdateOptions>?])[] = [
    ['the mandatory attributes', true, route()],
    ['the mandatory attributes in another order', true, { attributes: [nextHop, asPath, origin], nlri: prefix }],
    ['without ORIGIN', false, { attributes: [asPath, nextHop], nlri: prefix }],
    ['without AS_PATH', false, { attributes: [origin, nextHop], nlri: prefix }],
    ['without NEXT_HOP', false, { attributes: [origin, asPath], nlri: prefix }],
    ['nothing', false, { attributes: [], nlri: prefix }],
    ['an attribute twice', false, route(attribute(0x80, 4, '00000001'), attribute(0x80, 4, '00000001'))],
    ['large communities twice', false, route(attribute(0xc0, 32, '000000010000000200000003'), attribute(0xc0, 32, '000000010000000200000003'))],
    ['an unknown one, which others must judge', false, route(attribute(0xc0, 99, '00'))],
    ['MP_REACH_NLRI', false, route(mpReach)],
    ['MP_UNREACH_NLRI', false, route(mpUnreach)],
    ['LOCAL_PREF from an internal peer', true, route(attribute(0x40, 5, '00000064')), internal],
    ['LOCAL_PREF from an external peer', false, route(attribute(0x40, 5, '00000064'))],
    ['a length that no rule has', false, route(attribute(0xc0, 8, 'fde9'))],
    ['AS number 0 in the path', false, routeWith(2, attribute(0x40, 2, '0202 0000fde9 00000000'))],
    ['an AS number that ends in zeroes', true, routeWith(2, attribute(0x40, 2, '0202 0000fd00 00010000'))],
    ['a set in the path', true, routeWith(2, attribute(0x40, 2, '0101 0000fde9'))],
    ['an empty path from an internal peer', true, routeWith(2, attribute(0x40, 2, '')), internal],
    ['an empty segment', false, routeWith(2, attribute(0x40, 2, '0200'))],
    ['a segment that is cut', false, routeWith(2, attribute(0x40, 2, '0202 0000fde9'))],
    ['a segment header that is cut', false, routeWith(2, attribute(0x40, 2, '0201 0000fde9 02'))],
    ['a confederation segment from an internal peer', true, routeWith(2, attribute(0x40, 2, '0301 0000fde9')), internal],
    ['a confederation segment from an external peer', false, routeWith(2, attribute(0x40, 2, '0301 0000fde9'))],
    ['a confederation segment from a member', true, routeWith(2, attribute(0x40, 2, '0301 0000fde9')), member],
    ['a confederation segment, and others, from a member', true, routeWith(2, attribute(0x40, 2, '0301 0000fde9 0201 0000fdea 0401 0000fdeb')), member],
    ['no confederation segment from a member', false, route(), member],
    ['none from an internal peer of the confederation', true, route(), { ...internal, ...member }],
    ['an empty path from a member', false, { attributes: [origin, nextHop, attribute(0x40, 2, '')], nlri: prefix }, member],
    ['a segment of type 5', false, routeWith(2, attribute(0x40, 2, '0501 0000fde9')), internal],
    ['a segment of type 0', false, routeWith(2, attribute(0x40, 2, '0001 0000fde9'))],
    ['a path short by an octet', false, routeWith(2, attribute(0x40, 2, '0201 0000fd'))],
    ['communities that do not come out even', false, route(attribute(0xc0, 8, 'fde90001 fde9'))],
    ['communities with the Partial bit', true, route(attribute(0xe0, 8, 'fde90001'))],
    ['flags of which the lower bits are set', true, route(attribute(0xcf, 8, 'fde90001'))],
    ['a length of two octets', true, route(attribute(0xd0, 8, 'fde90001'))],
    ['more than 255 octets', true, route(attribute(0xc0, 8, 'fde90001'.repeat(65)))],
    ['a length of two octets that leads past the end', false, { attributes: [origin, asPath, nextHop, concat([0xd0, 8, 1, 4], hex('fde90001'))], nlri: prefix }],
    ['a length of two octets of which one is there', false, { attributes: [origin, asPath, nextHop, concat([0x50, 8, 0])], nlri: prefix }],
    ['ONLY_TO_CUSTOMER twice', false, route(attribute(0xc0, 35, '00000001'), attribute(0xc0, 35, '00000001'))],
    ['a type that is not known, without flags', false, route(attribute(0, 11, ''))],
    ['the first type that is not told apart', false, route(attribute(0xc0, 64, 'fde90001'))],
    ['a type beyond those that are told apart', false, route(attribute(0xc0, 64 + 8, 'fde90001'))],
    ['AS numbers of two octets', true, oldRoute(), { fourOctetAs: false }],
    ['AS number 0 of two octets', false, { attributes: [origin, attribute(0x40, 2, '0201 0000'), nextHop], nlri: prefix }, { fourOctetAs: false }],
    ['AGGREGATOR', true, route(attribute(0xc0, 7, '0000fde9 c0000201'))],
    ['AGGREGATOR with AS number 0', false, route(attribute(0xc0, 7, '00000000 c0000201'))],
    ['AGGREGATOR of two octets\' AS', true, oldRoute(attribute(0xc0, 7, 'fde9 c0000201')), { fourOctetAs: false }],
    ['AGGREGATOR of four octets\' AS where they have two', false, oldRoute(attribute(0xc0, 7, 'fde90000 c0000201')), { fourOctetAs: false }],
    ['AGGREGATOR of two octets\' AS where they have four', false, route(attribute(0xc0, 7, 'fde9 c0000201'))],
    ['an ORIGIN that is not known', false, routeWith(1, attribute(0x40, 1, '03'))],
    ['a NEXT_HOP that is nobody\'s', false, routeWith(3, attribute(0x40, 3, 'e0000001'))],
    ['one that is cut', false, { attributes: [origin, asPath, nextHop, attribute(0x80, 4, '00000001').subarray(0, 5)], nlri: prefix }],
    ['one that is cut by an octet', false, { attributes: [origin, asPath, nextHop, attribute(0x80, 4, '00000001').subarray(0, 6)], nlri: prefix }],
    ['a header that is cut where the routes could go on for it', false, { attributes: [origin, asPath, nextHop, hex('4006')], nlri: hex('00') }],
    ['a length that is cut where they could', false, { attributes: [origin, asPath, nextHop, hex('d00800')], nlri: hex('04a0') }],
    ['a segment header that is cut where they could', false, { attributes: [origin, nextHop, attribute(0x40, 2, '0201 0000fde9 02')], nlri: hex('0180 080a 080b') }],
    ['a header that is cut', false, { attributes: [origin, asPath, nextHop, attribute(0x80, 4, '').subarray(0, 2)], nlri: prefix }],
  ];
  it.for(rows)('says of %s: %s', ([, expected, parts, options]) => {
    expect(judgeParts(parts, options)).toBe(expected);
  });

  it('finds nothing sound in which the two passes find a fault, whatever octets come', () => {
    let agreed = 0;
    fc.assert(
      fc.property(
        plainOrAny,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 3 }),
        ([options, messages], changes) => {
          for (const bytes of messages) {
            const view = new UpdateView();
            splitUpdate(view, bytes, 0, bytes.length);
            const { attributesStart, attributesEnd, nlriStart, nlriEnd } = view;
            if (nlriStart === nlriEnd) continue;
            for (const [at, octet] of changes) {
              bytes[attributesStart + (at % (attributesEnd - attributesStart))] = octet;
            }
            const { quick, sound } = judge(bytes, options);
            if (quick) expect(sound).toBe(true);
            agreed += quick ? 1 : 0;
          }
        },
      ),
      { numRuns: 4000 },
    );
    // It must say yes now and then, or the property holds for nothing.
    expect(agreed).toBeGreaterThan(500);
  });
});
