/** Buffers that either side remembers. One that is named again later is posted again. */
const remembered = 256;

/**
 * Shared buffers that have crossed a port, by number. Sender and receiver each keep one, add the same buffers
 * in the same order, and so agree on the numbers without a word; both forget the oldest.
 */
export class SharedBuffers {
  readonly #buffers: Uint8Array[] = [];
  readonly #numbers = new Map<ArrayBufferLike, number>();
  #next = 0;

  /** Adds a buffer, in place of the oldest when there are many; returns its number. */
  add(buffer: SharedArrayBuffer): number {
    const number = this.#next;
    const forgotten = this.#buffers[number];
    if (forgotten !== undefined) this.#numbers.delete(forgotten.buffer);
    this.#buffers[number] = new Uint8Array(buffer);
    this.#numbers.set(buffer, number);
    this.#next = (number + 1) % remembered;
    return number;
  }

  /** The number of a buffer; `undefined` for one that is not remembered. */
  numberOf(buffer: ArrayBufferLike): number | undefined {
    return this.#numbers.get(buffer);
  }

  /** Octets `[start, end)` of a buffer; `undefined` when it is not remembered, or not as long. */
  view(number: number, start: number, end: number): Uint8Array | undefined {
    const bytes = this.#buffers[number];
    if (bytes === undefined || end > bytes.length || start > end) return undefined;
    return bytes.subarray(start, end);
  }
}
