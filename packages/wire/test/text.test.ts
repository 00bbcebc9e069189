import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatCommunity,
  formatLargeCommunity,
  parseCommunity,
  parseLargeCommunity,
} from '../src/text/community.ts';
import { formatEsi, formatHex, formatMac, parseEsi, parseHex, parseMac } from '../src/text/hex.ts';
import { formatIpv4, parseIpv4 } from '../src/text/ipv4.ts';
import { formatIpv6, parseIpv6 } from '../src/text/ipv6.ts';
import { formatPrefix, parseAddress, parsePrefix } from '../src/text/prefix.ts';
import {
  formatRouteDistinguisher,
  parseRouteDistinguisher,
} from '../src/text/routeDistinguisher.ts';
import { u32 } from './arbitraries/capability.ts';
import { octets } from './arbitraries/nlri.ts';
import { hex, toHex } from './bytes.ts';

/** Every parser must take any text without throwing. */
const parsers = {
  parseIpv4,
  parseIpv6,
  parseAddress,
  parsePrefix,
  parseRouteDistinguisher,
  parseCommunity,
  parseLargeCommunity,
  parseMac,
  parseEsi,
  parseHex,
};

const likelyText = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom(...'0123456789abcdefxL:./-[] '.split('')) }),
);

test.each(Object.entries(parsers))('%s takes any text', (_name, parse) => {
  fc.assert(fc.property(likelyText, (text) => void parse(text)));
});

describe('IPv4 addresses', () => {
  test.each([
    ['0.0.0.0', 0],
    ['10.0.0.1', 0x0a000001],
    ['192.0.2.1', 0xc0000201],
    ['255.255.255.255', 0xffffffff],
  ])('%s', (text, address) => {
    expect(formatIpv4(address)).toBe(text);
    expect(parseIpv4(text)).toBe(address);
  });

  test.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.-4',
    ' 1.2.3.4',
    '1..3.4',
    '1.2.3.4 ',
  ])('"%s" is none', (text) => expect(parseIpv4(text)).toBeUndefined());

  test('any address is read back', () => {
    fc.assert(
      fc.property(u32, (address) => {
        expect(parseIpv4(formatIpv4(address))).toBe(address);
      }),
    );
  });
});

/** RFC 5952 §4.2 by trying every run of zero groups: the longest of at least two, and of equals the first. */
function canonicalIpv6(address: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((address[at * 2]! << 8) | address[at * 2 + 1]!).toString(16),
  );
  for (let length = 8; length >= 2; length -= 1) {
    for (let from = 0; from + length <= 8; from += 1) {
      const to = from + length;
      if (groups.slice(from, to).every((group) => group === '0')) {
        return `${groups.slice(0, from).join(':')}::${groups.slice(to).join(':')}`;
      }
    }
  }
  return groups.join(':');
}

describe('IPv6 addresses (RFC 5952)', () => {
  // The texts on the left are those of RFC 5952 §2 and §4, on the right what §4 and §5 make of them.
  test.each([
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8::1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8::0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0db8::1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:0:1::1', '2001:db8::1:0:0:1'],
    ['2001:db8:0000:0:1::1', '2001:db8::1:0:0:1'],
    ['2001:DB8:0:0:1::1', '2001:db8::1:0:0:1'],
    ['2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001', '2001:db8:aaaa:bbbb:cccc:dddd:eeee:1'],
    ['2001:db8:0:0:0::1', '2001:db8::1'],
    ['2001:db8:0:0::1', '2001:db8::1'],
    ['2001:db8:0::1', '2001:db8::1'],
    ['2001:db8:aaaa:bbbb:cccc:dddd::1', '2001:db8:aaaa:bbbb:cccc:dddd:0:1'],
    ['2001:db8:aaaa:bbbb:cccc:dddd:0:1', '2001:db8:aaaa:bbbb:cccc:dddd:0:1'],
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0db8::0001', '2001:db8::1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['1:0:0:0:0:0:0:0', '1::'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['1:2:3:4:5:6:0:0', '1:2:3:4:5:6::'],
    ['fe80::0:1', 'fe80::1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['::ffff:c000:201', '::ffff:192.0.2.1'],
    ['::ffff:0:c000:201', '::ffff:0:192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['::192.0.2.1', '::c000:201'],
    ['::ffff:0:0:1', '::ffff:0:0.0.0.1'],
  ])('%s is %s', (text, canonical) => {
    expect(formatIpv6(parseIpv6(text)!)).toBe(canonical);
  });

  test.each([
    '',
    ':',
    ':::',
    '1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4::5:6:7:8',
    '1::2::3',
    '1:',
    ':1',
    '12345::',
    'g::',
    '::1%eth0',
    '::1/64',
    '1.2.3.4::',
    '::1.2.3.4:1',
    '::1.2.3',
    '1:2:3:4:5:6:7:1.2.3.4',
    ' ::1',
  ])('"%s" is none', (text) => expect(parseIpv6(text)).toBeUndefined());

  test('any address is read back, from any offset', () => {
    fc.assert(
      fc.property(octets(16), fc.nat({ max: 9 }), (address, offset) => {
        const bytes = new Uint8Array(26).fill(0xff);
        bytes.set(address, offset);
        const text = formatIpv6(bytes, offset);
        expect(parseIpv6(text)).toEqual(address);
        if (!text.includes('.')) expect(text).toBe(canonicalIpv6(address));
      }),
      { numRuns: 500 },
    );
  });
});

describe('prefixes', () => {
  test.each([
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['10.1.2.3/8', '10.0.0.0/8'],
    ['255.255.255.255/1', '128.0.0.0/1'],
    ['192.0.2.1/32', '192.0.2.1/32'],
    ['::/0', '::/0'],
    ['2001:DB8:ffff::1/33', '2001:db8:8000::/33'],
    ['2001:db8::1/128', '2001:db8::1/128'],
    ['::ffff:10.0.0.1/104', '::ffff:10.0.0.0/104'],
  ])('%s is %s', (text, canonical) => {
    expect(formatPrefix(parsePrefix(text)!)).toBe(canonical);
  });

  test.each([
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10/8',
    '::/129',
    '/8',
    '10.0.0.0/8/8',
  ])('"%s" is none', (text) => expect(parsePrefix(text)).toBeUndefined());
});

describe('route distinguishers (RFC 4364 §4.2)', () => {
  test.each([
    ['0000 fde8 00000064', '65000:100'],
    ['0000 ffff ffffffff', '65535:4294967295'],
    ['0001 c0000201 0007', '192.0.2.1:7'],
    ['0002 00011170 0007', '70000:7'],
    ['0002 0000fde8 0007', '65000L:7'],
    ['0003 0102030405 06', '0x0003010203040506'],
  ])('%s is %s', (octetText, text) => {
    expect(formatRouteDistinguisher(hex(octetText))).toBe(text);
    expect(toHex(parseRouteDistinguisher(text)!)).toBe(octetText.replaceAll(' ', ''));
  });

  test.each([
    '',
    '1',
    '1:2:3',
    '70000:70000',
    '192.0.2.1:65536',
    '65536L:65536',
    '-1:1',
    'L:1',
    '0x00',
    '1:',
    ':1',
  ])('"%s" is none', (text) => expect(parseRouteDistinguisher(text)).toBeUndefined());

  test('any eight octets are read back', () => {
    fc.assert(
      fc.property(octets(8), fc.nat({ max: 3 }), (bytes, type) => {
        bytes.set([0, type]);
        expect(parseRouteDistinguisher(formatRouteDistinguisher(bytes))).toEqual(bytes);
      }),
    );
  });
});

describe('communities', () => {
  test.each([
    [0xfde90064, '65001:100'],
    [0x00000000, '0:0'],
    [0xffff0000, 'graceful-shutdown'],
    [0xffff0001, 'accept-own'],
    [0xffff0006, 'llgr-stale'],
    [0xffff0007, 'no-llgr'],
    [0xffff029a, 'blackhole'],
    [0xffffff01, 'no-export'],
    [0xffffff02, 'no-advertise'],
    [0xffffff03, 'no-export-subconfed'],
    [0xffffff04, 'nopeer'],
    [0xffffff05, '65535:65285'],
  ])('%i is %s', (community, text) => {
    expect(formatCommunity(community)).toBe(text);
    expect(parseCommunity(text)).toBe(community);
  });

  test('a well-known one may also be written as numbers', () => {
    expect(parseCommunity('65535:65281')).toBe(0xffffff01);
    expect(parseCommunity('no-peer')).toBe(0xffffff04);
    expect(parseCommunity('local-as')).toBe(0xffffff03);
  });

  test.each(['', '1', '65536:1', '1:65536', '1:2:3', 'no_export', 'constructor', '01:2'])(
    '"%s" is none',
    (text) => expect(parseCommunity(text)).toBeUndefined(),
  );

  test('any community is read back', () => {
    fc.assert(
      fc.property(u32, (value) => {
        expect(parseCommunity(formatCommunity(value))).toBe(value);
      }),
    );
  });

  test('large communities are three numbers', () => {
    const community = { globalAdministrator: 65000, localData1: 1, localData2: 4294967295 };
    expect(formatLargeCommunity(community)).toBe('65000:1:4294967295');
    expect(parseLargeCommunity('65000:1:4294967295')).toEqual(community);
  });

  test.each(['', '1:2', '1:2:3:4', '1:2:4294967296', '1:2:', 'a:b:c', '1:02:3'])(
    '"%s" is no large community',
    (text) => expect(parseLargeCommunity(text)).toBeUndefined(),
  );
});

describe('octets in hexadecimal', () => {
  test('a MAC address', () => {
    const mac = hex('02005e100001');
    expect(formatMac(mac)).toBe('02:00:5e:10:00:01');
    expect(parseMac('02:00:5E:10:00:01')).toEqual(mac);
    expect(parseMac('02-00-5e-10-00-01')).toEqual(mac);
  });

  test.each([
    '',
    '02:00:5e:10:00',
    '02:00:5e:10:00:01:02',
    '2:0:5e:10:0:1',
    '02:00-5e:10:00:01',
    'zz:00:5e:10:00:01',
  ])('"%s" is no MAC address', (text) => expect(parseMac(text)).toBeUndefined());

  test('an Ethernet Segment Identifier, whose all-zero one is 0 for short', () => {
    const esi = hex('00112233445566778899');
    expect(formatEsi(esi)).toBe('00:11:22:33:44:55:66:77:88:99');
    expect(parseEsi('00:11:22:33:44:55:66:77:88:99')).toEqual(esi);
    expect(parseEsi('0')).toEqual(new Uint8Array(10));
    expect(parseEsi('00:11')).toBeUndefined();
  });

  test('any octets are read back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(parseHex(formatHex(bytes))).toEqual(bytes);
      }),
    );
  });
});
