import { describe, expect, test } from 'vitest';
import { parseFamilyName } from '../src/addressFamily.ts';
import { ByteWriter } from '../src/byteWriter.ts';
import { decodeNlri, encodeNlri } from '../src/nlri/field.ts';
import { formatNlri } from '../src/text/nlri.ts';
import { parseNlri } from '../src/text/nlriParse.ts';
import { hex, toHex } from './bytes.ts';

/** A family by name, the context, and what the field carries besides. */
interface Field {
  family: string;
  context?: 'reach' | 'unreach';
  addPath?: boolean;
  multipleLabels?: boolean;
}

function texts(octets: string, { family, context, addPath, multipleLabels }: Field): string[] {
  const bytes = hex(octets);
  const result = decodeNlri(
    bytes,
    0,
    bytes.length,
    parseFamilyName(family)!,
    addPath ?? false,
    context ?? 'reach',
    multipleLabels,
  );
  if (!result.ok) throw new Error(result.fault.text);
  return result.nlri.map(formatNlri);
}

function encoded(text: string, { family, context, addPath, multipleLabels }: Field): string {
  const key = parseFamilyName(family)!;
  const writer = new ByteWriter();
  const nlri = parseNlri(text, key, multipleLabels)!;
  encodeNlri(writer, nlri, key, addPath ?? false, context ?? 'reach', multipleLabels);
  return toHex(writer.toBytes());
}

/** A port list; each of its terms takes three octets. */
function portList(count: number): string {
  return `port ${Array.from({ length: count }, (_, at) => `=${1000 + at}`).join('|')}`;
}

describe('on the wire', () => {
  const evpnHead = '0001 c0000201 0007'; // rd 192.0.2.1:7
  const noEsi = '00000000000000000000';
  const noEsiText = '00:00:00:00:00:00:00:00:00:00';

  test.each<[text: string, octets: string, field: Field]>([
    ['0.0.0.0/0', '00', { family: 'ipv4-unicast' }],
    ['10.0.0.0/8', '08 0a', { family: 'ipv4-unicast' }],
    ['10.128.0.0/9', '09 0a80', { family: 'ipv4-multicast' }],
    ['192.0.2.1/32', '20 c0000201', { family: 'ipv4-unicast' }],
    ['2001:db8::/32', '20 20010db8', { family: 'ipv6-unicast' }],
    ['2001:db8::1/128', '80 20010db8000000000000000000000001', { family: 'ipv6-multicast' }],
    // RFC 7911 §3: four octets before the length.
    ['10.0.0.0/8 path-id 7', '00000007 08 0a', { family: 'ipv4-unicast', addPath: true }],
    // RFC 8277 §2.2: label 100 with the S bit, 24 + 8 bits.
    ['10.0.0.0/8 label 100', '20 000641 0a', { family: 'ipv4-labeled-unicast' }],
    // RFC 8277 §2.3: only the last of several has the S bit.
    [
      '10.0.0.0/8 label 100/1048575',
      '38 000640 fffff1 0a',
      { family: 'ipv4-labeled-unicast', multipleLabels: true },
    ],
    // RFC 8277 §2.4.
    ['10.0.0.0/8', '20 800000 0a', { family: 'ipv4-labeled-unicast', context: 'unreach' }],
    // RFC 4364 §4.3.4: 24 + 64 + 24 bits.
    [
      'rd 65000:100 192.0.2.0/24 label 3',
      '70 000031 0000fde800000064 c00002',
      { family: 'ipv4-vpn' },
    ],
    [
      'rd 65000:100 2001:db8::/32',
      '78 800000 0000fde800000064 20010db8',
      { family: 'ipv6-vpn', context: 'unreach' },
    ],
    // RFC 8955 §4.3.1, §4.3.2, §4.3.3.
    [
      'dst 192.0.2.0/24 && proto =6 && port =25',
      '0b 01 18 c0 00 02 03 81 06 04 81 19',
      { family: 'ipv4-flowspec' },
    ],
    [
      'dst 192.0.2.0/24 && src 203.0.113.0/24 && port >=137&<=139|=8080',
      '12 01 18 c0 00 02 02 18 cb 00 71 04 03 89 45 8b 91 1f 90',
      { family: 'ipv4-flowspec' },
    ],
    [
      'dst 192.0.2.1/32 && fragment dont-fragment+first-fragment',
      '09 01 20 c0 00 02 01 0c 80 05',
      { family: 'ipv4-flowspec' },
    ],
    // RFC 8956 §3.8.1 and §3.8.2 (whose tables print 0d bb for what their text decodes as 0d b8).
    [
      'dst 2001:db8::/32 && src ::1234:5678:9a00:0/64-104 && proto =6',
      '12 01 20 00 20 01 0d b8 02 68 40 12 34 56 78 9a 03 81 06',
      { family: 'ipv6-flowspec' },
    ],
    [
      'dst 2001:db8::/32 && src ::1234:5678:9a00:0/65-104',
      '0f 01 20 00 20 01 0d b8 02 68 41 24 68 ac f1 34',
      { family: 'ipv6-flowspec' },
    ],
    // RFC 8955 §8.
    ['rd 65000:100 proto =6', '0b 0000fde800000064 03 81 06', { family: 'ipv4-flowspec-vpn' }],
    [
      `ethernet-auto-discovery rd 192.0.2.1:7 esi 00:11:22:33:44:55:66:77:88:99 tag 4294967295 label 0`,
      `01 19 ${evpnHead} 00112233445566778899 ffffffff 000000`,
      { family: 'l2vpn-evpn' },
    ],
    [
      `mac-ip rd 192.0.2.1:7 esi ${noEsiText} tag 0 mac 02:00:5e:10:00:01 label 10100`,
      `02 21 ${evpnHead} ${noEsi} 00000000 30 02005e100001 00 002774`,
      { family: 'l2vpn-evpn' },
    ],
    [
      `mac-ip rd 192.0.2.1:7 esi ${noEsiText} tag 0 mac 02:00:5e:10:00:01 address 10.0.0.1 label 10100 label2 50`,
      `02 28 ${evpnHead} ${noEsi} 00000000 30 02005e100001 20 0a000001 002774 000032`,
      { family: 'l2vpn-evpn' },
    ],
    [
      'inclusive-multicast rd 192.0.2.1:7 tag 100 originator 192.0.2.1',
      `03 11 ${evpnHead} 00000064 20 c0000201`,
      { family: 'l2vpn-evpn' },
    ],
    [
      'ethernet-segment rd 192.0.2.1:7 esi 00:11:22:33:44:55:66:77:88:99 originator 2001:db8::1',
      `04 23 ${evpnHead} 00112233445566778899 80 20010db8000000000000000000000001`,
      { family: 'l2vpn-evpn' },
    ],
    [
      `ip-prefix rd 192.0.2.1:7 esi ${noEsiText} tag 0 prefix 10.0.0.0/24 gateway 192.0.2.9 label 10100`,
      `05 22 ${evpnHead} ${noEsi} 00000000 18 0a000000 c0000209 002774`,
      { family: 'l2vpn-evpn' },
    ],
    ['evpn-type 9 0x0102', '09 02 0102', { family: 'l2vpn-evpn' }],
    ['default', '00', { family: 'route-target' }],
    ['origin-as 65000', '20 0000fde8', { family: 'route-target' }],
    ['origin-as 65000 target:65000:1', '60 0000fde8 0002fde800000001', { family: 'route-target' }],
    ['origin-as 65000 target:65000:0/64', '40 0000fde8 0002fde8', { family: 'route-target' }],
    ['0x0001000200ff', '0001 0002 00ff', { family: 'bgp-ls' }],
  ])('%s is %s', (text, octets, field) => {
    expect(texts(octets, field)).toEqual([text]);
    expect(encoded(text, field)).toBe(octets.replaceAll(' ', ''));
  });

  // What a receiver must put up with, but we would not send.
  test.each<[reason: string, octets: string, text: string, field: Field]>([
    [
      'bits after the length (RFC 4271 §4.3)',
      '09 0aff',
      '10.128.0.0/9',
      { family: 'ipv4-unicast' },
    ],
    [
      'a lone label without S bit (RFC 8277 §2.2)',
      '20 00064e 0a',
      '10.0.0.0/8 label 100',
      { family: 'ipv4-labeled-unicast' },
    ],
    [
      '0x000000 in a withdrawal (RFC 8277 §2.4)',
      '20 000000 0a',
      '10.0.0.0/8',
      { family: 'ipv4-labeled-unicast', context: 'unreach' },
    ],
    [
      'any label in a withdrawal, whatever its S bit',
      '20 000640 0a',
      '10.0.0.0/8',
      { family: 'ipv4-labeled-unicast', context: 'unreach', multipleLabels: true },
    ],
    [
      'a length in two octets where one would do (RFC 8955 §4.1)',
      'f003 03 81 06',
      'proto =6',
      { family: 'ipv4-flowspec' },
    ],
    [
      'AND in the first operator (RFC 8955 §4.2.1.1)',
      '03 03 c1 06',
      'proto =6',
      { family: 'ipv4-flowspec' },
    ],
    [
      'reserved operator bits (RFC 8955 §4.2.1)',
      '06 03 89 06 09 8d 02',
      'proto =6 && tcp-flags =syn',
      { family: 'ipv4-flowspec' },
    ],
    [
      'bits beside the DSCP (RFC 8955 §4.2.2.11)',
      '03 0b 81 ee',
      'dscp =46',
      { family: 'ipv4-flowspec' },
    ],
    [
      'a data offset in TCP flags (RFC 8955 §4.2.2.9)',
      '04 09 91 5002',
      'tcp-flags =syn@2',
      { family: 'ipv4-flowspec' },
    ],
    [
      'undefined fragment bits',
      '03 0c 80 f5',
      'fragment dont-fragment+first-fragment',
      { family: 'ipv4-flowspec' },
    ],
    [
      'DF in IPv6 (RFC 8956 §3.6)',
      '03 0c 80 05',
      'fragment first-fragment',
      { family: 'ipv6-flowspec' },
    ],
    [
      'padding of a pattern (RFC 8956 §3.1)',
      '08 02 68 41 24 68 ac f1 35',
      'src ::1234:5678:9a00:0/65-104',
      { family: 'ipv6-flowspec' },
    ],
    [
      'bits after a route target prefix',
      '21 0000fde8 ff',
      'origin-as 65000 0x8000000000000000/33',
      { family: 'route-target' },
    ],
  ])('%s: %s is %s', (_reason, octets, text, field) => {
    expect(texts(octets, field)).toEqual([text]);
  });

  test('the first term of a list is never joined by AND', () => {
    const bytes = hex('06 03 c1 06 09 c1 02');
    const family = parseFamilyName('ipv4-flowspec')!;
    expect(decodeNlri(bytes, 0, bytes.length, family, false, 'reach')).toMatchObject({
      nlri: [{ components: [{ terms: [{ and: false }] }, { terms: [{ and: false }] }] }],
    });
  });

  test.each([
    ['001fffffffffffff', Number.MAX_SAFE_INTEGER],
    ['0020000000000000', 2n ** 53n],
    ['ffffffffffffffff', 2n ** 64n - 1n],
  ])(
    'a value of eight octets, %s, is a bigint only where a number would lose bits',
    (octets, value) => {
      const bytes = hex(`0a 04 b1 ${octets}`);
      const family = parseFamilyName('ipv4-flowspec')!;
      expect(decodeNlri(bytes, 0, bytes.length, family, false, 'reach')).toEqual({
        ok: true,
        nlri: [
          {
            kind: 'flowspec',
            components: [{ type: 'port', terms: [{ and: false, operator: '=', value }] }],
          },
        ],
      });
    },
  );

  test('a flow specification of 240 octets or more has a length of two octets', () => {
    expect(encoded(portList(79), { family: 'ipv4-flowspec' })).toMatch(/^ee04/); // 238
    expect(encoded(portList(80), { family: 'ipv4-flowspec' })).toMatch(/^f0f104/); // 241
    expect(
      texts(encoded(portList(80), { family: 'ipv4-flowspec' }), { family: 'ipv4-flowspec' }),
    ).toEqual([portList(80)]);
  });
});
