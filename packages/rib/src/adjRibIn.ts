import type { FamilyKey, UpdateOptions } from '@peerloom/wire';
import type { AdjRibInFamily } from './adjRibInFamily.ts';
import { FamilyTables } from './familyTables.ts';
import type { StaleResumption, StaleRetention } from './gracefulRestart.ts';
import { type ReceivedRoute, receivedRoutes } from './receivedRoute.ts';
import { RibError } from './ribError.ts';
import type { RibStore } from './ribStore.ts';
import { queryRoutes, type RoutePage, type RouteQuery } from './routeQuery.ts';
import type { UpdateOutcome } from './updateOutcome.ts';

/** How an Adj-RIB-In works. */
export interface AdjRibInOptions {
  /** Keep the routes; default true. If not, they are only counted, and not exactly: see `CountedFamily`. */
  readonly storeRoutes?: boolean;
}

const noResumption: StaleResumption = { gracefulRestart: false, forwarding: new Set() };

/**
 * What a peer has announced (RFC 4271 §3.2), kept over a graceful restart of its session. Takes raw
 * UPDATEs, validates them by RFC 7606, and keeps routes as they were sent: unprocessed, which is what an
 * Adj-RIB-In holds.
 */
export class AdjRibIn {
  readonly #store: RibStore;
  readonly #tables: FamilyTables;
  #options: UpdateOptions | undefined = undefined;
  #expectsEndOfRib = false;

  /** `store`: the one that all peers of the worker share. */
  constructor(store: RibStore, options: AdjRibInOptions = {}) {
    this.#store = store;
    this.#tables = new FamilyTables(store, options.storeRoutes ?? true);
  }

  /** Tables of the families that there are or were routes of. */
  get families(): Iterable<AdjRibInFamily> {
    return this.#tables.all;
  }

  /** Table of a family; `undefined` if there has been no route of it. */
  family(family: FamilyKey): AdjRibInFamily | undefined {
    return this.#tables.get(family);
  }

  /** Routes over all families, stale ones included. */
  get routeCount(): number {
    let count = 0;
    for (const { routes } of this.#tables.all) count += routes;
    return count;
  }

  /** What the session agreed on; `undefined` while none is up. */
  get options(): UpdateOptions | undefined {
    return this.#options;
  }

  /** Received routes, page by page; see `queryRoutes`. None of a peer whose routes are only counted. */
  routes(query: RouteQuery): RoutePage<ReceivedRoute> {
    const table = this.#tables.get(query.family);
    if (table === undefined) return { routes: [] };
    return queryRoutes(receivedRoutes(table, this.#store.attributes), query);
  }

  /**
   * A session has come up. Stale routes that it cannot go on from are removed (RFC 4724 §4.2): of
   * families that it does not have, that the peer has not kept forwarding for, or whose ADD-PATH or
   * label encoding has changed.
   */
  sessionUp(options: UpdateOptions, resumption: StaleResumption = noResumption): void {
    this.#options = options;
    this.#expectsEndOfRib = resumption.gracefulRestart;
    for (const table of this.#tables.all) {
      const { family } = table;
      table.isRefreshing = false;
      table.isDisabled = false;
      const isCompatible = table.isCompatible(options);
      const goesOn =
        isCompatible && resumption.forwarding.has(family) && options.families.has(family);
      if (!goesOn) table.removeAll();
      if (isCompatible) table.setOptions(options);
      else this.#tables.delete(family);
      if (!isCompatible || !options.families.has(family)) table.giveUp();
    }
    this.#tables.sessionUp(options);
  }

  /** The session has ended. Without `retention`, or for families not in it, all routes are removed. */
  sessionDown(retention?: StaleRetention): void {
    this.#options = undefined;
    for (const table of this.#tables.all) {
      const wasRefreshing = table.isRefreshing;
      table.isRefreshing = false;
      // Stale since a BoRR is not stale from an earlier restart.
      if (retention?.families.has(table.family)) {
        table.markStale(retention.keepStale || wasRefreshing);
      } else table.removeAll();
    }
  }

  /**
   * Removes the stale routes of a family, or of all: when the restart time (RFC 4724 §4.2), the long-lived
   * stale time (RFC 9494 §4.2) or the bound on how long a restarted peer may take (the stale timer of RFC
   * 8538 §4.1) is over. Returns how many routes it were.
   */
  removeStale(family?: FamilyKey): number {
    let removed = 0;
    for (const each of this.#tables.all) {
      if (family === undefined || family === each.family) removed += each.removeStale();
    }
    return removed;
  }

  /** The restart time is over, and stale routes of a family are kept as long-lived stale ones (RFC 9494 §4.2). */
  beginLongLivedStale(family: FamilyKey): void {
    this.#tables.get(family)?.beginLongLivedStale();
  }

  /**
   * A BoRR has come (RFC 7313 §4): all routes of the family are stale until announced again. Returns false
   * where it must be ignored: before the End-of-RIB of a peer that does graceful restart, and of a family
   * that the session does not have.
   */
  beginRouteRefresh(family: FamilyKey): boolean {
    const options = this.#options;
    if (options?.families.has(family) !== true) return false;
    if (this.#expectsEndOfRib && !this.#tables.hasEnded(family)) return false;
    const table = this.#tables.getOrAdd(family, options);
    table.isRefreshing = true;
    table.markStale(true);
    return true;
  }

  /** An EoRR has come (RFC 7313 §4): removes what is still stale. Returns how many routes, -1 for an EoRR without BoRR, which is ignored. */
  endRouteRefresh(family: FamilyKey): number {
    const table = this.#tables.get(family);
    return table?.isRefreshing === true ? table.removeStale() : -1;
  }

  /** Removes every route for good; returns how many. */
  clear(): number {
    let removed = 0;
    for (const table of this.#tables.all) {
      removed += table.removeAll();
      table.giveUp();
    }
    return removed;
  }

  /**
   * Applies the UPDATE in `bytes[start, end)`, header included, whose length its header must tell rightly, as it does
   * when a `Deframer` has cut it. Never throws for what the bytes hold; allocates only for faults, and for a block not
   * seen before. The outcome is the same object for all peers of a store: read it before the next call.
   *
   * A `RibError` (`ERR_RIB_NO_SESSION`) when no session is up.
   */
  receive(bytes: Uint8Array, start: number, end: number): UpdateOutcome {
    return this.#store.receiver.receive(this.#tables, bytes, start, end, this.#session);
  }

  /**
   * Applies the plain UPDATEs that `bytes[start, end)` begins with: the quick way to take a table in. What is plain are
   * sound announcements of IPv4 unicast routes without withdrawals, with attributes that are well known to be sound (an
   * unknown one is not, until it has been judged). It takes as many as there are; none if the first message is
   * anything else, faulty, or not all there, or brings the peer's first route. `outcome.octets` says how
   * far it has come. From there on it is for a `Deframer`, and `receive`, to go on. `maximumLength`: of a message, in
   * octets, as a `Deframer` has it.
   *
   * What the outcome adds up, and throws, is as of `receive`.
   */
  receivePlain(
    bytes: Uint8Array,
    start: number,
    end: number,
    maximumLength: number,
  ): UpdateOutcome {
    const { receiver } = this.#store;
    return receiver.receivePlain(this.#tables, bytes, start, end, maximumLength, this.#session);
  }

  /** Options of the session that there must be. */
  get #session(): UpdateOptions {
    const options = this.#options;
    if (options !== undefined) return options;
    throw new RibError('ERR_RIB_NO_SESSION', 'an UPDATE without a session: call sessionUp first');
  }
}
