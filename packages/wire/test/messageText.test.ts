import { describe, expect, it } from 'vitest';
import { formatMessage, type Message, toJson } from '../src/index.ts';
import { hex } from './bytes.ts';

const open: Message = {
  kind: 'open',
  version: 4,
  myAs: 23456,
  holdTime: 90,
  bgpIdentifier: '192.0.2.1',
  capabilities: [
    { type: 'multiprotocol', afi: 1, safi: 1 },
    { type: 'fourOctetAs', as: 4200000000 },
  ],
  otherParameters: [{ type: 254, value: hex('aa') }],
};
const update: Message = {
  kind: 'update',
  withdrawn: [{ kind: 'prefix', prefix: '10.0.0.0/8' }],
  attributes: [
    { type: 'origin', origin: 'igp' },
    { type: 'communities', communities: [65001 * 65536 + 100] },
    {
      type: 'mpReachNlri',
      afi: 2,
      safi: 1,
      nextHops: [{ address: '2001:db8::1' }],
      nlri: [{ kind: 'prefix', prefix: '2001:db8::/32' }],
    },
    {
      type: 'mpUnreachNlri',
      afi: 2,
      safi: 1,
      withdrawn: [{ kind: 'prefix', prefix: '::/0' }],
    },
  ],
  nlri: [{ kind: 'prefix', prefix: '203.0.113.0/24', pathId: 3 }],
};

describe('messages in words', () => {
  it.for<readonly [string, Message, readonly string[]]>([
    [
      'OPEN',
      open,
      [
        'OPEN version 4, AS 4200000000 (23456 in two octets), hold time 90 s, identifier 192.0.2.1',
        '  multiprotocol ipv4-unicast',
        '  4-octet AS 4200000000',
        '  optional parameter 254: 0xaa',
      ],
    ],
    [
      'UPDATE',
      update,
      [
        'UPDATE',
        '  withdraw 10.0.0.0/8',
        '  ORIGIN igp',
        '  COMMUNITIES 65001:100',
        '  MP_REACH_NLRI ipv6-unicast next hop 2001:db8::1',
        '  route 2001:db8::/32',
        '  MP_UNREACH_NLRI ipv6-unicast',
        '  withdraw ::/0',
        '  route 203.0.113.0/24 path-id 3',
      ],
    ],
    [
      'End-of-RIB of IPv4 unicast',
      { kind: 'update', withdrawn: [], attributes: [], nlri: [] },
      ['UPDATE End-of-RIB ipv4-unicast'],
    ],
    [
      'End-of-RIB of another family',
      {
        kind: 'update',
        withdrawn: [],
        attributes: [{ type: 'mpUnreachNlri', afi: 25, safi: 70, withdrawn: [] }],
        nlri: [],
      },
      ['UPDATE End-of-RIB l2vpn-evpn'],
    ],
    [
      'NOTIFICATION',
      { kind: 'notification', code: 6, subcode: 2, data: hex('03 627965') },
      ['NOTIFICATION Cease/Administrative Shutdown: bye'],
    ],
    ['KEEPALIVE', { kind: 'keepalive' }, ['KEEPALIVE']],
    [
      'ROUTE-REFRESH',
      { kind: 'routeRefresh', afi: 2, safi: 1, subtype: 1 },
      ['ROUTE-REFRESH ipv6-unicast BoRR'],
    ],
    [
      'ROUTE-REFRESH of a kind that nobody knows',
      { kind: 'routeRefresh', afi: 1, safi: 1, subtype: 9, orf: hex('01') },
      ['ROUTE-REFRESH ipv4-unicast subtype 9, filters 0x01'],
    ],
  ])('%s', ([_name, message, lines]) => {
    expect(formatMessage(message)).toBe(lines.join('\n'));
  });
});

describe('messages in JSON', () => {
  it('hold octets in hexadecimal and families by name', () => {
    expect(toJson(open)).toEqual({
      kind: 'open',
      version: 4,
      myAs: 23456,
      holdTime: 90,
      bgpIdentifier: '192.0.2.1',
      capabilities: [
        { type: 'multiprotocol', afi: 1, safi: 1, family: 'ipv4-unicast' },
        { type: 'fourOctetAs', as: 4200000000 },
      ],
      otherParameters: [{ type: 254, value: 'aa' }],
    });
  });

  it('hold communities of all kinds as people write them', () => {
    expect([
      toJson({ type: 'communities', communities: [0xffffff01], partial: true }),
      toJson({ type: 'extendedCommunities', communities: [hex('0002 fde8 00000001')] }),
      toJson({
        type: 'largeCommunities',
        communities: [{ globalAdministrator: 1, localData1: 2, localData2: 3 }],
      }),
    ]).toEqual([
      { type: 'communities', communities: ['no-export'], partial: true },
      { type: 'extendedCommunities', communities: ['target:65000:1'] },
      { type: 'largeCommunities', communities: ['1:2:3'] },
    ]);
  });

  it('hold numbers that JSON cannot as text', () => {
    expect(toJson({ type: 'aigp', metric: 2n ** 64n - 1n })).toEqual({
      type: 'aigp',
      metric: '18446744073709551615',
    });
  });
});
