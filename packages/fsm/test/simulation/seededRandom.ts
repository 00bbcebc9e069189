/** Uniform numbers in [0, 1) that a seed determines (the mulberry32 generator). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws for scenarios, all from one source, so that a seed replays them. */
export class Draw {
  readonly random: () => number;

  constructor(random: () => number) {
    this.random = random;
  }

  /** With this probability. */
  chance(probability: number): boolean {
    return this.random() < probability;
  }

  /** A number in [least, most). */
  between(least: number, most: number): number {
    return least + this.random() * (most - least);
  }

  oneOf<T>(values: readonly T[]): T {
    return values[Math.floor(this.random() * values.length)]!;
  }
}
