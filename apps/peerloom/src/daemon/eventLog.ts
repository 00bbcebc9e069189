import type { EventItem } from '../control/methods.ts';

/**
 * The last events, for whoever comes to ask, and each new one for whoever follows. A follower has no
 * queue of its own but a place in the ring: one that is too slow finds its place overwritten, is told
 * how many events it has missed, and goes on with the oldest that is left.
 */
export class EventLog<Event> {
  readonly #ring: Event[] = [];
  readonly #itemOf: (event: Event) => EventItem;
  readonly #size: number;
  /** Number of the event that comes next, counted from the first ever. */
  #end = 0;
  #closed = false;
  /** What followers wait for, while there are any who wait. */
  #arrival: PromiseWithResolvers<void> | undefined;

  /**
   * @param itemOf - an event in words; asked when somebody reads it, for most events nobody ever does
   * @param size - events that are kept
   */
  constructor(itemOf: (event: Event) => EventItem, size: number = 1000) {
    this.#itemOf = itemOf;
    this.#size = size;
  }

  append(event: Event): void {
    this.#ring[this.#end % this.#size] = event;
    this.#end++;
    this.#wake();
  }

  /** No more will come: followers read what is left, and are done. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  /** The events that are kept, oldest first; with `follow`, those to come as well, until `signal` aborts. */
  async *read(follow: boolean, signal: AbortSignal): AsyncGenerator<EventItem, void> {
    const aborted = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    let next = Math.max(0, this.#end - this.#size);
    while (!signal.aborted) {
      const oldest = Math.max(0, this.#end - this.#size);
      if (next < oldest) {
        yield lostEvents(oldest - next);
        next = oldest;
      } else if (next < this.#end) {
        yield this.#itemOf(this.#ring[next++ % this.#size]!);
      } else if (follow && !this.#closed) {
        this.#arrival ??= Promise.withResolvers<void>();
        await Promise.race([this.#arrival.promise, aborted]);
      } else {
        return;
      }
    }
  }

  #wake(): void {
    this.#arrival?.resolve();
    this.#arrival = undefined;
  }
}

function lostEvents(count: number): EventItem {
  const text = `${count} events are missing here: they came faster than they were read`;
  return { time: Date.now(), kind: 'lost', text, details: { count } };
}
