import type { LogTarget } from './log.ts';

/** Milliseconds between two writes. */
const pace = 20;

/**
 * Gathers what is written in one turn of the event loop, or, when the last write was just now, until some
 * time has passed, and writes it in one go: a pipe to whoever keeps the log takes each write as a system call
 * of its own and wakes the reader, and thousands of sessions come up at once.
 */
export class GatheredTarget implements LogTarget {
  readonly #target: LogTarget;
  #text = '';
  /** When the last write was. */
  #written = Number.NEGATIVE_INFINITY;

  constructor(target: LogTarget) {
    this.#target = target;
  }

  get writableLength(): number {
    return this.#text.length + this.#target.writableLength;
  }

  write(text: string): void {
    if (this.#text === '') {
      const wait = this.#written + pace - performance.now();
      if (wait > 0) setTimeout(() => this.flush(), wait);
      else setImmediate(() => this.flush());
    }
    this.#text += text;
  }

  /** Writes what there is, now. */
  flush(): void {
    if (this.#text === '') return;
    this.#target.write(this.#text);
    this.#text = '';
    this.#written = performance.now();
  }
}

/** The standard error of this process, gathered. Whatever ends the process, the last lines are told. */
export function gatheredStandardError(): LogTarget {
  const target = new GatheredTarget(process.stderr);
  process.on('exit', () => target.flush());
  return target;
}
