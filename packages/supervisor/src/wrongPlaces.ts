import type { OptionIssue, OptionPath } from './optionRule.ts';

/** Where something is wrong, to be asked while the rest is looked at. */
export class WrongPlaces {
  readonly #at = new Set<string>();
  readonly #within = new Set<string>();

  constructor(issues: readonly OptionIssue[]) {
    for (const { path } of issues) {
      this.#at.add(JSON.stringify(path));
      for (let length = 0; length <= path.length; length++) {
        this.#within.add(JSON.stringify(path.slice(0, length)));
      }
    }
  }

  /** The value there is itself wrong: a list that is none, for example. */
  isAt(...path: OptionPath): boolean {
    return this.#at.has(JSON.stringify(path));
  }

  /** It is wrong, or something within it is. */
  isWithin(...path: OptionPath): boolean {
    return this.#within.has(JSON.stringify(path));
  }
}
