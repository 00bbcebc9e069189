import type { RibStore } from '@peerloom/rib';
import type { Clock } from './clock.ts';
import type { Mailbox, Served } from './mailbox.ts';
import { type TimerWheel, WheelTimer } from './timerWheel.ts';

/**
 * Milliseconds that routes which are gone keep their memory. A neighbour whose session was reset is back within
 * seconds, and its table then finds everything in its place: half the CPU of one that is freed and made anew.
 */
const delay = 15_000;

/** With more routes gone than this none is kept: two full tables, some 90 MB. */
const garbageLimit = 2_097_152;

/** Routes looked at in one slice for memory to free: about a millisecond. */
const step = 16_384;

/** Frees the memory of routes that are gone, in the mailbox's turns, as if it were a peer. */
export class Reclaimer extends WheelTimer implements Served {
  queued = false;
  readonly #store: RibStore;
  readonly #clock: Clock;
  readonly #wheel: TimerWheel;
  readonly #mailbox: Mailbox;

  constructor(store: RibStore, clock: Clock, wheel: TimerWheel, mailbox: Mailbox) {
    super();
    this.#store = store;
    this.#clock = clock;
    this.#wheel = wheel;
    this.#mailbox = mailbox;
  }

  /** Once a turn: whatever has taken routes away in it has only marked them. */
  look(): void {
    if (!this.#store.hasGarbage || this.queued) return;
    if (this.#store.garbage > garbageLimit) this.begin();
    else if (!this.armed) this.#wheel.arm(this, this.#clock.now() + delay);
  }

  /** Does not wait for routes to come back. */
  begin(): void {
    this.#wheel.disarm(this);
    if (this.#store.hasGarbage) this.#mailbox.enqueue(this);
  }

  override fire(): void {
    this.begin();
  }

  serve(): boolean {
    return this.#store.reclaim(step);
  }
}
