import { describe, expect, it } from 'vitest';
import { offsetBetween } from '../src/measure/clock.ts';
import { Histogram } from '../src/measure/histogram.ts';
import { measureText } from '../src/measure/measure.ts';
import { checkThresholds, parseThreshold } from '../src/measure/thresholds.ts';

describe('a histogram', () => {
  it('keeps percentiles to within 0.8 %', () => {
    const histogram = new Histogram();
    for (let i = 1; i <= 10_000; i++) histogram.record(i / 10);
    for (const quantile of [0.01, 0.5, 0.9, 0.99, 0.999]) {
      const exact = quantile * 1000;
      expect(Math.abs(histogram.quantile(quantile) - exact) / exact).toBeLessThan(0.009);
    }
    expect(histogram.quantile(1)).toBe(1000);
    expect(histogram.count).toBe(10_000);
  });

  it('survives being stored and added to another', () => {
    const [a, b] = [new Histogram(), new Histogram()];
    for (const value of [0, 0.001, 5, 70_000, 1e9]) a.record(value);
    b.record(5);
    b.add(JSON.parse(JSON.stringify(a.data())) as ReturnType<Histogram['data']>);
    expect(b.count).toBe(6);
    expect(b.maximum).toBe(1e9);
    expect(b.quantile(0.5)).toBeCloseTo(5, 1);
  });

  it('has nothing to say of nothing', () => {
    expect(new Histogram().quantile(0.99)).toBe(0);
  });

  it('takes values below zero for zero', () => {
    const histogram = new Histogram();
    histogram.record(-3);
    expect(histogram.quantile(1)).toBe(0);
  });
});

describe('the clock of a thread', () => {
  it('is right though the thread was interrupted while it was compared', () => {
    const ahead = 5000;
    let time = 0;
    let turns = 0;
    const other = (): number => {
      time += 0.001;
      return time;
    };
    // Nearly every time something else runs for 18 ms, before the clock is read or after.
    const clock = (): number => {
      turns += 1;
      const isInterrupted = turns !== 7;
      if (isInterrupted && turns % 2 === 0) time += 18;
      const read = time + ahead;
      if (isInterrupted && turns % 2 === 1) time += 18;
      return read;
    };
    expect(offsetBetween(clock, other)).toBeCloseTo(ahead, 2);
  });
});

describe('a threshold', () => {
  it.for<[string, string, number]>([
    ['established.p99<2s', 'established.p99', 2],
    ['announce.latency.p99.9 <= 250ms', 'announce.latency.p99.9', 0.25],
    ['connect.max<900us', 'connect.max', 0.0009],
    ['oracle.missing==0', 'oracle.missing', 0],
    ['device.rss < 1.5GiB', 'device.rss', 1.5 * 2 ** 30],
    ['device.cpu<2m', 'device.cpu', 120],
    ['establish.rate>=5000/s', 'establish.rate', 5000],
  ])('%s', ([text, measure, limit]) => {
    const threshold = parseThreshold(text);
    expect(threshold.measure).toBe(measure);
    expect(threshold.limit).toBeCloseTo(limit, 9);
  });

  it.for<[string, RegExp]>([
    ['established.p99', /it must look like/],
    ['established<2s', /established is a distribution; take a part of it/],
    ['established.p98<2s', /no measure established.p98/],
    ['established.p99<2 parsecs', /no number with a unit/],
    ['established.p99<2..0s', /no number with a unit/],
  ])('%s is none', ([text, words]) => {
    expect(() => parseThreshold(text)).toThrow(words);
  });

  it('holds or not, and fails when there is nothing to hold it to', () => {
    const measures = { 'device.cpu': { value: 2, unit: 's' } } as const;
    const passed = (text: string): boolean =>
      checkThresholds([parseThreshold(text)], measures)[0]!.passed;
    expect(passed('device.cpu<2s')).toBe(false);
    expect(passed('device.cpu<=2s')).toBe(true);
    expect(passed('device.cpu>1')).toBe(true);
    expect(passed('device.cpu!=2s')).toBe(false);
    expect(passed('tester.cpu<100s')).toBe(false);
  });
});

it.for<[number, 's' | 'bytes' | '1/s' | 'count', string]>([
  [1.834, 's', '1.83 s'],
  [0.0124, 's', '12.4 ms'],
  [0.000_25, 's', '250 µs'],
  [48_200_000, 'bytes', '48.2 MB'],
  [1234.4, '1/s', '1,234/s'],
  [1000, 'count', '1,000'],
])('%d in %s reads %s', ([value, unit, text]) => {
  expect(measureText({ value, unit })).toBe(text);
});
