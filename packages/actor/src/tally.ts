import type { AnnounceResult } from '@peerloom/ipc';

/** Errors that one call tells in words. */
const mostErrors = 10;

/** Adds up what became of the parts of a call. */
export class Tally {
  #accepted = 0;
  #rejected = 0;
  readonly #errors: string[] = [];

  /** So many routes have been taken. */
  accept(routes: number): void {
    this.#accepted += routes;
  }

  /** Something could not be taken. */
  reject(why: string): void {
    this.#rejected += 1;
    this.#say(why);
  }

  /** What became of a part. */
  add({ accepted, rejected, errors }: AnnounceResult): void {
    this.#accepted += accepted;
    this.#rejected += rejected;
    for (const error of errors) this.#say(error);
  }

  /** Of errors the first few. */
  get result(): AnnounceResult {
    return { accepted: this.#accepted, rejected: this.#rejected, errors: this.#errors };
  }

  #say(why: string): void {
    if (this.#errors.length < mostErrors && !this.#errors.includes(why)) this.#errors.push(why);
  }
}
