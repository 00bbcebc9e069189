import { describe, expect, it } from 'vitest';
import {
  attributesToPassOn,
  decodePathAttributes,
  encodePathAttributes,
  encodeUpdate,
  type PathAttribute,
  WireError,
  type WireErrorCode,
} from '../src/index.ts';
import { hex, toHex } from './bytes.ts';
import { family, sessionOptions } from './updateBytes.ts';

const options = sessionOptions();

describe('one attribute in bytes', () => {
  // biome-ignore format: one line a row
  it.each<[string, PathAttribute, string]>([
    ['ORIGIN', { type: 'origin', origin: 'incomplete' }, '40 01 01 02'],
    ['AS_PATH', { type: 'asPath', segments: [{ kind: 'sequence', asNumbers: [65001, 4200000000] }] }, '40 02 0a 02 02 0000fde9 fa56ea00'],
    ['an empty AS_PATH', { type: 'asPath', segments: [] }, '40 02 00'],
    ['a confederation set', { type: 'asPath', segments: [{ kind: 'confederationSet', asNumbers: [1] }] }, '40 02 06 04 01 00000001'],
    ['NEXT_HOP', { type: 'nextHop', nextHop: '192.0.2.1' }, '40 03 04 c0000201'],
    ['MULTI_EXIT_DISC', { type: 'multiExitDiscriminator', value: 4294967295 }, '80 04 04 ffffffff'],
    ['LOCAL_PREF', { type: 'localPreference', value: 100 }, '40 05 04 00000064'],
    ['ATOMIC_AGGREGATE', { type: 'atomicAggregate' }, '40 06 00'],
    ['AGGREGATOR', { type: 'aggregator', as: 65001, address: '192.0.2.1' }, 'c0 07 08 0000fde9 c0000201'],
    ['AGGREGATOR, partial', { type: 'aggregator', as: 65001, address: '192.0.2.1', partial: true }, 'e0 07 08 0000fde9 c0000201'],
    ['COMMUNITIES', { type: 'communities', communities: [0xfde90064, 0xffffff01] }, 'c0 08 08 fde90064 ffffff01'],
    ['ORIGINATOR_ID', { type: 'originatorId', originatorId: '192.0.2.1' }, '80 09 04 c0000201'],
    ['CLUSTER_LIST', { type: 'clusterList', clusterIds: ['192.0.2.1', '192.0.2.2'] }, '80 0a 08 c0000201 c0000202'],
    ['MP_REACH_NLRI', { type: 'mpReachNlri', afi: 2, safi: 1, nextHops: [{ address: '2001:db8::1' }], nlri: [{ kind: 'prefix', prefix: '2001:db8::/32' }] }, '80 0e 1a 0002 01 10 20010db8000000000000000000000001 00 20 20010db8'],
    ['MP_REACH_NLRI of VPN-IPv4', { type: 'mpReachNlri', afi: 1, safi: 128, nextHops: [{ address: '192.0.2.1' }], nlri: [] }, '80 0e 11 0001 80 0c 0000000000000000 c0000201 00'],
    ['MP_REACH_NLRI of VPN-IPv6 with a link-local next hop', { type: 'mpReachNlri', afi: 2, safi: 128, nextHops: [{ address: '2001:db8::1' }, { address: 'fe80::1', routeDistinguisher: hex('0000fde900000001') }], nlri: [] }, '80 0e 35 0002 80 30 0000000000000000 20010db8000000000000000000000001 0000fde900000001 fe800000000000000000000000000001 00'],
    ['MP_REACH_NLRI of Flowspec', { type: 'mpReachNlri', afi: 1, safi: 133, nextHops: [], nlri: [] }, '80 0e 05 0001 85 00 00'],
    ['MP_REACH_NLRI of an unknown family', { type: 'mpReachNlri', afi: 25, safi: 65, nextHops: [], nextHopBytes: hex('010203'), nlri: [] }, '80 0e 08 0019 41 03 010203 00'],
    ['MP_UNREACH_NLRI', { type: 'mpUnreachNlri', afi: 2, safi: 1, withdrawn: [] }, '80 0f 03 0002 01'],
    ['EXTENDED COMMUNITIES', { type: 'extendedCommunities', communities: [hex('0002fde900000064')] }, 'c0 10 08 0002fde900000064'],
    ['PMSI_TUNNEL', { type: 'pmsiTunnel', flags: 1, tunnelType: 6, label: 0x000640, identifier: hex('c0000201') }, 'c0 16 09 01 06 000640 c0000201'],
    ['Tunnel Encapsulation', { type: 'tunnelEncapsulation', value: hex('00080000') }, 'c0 17 04 00080000'],
    ['IPv6 extended communities', { type: 'ipv6ExtendedCommunities', communities: [hex('000220010db80000000000000000000000010064')] }, 'c0 19 14 000220010db80000000000000000000000010064'],
    ['AIGP', { type: 'aigp', metric: 2n ** 40n, otherTlvs: [{ type: 2, value: hex('00') }] }, '80 1a 0f 01 000b 0000010000000000 02 0004 00'],
    ['BGP-LS', { type: 'bgpLs', value: hex('0400000100') }, '80 1d 05 0400000100'],
    ['LARGE_COMMUNITY, without what is there twice', { type: 'largeCommunities', communities: [{ globalAdministrator: 65001, localData1: 1, localData2: 2 }, { globalAdministrator: 65001, localData1: 1, localData2: 2 }] }, 'c0 20 0c 0000fde9 00000001 00000002'],
    ['ONLY_TO_CUSTOMER', { type: 'onlyToCustomer', as: 65001 }, 'c0 23 04 0000fde9'],
    ['BGP Prefix-SID', { type: 'prefixSid', value: hex('0100070000000000000001') }, 'c0 28 0b 0100070000000000000001'],
    ['an unknown one, whose flags are kept', { type: 'unknown', code: 99, flags: 0xe0, value: hex('0102') }, 'e0 63 02 0102'],
    ['an unknown one without what means nothing', { type: 'unknown', code: 99, flags: 0x9f, value: hex('') }, '80 63 00'],
  ])('%s', (_name, attribute, bytes) => {
    expect(toHex(encodePathAttributes([attribute], options))).toBe(bytes.replaceAll(' ', ''));
  });

  // biome-ignore format: one line a row
  it.each([
    [255, 'c063ff'],
    [256, 'd0630100'],
  ])('%i octets of value and its header', (length, header) => {
    const attribute: PathAttribute = { type: 'unknown', code: 99, flags: 0xc0, value: new Uint8Array(length) };
    const block = encodePathAttributes([attribute], options);
    expect(toHex(block.subarray(0, header.length / 2))).toBe(header);
    expect(block).toHaveLength(header.length / 2 + length);
  });
});

describe('what cannot be sent', () => {
  const mpReach = {
    type: 'mpReachNlri',
    afi: 2,
    safi: 1,
    nextHops: [{ address: '2001:db8::1' }],
    nlri: [],
  } as const;
  // biome-ignore format: one line a row
  it.each<[string, unknown, WireErrorCode]>([
    ['an attribute type that is none', { type: 'originn' }, 'ERR_WIRE_BAD_VALUE'],
    ['an origin that is none', { type: 'origin', origin: 'IGP' }, 'ERR_WIRE_BAD_VALUE'],
    ['AS 0', { type: 'asPath', segments: [{ kind: 'sequence', asNumbers: [0] }] }, 'ERR_WIRE_BAD_VALUE'],
    ['an AS above 32 bits', { type: 'asPath', segments: [{ kind: 'sequence', asNumbers: [4294967296] }] }, 'ERR_WIRE_BAD_VALUE'],
    ['an empty segment', { type: 'asPath', segments: [{ kind: 'set', asNumbers: [] }] }, 'ERR_WIRE_BAD_VALUE'],
    ['a segment of another kind', { type: 'asPath', segments: [{ kind: 'list', asNumbers: [1] }] }, 'ERR_WIRE_BAD_VALUE'],
    ['an IPv6 NEXT_HOP', { type: 'nextHop', nextHop: '2001:db8::1' }, 'ERR_WIRE_BAD_VALUE'],
    ['a metric that is no integer', { type: 'multiExitDiscriminator', value: 1.5 }, 'ERR_WIRE_BAD_VALUE'],
    ['an aggregator with AS 0', { type: 'aggregator', as: 0, address: '192.0.2.1' }, 'ERR_WIRE_BAD_VALUE'],
    ['no communities', { type: 'communities', communities: [] }, 'ERR_WIRE_BAD_VALUE'],
    ['a negative community', { type: 'communities', communities: [-1] }, 'ERR_WIRE_BAD_VALUE'],
    ['an extended community of 7 octets', { type: 'extendedCommunities', communities: [new Uint8Array(7)] }, 'ERR_WIRE_BAD_VALUE'],
    ['no clusters', { type: 'clusterList', clusterIds: [] }, 'ERR_WIRE_BAD_VALUE'],
    ['a next hop that is no address', { ...mpReach, nextHops: [{ address: 'here' }] }, 'ERR_WIRE_BAD_VALUE'],
    ['an IPv4 next hop for IPv6', { ...mpReach, nextHops: [{ address: '192.0.2.1' }] }, 'ERR_WIRE_BAD_VALUE'],
    ['no next hop', { ...mpReach, nextHops: [] }, 'ERR_WIRE_BAD_VALUE'],
    ['an IPv6 next hop for IPv4 that was not agreed on', { ...mpReach, afi: 1 }, 'ERR_WIRE_BAD_VALUE'],
    ['a route distinguisher of 6 octets', { ...mpReach, safi: 128, nextHops: [{ address: '2001:db8::1', routeDistinguisher: new Uint8Array(6) }] }, 'ERR_WIRE_BAD_VALUE'],
    ['an AFI of 17 bits', { ...mpReach, afi: 65536 }, 'ERR_WIRE_BAD_VALUE'],
    ['a next hop field of 256 octets', { ...mpReach, nextHopBytes: new Uint8Array(256) }, 'ERR_WIRE_BAD_VALUE'],
    ['NLRI of another family', { ...mpReach, nlri: [{ kind: 'prefix', prefix: '10.0.0.0/8' }] }, 'ERR_WIRE_BAD_VALUE'],
    ['NLRI of another kind', { ...mpReach, nlri: [{ kind: 'opaque', bytes: new Uint8Array(1) }] }, 'ERR_WIRE_WRONG_FAMILY'],
    ['a label of 25 bits', { type: 'pmsiTunnel', flags: 0, tunnelType: 0, label: 2 ** 24, identifier: new Uint8Array(0) }, 'ERR_WIRE_BAD_VALUE'],
    ['AIGP without anything', { type: 'aigp' }, 'ERR_WIRE_BAD_VALUE'],
    ['an AIGP metric of 65 bits', { type: 'aigp', metric: 2n ** 64n }, 'ERR_WIRE_BAD_VALUE'],
    ['a type code of 9 bits', { type: 'unknown', code: 256, flags: 0xc0, value: new Uint8Array(0) }, 'ERR_WIRE_BAD_VALUE'],
    ['a value above 65535 octets', { type: 'unknown', code: 99, flags: 0xc0, value: new Uint8Array(65536) }, 'ERR_WIRE_TOO_LONG'],
  ])('%s', (_what, attribute, code) => {
    const encode = (): unknown => encodePathAttributes([attribute as PathAttribute], options);
    expect(encode).toThrow(WireError);
    expect(encode).toThrow(expect.objectContaining({ code }));
  });

  it('an attribute that is there twice', () => {
    const twice: PathAttribute[] = [
      { type: 'localPreference', value: 1 },
      { type: 'localPreference', value: 2 },
    ];
    expect(() => encodePathAttributes(twice, options)).toThrow(/LOCAL_PREF is given twice/);
    const unknown: PathAttribute = { type: 'unknown', code: 5, flags: 0x40, value: hex('00') };
    expect(() => encodePathAttributes([twice[0]!, unknown], options)).toThrow(/given twice/);
  });

  it('a route without the Path Identifier that ADD-PATH asks for', () => {
    const addPath = sessionOptions({ addPathSend: new Set([family.ipv4Unicast]) });
    const message = {
      kind: 'update',
      withdrawn: [{ kind: 'prefix', prefix: '10.0.0.0/8' }],
      attributes: [],
      nlri: [],
    } as const;
    expect(() => encodeUpdate(message, addPath)).toThrow(
      expect.objectContaining({ code: 'ERR_WIRE_BAD_VALUE' }),
    );
  });
});

describe('attributes that are not known', () => {
  it('are passed on with the Partial bit when they are transitive, and not at all when not (RFC 4271 §5)', () => {
    const value = hex('01');
    const known: PathAttribute = { type: 'communities', communities: [1] };
    expect(
      attributesToPassOn([
        known,
        { type: 'unknown', code: 98, flags: 0x80, value },
        { type: 'unknown', code: 99, flags: 0xc0, value },
        { type: 'unknown', code: 100, flags: 0xe0, value },
      ]),
    ).toEqual([
      known,
      { type: 'unknown', code: 99, flags: 0xe0, value },
      { type: 'unknown', code: 100, flags: 0xe0, value },
    ]);
  });
});

describe('decodePathAttributes on a block that was never validated', () => {
  // biome-ignore format: one line a row
  it.each<[string, string, PathAttribute[]]>([
    ['ORIGIN 7', '40 01 01 07', [{ type: 'unknown', code: 1, flags: 0x40, value: hex('07') }]],
    ['a broken AS_PATH', '40 02 02 02 01', [{ type: 'unknown', code: 2, flags: 0x40, value: hex('0201') }]],
    ['NEXT_HOP of three octets', '40 03 03 c00002', [{ type: 'unknown', code: 3, flags: 0x40, value: hex('c00002') }]],
    ['a broken MP_REACH_NLRI', '80 0e 05 0002 01 09 00', [{ type: 'unknown', code: 14, flags: 0x80, value: hex('0002010900') }]],
    ['NLRI that cannot be read', '80 0f 04 0002 01 ff', [{ type: 'unknown', code: 15, flags: 0x80, value: hex('000201ff') }]],
    ['an AIGP TLV shorter than itself', '80 1a 04 02000200', [{ type: 'unknown', code: 26, flags: 0x80, value: hex('02000200') }]],
    ['an AIGP TLV that overruns', '80 1a 04 02000500', [{ type: 'unknown', code: 26, flags: 0x80, value: hex('02000500') }]],
    ['an AIGP TLV that is cut', '80 1a 05 0200030102', [{ type: 'unknown', code: 26, flags: 0x80, value: hex('0200030102') }]],
    ['the first of two', '40 05 04 00000001 40 05 04 00000002', [{ type: 'localPreference', value: 1 }]],
    ['what comes before a broken end', '40 06 00 40 01', [{ type: 'atomicAggregate' }]],
    ['a next hop of a length that the family has not', '80 0e 0a 0002 01 05 0102030405 00', [{ type: 'mpReachNlri', afi: 2, safi: 1, nextHops: [], nextHopBytes: hex('0102030405'), nlri: [] }]],
    ['a large community that is there twice', 'c0 20 18 000000010000000200000003 000000010000000200000003', [{ type: 'largeCommunities', communities: [{ globalAdministrator: 1, localData1: 2, localData2: 3 }] }]],
    ['the second AIGP metric', '80 1a 16 01000b0000000000000001 01000b0000000000000002', [{ type: 'aigp', metric: 1n, otherTlvs: [{ type: 1, value: hex('0000000000000002') }] }]],
  ])('%s', (_what, bytes, attributes) => {
    expect(decodePathAttributes(hex(bytes), options)).toEqual(attributes);
  });
});
