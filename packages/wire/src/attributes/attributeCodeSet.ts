/** A set of attribute type codes, 0–255, as 256 bits: emptied and asked once for each attribute, it must cost nothing. */
export class AttributeCodeSet {
  readonly #words = new Uint32Array(8);

  /** The codes 0–31 as bits of one number: enough for all that every UPDATE carries. */
  get low(): number {
    return this.#words[0]!;
  }

  has(code: number): boolean {
    return (this.#words[code >>> 5]! & (1 << (code & 31))) !== 0;
  }

  /** Adds `code`; false when it was there before. */
  add(code: number): boolean {
    const index = code >>> 5;
    const word = this.#words[index]!;
    const bit = 1 << (code & 31);
    if ((word & bit) !== 0) return false;
    this.#words[index] = word | bit;
    return true;
  }

  clear(): void {
    // One by one: `fill` on so short an array costs more than all of splitting does.
    const words = this.#words;
    words[0] = 0;
    words[1] = 0;
    words[2] = 0;
    words[3] = 0;
    words[4] = 0;
    words[5] = 0;
    words[6] = 0;
    words[7] = 0;
  }
}
