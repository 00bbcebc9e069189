import type { EventItem } from '../control/methods.ts';

/** The last events of one sort, each with its number among all. */
class Ring<Event> {
  /** Number of the event that comes next, counted from the first ever of this sort. */
  end = 0;
  readonly #events: Event[] = [];
  readonly #numbers: number[] = [];
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  /** The first that is kept. */
  get start(): number {
    return Math.max(0, this.end - this.#size);
  }

  append(event: Event, number: number): void {
    const at = this.end % this.#size;
    this.#events[at] = event;
    this.#numbers[at] = number;
    this.end++;
  }

  at(index: number): Event {
    return this.#events[index % this.#size]!;
  }

  /** The number among all of an event that is kept; of one to come, later than any. */
  numberOf(index: number): number {
    return index < this.end ? this.#numbers[index % this.#size]! : Number.POSITIVE_INFINITY;
  }
}

/** A sort of events, and how far a reader has come in it. */
interface Place<Event> {
  readonly ring: Ring<Event>;
  next: number;
}

/**
 * The last events, for whoever comes to ask, and each new one for whoever follows. A follower has no
 * queue of its own but a place in the ring: one that is too slow finds its place overwritten, is told
 * how many events it has missed, and goes on with the oldest that is left. What strangers cause has a
 * ring of its own, for they can cause it as often as they like, and must not wipe out all else.
 */
export class EventLog<Event> {
  readonly #own: Ring<Event>;
  readonly #strangers: Ring<Event>;
  readonly #itemOf: (event: Event) => EventItem;
  /** Events ever. */
  #count = 0;
  #closed = false;
  /** What followers wait for, while there are any who wait. */
  #arrival: PromiseWithResolvers<void> | undefined;

  /**
   * @param itemOf - an event in words; asked when somebody reads it, for most events nobody ever does
   * @param size - events that are kept of each of the two sorts
   */
  constructor(itemOf: (event: Event) => EventItem, size: number = 1000) {
    this.#itemOf = itemOf;
    this.#own = new Ring(size);
    this.#strangers = new Ring(size);
  }

  /** `byStranger`: anybody who reaches the port can cause it. */
  append(event: Event, byStranger = false): void {
    const ring = byStranger ? this.#strangers : this.#own;
    ring.append(event, this.#count++);
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
    const own: Place<Event> = { ring: this.#own, next: this.#own.start };
    const strangers: Place<Event> = { ring: this.#strangers, next: this.#strangers.start };
    while (!signal.aborted) {
      const missed = skipMissed(own) + skipMissed(strangers);
      const place = numberOf(own) < numberOf(strangers) ? own : strangers;
      if (missed > 0) {
        yield lostEvents(missed);
      } else if (place.next < place.ring.end) {
        yield this.#itemOf(place.ring.at(place.next++));
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

/** Goes on with the oldest event that is left, and returns how many are missing before it. */
function skipMissed<Event>(place: Place<Event>): number {
  const missed = Math.max(0, place.ring.start - place.next);
  place.next += missed;
  return missed;
}

function numberOf<Event>({ ring, next }: Place<Event>): number {
  return ring.numberOf(next);
}

function lostEvents(count: number): EventItem {
  const text = `${count} events are missing here: they came faster than they were read`;
  return { time: Date.now(), kind: 'lost', text, details: { count } };
}
