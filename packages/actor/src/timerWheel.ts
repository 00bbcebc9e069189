import type { Clock } from './clock.ts';

/**
 * Milliseconds that a timer may fire late for the wheel's sake. BGP timers are seconds, and
 * of ten thousand sessions the KEEPALIVEs of one tick, some thirty, wake both threads once.
 */
export const wheelTick = 100;
const slotCount = 1024;
const slotMask = slotCount - 1;

/**
 * One timer: armed at most once at a time, part of one wheel. Whoever has timers extends this, so a
 * timer costs no closure and no handle besides itself.
 */
export abstract class WheelTimer {
  /** @internal Whole milliseconds from the wheel's origin until it is due; `TimerWheel.left` says how long that is from now. */
  dueAfter = 0;
  /** @internal Neighbours in the slot's ring, and the tick at which it is due. */
  previous: WheelTimer | undefined = undefined;
  /** @internal */
  next: WheelTimer | undefined = undefined;
  /** @internal */
  tick = 0;

  /**
   * Called once when it is due; it is no longer armed then, and may be armed again.
   * @param lateness - milliseconds since it was due
   */
  abstract fire(now: number, lateness: number): void;

  /** Whether it will fire. */
  get armed(): boolean {
    return this.next !== undefined;
  }
}

/** A timer that calls a function. */
export class Alarm extends WheelTimer {
  readonly #ring: () => void;
  constructor(ring: () => void) {
    super();
    this.#ring = ring;
  }
  override fire(): void {
    this.#ring();
  }
}

/** Head of a slot's ring. */
class Slot extends WheelTimer {
  override fire(): void {}
}

/**
 * A hashed timing wheel: thousands of timers, one timer of the runtime's. Arming and disarming are a
 * few assignments. A timer never fires early, and at most {@link wheelTick} late plus whatever the
 * event loop adds. Timers further away than a turn of the wheel (102 s) are passed over once a turn.
 */
export class TimerWheel {
  /** Timers that are armed. */
  size = 0;
  readonly #clock: Clock;
  readonly #wake: () => void;
  readonly #onLateness: ((milliseconds: number) => void) | undefined;
  readonly #slots: readonly Slot[];
  /**
   * Milliseconds since the UNIX epoch, a whole number of ticks: the beginning of the tick that the wheel was made in.
   * Ticks and times are counted from here, for small numbers need no memory of their own.
   */
  readonly origin: number;
  /** Ticks up to this one have been run. */
  #tick = 0;
  #handle: unknown = undefined;
  #wakeTick = Number.POSITIVE_INFINITY;
  #isStopped = false;

  /**
   * @param wake - called when a timer may be due; answer with {@link run}, at once or soon
   * @param onLateness - told how late each timer fires
   */
  constructor(clock: Clock, wake: () => void, onLateness?: (milliseconds: number) => void) {
    this.#clock = clock;
    this.#wake = wake;
    this.#onLateness = onLateness;
    this.origin = Math.floor(clock.now() / wheelTick) * wheelTick;
    this.#slots = Array.from({ length: slotCount }, () => {
      const slot = new Slot();
      slot.next = slot;
      slot.previous = slot;
      return slot;
    });
  }

  /** Arms a timer to fire at `due`; one that is armed already is moved. */
  arm(timer: WheelTimer, due: number): void {
    if (timer.armed) this.#unlink(timer);
    const dueAfter = Math.ceil(due - this.origin);
    const tick = Math.max(Math.ceil(dueAfter / wheelTick), this.#tick + 1);
    timer.dueAfter = dueAfter;
    timer.tick = tick;
    const slot = this.#slots[tick & slotMask]!;
    const last = slot.previous!;
    last.next = timer;
    timer.previous = last;
    timer.next = slot;
    slot.previous = timer;
    this.size++;
    if (tick < this.#wakeTick) this.#wakeAt(tick);
  }

  /** Disarms a timer; one that is not armed is left as it is. */
  disarm(timer: WheelTimer): void {
    if (timer.armed) this.#unlink(timer);
  }

  /** Milliseconds until a timer that is armed is due; less than 0 when it is late. */
  left(timer: WheelTimer): number {
    return this.origin + timer.dueAfter - this.#clock.now();
  }

  /** Whether {@link run} would fire or pass over something now. */
  get pending(): boolean {
    return this.#timeOf(this.#wakeTick) <= this.#clock.now();
  }

  /** Fires what is due. Timers that are armed meanwhile wait for the next tick. Returns how many fired. */
  run(): number {
    if (this.#isStopped) return 0;
    const now = this.#clock.now();
    const until = Math.floor((now - this.origin) / wheelTick);
    let fired = 0;
    // After a long pause one turn over the slots meets everything that is due.
    let tick = Math.max(this.#tick + 1, until - slotCount + 1);
    this.#tick = until;
    for (; tick <= until && this.size > 0; tick++) {
      const slot = this.#slots[tick & slotMask]!;
      let timer = slot.next!;
      while (timer !== slot) {
        // Firing may disarm any timer, the next one included: take the due ones off one at a time
        // and look at the ring anew, from the last one that stays.
        if (timer.tick > until) {
          timer = timer.next!;
          continue;
        }
        const before = timer.previous!;
        const lateness = now - this.origin - timer.dueAfter;
        this.#unlink(timer);
        fired++;
        this.#onLateness?.(lateness);
        timer.fire(now, lateness);
        timer = before.armed || before === slot ? before.next! : slot.next!;
      }
    }
    this.#wakeAt(this.#nextTick());
    return fired;
  }

  /** Lets go of the runtime's timer for good: nothing fires any more, whatever is or will be armed. */
  stop(): void {
    this.#wakeAt(Number.POSITIVE_INFINITY);
    this.#isStopped = true;
  }

  #unlink(timer: WheelTimer): void {
    const { previous, next } = timer;
    previous!.next = next;
    next!.previous = previous;
    timer.next = undefined;
    timer.previous = undefined;
    this.size--;
  }

  /** The first tick whose slot has a timer in it, whether or not it is due on this turn. */
  #nextTick(): number {
    if (this.size === 0) return Number.POSITIVE_INFINITY;
    for (let tick = this.#tick + 1; ; tick++) {
      const slot = this.#slots[tick & slotMask]!;
      if (slot.next !== slot) return tick;
    }
  }

  #timeOf(tick: number): number {
    return this.origin + tick * wheelTick;
  }

  #wakeAt(tick: number): void {
    if (this.#isStopped) return;
    if (this.#handle !== undefined) this.#clock.clear(this.#handle);
    this.#handle = undefined;
    this.#wakeTick = tick;
    if (tick === Number.POSITIVE_INFINITY) return;
    const delay = Math.max(0, this.#timeOf(tick) - this.#clock.now());
    this.#handle = this.#clock.schedule(delay, () => {
      this.#handle = undefined;
      // A timer of the runtime counts whole milliseconds and may come a fraction of one too early: nothing
      // would be due yet, and nobody would wake us again.
      if (this.pending) this.#wake();
      else this.#wakeAt(tick);
    });
  }
}
