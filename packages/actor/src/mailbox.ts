import type { Clock } from './clock.ts';
import type { TimerWheel } from './timerWheel.ts';

/** Milliseconds of work after which the mailbox lets the event loop deliver new mail. */
const turnBudget = 8;

/** Someone whom the mailbox serves: an actor. */
export interface Served {
  /** Whether it stands in the mailbox's ring. The mailbox's own. */
  queued: boolean;
  /** Does a bounded slice of its work; returns whether there is more. */
  serve(): boolean;
}

/**
 * The one loop of a worker. Whoever has work stands in a ring and is served a slice at a time, in
 * turn, run to completion; due timers run between slices, so neither a flood of input nor a large
 * table on its way out keeps another peer's KEEPALIVE waiting for longer than one slice.
 */
export class Mailbox {
  readonly #clock: Clock;
  readonly #flush: (force: boolean) => void;
  #wheel: TimerWheel | undefined = undefined;
  #ring: Served[] = [];
  #first = 0;
  #scheduled = false;
  #running = false;

  /** @param flush - sends what has been written; `force`: even if it is little */
  constructor(clock: Clock, flush: (force: boolean) => void) {
    this.#clock = clock;
    this.#flush = flush;
  }

  /** The wheel whose timers run between slices. */
  set wheel(wheel: TimerWheel) {
    this.#wheel = wheel;
  }

  /** Puts someone into the ring who has work, unless it stands there already. */
  enqueue(served: Served): void {
    if (!served.queued) {
      served.queued = true;
      this.#ring.push(served);
    }
    this.wake();
  }

  /** Has the loop run soon: after the mail that has arrived has been delivered. */
  wake(): void {
    if (this.#scheduled || this.#running) return;
    this.#scheduled = true;
    this.#clock.yield(() => {
      this.#scheduled = false;
      this.#run();
    });
  }

  #run(): void {
    this.#running = true;
    const until = this.#clock.now() + turnBudget;
    try {
      do {
        if (this.#wheel?.pending === true) this.#wheel.run();
        const served = this.#next();
        if (served === undefined) break;
        if (served.serve()) this.enqueue(served);
        this.#flush(false);
      } while (this.#clock.now() < until);
    } finally {
      this.#running = false;
      this.#flush(true);
      if (this.#first < this.#ring.length) this.wake();
    }
  }

  #next(): Served | undefined {
    const served = this.#ring[this.#first];
    if (served === undefined) return undefined;
    this.#first++;
    if (this.#first === this.#ring.length) {
      this.#ring.length = 0;
      this.#first = 0;
    } else if (this.#first >= 1024 && this.#first * 2 >= this.#ring.length) {
      this.#ring = this.#ring.slice(this.#first);
      this.#first = 0;
    }
    served.queued = false;
    return served;
  }
}
