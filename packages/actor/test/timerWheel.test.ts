import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { TimerWheel, WheelTimer, wheelTick } from '../src/timerWheel.ts';
import { SimulatedClock } from './simulatedClock.ts';

class Probe extends WheelTimer {
  readonly fired: number[] = [];
  onFire: (() => void) | undefined = undefined;
  override fire(now: number): void {
    this.fired.push(now);
    this.onFire?.();
  }
}

function wheelOn(clock: SimulatedClock): TimerWheel {
  const wheel: TimerWheel = new TimerWheel(clock, () => wheel.run());
  return wheel;
}

it('fires each timer once, never early and at most a tick late', () => {
  const operation = fc.oneof(
    fc.record({
      what: fc.constant('arm' as const),
      timer: fc.nat({ max: 9 }),
      delay: fc.oneof(fc.nat({ max: 200 }), fc.nat({ max: 100_000 })),
    }),
    fc.record({ what: fc.constant('disarm' as const), timer: fc.nat({ max: 9 }) }),
    fc.record({ what: fc.constant('pass' as const), milliseconds: fc.nat({ max: 60_000 }) }),
  );
  fc.assert(
    fc.property(
      fc.array(operation, { maxLength: 60 }),
      fc.nat({ max: 1000 }),
      (operations, offset) => {
        const clock = new SimulatedClock(1_700_000_000_000 + offset / 7);
        const wheel = wheelOn(clock);
        const timers = Array.from({ length: 10 }, () => new Probe());
        const due = new Map<Probe, number>();
        const check = (): void => {
          for (const timer of timers) {
            const wanted = due.get(timer);
            if (wanted !== undefined && clock.now() >= wanted + wheelTick) {
              expect(timer.fired).toHaveLength(1);
            }
            for (const at of timer.fired) {
              expect(wanted).toBeDefined();
              expect(at).toBeGreaterThanOrEqual(wanted!);
              expect(at).toBeLessThanOrEqual(wanted! + wheelTick);
            }
            if (timer.fired.length > 0) {
              expect(timer.armed).toBe(false);
              due.delete(timer);
              timer.fired.length = 0;
            }
          }
          expect(wheel.size).toBe(timers.filter((timer) => timer.armed).length);
          expect(wheel.size).toBe(due.size);
        };
        for (const step of operations) {
          if (step.what === 'pass') {
            clock.advance(step.milliseconds);
            check();
            continue;
          }
          const timer = timers[step.timer]!;
          if (step.what === 'arm') {
            due.set(timer, clock.now() + step.delay);
            wheel.arm(timer, clock.now() + step.delay);
          } else {
            due.delete(timer);
            wheel.disarm(timer);
          }
        }
        clock.advance(200_000);
        check();
        expect(due.size).toBe(0);
        expect(clock.waiting).toBe(0);
      },
    ),
    { numRuns: 300 },
  );
});

it('needs one timer of the runtime for ten thousand of its own', () => {
  const clock = new SimulatedClock();
  const wheel = wheelOn(clock);
  const timers = Array.from({ length: 10_000 }, () => new Probe());
  for (const [index, timer] of timers.entries()) wheel.arm(timer, clock.now() + 1000 + index);
  expect(clock.waiting).toBe(1);
  clock.advance(6000);
  expect(clock.waiting).toBe(1);
  clock.advance(6000);
  expect(clock.waiting).toBe(0);
  expect(timers.every(({ fired }) => fired.length === 1)).toBe(true);
});

it('lets a timer that fires arm itself and disarm any other', () => {
  const clock = new SimulatedClock();
  const wheel = wheelOn(clock);
  const [first, second, third] = [new Probe(), new Probe(), new Probe()];
  const due = clock.now() + 100;
  first.onFire = () => {
    wheel.disarm(second);
    wheel.arm(first, clock.now() + 1000);
  };
  for (const timer of [first, second, third]) wheel.arm(timer, due);
  clock.advance(500);
  expect([first, second, third].map(({ fired }) => fired.length)).toEqual([1, 0, 1]);
  clock.advance(1000);
  expect(first.fired).toHaveLength(2);
});

it('catches up after the thread was busy for longer than a turn of the wheel', () => {
  const clock = new SimulatedClock();
  const wheel = new TimerWheel(clock, () => {});
  const timers = Array.from({ length: 100 }, () => new Probe());
  for (const [index, timer] of timers.entries()) wheel.arm(timer, clock.now() + index * 1000);
  clock.advance(70_500);
  expect(wheel.pending).toBe(true);
  expect(wheel.run()).toBe(71);
  expect(wheel.size).toBe(29);
});

it('does nothing any more once it is stopped, whatever is armed', () => {
  const clock = new SimulatedClock();
  const wheel = wheelOn(clock);
  const [before, after] = [new Probe(), new Probe()];
  wheel.arm(before, clock.now() + 100);
  wheel.stop();
  wheel.arm(after, clock.now() + 100);
  expect(clock.waiting).toBe(0);
  clock.advance(1000);
  expect(wheel.pending).toBe(false);
  expect(wheel.run()).toBe(0);
  expect([before.fired, after.fired]).toEqual([[], []]);
});
