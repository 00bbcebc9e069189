import { describe, expect, test } from 'vitest';
import type { FlowspecComponent } from '../src/nlri.ts';
import { formatFlowspec } from '../src/text/flowspec.ts';
import { parseFlowspec } from '../src/text/flowspecParse.ts';

const equal = (value: number) => ({ and: false, operator: '=', value }) as const;

describe('a flow specification as a condition', () => {
  test.each<[text: string, components: FlowspecComponent[]]>([
    [
      // RFC 8955 §4.3.1.
      'dst 192.0.2.0/24 && proto =6 && port =25',
      [
        { type: 'destinationPrefix', prefix: '192.0.2.0/24' },
        { type: 'protocol', terms: [equal(6)] },
        { type: 'port', terms: [equal(25)] },
      ],
    ],
    [
      // RFC 8955 §4.3.2.
      'dst 192.0.2.0/24 && src 203.0.113.0/24 && port >=137&<=139|=8080',
      [
        { type: 'destinationPrefix', prefix: '192.0.2.0/24' },
        { type: 'sourcePrefix', prefix: '203.0.113.0/24' },
        {
          type: 'port',
          terms: [
            { and: false, operator: '>=', value: 137 },
            { and: true, operator: '<=', value: 139 },
            equal(8080),
          ],
        },
      ],
    ],
    [
      // RFC 8955 §4.3.3.
      'dst 192.0.2.1/32 && fragment dont-fragment+first-fragment',
      [
        { type: 'destinationPrefix', prefix: '192.0.2.1/32' },
        { type: 'fragment', terms: [{ and: false, not: false, match: false, value: 5 }] },
      ],
    ],
    [
      // RFC 8956 §3.8.1.
      'dst 2001:db8::/32 && src ::1234:5678:9a00:0/64-104 && proto =6',
      [
        { type: 'destinationPrefix', prefix: '2001:db8::/32' },
        { type: 'sourcePrefix', prefix: '::1234:5678:9a00:0/104', offset: 64 },
        { type: 'protocol', terms: [equal(6)] },
      ],
    ],
    [
      'dport !=80&>1023|<22 && sport true|false:7 && length =1500@4',
      [
        {
          type: 'destinationPort',
          terms: [
            { and: false, operator: '!=', value: 80 },
            { and: true, operator: '>', value: 1023 },
            { and: false, operator: '<', value: 22 },
          ],
        },
        {
          type: 'sourcePort',
          terms: [
            { and: false, operator: 'true', value: 0 },
            { and: false, operator: 'false', value: 7 },
          ],
        },
        {
          type: 'packetLength',
          terms: [{ and: false, operator: '=', value: 1500, length: 4 }],
        },
      ],
    ],
    [
      'icmp-type =8 && icmp-code =0 && tcp-flags =syn+ack&!fin|!=rst+0x800|0@2 && dscp =46 && flow-label =18446744073709551615',
      [
        { type: 'icmpType', terms: [equal(8)] },
        { type: 'icmpCode', terms: [equal(0)] },
        {
          type: 'tcpFlags',
          terms: [
            { and: false, not: false, match: true, value: 0x12 },
            { and: true, not: true, match: false, value: 0x01 },
            { and: false, not: true, match: true, value: 0x804 },
            { and: false, not: false, match: false, value: 0, length: 2 },
          ],
        },
        { type: 'dscp', terms: [equal(46)] },
        { type: 'flowLabel', terms: [{ and: false, operator: '=', value: 2n ** 64n - 1n }] },
      ],
    ],
  ])('%s', (text, components) => {
    expect(formatFlowspec(components)).toBe(text);
    expect(parseFlowspec(text)).toEqual(components);
  });

  test.each([
    ['port 80 && dst 10.0.0.0/8', 'dst 10.0.0.0/8 && port =80'],
    ['destination 10.1.2.3/8&&source-port  > 1023 & <2000', 'dst 10.0.0.0/8 && sport >1023&<2000'],
    ['dst ffff:ffff::/8-24', 'dst ff:ff00::/8-24'],
    ['dst ::/0-64', 'dst ::/64'],
    ['tcp-flags 18', 'tcp-flags syn+ack'],
    ['tcp-flags 0x12+fin', 'tcp-flags fin+syn+ack'],
    ['port =80@1', 'port =80'],
  ])('%s may be written for %s', (text, canonical) => {
    const components = parseFlowspec(text);
    expect(components && formatFlowspec(components)).toBe(canonical);
  });

  test.each([
    '',
    '&&',
    'dst',
    'dst 10.0.0.0',
    'dst 10.0.0.0/8-16',
    'dst 2001:db8::/64-64',
    'dst 10.0.0.0/8 && dst 10.0.0.0/8',
    'dst 10.0.0.0/8 && src 2001:db8::/32',
    'port',
    'port =',
    'port =80|',
    'port |=80',
    'port ==80',
    'port =80 =81',
    'port =300@1',
    'port =3@3',
    'port =18446744073709551616',
    'dscp =64',
    'dscp =46@2',
    'fragment 16',
    'fragment first-fragment@2',
    'tcp-flags SYN',
    'tcp-flags 0x1000',
    'colour =1',
    'constructor =1',
  ])('"%s" is none', (text) => expect(parseFlowspec(text)).toBeUndefined());
});
