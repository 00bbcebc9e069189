import { grownArray } from './grownArray.ts';
import type { RouteKeyId } from './routeKeyTable.ts';

/**
 * Keys of routes that could not be sent when they were last packed: a bit each. While there are none, nothing is
 * kept and nothing looked at.
 */
export class UnsendableKeys {
  #words = new Uint32Array(0);
  #isEmpty = true;

  add(key: RouteKeyId): void {
    const word = key >>> 5;
    if (word >= this.#words.length) this.#words = grownArray(this.#words, word + 1);
    this.#words[word]! |= 1 << (key & 31);
    this.#isEmpty = false;
  }

  delete(key: RouteKeyId): void {
    if (this.#isEmpty || key >>> 5 >= this.#words.length) return;
    this.#words[key >>> 5]! &= ~(1 << (key & 31));
  }

  /** Takes over what another one has found. */
  addAll(other: UnsendableKeys): void {
    other.#each((key) => this.add(key));
  }

  /** How many there are, without those that are announced no longer, which it forgets. */
  count(isAnnounced: (key: RouteKeyId) => boolean): number {
    let count = 0;
    this.#each((key) => {
      if (isAnnounced(key)) count += 1;
      else this.delete(key);
    });
    if (count === 0) {
      this.#words = new Uint32Array(0);
      this.#isEmpty = true;
    }
    return count;
  }

  #each(visit: (key: RouteKeyId) => void): void {
    for (const [index, word] of this.#words.entries()) {
      for (let rest = word; rest !== 0; rest &= rest - 1) {
        visit((index << 5) + 31 - Math.clz32(rest & -rest));
      }
    }
  }
}
