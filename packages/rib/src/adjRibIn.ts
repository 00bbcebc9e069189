import {
  Afi,
  endOfRibFamily,
  type FamilyKey,
  type Fault,
  familyKey,
  type NlriContext,
  Safi,
  splitAttributes,
  splitSections,
  type UpdateOptions,
  type UpdateView,
  validateAttributes,
  validateNlri,
  validateNlriFields,
} from '@peerloom/wire';
import { AdjRibInFamily } from './adjRibInFamily.ts';
import { CountedFamily } from './countedFamily.ts';
import type { StaleResumption, StaleRetention } from './gracefulRestart.ts';
import { type ReceivedRoute, receivedRoutes } from './receivedRoute.ts';
import { RibError } from './ribError.ts';
import type { RibStore } from './ribStore.ts';
import { queryRoutes, type RoutePage, type RouteQuery } from './routeQuery.ts';
import { joinFaults, UpdateOutcome } from './updateOutcome.ts';

const ipv4Unicast = familyKey(Afi.ipv4, Safi.unicast);
const evpn = familyKey(Afi.l2vpn, Safi.evpn);

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
  readonly #storeRoutes: boolean;
  readonly #families = new Map<FamilyKey, AdjRibInFamily>();
  readonly #outcome = new UpdateOutcome();
  #options: UpdateOptions | undefined = undefined;
  #expectsEndOfRib = false;
  /** The table of nearly all routes, if they are kept and the session has the family. */
  #ipv4Unicast: AdjRibInFamily | undefined = undefined;

  /** `store`: the one that all peers of the worker share. */
  constructor(store: RibStore, options: AdjRibInOptions = {}) {
    this.#store = store;
    this.#storeRoutes = options.storeRoutes ?? true;
  }

  /** Tables of the families that there are or were routes of. */
  get families(): Iterable<AdjRibInFamily> {
    return this.#families.values();
  }

  /** Table of a family; `undefined` if there has been no route of it. */
  family(family: FamilyKey): AdjRibInFamily | undefined {
    return this.#families.get(family);
  }

  /** Routes over all families, stale ones included. */
  get routeCount(): number {
    let count = 0;
    for (const family of this.#families.values()) count += family.routes;
    return count;
  }

  /** What the session agreed on; `undefined` while none is up. */
  get options(): UpdateOptions | undefined {
    return this.#options;
  }

  /** Received routes, page by page; see `queryRoutes`. None of a peer whose routes are only counted. */
  routes(query: RouteQuery): RoutePage<ReceivedRoute> {
    const table = this.#families.get(query.family);
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
    for (const [key, family] of this.#families) {
      family.endOfRibReceived = false;
      family.isRefreshing = false;
      family.isDisabled = false;
      const goesOn =
        resumption.forwarding.has(key) && options.families.has(key) && family.isCompatible(options);
      if (!goesOn) family.removeAll();
      if (goesOn || family.isCompatible(options)) family.setOptions(options);
      else this.#families.delete(key);
    }
    const hasIpv4Unicast = this.#storeRoutes && options.families.has(ipv4Unicast);
    this.#ipv4Unicast = hasIpv4Unicast ? this.#families.get(ipv4Unicast) : undefined;
  }

  /** The session has ended. Without `retention`, or for families not in it, all routes are removed. */
  sessionDown(retention?: StaleRetention): void {
    this.#options = undefined;
    for (const [key, family] of this.#families) {
      const wasRefreshing = family.isRefreshing;
      family.isRefreshing = false;
      // Stale since a BoRR is not stale from an earlier restart.
      if (retention?.families.has(key)) family.markStale(retention.keepStale || wasRefreshing);
      else family.removeAll();
    }
  }

  /**
   * Removes the stale routes of a family, or of all: when the restart time (RFC 4724 §4.2), the long-lived
   * stale time (RFC 9494 §4.2) or the bound on how long a restarted peer may take (the stale timer of RFC
   * 8538 §4.1) is over. Returns how many routes it were.
   */
  removeStale(family?: FamilyKey): number {
    let removed = 0;
    for (const [key, each] of this.#families) {
      if (family === undefined || family === key) removed += each.removeStale();
    }
    return removed;
  }

  /** The restart time is over, and stale routes of a family are kept as long-lived stale ones (RFC 9494 §4.2). */
  beginLongLivedStale(family: FamilyKey): void {
    this.#families.get(family)?.beginLongLivedStale();
  }

  /**
   * A BoRR has come (RFC 7313 §4): all routes of the family are stale until announced again. Returns false
   * where it must be ignored: before the End-of-RIB of a peer that does graceful restart, and of a family
   * that the session does not have.
   */
  beginRouteRefresh(family: FamilyKey): boolean {
    const options = this.#options;
    if (options?.families.has(family) !== true) return false;
    const table = this.#families.get(family) ?? this.#addTable(family, options);
    if (this.#expectsEndOfRib && !table.endOfRibReceived) return false;
    table.isRefreshing = true;
    table.markStale(true);
    return true;
  }

  /** An EoRR has come (RFC 7313 §4): removes what is still stale. Returns how many routes, -1 for an EoRR without BoRR, which is ignored. */
  endRouteRefresh(family: FamilyKey): number {
    const table = this.#families.get(family);
    return table?.isRefreshing === true ? table.removeStale() : -1;
  }

  /** Removes every route; returns how many. */
  clear(): number {
    let removed = 0;
    for (const family of this.#families.values()) removed += family.removeAll();
    return removed;
  }

  /**
   * Applies the UPDATE in `bytes[start, end)`, header included. `view` is valid as long as the bytes are, and
   * filled in; but which attributes there are it may not say (`seen`, `has`), for a field of attributes that was
   * looked at before is not looked at again. Never throws for what the bytes hold; allocates only for faults, and for a block not
   * seen before. The outcome is the same object every time.
   *
   * A `RibError` (`ERR_RIB_NO_SESSION`) when no session is up.
   */
  receive(view: UpdateView, bytes: Uint8Array, start: number, end: number): UpdateOutcome {
    const options = this.#options;
    if (options === undefined) {
      throw new RibError('ERR_RIB_NO_SESSION', 'an UPDATE without a session: call sessionUp first');
    }
    const outcome = this.#outcome;
    outcome.reset();
    if (splitSections(view, bytes, start, end) !== undefined) {
      outcome.setFaults(view.faults!);
      return outcome;
    }
    const table = this.#plainTable(view);
    if (table === undefined) return this.#receiveNew(view, options, undefined, undefined);
    const hash = this.#store.updateBlocks.hash(view);
    const block = this.#store.updateBlocks.known(view, table.context, hash);
    if (block === 0) return this.#receiveNew(view, options, table, hash);
    table.announce(bytes, view.nlriStart, view.nlriEnd, block, outcome);
    return outcome;
  }

  /**
   * The table of a plain UPDATE, one with attributes and sound IPv4 unicast routes in its NLRI field, and no
   * withdrawals, by its sections; `undefined` for any other. If its attributes were found sound before, as most
   * are of a neighbour that tells what another has told, there is nothing more to find out, and half the work done.
   */
  #plainTable(view: UpdateView): AdjRibInFamily | undefined {
    const table = this.#ipv4Unicast;
    if (table === undefined || table.isDisabled) return undefined;
    const { bytes, withdrawnStart, withdrawnEnd, nlriStart, nlriEnd } = view;
    if (nlriStart === nlriEnd || withdrawnStart !== withdrawnEnd) return undefined;
    const fault = validateNlri(bytes, nlriStart, nlriEnd, ipv4Unicast, table.hasPathIds, 'reach');
    return fault === undefined ? table : undefined;
  }

  /** Applies an UPDATE of any kind of which the sections are known. `plain`, `hash`: of a plain one, table and attributes. */
  #receiveNew(
    view: UpdateView,
    options: UpdateOptions,
    plain: AdjRibInFamily | undefined,
    hash: number | undefined,
  ): UpdateOutcome {
    const outcome = this.#outcome;
    if (splitAttributes(view)?.action === 'sessionReset') {
      outcome.setFaults(view.faults!);
      return outcome;
    }
    const { bytes, nlriStart, nlriEnd, mpReachFamily, mpReachNlriStart, mpReachNlriEnd } = view;
    const isSound = plain !== undefined && !view.hasMpAttribute;
    const faults = joinFaults(view.faults, isSound ? undefined : validateNlriFields(view, options));
    if (faults === undefined && !isSound) {
      const ended = endOfRibFamily(view);
      if (ended !== undefined) return this.#endOfRib(ended, options);
    }
    const nlri = plain ?? this.#tableOf(ipv4Unicast, nlriStart, nlriEnd, options);
    const mpReach = this.#tableOf(mpReachFamily, mpReachNlriStart, mpReachNlriEnd, options);
    const blocks = this.#store.updateBlocks;
    const found = this.#storeRoutes
      ? blocks.take(view, options, nlri?.context, mpReach?.context, hash)
      : validateAttributes(view, options);
    if (faults === undefined && found === undefined) {
      if (!isSound) this.#withdraw(view, options);
      nlri?.announce(bytes, nlriStart, nlriEnd, blocks.nlri, outcome);
      mpReach?.announce(bytes, mpReachNlriStart, mpReachNlriEnd, blocks.mpReach, outcome);
    } else this.#applyFaulty(view, options, joinFaults(faults, found)!, nlri, mpReach);
    blocks.release();
    return outcome;
  }

  /** As RFC 7606 §2 has it, of each fault found. */
  #applyFaulty(
    view: UpdateView,
    options: UpdateOptions,
    faults: Fault[],
    nlri: AdjRibInFamily | undefined,
    mpReach: AdjRibInFamily | undefined,
  ): void {
    const outcome = this.#outcome;
    outcome.setFaults(faults);
    if (outcome.fault!.action === 'sessionReset') return;
    this.#disableFamilies(faults, options);
    this.#withdraw(view, options);
    const { bytes, nlriStart, nlriEnd, mpReachNlriStart, mpReachNlriEnd } = view;
    const { nlri: nlriBlock, mpReach: mpReachBlock } = this.#store.updateBlocks;
    const isWithdrawal = faults.some(({ action }) => action === 'treatAsWithdraw');
    for (const [table, start, end, block] of [
      [nlri, nlriStart, nlriEnd, nlriBlock] as const,
      [mpReach, mpReachNlriStart, mpReachNlriEnd, mpReachBlock] as const,
    ]) {
      if (table === undefined || table.isDisabled) continue;
      if (isWithdrawal) table.withdraw(bytes, start, end, announcedContext(table), outcome);
      else table.announce(bytes, start, end, block, outcome);
    }
  }

  /** RFC 4760 §7: the routes of the family go, and later ones are ignored until the session ends. */
  #disableFamilies(faults: readonly Fault[], options: UpdateOptions): void {
    for (const { action, family } of faults) {
      if (action !== 'afiSafiDisable' || family === undefined) continue;
      const table = this.#families.get(family) ?? this.#addTable(family, options);
      table.isDisabled = true;
      this.#outcome.withdrawn += table.removeAll();
    }
  }

  #withdraw(view: UpdateView, options: UpdateOptions): void {
    const { bytes, withdrawnStart, withdrawnEnd, mpUnreachStart, mpUnreachEnd } = view;
    const outcome = this.#outcome;
    this.#tableOf(ipv4Unicast, withdrawnStart, withdrawnEnd, options)?.withdraw(
      bytes,
      withdrawnStart,
      withdrawnEnd,
      'unreach',
      outcome,
    );
    this.#tableOf(view.mpUnreachFamily, mpUnreachStart, mpUnreachEnd, options)?.withdraw(
      bytes,
      mpUnreachStart,
      mpUnreachEnd,
      'unreach',
      outcome,
    );
  }

  #endOfRib(family: FamilyKey, options: UpdateOptions): UpdateOutcome {
    const outcome = this.#outcome;
    if (!options.families.has(family)) {
      outcome.ignoredFields = 1;
      return outcome;
    }
    const table = this.#families.get(family) ?? this.#addTable(family, options);
    table.endOfRibReceived = true;
    outcome.endOfRib = family;
    // What is stale since a BoRR waits for the EoRR (RFC 7313 §4).
    if (!table.isRefreshing) outcome.withdrawn = table.removeStale();
    return outcome;
  }

  /** The table of a field's routes; `undefined` when the field is empty or must be ignored. */
  #tableOf(
    family: FamilyKey,
    start: number,
    end: number,
    options: UpdateOptions,
  ): AdjRibInFamily | undefined {
    if (start >= end) return undefined;
    const table = this.#families.get(family);
    if (table !== undefined && !table.isDisabled && options.families.has(family)) return table;
    if (table === undefined && options.families.has(family)) return this.#addTable(family, options);
    this.#outcome.ignoredFields += 1;
    return undefined;
  }

  #addTable(family: FamilyKey, options: UpdateOptions): AdjRibInFamily {
    const table = this.#storeRoutes
      ? new AdjRibInFamily(this.#store, family, options)
      : new CountedFamily(this.#store, family, options);
    this.#families.set(family, table);
    if (family === ipv4Unicast && this.#storeRoutes) this.#ipv4Unicast = table;
    return table;
  }
}

/**
 * How the routes of an announcement are read in order to withdraw them. An EVPN route with the one flaw
 * that leaves it readable is read as a withdrawal (see `decodeNlri`); labels make the difference for others.
 */
function announcedContext({ family }: AdjRibInFamily): NlriContext {
  return family === evpn ? 'unreach' : 'reach';
}
