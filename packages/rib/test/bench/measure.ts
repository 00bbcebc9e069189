import {
  baseSessionOptions,
  encodePathAttributes,
  encodeUpdate,
  familyKey,
  type Nlri,
  type PathAttribute,
  type SessionOptions,
} from '@peerloom/wire';

export const ipv4Unicast: number = familyKey(1, 1);
export const ipv6Unicast: number = familyKey(2, 1);

/** A session of today, with a neighbour of another AS. */
export const options: SessionOptions = {
  ...baseSessionOptions,
  fourOctetAs: true,
  families: new Set([ipv4Unicast, ipv6Unicast]),
};

/** The same numbers in each run. */
export class Random {
  #state = 1;

  /** A whole number, 0 to `limit` − 1. */
  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return (this.#state >>> 8) % limit;
  }
}

/** Attributes as they come in a full table: ORIGIN, AS_PATH, NEXT_HOP, and most often communities. */
export function attributesOf(random: Random): PathAttribute[] {
  const asNumbers = Array.from({ length: 3 + random.below(4) }, () => 1 + random.below(400_000));
  const communities = Array.from({ length: random.below(6) }, () => random.below(0x7fffffff));
  return [
    { type: 'origin', origin: 'igp' },
    { type: 'asPath', segments: [{ kind: 'sequence', asNumbers }] },
    { type: 'nextHop', nextHop: '192.0.2.1' },
    ...(communities.length > 0 ? [{ type: 'communities' as const, communities }] : []),
  ];
}

/** Blocks one after the other; block `i` is `bytes[ends[i − 1], ends[i])`. */
export interface Stream {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

export function streamOf(parts: readonly Uint8Array[]): Stream {
  const ends = new Uint32Array(parts.length);
  let length = 0;
  parts.forEach((part, index) => {
    length += part.length;
    ends[index] = length;
  });
  const bytes = new Uint8Array(length);
  parts.forEach((part, index) => bytes.set(part, ends[index]! - part.length));
  return { bytes, ends };
}

export function blockStream(count: number): Stream {
  const random = new Random();
  return streamOf(
    Array.from({ length: count }, () => encodePathAttributes(attributesOf(random), options)),
  );
}

/** A table of `updates` UPDATEs with four prefixes each, no prefix twice; neighbours lie near each other. */
export function updateStream(updates: number): Stream {
  const random = new Random();
  return streamOf(
    Array.from({ length: updates }, (_, update) => {
      const nlri = Array.from({ length: 4 }, (__, index): Nlri => {
        // An odd multiplier goes through all blocks of four /24s before it comes back.
        const word = ((Math.imul(update, 0x9e3779b1) >>> 10) * 4 + index) & 0xff_ffff;
        return {
          kind: 'prefix',
          prefix: `${word >>> 16}.${(word >>> 8) & 255}.${word & 255}.0/24`,
        };
      });
      const attributes = attributesOf(random);
      return encodeUpdate({ kind: 'update', withdrawn: [], attributes, nlri }, options)[0]!;
    }),
  );
}

/** The best of some rounds, in nanoseconds for each of `count`: what the machine can do when nothing else runs. */
export function best(count: number, run: () => number, rounds: number = 9): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    if (!(run() > 0)) throw new Error('nothing was measured');
    least = Math.min(least, ((performance.now() - start) * 1e6) / count);
  }
  return least;
}

export function heading(text: string): void {
  console.log(`\n${text}`);
}

export function line(name: string, nanoseconds: number, floor: number): void {
  const times = (nanoseconds / floor).toFixed(1).padStart(6);
  console.log(`${name.padEnd(46)} ${nanoseconds.toFixed(1).padStart(7)} ns ${times} × floor`);
}

export function octets(name: string, value: number): void {
  console.log(`${name.padEnd(46)} ${value.toFixed(1).padStart(7)} octets`);
}
