import type { DelaySummary } from '@peerloom/ipc';

/** Buckets for each doubling: a quantile is off by at most a quarter of its value. */
const perDoubling = 4;
/** From 1/16 ms up to 4,096 s. */
const smallest = 1 / 16;
const buckets = 16 * perDoubling + 10 * perDoubling;

/** Delays in milliseconds, counted in buckets that grow with the delay: fixed memory, cheap to add to. */
export class DelayHistogram {
  readonly #counts = new Uint32Array(buckets);
  #count = 0;
  #max = 0;

  /** Adds one delay; what clocks make negative counts as none. */
  add(milliseconds: number): void {
    const delay = milliseconds > 0 ? milliseconds : 0;
    if (delay > this.#max) this.#max = delay;
    const bucket = delay <= smallest ? 0 : Math.ceil(Math.log2(delay / smallest) * perDoubling);
    this.#counts[Math.min(bucket, buckets - 1)]!++;
    this.#count++;
  }

  /** What was added since the last call, and begins anew. Quantiles are upper bounds of their bucket. */
  take(): DelaySummary {
    const summary = {
      count: this.#count,
      p50: this.#quantile(0.5),
      p99: this.#quantile(0.99),
      max: this.#max,
    };
    this.#counts.fill(0);
    this.#count = 0;
    this.#max = 0;
    return summary;
  }

  #quantile(share: number): number {
    const wanted = Math.ceil(this.#count * share);
    if (wanted === 0) return 0;
    let seen = 0;
    for (let bucket = 0; bucket < buckets; bucket++) {
      seen += this.#counts[bucket]!;
      if (seen >= wanted) return Math.min(smallest * 2 ** (bucket / perDoubling), this.#max);
    }
    return this.#max;
  }
}
