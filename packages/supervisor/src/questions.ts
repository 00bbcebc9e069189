/** How often a host is looked at before it counts as silent, evenly over the patience with it. */
const looks = 10;
/** The longest that a timer of Node.js can wait; told more, it would not wait at all. */
const longestTimer = 0x7fff_ffff;

/**
 * What a host has been asked and has not answered yet. A host that answers nothing at all for as long as
 * `patience` says is silent: it hangs, for instance in a handler that never returns, and will not say so.
 */
export class Questions {
  /** Milliseconds from look to look. */
  readonly #pause: number;
  readonly #onSilent: () => void;
  /** They fail when the host dies, for Comlink would wait for ever. */
  readonly #open = new Set<(error: Error) => void>();
  /** Something has been answered since the last look. */
  #answered = false;
  /** Looks in a row that found questions, and no answer. */
  #silent = 0;
  #watch: NodeJS.Timeout | undefined;

  /** `patience` in milliseconds; it begins with the first answer, for before it a host is still starting. */
  constructor(patience: number, onSilent: () => void) {
    this.#pause = Math.min(patience / looks, longestTimer);
    this.#onSilent = onSilent;
  }

  /** Asks. What the host refuses is rejected as it comes; when the host dies, with what `fail` is given. */
  ask<T>(question: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#open.add(reject);
      question()
        .then(resolve, reject)
        .finally(() => {
          // The answer to a host that has died meanwhile is of nobody.
          if (!this.#open.delete(reject)) return;
          this.#answered = true;
          this.#watch ??= setInterval(this.#look, this.#pause).unref();
        });
    });
  }

  /** The host is dead: nothing is answered any more. */
  fail(reason: Error): void {
    clearInterval(this.#watch);
    for (const reject of this.#open) reject(reason);
    this.#open.clear();
  }

  /**
   * Looks are counted, and no time is measured: when this thread has stood still itself, or all of the process
   * has, answers that are long there may be unread. Such a time counts as one look, and they are read after it.
   */
  readonly #look = (): void => {
    const isSilent = this.#open.size > 0 && !this.#answered;
    this.#answered = false;
    this.#silent = isSilent ? this.#silent + 1 : 0;
    // One more: the first came at any time after the question.
    if (this.#silent <= looks) return;
    this.#silent = 0;
    this.#onSilent();
  };
}
