import type { Clock } from '../src/clock.ts';

interface Scheduled {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A clock whose hands the test turns: what is scheduled happens in order, and nobody sleeps. */
export class SimulatedClock implements Clock {
  #now: number;
  #order = 0;
  #scheduled: Scheduled[] = [];
  #yielded: (() => void)[] = [];
  /** Milliseconds that pass with every look at the clock, for what limits itself by time. */
  cost = 0;

  constructor(now = 1_700_000_000_000) {
    this.#now = now;
  }

  now(): number {
    this.#now += this.cost;
    return this.#now;
  }

  schedule(delay: number, callback: () => void): unknown {
    const scheduled = { at: this.#now + Math.max(0, delay), order: this.#order++, callback };
    this.#scheduled.push(scheduled);
    return scheduled;
  }

  clear(handle: unknown): void {
    this.#scheduled = this.#scheduled.filter((scheduled) => scheduled !== handle);
  }

  yield(callback: () => void): void {
    this.#yielded.push(callback);
  }

  /** Something takes its time. */
  pass(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** Timers of the runtime that are waiting. */
  get waiting(): number {
    return this.#scheduled.length;
  }

  /** Lets one round of what has yielded go on; `false` when there is nothing. */
  turn(): boolean {
    const yielded = this.#yielded;
    this.#yielded = [];
    for (const callback of yielded) callback();
    return yielded.length > 0;
  }

  /** One round, in which so much time passes at each look at the clock that each yields after a slice. */
  slice(): boolean {
    this.cost = 10;
    try {
      return this.turn();
    } finally {
      this.cost = 0;
    }
  }

  /**
   * The thread is busy for so long: nothing that comes due runs. Then `arrive` delivers what has come
   * meanwhile, and everything that is due happens, timers first, as an event loop has it.
   */
  stall(milliseconds: number, arrive: () => void): void {
    this.#now += milliseconds;
    const due = this.#scheduled.filter(({ at }) => at <= this.#now);
    for (const scheduled of due) {
      this.clear(scheduled);
      scheduled.callback();
    }
    arrive();
    this.settle();
  }

  /** Lets everything that has yielded finish. */
  settle(): void {
    for (let turns = 0; this.turn(); turns++) {
      if (turns > 1_000_000) throw new Error('what runs never comes to rest');
    }
  }

  /** Turns the hands, and lets everything happen that is due on the way. */
  advance(milliseconds: number): void {
    const until = this.#now + milliseconds;
    this.settle();
    for (;;) {
      const next = this.#scheduled
        .filter(({ at }) => at <= until)
        .toSorted((a, b) => a.at - b.at || a.order - b.order)[0];
      if (next === undefined) break;
      this.clear(next);
      if (next.at > this.#now) this.#now = next.at;
      next.callback();
      this.settle();
    }
    if (until > this.#now) this.#now = until;
  }
}
