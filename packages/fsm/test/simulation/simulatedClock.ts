interface Appointment {
  readonly at: number;
  /** Appointments for the same time are kept in the order in which they were made. */
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** A clock that jumps from one appointment to the next. Milliseconds. */
export class SimulatedClock {
  now = 0;
  #order = 0;
  /** A binary heap: the earliest appointment stands first. */
  readonly #heap: Appointment[] = [];

  /** Returns a function that cancels it. */
  schedule(delay: number, run: () => void): () => void {
    this.#order += 1;
    const appointment = { at: this.now + delay, order: this.#order, run, cancelled: false };
    this.#push(appointment);
    return () => {
      appointment.cancelled = true;
    };
  }

  /** Runs the next appointment that is due until `end`; `false` when there is none. */
  tick(end: number): boolean {
    const next = this.#heap[0];
    if (next === undefined || next.at > end) {
      this.now = Math.max(this.now, end);
      return false;
    }
    this.#pop();
    this.now = next.at;
    if (!next.cancelled) next.run();
    return true;
  }

  #push(appointment: Appointment): void {
    const heap = this.#heap;
    let index = heap.push(appointment) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(appointment, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = appointment;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(one: Appointment, other: Appointment): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
