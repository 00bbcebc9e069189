import { describe, expect, it } from 'vitest';
import { Backoff } from '../src/backoff.ts';
import { CreditWindow } from '../src/creditWindow.ts';

const KiB = 1024;
const limit = 1024 * KiB;

/** A window, and the time that it goes by. */
function window(): { readonly window: CreditWindow; readonly clock: { time: number } } {
  const clock = { time: 0 };
  return { window: new CreditWindow(limit, () => clock.time), clock };
}

describe('a credit window', () => {
  it('begins with what one read brings, whatever its limit', () => {
    expect(new CreditWindow(limit).size).toBe(64 * KiB);
    expect(new CreditWindow(10 * KiB).size).toBe(10 * KiB);
  });

  it('is full with as much in flight, and overfull with twice as much', () => {
    const { window: some } = window();
    some.take(64 * KiB - 1);
    expect(some).toMatchObject({ full: false, overfull: false });
    some.take(1);
    expect(some).toMatchObject({ full: true, overfull: false });
    some.take(64 * KiB);
    expect(some).toMatchObject({ full: true, overfull: true, inFlight: 128 * KiB });
    some.giveBack(64 * KiB + 1);
    expect(some).toMatchObject({ full: false, overfull: false });
  });

  it('learns nothing from octets that are kept back', () => {
    const { window: some, clock } = window();
    some.take(128 * KiB);
    clock.time = 5;
    some.giveBack(128 * KiB);
    const { size } = some;
    expect(size).toBe(128 * KiB);
    some.take(19, true);
    clock.time = 30;
    some.giveBack(19);
    expect(some.size).toBe(size);
    some.take(19);
    clock.time = 55;
    some.giveBack(19);
    expect(some.size).toBeLessThan(size);
  });

  it('takes no more back than was given', () => {
    const { window: some } = window();
    some.take(10);
    some.giveBack(1000);
    expect(some.inFlight).toBe(0);
    some.take(10);
    expect(some.inFlight).toBe(10);
  });

  it.for([
    ['doubles while hosts are quick', [1, 1, 1], [128, 256, 512]],
    ['grows to what is worked off in 10 ms', [8, 10], [80, 80]],
    ['stays within its limit', [1, 1, 1, 1, 1, 1], [128, 256, 512, 1024, 1024, 1024]],
    ['shrinks to what is worked off in 10 ms', [1, 1, 1, 20, 12.5], [128, 256, 512, 256, 204.8]],
    ['loses three quarters at the most for one delay', [1, 1, 1, 1, 5000], [0, 0, 0, 1024, 256]],
    ['keeps what one read brings', [5000, 5000], [64, 64]],
  ] as const)('%s', ([, delays, sizes]) => {
    const { window: some, clock } = window();
    delays.forEach((delay, step) => {
      some.take(some.size);
      clock.time += delay;
      some.giveBack(some.inFlight);
      if (sizes[step] !== 0) expect(some.size / KiB).toBe(sizes[step]);
    });
  });

  it('does not grow where it holds nobody back', () => {
    const { window: some, clock } = window();
    for (let step = 0; step < 10; step += 1) {
      some.take(KiB);
      clock.time += 1;
      some.giveBack(KiB);
    }
    expect(some.size).toBe(64 * KiB);
  });

  it('goes by how long one octet was on its way, those before it included', () => {
    const { window: some, clock } = window();
    for (let step = 0; step < 3; step += 1) {
      some.take(some.size);
      some.giveBack(some.size);
    }
    expect(some.size).toBe(512 * KiB);
    some.take(10 * KiB);
    clock.time += 10;
    some.take(10 * KiB);
    some.giveBack(10 * KiB - 1);
    expect(some.size, 'it is not there yet').toBe(512 * KiB);
    clock.time += 10;
    some.giveBack(1);
    expect(some.size, 'it took 20 ms').toBe(256 * KiB);
    some.giveBack(10 * KiB);
    expect(some.size, 'the next one was not followed').toBe(256 * KiB);
  });
});

it('waits double from failure to failure up to a bound, and start over when things went well', () => {
  const backoff = new Backoff(100, 1000);
  expect([0, 0, 0, 0, 0, 0].map((stable) => backoff.fail(stable))).toEqual([
    100, 200, 400, 800, 1000, 1000,
  ]);
  expect(backoff.fail(1000)).toBe(100);
  expect(backoff.fail(999)).toBe(200);
});
