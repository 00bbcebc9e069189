/**
 * How much of what was read a host has not worked off yet. When the window is full, sockets are paused,
 * so that TCP slows the senders down; at half they go on, so that they do not flutter.
 *
 * Those are paused that filled it. A quiet peer's KEEPALIVEs must come through while a noisy one is
 * held up, or its hold timer would end a session that nothing is wrong with; so it may go beyond the
 * window, until that is overfull: then everybody waits.
 */
export class CreditWindow {
  readonly #limit: number;
  #inFlight = 0;
  #full = false;
  #overfull = false;
  #epoch = 0;

  /** `limit` in octets; overfull at twice as much. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Octets sent and not yet consumed. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Whoever has sent much should not be read from. */
  get full(): boolean {
    return this.#full;
  }

  /** Nobody should be read from. */
  get overfull(): boolean {
    return this.#overfull;
  }

  /** Changes whenever the host has caught up: what a connection sent before counts no longer. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Octets are on their way; `full` or `overfull` when this has made it so. */
  take(count: number): 'full' | 'overfull' | undefined {
    this.#inFlight += count;
    if (!this.#overfull && this.#inFlight >= 2 * this.#limit) {
      this.#full = true;
      this.#overfull = true;
      return 'overfull';
    }
    if (this.#full || this.#inFlight < this.#limit) return undefined;
    this.#full = true;
    return 'full';
  }

  /** Octets are done with; `true` when reading may go on. */
  giveBack(count: number): boolean {
    this.#inFlight = Math.max(0, this.#inFlight - count);
    if (this.#inFlight === 0) this.#epoch += 1;
    if (!this.#full || this.#inFlight * 2 > this.#limit) return false;
    this.#full = false;
    this.#overfull = false;
    this.#epoch += 1;
    return true;
  }
}
