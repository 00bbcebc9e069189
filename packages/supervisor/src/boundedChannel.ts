import type { Readers } from './readers.ts';

/** How a channel is set up. */
export interface ChannelOptions<T> {
  /** Most items that wait for the reader, at least 1. */
  readonly items: number;
  /** Most that they may weigh together (octets); default: any. */
  readonly weight?: number | undefined;
  /** Notes that `count` items were dropped; what it returns stands in their place. */
  readonly lost: (count: number) => T | undefined;
  /** The reader has gone away, or its signal has aborted. */
  readonly onReturn?: () => void;
  /** Knows of the channel until it ends. */
  readonly readers?: Readers;
}

/** An item that waits, and since when, in milliseconds of `performance.now`. */
interface Entry<T> {
  readonly item: T;
  readonly weight: number;
  readonly time: number;
}

/**
 * A queue between what happens and one reader, who takes from it with `for await`. It never grows past
 * its bounds: what does not fit is dropped and counted, and the reader is told in the place where it
 * is missing, by an item that `lost` makes.
 */
export class BoundedChannel<T> implements AsyncIterableIterator<T, undefined>, AsyncDisposable {
  readonly #options: ChannelOptions<T>;
  readonly #onAbort = (): void => void this.return();
  #items: Entry<T>[] = [];
  /** Items before this one have been read; the array is cut now and then, not at each step. */
  #head = 0;
  #weight = 0;
  #missing = 0;
  #ended = false;
  #signal: AbortSignal | undefined;
  readonly #waiting: ((result: IteratorResult<T, undefined>) => void)[] = [];

  constructor(options: ChannelOptions<T>) {
    this.#options = options;
    options.readers?.add(this);
  }

  /** When the signal aborts, the channel ends as if its reader had gone away. */
  endWith(signal: AbortSignal): void {
    if (signal.aborted) {
      this.#onAbort();
    } else if (!this.#ended) {
      this.#signal = signal;
      signal.addEventListener('abort', this.#onAbort, { once: true });
    }
  }

  /** Items that wait to be read. */
  get size(): number {
    return this.#items.length - this.#head;
  }

  /** What they weigh together. */
  get weight(): number {
    return this.#weight;
  }

  /** Milliseconds that the next item has waited; 0 when none does. */
  get age(): number {
    const next = this.#items[this.#head];
    return next === undefined ? 0 : performance.now() - next.time;
  }

  /** Adds an item, unless there is no room for it or the channel has ended. */
  push(item: T, weight = 0): void {
    if (this.#ended) return;
    const reader = this.#waiting.shift();
    if (reader !== undefined) {
      reader({ done: false, value: item });
      return;
    }
    const { items, weight: most = Number.POSITIVE_INFINITY } = this.#options;
    // One item always fits, however heavy.
    const full = this.size >= items || (this.size > 0 && this.#weight + weight > most);
    if (full) {
      this.#missing += 1;
      return;
    }
    this.#flushMissing();
    this.#items.push({ item, weight, time: performance.now() });
    this.#weight += weight;
  }

  /** No more will come; what is there can still be read. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#options.readers?.delete(this);
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#flushMissing();
    for (const reader of this.#waiting.splice(0)) reader({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const entry = this.#items[this.#head];
    if (entry !== undefined) {
      this.#items[this.#head] = undefined as never;
      this.#head += 1;
      this.#weight -= entry.weight;
      if (this.#head > 64 && this.#head * 2 > this.#items.length) {
        this.#items = this.#items.slice(this.#head);
        this.#head = 0;
      }
      return Promise.resolve({ done: false, value: entry.item });
    }
    if (this.#missing > 0) {
      this.#flushMissing();
      return this.next();
    }
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The reader goes away; whatever is left is dropped. */
  return(): Promise<IteratorResult<T, undefined>> {
    this.#items = [];
    this.#head = 0;
    this.#missing = 0;
    this.end();
    this.#options.onReturn?.();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #flushMissing(): void {
    if (this.#missing === 0) return;
    const item = this.#options.lost(this.#missing);
    this.#missing = 0;
    if (item !== undefined) this.#items.push({ item, weight: 0, time: performance.now() });
  }
}
