import { expect, it } from 'vitest';
import { Mailbox, type Served } from '../src/mailbox.ts';
import { TimerWheel, WheelTimer } from '../src/timerWheel.ts';
import { SimulatedClock } from './simulatedClock.ts';

class Worker implements Served {
  queued = false;
  readonly name: string;
  slices: number;
  readonly #log: string[];
  constructor(name: string, slices: number, log: string[]) {
    this.name = name;
    this.slices = slices;
    this.#log = log;
  }
  serve(): boolean {
    this.#log.push(this.name);
    return --this.slices > 0;
  }
}

it('serves whoever has work in turn, one slice at a time', () => {
  const clock = new SimulatedClock();
  const log: string[] = [];
  const mailbox = new Mailbox(clock, () => {});
  for (const [name, slices] of [
    ['a', 3],
    ['b', 1],
    ['c', 2],
  ] as const) {
    const worker = new Worker(name, slices, log);
    mailbox.enqueue(worker);
    mailbox.enqueue(worker);
  }
  clock.settle();
  expect(log.join('')).toBe('abcaca');
});

it('lets new mail in after a bounded time, however much work there is', () => {
  const clock = new SimulatedClock();
  clock.cost = 1;
  const log: string[] = [];
  const mailbox = new Mailbox(clock, () => {});
  mailbox.enqueue(new Worker('flood', 1000, log));
  clock.turn();
  expect(log.length).toBeLessThan(10);
  mailbox.enqueue(new Worker('late', 1, log));
  clock.turn();
  expect(log).toContain('late');
  clock.settle();
  expect(log).toHaveLength(1001);
});

it('runs due timers between slices', () => {
  const clock = new SimulatedClock();
  clock.cost = 1;
  const log: string[] = [];
  const mailbox = new Mailbox(clock, () => {});
  const wheel = new TimerWheel(clock, () => mailbox.wake());
  mailbox.wheel = wheel;
  class Bell extends WheelTimer {
    override fire(): void {
      log.push('!');
    }
  }
  wheel.arm(new Bell(), clock.now() + 100);
  mailbox.enqueue(new Worker('.', 300, log));
  clock.settle();
  const bell = log.indexOf('!');
  expect(bell).toBeGreaterThan(5);
  expect(bell).toBeLessThan(100);
});

it('flushes at the end of each turn, and goes on after one who throws', () => {
  const clock = new SimulatedClock();
  const log: string[] = [];
  const mailbox = new Mailbox(clock, (force) => {
    if (force) log.push('flush');
  });
  const faulty: Served = {
    queued: false,
    serve() {
      throw new Error('broken');
    },
  };
  mailbox.enqueue(faulty);
  mailbox.enqueue(new Worker('other', 1, log));
  expect(() => clock.turn()).toThrow('broken');
  clock.settle();
  expect(log).toEqual(['flush', 'other', 'flush']);
});
