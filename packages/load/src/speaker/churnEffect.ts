import { type Feed, type RouteTable, withdrawnBit } from '../routes/routeTable.ts';
import type { ChurnMemory } from './runMemory.ts';

/**
 * What the churn of one source does to prefixes that others may announce as well: only when the last of them takes a
 * prefix back is it to go from the sinks, and with the first that announces it again it is to come back. These are
 * the times that sinks count from.
 */
export class ChurnEffect {
  readonly #table: RouteTable;
  readonly #memory: ChurnMemory;
  /** Prefixes that this source does not announce now. */
  readonly #absent = new Set<number>();

  /** `feed`: what the source has announced, and perhaps withdrawn again. */
  constructor(table: RouteTable, memory: ChurnMemory, { start, end }: Feed) {
    this.#table = table;
    this.#memory = memory;
    if (!this.#isWatched) return;
    for (let message = start; message < end; message++) {
      this.#each(message, (prefix, isWithdrawn) => {
        if (isWithdrawn) this.#absent.add(prefix);
        else this.#absent.delete(prefix);
      });
    }
  }

  /** Notes that a message, or its withdrawal, was sent; `time`: when it was meant to be. */
  note(message: number, isWithdrawal: boolean, time: number): void {
    if (!this.#isWatched) return;
    this.#each(message, (prefix, isWithdrawn) => {
      // What a message withdraws itself is not in its withdrawal.
      if (isWithdrawal && isWithdrawn) return;
      if (isWithdrawal || isWithdrawn) this.#drop(prefix, time);
      else this.#take(prefix, time);
    });
  }

  /** Without sinks nobody asks. */
  get #isWatched(): boolean {
    return this.#memory.announcers.length > 0;
  }

  #each(message: number, visit: (prefix: number, isWithdrawn: boolean) => void): void {
    const { routes, routeStarts } = this.#table;
    for (let at = routeStarts[message]!; at < routeStarts[message + 1]!; at++) {
      const route = routes[at]!;
      visit((route & ~withdrawnBit) >>> 0, route >= withdrawnBit);
    }
  }

  #drop(prefix: number, time: number): void {
    if (this.#absent.has(prefix)) return;
    this.#absent.add(prefix);
    const { announcers, goneAt } = this.#memory;
    if (Atomics.sub(announcers, prefix, 1) === 1) goneAt[prefix] = time;
  }

  #take(prefix: number, time: number): void {
    if (!this.#absent.delete(prefix)) return;
    const { announcers, backAt } = this.#memory;
    if (Atomics.add(announcers, prefix, 1) === 0) backAt[prefix] = time;
  }
}
