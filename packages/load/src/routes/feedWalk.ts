import { type RouteTable, withdrawnBit } from './routeTable.ts';

/** Walks what stands when a feed has been sent. It keeps a mark for each prefix, so that one serves all feeds. */
export class FeedWalk {
  readonly #table: RouteTable;
  /** The walk in which each prefix was met last. */
  readonly #stamps: Uint32Array;
  #stamp = 0;

  constructor(table: RouteTable) {
    this.#table = table;
    this.#stamps = new Uint32Array(table.prefixes.count);
  }

  /** The routes that stand, each with the message that announced it. */
  each(feed: number, visit: (prefix: number, message: number) => void): void {
    const { routes, routeStarts, feeds } = this.#table;
    const { start, end } = feeds[feed]!;
    const stamps = this.#stamps;
    const stamp = ++this.#stamp;
    // From the end: the last word on each prefix counts, and nearly all feeds have one word on each.
    for (let message = end - 1; message >= start; message--) {
      for (let at = routeStarts[message + 1]! - 1; at >= routeStarts[message]!; at--) {
        const route = routes[at]!;
        const prefix = (route & ~withdrawnBit) >>> 0;
        if (stamps[prefix] === stamp) continue;
        stamps[prefix] = stamp;
        if (route < withdrawnBit) visit(prefix, message);
      }
    }
  }
}
