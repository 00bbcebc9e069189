/** Buckets between a power of two and the next: values are kept to within 1/128. */
const subBuckets = 128;
const subBits = 7;
/** Microseconds up to 2^40 (12 days). */
const bucketCount = (40 - subBits + 2) * subBuckets;

/** The counts of a histogram that can be stored: only buckets that are not empty. */
export interface HistogramData {
  /** Pairs of bucket and count, by ascending bucket. */
  readonly counts: readonly (readonly [number, number])[];
  /** The greatest value, exactly, in milliseconds; 0 when there is none. */
  readonly maximum: number;
}

/** The percentiles that are told of every distribution. */
export const percentiles: readonly (readonly [string, number])[] = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p99', 0.99],
  ['p99.9', 0.999],
];

/**
 * Durations in log-linear buckets, as HDR histograms have them: any number of values in bounded memory,
 * each kept to within 0.8 %. Values are milliseconds, and told apart down to a microsecond.
 */
export class Histogram {
  /** Values that have been recorded. */
  count = 0;
  /** The greatest of them, exactly. */
  maximum = 0;
  readonly #counts = new Float64Array(bucketCount);

  /** Takes one value in, in milliseconds; below zero counts as zero. */
  record(milliseconds: number): void {
    const value = Math.max(0, milliseconds);
    this.#counts[bucketOf(Math.round(value * 1000))]! += 1;
    this.count += 1;
    if (value > this.maximum) this.maximum = value;
  }

  /** Takes in what another one holds. */
  add(data: HistogramData): void {
    for (const [bucket, count] of data.counts) {
      this.#counts[bucket]! += count;
      this.count += count;
    }
    this.maximum = Math.max(this.maximum, data.maximum);
  }

  /** The value below or at which the share `quantile` (0–1) of all values lies; 0 when there is none. */
  quantile(quantile: number): number {
    const rank = Math.ceil(quantile * this.count);
    if (rank >= this.count) return this.maximum;
    let seen = 0;
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      seen += this.#counts[bucket]!;
      if (seen >= rank && seen > 0) return Math.min(valueOf(bucket) / 1000, this.maximum);
    }
    return this.maximum;
  }

  /** What can be stored and taken in again by `add`. */
  data(): HistogramData {
    const counts: [number, number][] = [];
    this.#counts.forEach((count, bucket) => {
      if (count > 0) counts.push([bucket, count]);
    });
    return { counts, maximum: this.maximum };
  }

  /** Forgets everything. */
  clear(): void {
    this.#counts.fill(0);
    this.count = 0;
    this.maximum = 0;
  }
}

function bucketOf(microseconds: number): number {
  const value = Math.min(microseconds, 2 ** 40 - 1);
  if (value < subBuckets) return value;
  const exponent = Math.floor(Math.log2(value));
  const sub = Math.floor(value / 2 ** (exponent - subBits)) - subBuckets;
  return (exponent - subBits + 1) * subBuckets + sub;
}

/** The upper end of a bucket, in microseconds. */
function valueOf(bucket: number): number {
  if (bucket < subBuckets) return bucket;
  const exponent = Math.floor(bucket / subBuckets) + subBits - 1;
  const sub = bucket % subBuckets;
  return (subBuckets + sub + 1) * 2 ** (exponent - subBits);
}
