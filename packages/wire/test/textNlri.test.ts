import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  Afi,
  familyKey,
  familyName,
  namedFamilies,
  parseFamilyName,
  Safi,
} from '../src/addressFamily.ts';
import type { Nlri } from '../src/nlri.ts';
import { parseFlowspec } from '../src/text/flowspecParse.ts';
import { formatNlri } from '../src/text/nlri.ts';
import { nlriOctets, parseNlri } from '../src/text/nlriParse.ts';
import { nlriFamilies, nlriOf } from './arbitraries/nlri.ts';

const esi = '00:11:22:33:44:55:66:77:88:99';
const noEsi = '00:00:00:00:00:00:00:00:00:00';

describe('an NLRI in a line', () => {
  test.each<[family: string, text: string, nlri: Nlri]>([
    ['ipv4-unicast', '10.0.0.0/8', { kind: 'prefix', prefix: '10.0.0.0/8' }],
    ['ipv6-multicast', '2001:db8::/32', { kind: 'prefix', prefix: '2001:db8::/32' }],
    ['ipv4-unicast', '10.0.0.0/8 path-id 7', { kind: 'prefix', prefix: '10.0.0.0/8', pathId: 7 }],
    [
      'ipv4-labeled-unicast',
      '10.0.0.0/8 label 100',
      { kind: 'labeled', prefix: '10.0.0.0/8', labels: [100] },
    ],
    [
      'ipv6-labeled-unicast',
      '2001:db8::/32 label 100/200',
      { kind: 'labeled', prefix: '2001:db8::/32', labels: [100, 200] },
    ],
    ['ipv4-labeled-unicast', '10.0.0.0/8', { kind: 'labeled', prefix: '10.0.0.0/8', labels: [] }],
    [
      'ipv4-vpn',
      'rd 192.0.2.1:7 10.0.0.0/8 label 100',
      { kind: 'vpn', routeDistinguisher: '192.0.2.1:7', prefix: '10.0.0.0/8', labels: [100] },
    ],
    [
      'ipv6-vpn',
      'rd 65000:1 2001:db8::/32 label 3 path-id 4294967295',
      {
        kind: 'vpn',
        routeDistinguisher: '65000:1',
        prefix: '2001:db8::/32',
        labels: [3],
        pathId: 0xffffffff,
      },
    ],
    [
      'ipv4-flowspec-vpn',
      'rd 65000:1 dst 192.0.2.0/24 && proto =6',
      {
        kind: 'flowspec',
        routeDistinguisher: '65000:1',
        components: [
          { type: 'destinationPrefix', prefix: '192.0.2.0/24' },
          { type: 'protocol', terms: [{ and: false, operator: '=', value: 6 }] },
        ],
      },
    ],
    [
      'l2vpn-evpn',
      `ethernet-auto-discovery rd 192.0.2.1:7 esi ${esi} tag 4294967295 label 0`,
      {
        kind: 'evpn',
        route: 'ethernetAutoDiscovery',
        routeDistinguisher: '192.0.2.1:7',
        esi,
        ethernetTag: 0xffffffff,
        label: 0,
      },
    ],
    [
      'l2vpn-evpn',
      `mac-ip rd 192.0.2.1:7 esi ${noEsi} tag 0 mac 02:00:5e:10:00:01 address 10.0.0.1 label 10100 label2 50`,
      {
        kind: 'evpn',
        route: 'macIp',
        routeDistinguisher: '192.0.2.1:7',
        esi: noEsi,
        ethernetTag: 0,
        mac: '02:00:5e:10:00:01',
        address: '10.0.0.1',
        label: 10100,
        label2: 50,
      },
    ],
    [
      'l2vpn-evpn',
      'inclusive-multicast rd 192.0.2.1:7 tag 0 originator 2001:db8::1',
      {
        kind: 'evpn',
        route: 'inclusiveMulticast',
        routeDistinguisher: '192.0.2.1:7',
        ethernetTag: 0,
        originator: '2001:db8::1',
      },
    ],
    [
      'l2vpn-evpn',
      `ethernet-segment rd 192.0.2.1:7 esi ${esi} originator 192.0.2.1`,
      {
        kind: 'evpn',
        route: 'ethernetSegment',
        routeDistinguisher: '192.0.2.1:7',
        esi,
        originator: '192.0.2.1',
      },
    ],
    [
      'l2vpn-evpn',
      `ip-prefix rd 192.0.2.1:7 esi ${noEsi} tag 0 prefix 10.0.0.0/24 gateway 192.0.2.9 label 0`,
      {
        kind: 'evpn',
        route: 'ipPrefix',
        routeDistinguisher: '192.0.2.1:7',
        esi: noEsi,
        ethernetTag: 0,
        prefix: '10.0.0.0/24',
        gateway: '192.0.2.9',
        label: 0,
      },
    ],
    [
      'l2vpn-evpn',
      'evpn-type 9 0x0102',
      { kind: 'evpn', route: 'unknown', routeType: 9, bytes: Uint8Array.of(1, 2) },
    ],
    ['route-target', 'default', { kind: 'routeTarget', prefixLength: 0, originAs: 0 }],
    ['route-target', 'origin-as 65000', { kind: 'routeTarget', prefixLength: 32, originAs: 65000 }],
    [
      'route-target',
      'origin-as 65000 target:65000:1',
      {
        kind: 'routeTarget',
        prefixLength: 96,
        originAs: 65000,
        routeTarget: 'target:65000:1',
      },
    ],
    [
      'route-target',
      'origin-as 65000 target:65000:0/64',
      {
        kind: 'routeTarget',
        prefixLength: 64,
        originAs: 65000,
        routeTarget: 'target:65000:0',
      },
    ],
    ['bgp-ls', '0x0001000200ff', { kind: 'opaque', bytes: Uint8Array.of(0, 1, 0, 2, 0, 255) }],
    ['afi-25-safi-65', '0xffff', { kind: 'opaque', bytes: Uint8Array.of(255, 255) }],
  ])('%s: %s', (family, text, nlri) => {
    expect(formatNlri(nlri)).toBe(text);
    expect(parseNlri(text, parseFamilyName(family)!, true)).toEqual(nlri);
  });

  test('has octets, with or without a path identifier', () => {
    const flowspec = parseFamilyName('ipv4-flowspec')!;
    const text = 'destination 198.51.100.0/24 && protocol =17';
    // RFC 8955 §4.2: length 8, type 1 198.51.100.0/24, type 3 (end of list, equal) 17.
    const octets = [8, 1, 24, 198, 51, 100, 3, 0x81, 17];
    expect([...nlriOctets(text, flowspec, undefined, 'reach')!]).toEqual(octets);
    expect([...nlriOctets(text, flowspec, 7, 'reach')!]).toEqual([0, 0, 0, 7, ...octets]);
    expect(nlriOctets(`${text} path-id 7`, flowspec, undefined, 'reach')).toBeUndefined();
    expect(nlriOctets('10.0.0.0/8', flowspec, undefined, 'reach')).toBeUndefined();
  });

  test('has octets with all its labels, and with none of them to be withdrawn', () => {
    const labeled = parseFamilyName('ipv4-labeled-unicast')!;
    // RFC 8277 §2.3 and §2.4: the S bit is that of the last label; a withdrawal has 0x800000 in their place.
    const withdrawn = [40, 0x80, 0, 0, 10, 1];
    for (const [labels, octets] of [
      [' label 100', [40, 0, 6, 65, 10, 1]],
      [' label 100/200', [64, 0, 6, 64, 0, 12, 129, 10, 1]],
      ['', withdrawn],
    ] as const) {
      const text = `10.1.0.0/16${labels}`;
      expect([...nlriOctets(text, labeled, undefined, 'reach')!]).toEqual(octets);
      expect([...nlriOctets(text, labeled, undefined, 'unreach')!]).toEqual(withdrawn);
    }
  });

  test('is put into canonical form', () => {
    const ipv4 = familyKey(Afi.ipv4, Safi.unicast);
    expect(parseNlri(' 10.1.2.3/8 ', ipv4)).toEqual({ kind: 'prefix', prefix: '10.0.0.0/8' });
  });

  test.each([
    ['ipv4-unicast', ''],
    ['ipv4-unicast', '10.0.0.0'],
    ['ipv4-unicast', '2001:db8::/32'],
    ['ipv4-unicast', '10.0.0.0/8 label 3'],
    ['ipv4-unicast', '10.0.0.0/8 path-id 4294967296'],
    ['ipv4-labeled-unicast', '10.0.0.0/8 label 1048576'],
    ['ipv4-labeled-unicast', '10.0.0.0/8 label 1/2'],
    ['ipv4-labeled-unicast', '10.0.0.0/8 label /'],
    ['ipv4-vpn', '10.0.0.0/8 label 3'],
    ['ipv4-vpn', 'rd x:y 10.0.0.0/8 label 3'],
    ['ipv4-flowspec', 'rd 65000:1 dst 10.0.0.0/8'],
    ['ipv4-flowspec-vpn', 'dst 10.0.0.0/8'],
    ['ipv4-flowspec', 'dst 2001:db8::/32'],
    ['ipv4-flowspec', 'flow-label =1'],
    ['ipv6-flowspec', 'fragment dont-fragment'],
    ['l2vpn-evpn', 'mac-ip rd 192.0.2.1:7'],
    ['l2vpn-evpn', `ethernet-segment rd 192.0.2.1:7 esi 0 originator 192.0.2.1 tag 0`],
    ['l2vpn-evpn', `ethernet-segment rd 192.0.2.1:7 esi 0 originator`],
    ['l2vpn-evpn', `ethernet-segment rd 192.0.2.1:7 rd 192.0.2.1:7 esi 0 originator 192.0.2.1`],
    [
      'l2vpn-evpn',
      `ip-prefix rd 1:7 esi ${esi} tag 0 prefix 10.0.0.0/24 gateway 192.0.2.9 label 0`,
    ],
    ['l2vpn-evpn', `ip-prefix rd 1:7 esi 0 tag 0 prefix 10.0.0.0/24 gateway 2001:db8::1 label 0`],
    ['l2vpn-evpn', 'evpn-type 2 0x00'],
    ['l2vpn-evpn', 'toString rd 1:7'],
    ['route-target', 'origin-as 65000 target:65000:0/31'],
    ['route-target', 'origin-as x'],
    ['bgp-ls', '0x00'],
    ['bgp-ls', '0x000100020000000100020000'],
  ])('%s: "%s" is none', (family, text) => {
    expect(parseNlri(text, parseFamilyName(family)!)).toBeUndefined();
  });

  test.each(nlriFamilies.map((family) => [familyName(family), family] as const))(
    'any of %s is read back',
    (_name, family) => {
      const anyNlri = fc
        .record({
          addPath: fc.boolean(),
          context: fc.constantFrom('reach' as const, 'unreach' as const),
          multipleLabels: fc.constant(true),
        })
        .chain((form) => nlriOf(family, form));
      fc.assert(
        fc.property(anyNlri, (nlri) => {
          expect(parseNlri(formatNlri(nlri), family, true)).toEqual(nlri);
        }),
      );
    },
  );

  test('any text is taken by any family', () => {
    fc.assert(
      fc.property(fc.constantFrom(...nlriFamilies), fc.string(), (family, text) => {
        parseNlri(text, family);
      }),
    );
  });
});

test.each([
  ['blanks between words', `a${' '.repeat(300_000)}b`],
  ['blanks after a word', `rd${' '.repeat(300_000)}b`],
  ['the same words', 'path-id 1 '.repeat(30_000)],
])('a text of many %s is soon found to be none', (_, text) => {
  for (const key of namedFamilies) expect(parseNlri(text, key)).toBeUndefined();
  expect(parseFlowspec(text)).toBeUndefined();
});
