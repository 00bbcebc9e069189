import { describe, expect, it } from 'vitest';
import { canonicalAddress, parseAddressRange } from '../src/address.ts';
import { NeighborTable } from '../src/neighborTable.ts';

function tableOf(
  peers: readonly [string, string | undefined, string][],
  ranges: readonly string[] = [],
): NeighborTable<string, string> {
  const table = new NeighborTable<string, string>();
  for (const [remote, local, name] of peers) table.add(remote, local, name);
  for (const text of ranges) table.addRange(parseAddressRange(text)!, text);
  return table;
}

const ranges = [
  '0.0.0.0/0',
  '10.0.0.0/8',
  '10.1.0.0/16',
  '10.3.16.0/20',
  '10.3.16.9/32',
  '2001:db8::/32',
  'fe80::/10',
];

describe('a connection', () => {
  it.for([
    ['a listed neighbour', '192.0.2.2', '192.0.2.1', { kind: 'peer', peer: 'plain' }],
    ['one with our address, at it', '192.0.2.3', '192.0.2.7', { kind: 'peer', peer: 'seven' }],
    [
      'one with another of our addresses',
      '192.0.2.3',
      '192.0.2.8',
      { kind: 'peer', peer: 'eight' },
    ],
    ['a listed one within a range', '10.1.0.1', '10.1.0.2', { kind: 'peer', peer: 'listed' }],
    ['the longest range', '10.1.0.9', '10.1.0.2', { kind: 'range', range: '10.1.0.0/16' }],
    [
      'a range that ends within an octet',
      '10.3.31.9',
      '10.1.0.2',
      { kind: 'range', range: '10.3.16.0/20' },
    ],
    ['just beyond it', '10.3.32.9', '10.1.0.2', { kind: 'range', range: '10.0.0.0/8' }],
    ['a range of one address', '10.3.16.9', '10.1.0.2', { kind: 'range', range: '10.3.16.9/32' }],
    ['a shorter one', '10.2.0.9', '10.1.0.2', { kind: 'range', range: '10.0.0.0/8' }],
    ['the default range', '203.0.113.1', '10.1.0.2', { kind: 'range', range: '0.0.0.0/0' }],
    ['an IPv6 range', '2001:db8::7', '2001:db8::1', { kind: 'range', range: '2001:db8::/32' }],
    ['a link-local range', 'fe80::7%eth0', 'fe80::1%eth0', { kind: 'range', range: 'fe80::/10' }],
    [
      'no range of its family',
      '2001:db9::7',
      '::1',
      { kind: 'none', why: '2001:db9::7 is no neighbour and in no range' },
    ],
    [
      'a neighbour at the wrong address of ours',
      '192.0.2.3',
      '192.0.2.9',
      {
        kind: 'none',
        why: 'neighbour 192.0.2.3 has sourceAddress 192.0.2.7, 192.0.2.8 and connected to 192.0.2.9',
      },
    ],
  ] as const)('from %s', ([, remote, local, expected]) => {
    const table = tableOf(
      [
        ['192.0.2.2', undefined, 'plain'],
        ['192.0.2.3', '192.0.2.7', 'seven'],
        ['192.0.2.3', '192.0.2.8', 'eight'],
        ['10.1.0.1', undefined, 'listed'],
      ],
      ranges,
    );
    expect(table.match(remote, local)).toEqual(expected);
  });

  it('no longer leads to what was removed', () => {
    const table = tableOf([['10.1.0.1', undefined, 'listed']], ['10.0.0.0/8']);
    table.remove('10.1.0.1', undefined);
    expect(table.match('10.1.0.1', '10.1.0.2').kind).toBe('range');
    table.removeRange(parseAddressRange('10.0.0.0/8')!);
    expect(table.match('10.1.0.1', '10.1.0.2').kind).toBe('none');
  });
});

describe('an address', () => {
  it.for([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['192.0.2', undefined],
    ['example.org', undefined],
  ] as const)('%s is %s', ([text, canonical]) => {
    expect(canonicalAddress(text)).toBe(canonical);
  });
});

describe('a range', () => {
  it.for([
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['2001:DB8::/32', '2001:db8::/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['10.0.0.1/8', undefined],
    ['10.0.0.0/33', undefined],
    ['10.0.0.0', undefined],
  ] as const)('%s is %s', ([text, canonical]) => {
    expect(parseAddressRange(text)?.text).toBe(canonical);
  });
});
