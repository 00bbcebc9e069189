import { expect, it } from 'vitest';
import { isHostAddress, parseAddress } from '../src/index.ts';

it.for([
  ['0.0.0.0', false],
  ['0.255.255.255', false],
  ['1.0.0.0', true],
  ['127.0.0.1', true],
  ['223.255.255.255', true],
  ['224.0.0.1', false],
  ['240.0.0.1', false],
  ['255.255.255.255', false],
  ['::', false],
  ['::1', true],
  ['2001:db8::', true],
  ['::ffff:192.0.2.1', true],
  ['fe80::1', true],
  ['ff02::1', false],
] as const)('%s can be the address of a host: %s', ([text, expected]) => {
  const octets = parseAddress(text)!;
  expect(isHostAddress(octets)).toBe(expected);
  const within = Uint8Array.of(9, 9, ...octets, 9);
  expect(isHostAddress(within, 2, 2 + octets.length)).toBe(expected);
});
