import type { RibStore } from '@peerloom/rib';
import type { Clock } from './clock.ts';
import type { Mailbox, Served } from './mailbox.ts';
import { type TimerWheel, WheelTimer } from './timerWheel.ts';

/** Milliseconds that routes which are gone are waited for: at least so many, and hardly more than twice as many. */
const delay = 10_000;

/** Routes looked at in one slice for memory to free: some 4 ms of a full table, as much as a peer gets. */
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
    if (this.#store.hasGarbage) this.#mailbox.enqueue(this);
    if (this.#store.isWaiting && !this.armed) this.#wheel.arm(this, this.#clock.now() + delay);
  }

  override fire(): void {
    this.#store.age();
  }

  serve(): boolean {
    return this.#store.reclaim(step);
  }
}
