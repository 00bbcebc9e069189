import { describe, expect, test } from 'vitest';
import { parseFamilyName } from '../src/addressFamily.ts';
import { NlriCursor } from '../src/nlri/cursor.ts';
import { nlriKind } from '../src/nlri/familyCodec.ts';
import { NlriWalker } from '../src/nlri/walker.ts';
import { hex, toHex } from './bytes.ts';

/** A family by name, the context, and what the field carries besides. */
interface Field {
  family: string;
  context?: 'reach' | 'unreach';
  addPath?: boolean;
  multipleLabels?: boolean;
}

describe('the walk over any family', () => {
  /** The keys of a field, in hexadecimal. */
  function keys(octets: string, field: Field): string[] {
    const bytes = hex(octets);
    const walker = new NlriWalker();
    const { family, context = 'reach', addPath = false, multipleLabels = false } = field;
    walker.reset(
      bytes,
      0,
      bytes.length,
      parseFamilyName(family)!,
      addPath,
      context,
      multipleLabels,
    );
    const found: string[] = [];
    while (walker.next()) {
      found.push(toHex(walker.keyBytes.subarray(walker.keyStart, walker.keyEnd)));
    }
    expect(walker.malformed).toBe(false);
    return found;
  }

  test.each<[what: string, first: string, second: string, field: Field]>([
    ['bits after the length', '09 0a80', '09 0aff', { family: 'ipv4-unicast' }],
    ['a single bit after the length', '1f c0000200', '1f c0000201', { family: 'ipv4-unicast' }],
    ['labels', '20 000641 0a', '20 000651 0a', { family: 'ipv4-labeled-unicast' }],
    [
      'how many labels',
      '38 000640 000651 0a',
      '20 000641 0a',
      { family: 'ipv4-labeled-unicast', multipleLabels: true },
    ],
    ['path ids', '00000001 08 0a', '00000002 08 0a', { family: 'ipv4-multicast', addPath: true }],
    ['a longer form of the length', '03 03 81 06', 'f003 03 81 06', { family: 'ipv4-flowspec' }],
    [
      'ESI and label of MAC/IP routes',
      '02 21 0001c00002010007 00112233445566778899 00000000 30 02005e100001 00 002774',
      '02 21 0001c00002010007 00000000000000000000 00000000 30 02005e100001 00 000064',
      { family: 'l2vpn-evpn' },
    ],
    [
      'ESI, gateway, label and spare bits of IP prefixes',
      '05 22 0001c00002010007 00112233445566778899 00000000 18 0a0000ff 00000000 000000',
      '05 22 0001c00002010007 00000000000000000000 00000000 18 0a000000 c0000209 002774',
      { family: 'l2vpn-evpn' },
    ],
    [
      'the label of A-D routes',
      '01 19 0001c00002010007 00112233445566778899 ffffffff 000000',
      '01 19 0001c00002010007 00112233445566778899 ffffffff 000641',
      { family: 'l2vpn-evpn' },
    ],
  ])('tells routes apart whatever their %s', (_what, first, second, field) => {
    const [one, other, ...more] = keys(first + second, field);
    expect(one).toBe(other);
    expect(more).toEqual([]);
  });

  test.each<[what: string, first: string, second: string, field: Field]>([
    ['length', '08 0a', '09 0a00', { family: 'ipv4-unicast' }],
    [
      'distinguisher',
      '70 000031 0000fde800000064 c00002',
      '70 000031 0000fde800000065 c00002',
      { family: 'ipv4-vpn' },
    ],
    [
      'ESI, for A-D routes',
      '01 19 0001c00002010007 00112233445566778899 ffffffff 000000',
      '01 19 0001c00002010007 00112233445566778898 ffffffff 000000',
      { family: 'l2vpn-evpn' },
    ],
    ['type', '09 01 00', '0a 01 00', { family: 'l2vpn-evpn' }],
    [
      'version',
      '03 11 0001c00002010007 00000064 20 c0000201',
      '03 1d 0001c00002010007 00000064 80 c0000201000000000000000000000000',
      { family: 'l2vpn-evpn' },
    ],
    ['value', '03 03 81 06', '03 03 81 11', { family: 'ipv4-flowspec' }],
  ])('tells routes apart by their %s', (_what, first, second, field) => {
    const [one, other] = keys(first + second, field);
    expect(one).not.toBe(other);
  });

  test('a withdrawal has the key of what it withdraws, as plain length and prefix', () => {
    const family = 'ipv4-vpn';
    expect(keys('70 000031 0000fde800000064 c00002', { family })).toEqual([
      '580000fde800000064c00002',
    ]);
    expect(keys('70 800000 0000fde800000064 c00002', { family, context: 'unreach' })).toEqual([
      '580000fde800000064c00002',
    ]);
  });

  test('keeps nothing of one key in the next', () => {
    const head = '05 22 0001c00002010007 00000000000000000000 00000000';
    const long = `${head} 20 0a0000ff 00000000 000064`;
    const short = `${head} 08 0a000000 00000000 000064`;
    const field = { family: 'l2vpn-evpn' };
    expect(keys(long + short, field)[1]).toBe(keys(short, field)[0]);
  });

  test('shows where each NLRI stands', () => {
    const bytes = hex('ff 00000001 08 0a 00000002 20 c0000201 ff');
    const walker = new NlriWalker().reset(bytes, 1, bytes.length - 1, 257, true, 'reach');
    const seen: number[][] = [];
    while (walker.next()) seen.push([walker.start, walker.bodyStart, walker.end, walker.pathId]);
    expect(seen).toEqual([
      [1, 5, 7, 1],
      [7, 11, 16, 2],
    ]);
  });

  test('takes a field of unknown framing as one piece', () => {
    const family = parseFamilyName('afi-25-safi-65')!;
    const walker = new NlriWalker().reset(hex('0102030405'), 0, 5, family, true, 'reach');
    expect(walker.isDelimited).toBe(false);
    expect(walker.next()).toBe(true);
    expect([walker.start, walker.bodyStart, walker.end, walker.pathId]).toEqual([0, 0, 5, 0]);
    expect(walker.next()).toBe(false);
    expect(walker.malformed).toBe(false);
  });
});

describe('the cursor', () => {
  test('refuses a family of another kind', () => {
    for (const name of ['l2vpn-evpn', 'ipv4-vpn', 'route-target', 'bgp-ls']) {
      const family = parseFamilyName(name)!;
      expect(() => new NlriCursor().reset(new Uint8Array(0), 0, 0, family, false)).toThrow(
        expect.objectContaining({ code: 'ERR_WIRE_WRONG_FAMILY' }),
      );
    }
  });

  test('stays at a malformed NLRI, and starts afresh after reset', () => {
    const cursor = new NlriCursor();
    const bytes = hex('08 0a 21 00 08 0b');
    cursor.reset(bytes, 0, bytes.length, 257, false);
    expect([cursor.next(), cursor.word0]).toEqual([true, 0x0a000000]);
    expect([cursor.next(), cursor.malformed, cursor.offset]).toEqual([false, true, 2]);
    expect(cursor.next()).toBe(false);
    cursor.reset(bytes, 4, bytes.length, 257, false);
    expect([cursor.next(), cursor.word0, cursor.malformed]).toEqual([true, 0x0b000000, false]);
  });
});

test.each([
  ['ipv4-unicast', 'prefix'],
  ['ipv6-labeled-unicast', 'labeled'],
  ['ipv6-vpn', 'vpn'],
  ['ipv4-flowspec-vpn', 'flowspec'],
  ['l2vpn-evpn', 'evpn'],
  ['route-target', 'routeTarget'],
  ['bgp-ls', 'opaque'],
  ['afi-1-safi-5', 'opaque'],
])('%s carries NLRI of kind %s', (family, kind) => {
  expect(nlriKind(parseFamilyName(family)!)).toBe(kind);
});
