import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RouteColumn } from '../src/routeColumn.ts';

/** All positions from `from` on. */
function walk(column: RouteColumn, from = 0): number[] {
  const positions: number[] = [];
  for (let at = column.next(from); at >= 0; at = column.next(at + 1)) positions.push(at);
  return positions;
}

describe('RouteColumn', () => {
  test('behaves like a map', () => {
    const key = fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 1 << 24 }));
    const commands = fc.array(
      fc.tuple(fc.constantFrom('set', 'set', 'delete', 'get'), key, fc.integer({ min: 1, max: 9 })),
      { maxLength: 500, size: 'max' },
    );
    fc.assert(
      fc.property(commands, (steps) => {
        const column = new RouteColumn();
        const model = new Map<number, number>();
        for (const [command, at, value] of steps) {
          const before = model.get(at) ?? 0;
          if (command === 'set') {
            expect(column.set(at, value)).toBe(before);
            model.set(at, value);
          } else if (command === 'delete') {
            expect(column.delete(at)).toBe(before);
            model.delete(at);
          } else expect(column.get(at)).toBe(before);
        }
        expect(column.size).toBe(model.size);
        const seen = new Map(walk(column).map((at) => [column.keyAt(at), column.valueAt(at)]));
        expect(seen).toEqual(model);
      }),
      { numRuns: 200 },
    );
  });

  test('a walk meets every route that stays exactly once, whatever comes and goes meanwhile', () => {
    const stays = fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), {
      minLength: 1,
      maxLength: 80,
      size: 'max',
    });
    const churn = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 5001, max: 9000 })), {
      maxLength: 300,
      size: 'max',
    });
    fc.assert(
      fc.property(stays, churn, fc.integer({ min: 1, max: 6 }), (keys, changes, pace) => {
        const column = new RouteColumn();
        for (const key of keys) column.set(key, key);
        const met: number[] = [];
        let change = 0;
        for (let at = column.next(0); at >= 0; at = column.next(at + 1)) {
          if (column.keyAt(at) <= 5000) met.push(column.keyAt(at));
          for (let count = 0; count < pace && change < changes.length; count += 1, change += 1) {
            const [add, key] = changes[change]!;
            if (add) column.set(key, 1);
            else column.delete(key);
          }
        }
        expect(met.toSorted((a, b) => a - b)).toEqual(keys.toSorted((a, b) => a - b));
      }),
      { numRuns: 100 },
    );
  });

  test('positions can be changed and emptied in the middle of a walk', () => {
    const column = new RouteColumn();
    for (let key = 1; key <= 100; key += 1) column.set(key, key);
    for (const at of walk(column)) {
      if (column.keyAt(at) % 2 === 0) column.deleteAt(at);
      else column.setAt(at, 7);
    }
    expect(column.size).toBe(50);
    expect(column.get(3)).toBe(7);
    expect(column.get(4)).toBe(0);
  });

  test.each([
    ['side by side', 1, 8],
    ['one on each page', 16, 140],
  ])('memory a route, %s', (_name, step, limit) => {
    const column = new RouteColumn();
    for (let index = 0; index < 20_000; index += 1) column.set(1 + index * step, 1);
    expect(column.byteLength / 20_000).toBeLessThan(limit);
  });

  test('an empty column gives its memory back', () => {
    const column = new RouteColumn();
    const empty = column.byteLength;
    for (let key = 1; key < 5000; key += 1) column.set(key, 1);
    for (let key = 1; key < 5000; key += 1) column.delete(key);
    expect(column.byteLength).toBe(empty);
  });
});
