/** Distinct values that are kept; beyond that, the oldest half is forgotten and costs memory again. */
const limit = 2048;

/**
 * One object for many equal ones. Thousands of peers have the same options and announce the same
 * capabilities; as long as nobody changes such a value, one of it is enough. Equal means equal as JSON.
 */
export class SharedValues {
  readonly #values = new Map<string, object>();

  /** The value itself, or the one that was given first of those that are equal to it. */
  share<Value extends object>(value: Value): Value {
    const text = JSON.stringify(value);
    const known = this.#values.get(text);
    if (known !== undefined) return known as Value;
    if (this.#values.size >= limit) this.#forgetHalf();
    this.#values.set(text, value);
    return value;
  }

  #forgetHalf(): void {
    let left = limit / 2;
    for (const text of this.#values.keys()) {
      if (left-- === 0) break;
      this.#values.delete(text);
    }
  }
}
