/** Milliseconds that octets should wait for their actor at the most. Timers do not wait with them. */
const targetDelay = 10;

/**
 * Octets of the smallest window: what one read of a socket brings. It is also the first one, for the code of
 * a host is slow until it is hot.
 */
const smallestSize = 64 * 1024;

/** How much of itself a window may lose for one delay: one pause of the host says little about the next. */
const steepestFall = 1 / 4;

/**
 * How much of what was read a host has not worked off yet, and how much that may be. The bound is meant
 * as a time: the window is as large as what the host works off in 10 ms, as far as `limit` allows. A host
 * that is fast, or has a processor to itself, has a large one; one that is slow keeps little waiting.
 *
 * One octet at a time is followed on its way: the delay that it meets makes the window smaller or, if
 * the window was what held the senders back, larger.
 */
export class CreditWindow {
  readonly #limit: number;
  readonly #now: () => number;
  #size: number;
  /** Octets since the beginning: sent to the host, and given back by it. */
  #taken = 0;
  #returned = 0;
  /** The octet that is followed, and when it was sent; `undefined`: none is. */
  #followed: { readonly end: number; readonly time: number } | undefined = undefined;
  /** The window was full since the last delay was measured. */
  #heldBack = false;

  /**
   * @param limit - octets that the window may have at the most
   * @param now - milliseconds, of any clock
   */
  constructor(limit: number, now: () => number = () => performance.now()) {
    this.#limit = limit;
    this.#now = now;
    this.#size = Math.min(limit, smallestSize);
  }

  /** Octets sent and not yet consumed. */
  get inFlight(): number {
    return this.#taken - this.#returned;
  }

  /** Octets that may be in flight, for now. */
  get size(): number {
    return this.#size;
  }

  /** Whoever has sent much should not be read from. */
  get full(): boolean {
    return this.inFlight >= this.#size;
  }

  /** Nobody should be read from: twice as much as the window allows is in flight. */
  get overfull(): boolean {
    return this.inFlight >= 2 * this.#size;
  }

  /** Octets are on their way, or will be: those that `wait` are not followed. */
  take(count: number, wait: boolean = false): void {
    this.#taken += count;
    if (!wait) this.#followed ??= { end: this.#taken, time: this.#now() };
    if (this.full) this.#heldBack = true;
  }

  /** Octets are done with. */
  giveBack(count: number): void {
    this.#returned = Math.min(this.#taken, this.#returned + count);
    const followed = this.#followed;
    if (followed === undefined || this.#returned < followed.end) return;
    this.#followed = undefined;
    this.#adapt(this.#now() - followed.time);
  }

  #adapt(delay: number): void {
    const factor = targetDelay / Math.max(delay, targetDelay / 2);
    if (factor < 1) {
      this.#size = Math.max(smallestSize, this.#size * Math.max(factor, steepestFall));
    } else if (this.#heldBack) {
      this.#size = Math.min(this.#limit, this.#size * factor);
    }
    this.#heldBack = false;
  }
}
