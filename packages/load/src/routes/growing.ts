/** Numbers that are appended one by one and end as one typed array in shared memory. */
export class GrowingUint32 {
  #values = new Uint32Array(1024);
  /** How many there are. */
  length = 0;

  /** Appends 0–4294967295. */
  push(value: number): void {
    if (this.length === this.#values.length) {
      const grown = new Uint32Array(this.length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.length++] = value;
  }

  /** The number at an index below `length`. */
  at(index: number): number {
    return this.#values[index]!;
  }

  /** A copy in memory that all threads share. */
  share(): Uint32Array {
    const shared = new Uint32Array(new SharedArrayBuffer(this.length * 4));
    shared.set(this.#values.subarray(0, this.length));
    return shared;
  }
}

/** A copy of bytes in memory that all threads share. */
export function sharedBytes(bytes: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}
