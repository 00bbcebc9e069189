/**
 * Hashing of what peers send. Addresses and attributes are the peer's choice, so every table mixes in
 * two secret numbers of its own: a peer that could aim at one slot would slow down all the others of
 * its worker.
 */
export interface HashSecret {
  /** 32 bits, any. */
  readonly seed: number;
  /** 32 bits, odd: multiplying by it loses nothing. */
  readonly multiplier: number;
}

const mixer = 0x85ebca6b | 0;

let lastBytes: Uint8Array = new Uint8Array(0);
let lastWords: DataView = new DataView(lastBytes.buffer);

/**
 * The same octets, to be read four at a time. Many messages stand in one buffer, so the view made last is
 * mostly the one that is wanted.
 */
export function wordsOf(bytes: Uint8Array): DataView {
  if (bytes !== lastBytes) {
    lastBytes = bytes;
    lastWords = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  return lastWords;
}

/** A secret made from `random` (numbers in [0, 1), such as `Math.random`); the same numbers give the same secret. */
export function hashSecret(random: () => number = Math.random): HashSecret {
  return {
    seed: Math.floor(random() * 0x1_0000_0000) | 0,
    multiplier: Math.floor(random() * 0x1_0000_0000) | 1,
  };
}

/**
 * One more 32-bit word into a running hash. The tables take their slot from the upper bits, which a
 * multiplication fills best.
 */
export function mixWord(hash: number, word: number, multiplier: number): number {
  const mixed = Math.imul(hash ^ word, multiplier);
  return mixed ^ (mixed >>> 15);
}

/**
 * The last step: spreads what is left in the lower bits to the upper ones. Hashes are signed: half of all
 * unsigned ones would be too large for a small integer, and take an object wherever they are passed on.
 */
export function finishHash(hash: number): number {
  const mixed = Math.imul(hash, mixer);
  return mixed ^ (mixed >>> 13);
}

/** Hash of an IPv4 prefix: its `address`, without bits after its `length`. */
export function hashPrefix(
  address: number,
  length: number,
  { seed, multiplier }: HashSecret,
): number {
  return finishHash(mixWord(seed, address, multiplier) + Math.imul(length, multiplier));
}

/** Hash of the octets `[start, end)` of `words`, 32 bits, signed; two nanoseconds a word. */
export function hashBytes(words: DataView, start: number, end: number, secret: HashSecret): number {
  const multiplier = secret.multiplier;
  let hash = secret.seed ^ (end - start);
  let at = start;
  for (const last = end - 3; at < last; at += 4) {
    hash = mixWord(hash, words.getUint32(at, true), multiplier);
  }
  let rest = 0;
  for (; at < end; at += 1) rest = (rest << 8) | words.getUint8(at);
  return finishHash(mixWord(hash, rest, multiplier));
}
