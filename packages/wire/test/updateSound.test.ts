import { describe, expect, it } from 'vitest';
import { decodeUpdate, type UpdateOptions } from '../src/index.ts';
import { hex } from './bytes.ts';
import { aigp, flagsOf, internal, old, oldRoute, route, routeWith } from './faultTable.ts';
import {
  asPath,
  attribute,
  family,
  mpReach,
  mpUnreach,
  nextHop,
  origin,
  prefix,
  sessionOptions,
  type UpdateParts,
  updateBytes,
} from './updateBytes.ts';

const v6 = '20010db8000000000000000000000001';
const rd = '0000000000000000';

describe('what is no fault', () => {
  // biome-ignore format: one line a message
  const sound: readonly (readonly [string, UpdateParts, Partial<UpdateOptions>?])[] = [
    ['a route with all there is', route(...flagsOf.filter(([, code, , options]) => code > 3 && options === undefined).map(([right, code, value]) => attribute(right, code, value)))],
    ['what only internal peers may send', route(attribute(0x40, 5, '00000064'), attribute(0x80, 9, 'c0000201'), attribute(0x80, 10, 'c0000201'), attribute(0x80, 26, aigp)), internal],
    ['AS4_PATH and AS4_AGGREGATOR from an old speaker', oldRoute(attribute(0xc0, 17, '020100011170'), attribute(0xc0, 7, '5ba0c0000201'), attribute(0xc0, 18, '00011170c0000201')), old],
    ['confederation segments in AS4_PATH, which are just taken out', oldRoute(attribute(0xc0, 17, '0301 00011170 0201 00011170')), old],
    ['an empty AS_PATH', routeWith(2, attribute(0x40, 2, '')), internal],
    ['an AS_PATH of sets and sequences', routeWith(2, attribute(0x40, 2, '0202 0000fde9 0000fdea 0101 0000fdeb'))],
    ['confederation segments from an internal peer', routeWith(2, attribute(0x40, 2, '0301 0000fde9 0401 0000fdea')), internal],
    [
      'what a member of the confederation sends',
      {
        attributes: [origin, attribute(0x40, 2, '0301 0000fde9'), nextHop, attribute(0x40, 5, '00000064'), attribute(0x80, 26, aigp)],
        nlri: prefix,
      },
      { confederationPeer: true },
    ],
    ['AIGP where it is switched on', route(attribute(0x80, 26, aigp)), { aigpSession: true }],
    ['AIGP with unknown TLVs and a second metric', route(attribute(0x80, 26, `02 0003 ${aigp} 01 000b ffffffffffffffff`)), internal],
    ['a NEXT_HOP on loopback', routeWith(3, attribute(0x40, 3, '7f000001'))],
    [
      'the Partial bit and the unused bits',
      {
        attributes: [attribute(0x6f, 1, '00'), attribute(0x40, 2, '02010000fde9'), nextHop, attribute(0xe3, 8, 'fde90064')],
        nlri: prefix,
      },
    ],
    ['Extended Length where it is not needed', { attributes: [hex('50 01 0001 00'), asPath, nextHop], nlri: prefix }],
    ['unknown optional attributes, empty or not', route(attribute(0xc0, 99, ''), attribute(0x80, 98, '00'), attribute(0xe0, 255, '0102'))],
    ['attributes without routes', { attributes: [origin, asPath] }],
    ['withdrawn routes alone', { withdrawn: prefix }],
    ['MP_REACH_NLRI without NEXT_HOP', { attributes: [mpReach, origin, asPath] }],
    ['MP_REACH_NLRI with a NEXT_HOP that means nothing', { attributes: [mpReach, origin, asPath, attribute(0x40, 3, '00000000')] }],
    [
      'MP attributes in any place',
      {
        attributes: [origin, mpUnreach, asPath, nextHop, mpReach],
        nlri: prefix,
        withdrawn: hex('10 c0a8'),
      },
    ],
    ['an empty MP_REACH_NLRI', { attributes: [attribute(0x80, 14, `000201 10 ${v6} 00`)] }],
    ['IPv6 with a link-local next hop', { attributes: [attribute(0x80, 14, `000201 20 ${v6}${v6} 00 2020010db8`), origin, asPath] }],
    [
      'VPN-IPv4',
      {
        attributes: [attribute(0x80, 14, `000180 0c ${rd}c0000201 00 70 000641 ${rd} 0a0000`), origin, asPath],
      },
    ],
    [
      'VPN-IPv4 with an IPv6 next hop that was agreed on',
      {
        attributes: [attribute(0x80, 14, `000180 18 ${rd}${v6} 00 70 000641 ${rd} 0a0000`), origin, asPath],
      },
      { extendedNextHop: new Set([family.ipv4Vpn]) },
    ],
    [
      'VPN-IPv6 with a link-local next hop',
      {
        attributes: [attribute(0x80, 14, `000280 30 ${rd}${v6}${rd}${v6} 00 78 000641 ${rd} 20010db8`), origin, asPath],
      },
    ],
    ['IPv4 with an IPv6 next hop that was agreed on', { attributes: [attribute(0x80, 14, `000101 10 ${v6} 00 080a`), origin, asPath] }, { extendedNextHop: new Set([family.ipv4Unicast]) }],
    ['Flowspec without a next hop', { attributes: [attribute(0x80, 14, '000185 00 00 03 01 08 0a'), origin, asPath] }],
    ['Flowspec with a next hop, which is ignored', { attributes: [attribute(0x80, 14, '000185 04 c0000201 00 03 01 08 0a'), origin, asPath] }],
    [
      'routes of a family that was not agreed on, whatever they are',
      {
        attributes: [attribute(0x80, 14, '000201 05 0000000000 00 ffff'), origin, asPath, attribute(0x80, 15, '000201 ff')],
      },
      { families: new Set([family.ipv4Unicast]) },
    ],
    ['mLDP, BIER and composite tunnels', route(attribute(0xc0, 22, '00 02 000000 06 0001 04 c0000201 0001 01'))],
    ['mLDP with an empty opaque value', route(attribute(0xc0, 22, '00 02 000000 06 0001 04 c0000201 0000'))],
    ['a BIER tunnel', route(attribute(0xc0, 22, '00 0b 000000 01 0002 c0000201'))],
    ['a composite PIM-SSM tunnel', route(attribute(0xc0, 22, '00 83 000000 000010 c0000201 e8000001'))],
    ['sub-TLVs with one and two octets of length', route(attribute(0xc0, 23, '0008 0009 0102 0000 800002 0000'))],
    ['an SRv6 service with its SID', route(attribute(0xc0, 40, `05 001c 00 01 0018 ${'00'.repeat(21)} 01 0000`))],
  ];
  it.for(sound.map((row) => [row[0], row] as const))('%s', ([, [, update, options]]) => {
    const bytes = updateBytes(update);
    const result = decodeUpdate(bytes, 0, bytes.length, sessionOptions(options));
    expect(result.faults).toEqual([]);
    expect(result.ok).toBe(true);
  });
});
