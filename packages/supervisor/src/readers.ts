/** How those who read events and UPDATEs from the engine keep up. */
export interface ReaderMetrics {
  /** Iterations of `events()` and `updates()` that are under way. */
  readonly count: number;
  /** Items that wait, over all of them. */
  readonly waiting: number;
  /** Octets of UPDATEs among them: at most `limits.updateBytes` for each reader. */
  readonly octets: number;
  /** Milliseconds that what waits longest has waited until now; 0 when nothing does. */
  readonly oldest: number;
}

/** What somebody has yet to read. */
interface Backlog {
  readonly size: number;
  readonly weight: number;
  /** Milliseconds that the next item has waited. */
  readonly age: number;
}

/** All that is open for somebody to read. */
export class Readers {
  readonly #backlogs = new Set<Backlog>();

  add(backlog: Backlog): void {
    this.#backlogs.add(backlog);
  }

  /** Nothing more will come. */
  delete(backlog: Backlog): void {
    this.#backlogs.delete(backlog);
  }

  report(): ReaderMetrics {
    let [waiting, octets, oldest] = [0, 0, 0];
    for (const { size, weight, age } of this.#backlogs) {
      waiting += size;
      octets += weight;
      oldest = Math.max(oldest, age);
    }
    return { count: this.#backlogs.size, waiting, octets, oldest };
  }
}
