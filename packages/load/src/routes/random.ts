/** A seeded source of random numbers: the same seed gives the same routes on every machine. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** `seed`: any whole number from 0 to 4294967295. */
  constructor(seed: number) {
    this.#a = seed >>> 0;
    this.#b = 0x9e3779b9;
    this.#c = 0x243f6a88;
    // The first numbers of sfc32 still show the seed.
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** 0–4294967295 (sfc32 of PractRand). */
  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** Uniform in [0, 1). */
  fraction(): number {
    return this.uint32() / 4294967296;
  }

  /** A whole number of 0 to `limit` − 1. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }
}

/** Draws values with given weights. */
export class Weighted<T> {
  readonly #values: readonly T[];
  readonly #sums: readonly number[];
  readonly #total: number;

  /** `weights`: values and how often each is wanted; the weights need not add up to anything. */
  constructor(weights: readonly (readonly [T, number])[]) {
    let total = 0;
    this.#values = weights.map(([value]) => value);
    this.#sums = weights.map(([, weight]) => {
      total += weight;
      return total;
    });
    this.#total = total;
  }

  /** One of the values. */
  draw(random: Random): T {
    const at = random.fraction() * this.#total;
    const index = this.#sums.findIndex((sum) => at < sum);
    return this.#values[index]!;
  }
}
