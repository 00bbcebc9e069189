import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatExtendedCommunity, parseExtendedCommunity } from '../src/text/extendedCommunity.ts';
import { extendedCommunityForms } from '../src/text/extendedCommunityForm.ts';
import {
  formatIpv6ExtendedCommunity,
  parseIpv6ExtendedCommunity,
} from '../src/text/ipv6ExtendedCommunity.ts';
import { octets } from './arbitraries/nlri.ts';
import { hex, toHex } from './bytes.ts';

describe('extended communities', () => {
  test.each([
    ['0002 fde8 00000001', 'target:65000:1'],
    ['0102 c0000201 0007', 'target:192.0.2.1:7'],
    ['0202 00011170 0007', 'target:70000:7'],
    ['0202 0000fde8 0007', 'target:65000L:7'],
    ['0003 fde8 00000001', 'origin:65000:1'],
    ['0005 fde8 00000001', 'ospf-domain-id:65000:1'],
    ['0107 c0000201 0000', 'ospf-router-id:192.0.2.1:0'],
    ['0009 fde8 00000000', 'source-as:65000:0'],
    ['010a c0000201 0001', 'l2vpn-id:192.0.2.1:1'],
    ['010b c0000201 0007', 'vrf-route-import:192.0.2.1:7'],
    ['0204 0000fde8 0007', 'generic:65000L:7'],
    ['4204 00011170 0007', 'non-transitive-generic:70000:7'],
    // 10 Gbit/s is 1.25e9 octets a second.
    ['4004 fde8 4e9502f9', 'link-bandwidth:65000:1250000000'],
    ['0004 fde8 00000000', 'transitive-link-bandwidth:65000:0'],
    ['0306 00000001 05 01', 'ospf-route-type:0.0.0.1:5:1'],
    ['030b 0000 00000064', 'color:100'],
    ['030b 4000 00000064', 'color:1:100'],
    ['030c 00000000 0008', 'encapsulation:vxlan'],
    ['030c 00000000 0063', 'encapsulation:99'],
    ['030d 000000000000', 'default-gateway'],
    ['4300 000000000000', 'origin-validation:valid'],
    ['4300 000000000001', 'origin-validation:not-found'],
    ['4300 000000000002', 'origin-validation:invalid'],
    ['0600 00 00 00000005', 'mac-mobility:5'],
    ['0600 01 00 00000000', 'mac-mobility:0:sticky'],
    ['0601 01 0000 000640', 'esi-label:1600:single-active'],
    ['0601 00 0000 000640', 'esi-label:1600:all-active'],
    ['0602 02005e100001', 'es-import:02:00:5e:10:00:01'],
    ['0603 02005e100001', 'router-mac:02:00:5e:10:00:01'],
    // RFC 8955 §7; 0 discards everything.
    ['8006 0000 00000000', 'traffic-rate:0:0'],
    ['8006 fde8 49742400', 'traffic-rate:65000:1000000'],
    ['800c fde8 42c80000', 'traffic-rate-packets:65000:100'],
    ['8007 000000000000', 'traffic-action:none'],
    ['8007 000000000001', 'traffic-action:terminal'],
    ['8007 000000000002', 'traffic-action:sample'],
    ['8007 000000000003', 'traffic-action:sample,terminal'],
    ['8008 fde8 00000064', 'redirect:65000:100'],
    ['8108 c0000201 0064', 'redirect:192.0.2.1:100'],
    ['8208 00011170 0064', 'redirect:70000:100'],
    ['8009 00000000002e', 'traffic-marking:46'],
    // Of no known type, or with more in them than a notation says.
    ['0702 000000000001', '0x0702000000000001'],
    ['4002 fde8 00000001', '0x4002fde800000001'],
    ['030b 2000 00000064', '0x030b200000000064'],
    ['0600 02 00 00000005', '0x0600020000000005'],
    ['8006 0000 bf800000', '0x80060000bf800000'],
    ['8006 0000 80000000', '0x8006000080000000'],
    ['8006 0000 7fc00000', '0x800600007fc00000'],
    ['8009 000000000040', '0x8009000000000040'],
    ['4300 000000000003', '0x4300000000000003'],
  ])('%s is %s', (octetText, text) => {
    const bytes = hex(octetText);
    expect(formatExtendedCommunity(bytes)).toBe(text);
    expect(toHex(parseExtendedCommunity(text)!)).toBe(toHex(bytes));
  });

  test.each([
    ['rt:65000:1', 'target:65000:1'],
    ['ro:65000:1', 'origin:65000:1'],
    ['soo:192.0.2.1:1', 'origin:192.0.2.1:1'],
    ['encapsulation:8', 'encapsulation:vxlan'],
    ['traffic-rate:0:1e6', 'traffic-rate:0:1000000'],
    ['target:65000:0001', undefined],
    ['traffic-rate:0:0.1', 'traffic-rate:0:0.10000000149011612'],
  ])('%s may be written for %s', (text, canonical) => {
    const bytes = parseExtendedCommunity(text);
    expect(bytes && formatExtendedCommunity(bytes)).toBe(canonical);
  });

  test.each([
    '',
    'target',
    'target:',
    'target:65000',
    'target:65000:1:2',
    'target:70000:70000',
    'unknown:65000:1',
    'constructor:65000:1',
    'source-as:192.0.2.1:1',
    'traffic-rate:0:-1',
    'traffic-rate:0:1e39',
    'traffic-rate:65536:1',
    'traffic-marking:64',
    'color:4:1',
    'mac-mobility:5:moving',
    'esi-label:1600',
    'default-gateway:1',
    'origin-validation:maybe',
    '0x0002fde80000',
    '0x0002fde8000000zz',
  ])('"%s" is none', (text) => expect(parseExtendedCommunity(text)).toBeUndefined());

  test('any eight octets are read back, at any offset, and any text is taken', () => {
    const type = fc.constantFrom(0x0002, ...extendedCommunityForms.keys());
    fc.assert(
      fc.property(octets(8), fc.option(type), fc.nat({ max: 4 }), (bytes, known, offset) => {
        if (known !== null) bytes.set([known >>> 8, known & 0xff]);
        const around = new Uint8Array(12);
        around.set(bytes, offset);
        const view = around.subarray(1);
        const text =
          offset === 0
            ? formatExtendedCommunity(around)
            : formatExtendedCommunity(view, offset - 1);
        expect(parseExtendedCommunity(text)).toEqual(bytes);
      }),
      { numRuns: 1000 },
    );
    const names = fc.constantFrom(...[...extendedCommunityForms.values()].map(({ name }) => name));
    fc.assert(
      fc.property(fc.option(names), fc.string(), (name, rest) => {
        const text = name === null ? rest : `${name}:${rest}`;
        expect(parseExtendedCommunity(text)?.length ?? 8).toBe(8);
      }),
    );
  });
});

describe('IPv6 address specific extended communities (RFC 5701)', () => {
  test.each([
    ['0002 20010db8000000000000000000000001 0064', 'target:[2001:db8::1]:100'],
    ['0003 20010db8000000000000000000000001 0064', 'origin:[2001:db8::1]:100'],
    ['000b 20010db8000000000000000000000001 0000', 'vrf-route-import:[2001:db8::1]:0'],
    ['000d 20010db8000000000000000000000001 0064', 'redirect:[2001:db8::1]:100'],
    ['4002 20010db8000000000000000000000001 0064', '0x400220010db80000000000000000000000010064'],
  ])('%s is %s', (octetText, text) => {
    const bytes = hex(octetText);
    expect(formatIpv6ExtendedCommunity(bytes)).toBe(text);
    expect(parseIpv6ExtendedCommunity(text)).toEqual(bytes);
  });

  test.each([
    '',
    'target:2001:db8::1:100',
    'target:[::g]:1',
    'target:[::1]:65536',
    'x:[::1]:1',
    '0x00',
  ])('"%s" is none', (text) => expect(parseIpv6ExtendedCommunity(text)).toBeUndefined());

  test('any 20 octets are read back', () => {
    fc.assert(
      fc.property(octets(20), fc.nat({ max: 15 }), (bytes, type) => {
        bytes.set([0, type]);
        expect(parseIpv6ExtendedCommunity(formatIpv6ExtendedCommunity(bytes))).toEqual(bytes);
      }),
    );
  });
});
