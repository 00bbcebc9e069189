import { now } from '../measure/clock.ts';
import type { Histogram } from '../measure/histogram.ts';

/**
 * How late one speaker of the tester sends what is due. Only what the tester itself is late counts: while
 * there is no session, or the device takes nothing more, nobody could send in time.
 */
export class Lateness {
  readonly #histogram: Histogram;
  #freeSince = 0;

  /** `histogram`: in milliseconds, of all speakers of a thread. */
  constructor(histogram: Histogram) {
    this.#histogram = histogram;
  }

  /** Nothing can be sent now, through no fault of the tester's; or only from now on. */
  hold(): void {
    this.#freeSince = now();
  }

  /** Something that was due at `due` is sent at `time`, both in milliseconds of `now`. */
  note(due: number, time: number): void {
    this.#histogram.record(time - Math.max(due, this.#freeSince));
  }
}
