import { type NlriContext, NlriWalker } from '@peerloom/wire';
import { AdjRibInFamily } from './adjRibInFamily.ts';
import type { UpdateOutcome } from './updateOutcome.ts';

const walker = new NlriWalker();

/**
 * A family whose routes are counted and not kept, for peers whose routes nobody will ask for. Without
 * the routes nobody can tell a new one from one that is announced again, so the count is announced less
 * withdrawn, never below 0: exact for a peer that says each thing once, too high for one that repeats
 * itself. Nothing can be kept over a restart.
 */
export class CountedFamily extends AdjRibInFamily {
  #routes = 0;

  override get routes(): number {
    return this.#routes;
  }

  override announce(
    bytes: Uint8Array,
    start: number,
    end: number,
    _block: number,
    outcome: UpdateOutcome,
  ): void {
    const count = this.#count(bytes, start, end, 'reach');
    this.#routes += count;
    if (count > 0) outcome.noteAnnounced(this.family, count);
  }

  override withdraw(
    bytes: Uint8Array,
    start: number,
    end: number,
    context: NlriContext,
    outcome: UpdateOutcome,
  ): void {
    const count = Math.min(this.#count(bytes, start, end, context), this.#routes);
    this.#routes -= count;
    outcome.withdrawn += count;
  }

  override markStale(): void {
    this.removeAll();
  }

  override removeAll(): number {
    const routes = this.#routes;
    this.#routes = 0;
    return routes;
  }

  #count(bytes: Uint8Array, start: number, end: number, context: NlriContext): number {
    const { family, hasPathIds, multipleLabels } = this;
    walker.reset(bytes, start, end, family, hasPathIds, context, multipleLabels);
    let count = 0;
    while (walker.next()) count += 1;
    return count;
  }
}
