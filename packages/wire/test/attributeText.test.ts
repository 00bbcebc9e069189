import { describe, expect, it } from 'vitest';
import { formatAttribute, type PathAttribute } from '../src/index.ts';
import { hex } from './bytes.ts';

describe('path attributes in words', () => {
  it.for<readonly [PathAttribute, string]>([
    [{ type: 'origin', origin: 'incomplete' }, 'ORIGIN incomplete'],
    [{ type: 'asPath', segments: [] }, 'AS_PATH empty'],
    [
      {
        type: 'asPath',
        segments: [
          { kind: 'confederationSequence', asNumbers: [65100, 65101] },
          { kind: 'confederationSet', asNumbers: [65102, 65103] },
          { kind: 'sequence', asNumbers: [65001, 4200000000] },
          { kind: 'set', asNumbers: [1, 2] },
        ],
      },
      'AS_PATH (65100 65101) [65102,65103] 65001 4200000000 {1,2}',
    ],
    [{ type: 'nextHop', nextHop: '192.0.2.1' }, 'NEXT_HOP 192.0.2.1'],
    [{ type: 'multiExitDiscriminator', value: 0 }, 'MULTI_EXIT_DISC 0'],
    [{ type: 'localPreference', value: 100 }, 'LOCAL_PREF 100'],
    [{ type: 'atomicAggregate' }, 'ATOMIC_AGGREGATE'],
    [
      { type: 'aggregator', as: 65001, address: '192.0.2.1', partial: true },
      'AGGREGATOR 65001 192.0.2.1 (partial)',
    ],
    [
      { type: 'communities', communities: [65001 * 65536 + 100, 0xffffff01] },
      'COMMUNITIES 65001:100 no-export',
    ],
    [{ type: 'originatorId', originatorId: '192.0.2.9' }, 'ORIGINATOR_ID 192.0.2.9'],
    [
      { type: 'clusterList', clusterIds: ['192.0.2.1', '192.0.2.2'] },
      'CLUSTER_LIST 192.0.2.1 192.0.2.2',
    ],
    [
      {
        type: 'mpReachNlri',
        afi: 2,
        safi: 1,
        nextHops: [{ address: '2001:db8::1' }, { address: 'fe80::1' }],
        nlri: [
          { kind: 'prefix', prefix: '2001:db8:1::/48' },
          { kind: 'prefix', prefix: '2001:db8:2::/48', pathId: 7 },
        ],
      },
      'MP_REACH_NLRI ipv6-unicast next hop 2001:db8::1 fe80::1: 2001:db8:1::/48, 2001:db8:2::/48 path-id 7',
    ],
    [
      { type: 'mpReachNlri', afi: 1, safi: 133, nextHops: [], nlri: [] },
      'MP_REACH_NLRI ipv4-flowspec',
    ],
    [
      {
        type: 'mpReachNlri',
        afi: 1,
        safi: 128,
        nextHops: [{ address: '192.0.2.1', routeDistinguisher: hex('0000 0000 00000000') }],
        nlri: [],
      },
      'MP_REACH_NLRI ipv4-vpn next hop 192.0.2.1',
    ],
    [
      {
        type: 'mpReachNlri',
        afi: 1,
        safi: 128,
        nextHops: [{ address: '192.0.2.1', routeDistinguisher: hex('0000 fde8 00000007') }],
        nlri: [],
      },
      'MP_REACH_NLRI ipv4-vpn next hop rd 65000:7 192.0.2.1',
    ],
    [
      { type: 'mpReachNlri', afi: 25, safi: 65, nextHops: [], nextHopBytes: hex('0a'), nlri: [] },
      'MP_REACH_NLRI afi-25-safi-65 next hop 0x0a',
    ],
    [
      { type: 'mpUnreachNlri', afi: 2, safi: 1, withdrawn: [{ kind: 'prefix', prefix: '::/0' }] },
      'MP_UNREACH_NLRI ipv6-unicast: ::/0',
    ],
    [
      { type: 'extendedCommunities', communities: [hex('0002 fde8 00000001')] },
      'EXTENDED COMMUNITIES target:65000:1',
    ],
    [{ type: 'as4Path', segments: [{ kind: 'sequence', asNumbers: [70000] }] }, 'AS4_PATH 70000'],
    [{ type: 'as4Aggregator', as: 70000, address: '192.0.2.1' }, 'AS4_AGGREGATOR 70000 192.0.2.1'],
    [
      { type: 'pmsiTunnel', flags: 1, tunnelType: 6, label: 1600, identifier: hex('c0000201') },
      'PMSI_TUNNEL type 6 flags 1 label 1600 identifier 0xc0000201',
    ],
    [{ type: 'tunnelEncapsulation', value: hex('0008 0000') }, 'Tunnel Encapsulation 0x00080000'],
    [
      { type: 'aigp', metric: 2n ** 64n - 1n, otherTlvs: [{ type: 2, value: hex('aa') }] },
      'AIGP 18446744073709551615 TLV 2 0xaa',
    ],
    [
      {
        type: 'largeCommunities',
        communities: [{ globalAdministrator: 65001, localData1: 1, localData2: 2 }],
      },
      'LARGE_COMMUNITY 65001:1:2',
    ],
    [{ type: 'onlyToCustomer', as: 65001 }, 'ONLY_TO_CUSTOMER 65001'],
    [{ type: 'bgpLs', value: hex('0100') }, 'BGP-LS Attribute 0x0100'],
    [{ type: 'prefixSid', value: hex('01') }, 'BGP Prefix-SID 0x01'],
    [
      { type: 'unknown', code: 99, flags: 0xe0, value: hex('0102') },
      'attribute 99 flags 0xe0: 0x0102',
    ],
  ])('%#: %s', ([attribute, text]) => {
    expect(formatAttribute(attribute)).toBe(text);
  });
});
