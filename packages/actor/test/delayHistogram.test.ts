import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { DelayHistogram } from '../src/delayHistogram.ts';

it('gives quantiles that are at most a quarter too high, and the exact maximum', () => {
  const delays = fc.array(fc.double({ min: 0.1, max: 100_000, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(delays, (values) => {
      const histogram = new DelayHistogram();
      for (const value of values) histogram.add(value);
      const sorted = values.toSorted((a, b) => a - b);
      const { count, p50, p99, max } = histogram.take();
      expect(count).toBe(values.length);
      expect(max).toBe(sorted.at(-1));
      for (const [quantile, share] of [
        [p50, 0.5],
        [p99, 0.99],
      ] as const) {
        const exact = sorted[Math.ceil(values.length * share) - 1]!;
        expect(quantile).toBeGreaterThanOrEqual(exact * 0.999_999);
        expect(quantile).toBeLessThanOrEqual(exact * 1.25);
      }
    }),
  );
});

it('begins anew once it has been read, and takes a clock that steps back for no delay', () => {
  const histogram = new DelayHistogram();
  histogram.add(-5);
  histogram.add(Number.MAX_VALUE);
  expect(histogram.take()).toMatchObject({ count: 2, max: Number.MAX_VALUE });
  expect(histogram.take()).toEqual({ count: 0, p50: 0, p99: 0, max: 0 });
});
