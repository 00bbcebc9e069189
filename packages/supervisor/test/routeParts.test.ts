import { describe, expect, it } from 'vitest';
import { routeParts } from '../src/routeParts.ts';

/** NLRI of so many IPv4 prefixes of length 24. */
function prefixes(count: number): Uint8Array {
  const nlri = new Uint8Array(count * 4);
  for (let each = 0; each < count; each += 1) {
    nlri.set([24, 10 + (each >> 16), (each >> 8) & 255, each & 255], each * 4);
  }
  return nlri;
}

const table = (count: number): { family: string; attributes: Uint8Array; nlri: Uint8Array } => ({
  family: 'ipv4-unicast',
  attributes: new Uint8Array([1]),
  nlri: prefixes(count),
});

describe('a table in parts', () => {
  it('is one part while it is small, and the very same items', () => {
    const items = [table(100), { prefix: '10.0.0.0/8' }];
    const parts = [...routeParts(items)];
    expect(parts).toHaveLength(1);
    expect(parts[0]![0]).toBe(items[0]);
    expect(parts[0]![1]).toBe(items[1]);
    expect([...routeParts([])]).toEqual([]);
  });

  it('has at most 2000 items in each', () => {
    const items = Array.from({ length: 4500 }, (_, each) => ({ prefix: `10.0.0.0/${each % 33}` }));
    const parts = [...routeParts(items)];
    expect(parts.map(({ length }) => length)).toEqual([2000, 2000, 500]);
    expect(parts.flat()).toEqual(items);
  });

  it('has at most 64 KiB of NLRI in each, cut between two routes', () => {
    const whole = table(100_001);
    const parts = [...routeParts([whole])];
    for (const part of parts) {
      const octets = part.reduce((sum, { nlri }) => sum + nlri.length, 0);
      expect(octets).toBeLessThanOrEqual(65_536);
      expect(octets % 4).toBe(0);
      // No view of the whole table, which would cross with it.
      for (const { nlri } of part) expect(nlri.buffer.byteLength).toBe(nlri.length);
    }
    expect(Buffer.concat(parts.flat().map(({ nlri }) => nlri))).toEqual(Buffer.from(whole.nlri));
    expect(parts.flat().every(({ attributes }) => attributes === whole.attributes)).toBe(true);
  });

  it('packs small tables together up to the bound', () => {
    const parts = [...routeParts(Array.from({ length: 100 }, () => table(1000)))];
    expect(parts.map(({ length }) => length)).toEqual([16, 16, 16, 16, 16, 16, 4]);
  });

  it.for([
    ['of a family that nobody knows', { ...table(50_000), family: 'nonsense' }],
    ['that cannot be read', { ...table(50_000), nlri: new Uint8Array(200_000).fill(255) }],
  ] as const)('is left in one piece %s: the actor says what is wrong', ([, item]) => {
    const parts = [...routeParts([item])];
    expect(parts).toHaveLength(1);
    expect(Buffer.from(parts[0]![0]!.nlri)).toEqual(Buffer.from(item.nlri));
  });

  it('has the octets of all its routes in one buffer, and those that are shared once', () => {
    const [first, second] = [table(3), table(2)];
    const third = { ...table(1), attributes: second.attributes };
    const items = [first, { prefix: '10.0.0.0/8' }, second, third];
    const [part] = [...routeParts<object>(items)] as (typeof first)[][];
    expect(part).toEqual(items);
    const [one, , two, three] = part!;
    for (const bytes of [one!.nlri, two!.nlri, two!.attributes, three!.nlri]) {
      expect(bytes.buffer).toBe(one!.attributes.buffer);
    }
    expect(three!.attributes).toBe(two!.attributes);
    expect(one!.nlri.buffer.byteLength).toBe(24 + 2);
  });
});
