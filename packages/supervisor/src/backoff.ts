/** Waits that double from one failure to the next, and start over after a time without one. */
export class Backoff {
  readonly #first: number;
  readonly #most: number;
  #next: number;

  /** `first` and `most` in milliseconds; `most` is also how long things must go well to start over. */
  constructor(first: number, most: number) {
    this.#first = first;
    this.#most = most;
    this.#next = first;
  }

  /** The wait after a failure, given for how many milliseconds things had gone well before it. */
  fail(stableFor: number): number {
    if (stableFor >= this.#most) this.#next = this.#first;
    const wait = this.#next;
    this.#next = Math.min(this.#next * 2, this.#most);
    return wait;
  }
}
