import { describe, expect, it } from 'vitest';
import { now } from '../src/measure/clock.ts';
import { Histogram } from '../src/measure/histogram.ts';
import type { Announcer } from '../src/speaker/announcer.ts';
import type { ChurnEffect } from '../src/speaker/churnEffect.ts';
import { Churner } from '../src/speaker/churner.ts';
import { Lateness } from '../src/speaker/lateness.ts';

/** Milliseconds that nothing in a test takes. */
const long = 60_000;

describe('lateness', () => {
  it('is from when something was due to when it is sent', () => {
    const histogram = new Histogram();
    const time = now();
    new Lateness(histogram).note(time - long, time);
    expect(histogram.maximum).toBeCloseTo(long, 3);
  });

  it('begins only when sending becomes possible', () => {
    const histogram = new Histogram();
    const lateness = new Lateness(histogram);
    lateness.hold();
    lateness.note(now() - long, now());
    expect(histogram.count).toBe(1);
    expect(histogram.maximum).toBeLessThan(long / 2);
  });
});

describe('churn', () => {
  const options = { startsAt: now() - long, rate: 1 / (long / 1000), sources: 1, gap: long };

  /** The lateness of churn that is a minute behind, and how often it was sent; `takes`: whether the device does. */
  function churnLate(takes: readonly boolean[]): Histogram {
    const answers = takes.values();
    const announcer = {
      feed: { start: 0, end: 10 },
      get takesChurn() {
        return answers.next().value ?? true;
      },
      churn: () => {},
    } as unknown as Announcer;
    const effect = { note: () => {} } as unknown as ChurnEffect;
    const histogram = new Histogram();
    const churner = new Churner(announcer, effect, 0, options, histogram);
    for (const _ of takes) churner.pace();
    return histogram;
  }

  it('that the tester is late with is counted as late', () => {
    const { count, maximum } = churnLate([true]);
    // Due a minute ago, and now.
    expect(count).toBe(2);
    expect(maximum).toBeGreaterThan(long - 1);
  });

  it('that the device does not take is not', () => {
    const { count, maximum } = churnLate([false, false, true]);
    expect(count).toBe(2);
    expect(maximum).toBeLessThan(long / 2);
  });
});
