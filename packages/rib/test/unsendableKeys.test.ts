import { expect, it } from 'vitest';
import { UnsendableKeys } from '../src/unsendableKeys.ts';

const everything = (): boolean => true;

it('keeps which routes could not be sent, and forgets those that are announced no longer', () => {
  const keys = new UnsendableKeys();
  expect(keys.count(everything)).toBe(0);
  keys.delete(7);
  for (const key of [1, 31, 32, 63, 64, 1_000_000, 31]) keys.add(key);
  expect(keys.count(everything)).toBe(6);
  keys.delete(32);
  keys.delete(2_000_000);
  expect(keys.count(everything)).toBe(5);
  expect(keys.count((key) => key !== 63)).toBe(4);
  expect(keys.count(everything)).toBe(4);

  const others = new UnsendableKeys();
  others.add(2);
  others.add(31);
  others.addAll(keys);
  expect(others.count(everything)).toBe(5);
  expect(keys.count(() => false)).toBe(0);
  expect(keys.count(everything)).toBe(0);
});
