/**
 * How much of what was read a host has not worked off yet. When the window is full its sockets are
 * paused, so that TCP slows the senders down; at half they go on, so that they do not flutter.
 */
export class CreditWindow {
  readonly #limit: number;
  #inFlight = 0;
  #full = false;

  /** `limit` in octets. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Octets sent and not yet consumed. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Nothing more should be read. */
  get full(): boolean {
    return this.#full;
  }

  /** Octets are on their way; `true` when this has filled the window. */
  take(count: number): boolean {
    this.#inFlight += count;
    if (this.#full || this.#inFlight < this.#limit) return false;
    this.#full = true;
    return true;
  }

  /** Octets are done with; `true` when reading may go on. */
  giveBack(count: number): boolean {
    this.#inFlight = Math.max(0, this.#inFlight - count);
    if (!this.#full || this.#inFlight * 2 > this.#limit) return false;
    this.#full = false;
    return true;
  }
}
