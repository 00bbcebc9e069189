/**
 * The order of what changes an engine: any number of small changes beside each other, but a whole
 * configuration alone, for it is compared with what there is, and nothing else may change that meanwhile.
 */
export class Changes {
  /** Settles, and never rejects, when the last one that is alone has been made. */
  #alone: Promise<unknown> = Promise.resolve();
  readonly #beside = new Set<Promise<unknown>>();

  /** Makes a change when those are made that were to be alone and came before it. */
  beside<Result>(change: () => Promise<Result>): Promise<Result> {
    const made = this.#alone.then(change);
    const settled: Promise<unknown> = made
      .then(ignore, ignore)
      .then(() => this.#beside.delete(settled));
    this.#beside.add(settled);
    return made;
  }

  /** Makes a change when all are made that came before it; all that come after it wait for it. */
  alone<Result>(change: () => Promise<Result>): Promise<Result> {
    const made = Promise.all([this.#alone, ...this.#beside]).then(change);
    this.#alone = made.then(ignore, ignore);
    return made;
  }
}

function ignore(): void {}
