import type { FamilyKey } from '@peerloom/wire';
import { AdjRibOutFamily, type OutboundProcedures } from './adjRibOutFamily.ts';
import { type AdvertisedRoute, advertisedRoutes } from './advertisedRoute.ts';
import type { AnnouncementTable } from './announcementTable.ts';
import type { AnnouncementListener, FamilyAnnouncements } from './familyAnnouncements.ts';
import type { OutboundSession } from './outboundAttributes.ts';
import type { RibStore } from './ribStore.ts';
import type { RoutePage, RouteQuery } from './routeQuery.ts';
import type { UnsendableRoutes } from './updateChunk.ts';

/** What an Adj-RIB-Out reads, and whom it tells. */
export interface AdjRibOutOptions {
  /** Tables to announce, in order of precedence: for an NLRI in more than one, the first has its way. For example the peer's own, then the one for all. */
  readonly tables: readonly AnnouncementTable[];
  readonly listener?: PendingListener;
}

/** Who pulls from an Adj-RIB-Out. */
export interface PendingListener {
  /** Called once when something is there to pull after `pull` had nothing more to give. */
  onPending(): void;
}

/**
 * What this speaker announces to a peer (RFC 4271 §3.2): brings each session to the state of the tables.
 * Pull-driven: what is not pulled stays in the tables, where the latest state of a route takes the place of
 * the ones before, so that a peer which reads slowly costs nothing and gets no more than it must.
 */
export class AdjRibOut implements AnnouncementListener {
  readonly #store: RibStore;
  #tables: readonly AnnouncementTable[];
  readonly #listener: PendingListener | undefined;
  #session: OutboundSession | undefined = undefined;
  #families: AdjRibOutFamily[] = [];
  /** Where the next pull begins: families take turns. */
  #turn = 0;
  #isWaiting = false;

  constructor(store: RibStore, { tables, listener }: AdjRibOutOptions) {
    this.#store = store;
    this.#tables = tables;
    this.#listener = listener;
  }

  /** A session has come up: everything is to be sent, each family ended by End-of-RIB. Begin to pull. */
  sessionUp(session: OutboundSession, procedures: OutboundProcedures = {}): void {
    this.sessionDown();
    this.#session = session;
    this.#families = [...session.options.families].map(
      (family) => new AdjRibOutFamily(family, session, procedures),
    );
    for (const table of this.#tables) {
      for (const announcements of table.families) this.#add(announcements);
      table.listen(this);
    }
  }

  /** Announces one table more, which goes before those of `tables` from place `rank` on. */
  addTable(table: AnnouncementTable, rank: number): void {
    this.#tables = this.#tables.toSpliced(rank, 0, table);
    if (this.#session === undefined) return;
    for (const announcements of table.families) this.familyAdded(announcements);
    table.listen(this);
  }

  /** The session has ended. What is announced stays in the tables for the next one. */
  sessionDown(): void {
    for (const table of this.#tables) {
      table.stopListening(this);
      for (const announcements of table.families) announcements.stopWaiting(this);
    }
    for (const family of this.#families) family.close();
    this.#families = [];
    this.#session = undefined;
    this.#turn = 0;
    this.#isWaiting = false;
  }

  /** Whether there is something to pull. */
  get isPending(): boolean {
    return this.#families.some(({ isPending }) => isPending);
  }

  /** Whether the peer has been told everything that was there when its session came up, End-of-RIBs included. */
  get isSynchronized(): boolean {
    return this.#session !== undefined && this.#families.every((each) => each.isSynchronized);
  }

  /** Routes not pulled yet, about: changes that wait for this session. */
  get backlog(): number {
    return this.#families.reduce((sum, { family }) => sum + this.backlogOf(family), 0);
  }

  /** The same of one family. */
  backlogOf(family: FamilyKey): number {
    const feeds = this.#families.find((each) => each.family === family)?.feeds ?? [];
    return feeds.reduce((sum, { backlog }) => sum + backlog, 0);
  }

  /** Routes that could not be sent in this session, and why the last one could not. */
  get unsendable(): { readonly count: number; readonly problem?: string } {
    let count = 0;
    let problem: string | undefined;
    for (const { feeds } of this.#families) {
      for (const feed of feeds) {
        count += feed.unsendable;
        if (feed.unsendable > 0) problem ??= feed.problem;
      }
    }
    return problem === undefined ? { count } : { count, problem };
  }

  /** Routes of one family that are announced and cannot be sent in this session, as things stand. */
  unsendableOf(family: FamilyKey): UnsendableRoutes {
    const feeds = this.#families.find((each) => each.family === family)?.feeds ?? [];
    let routes = 0;
    let reason = '';
    for (const { unsendableRoutes } of feeds) {
      routes += unsendableRoutes.routes;
      reason ||= unsendableRoutes.reason;
    }
    return { routes, reason };
  }

  /**
   * The next messages to send: whole ones, up to `maximumBytes` octets in one piece; `undefined` when there
   * are none. `maximumBytes` must not be less than the session's `maximumSendLength`, or the message that
   * is next may never fit. The bytes are shared with other sessions: read only.
   */
  pull(maximumBytes: number): Uint8Array | undefined {
    const count = this.#families.length;
    for (let tried = 0; tried < count; tried += 1) {
      const family = this.#families[this.#turn % count]!;
      this.#turn += 1;
      const bytes = family.next(maximumBytes);
      if (bytes !== undefined) return bytes;
    }
    if (!this.isPending) this.#wait();
    return undefined;
  }

  /**
   * Sends everything again, of one family or of all: because the peer asks for it (RFC 2918 §4), or on the
   * operator's wish. False for a family that the session does not have.
   */
  refresh(family?: FamilyKey): boolean {
    const chosen = this.#families.filter((each) => family === undefined || each.family === family);
    for (const each of chosen) each.refresh();
    if (chosen.length > 0) this.announcementsChanged();
    return chosen.length > 0;
  }

  /** What is announced on this session, page by page, as it is sent; none while no session is up. See `queryRoutes`. */
  routes(query: RouteQuery): RoutePage<AdvertisedRoute> {
    const session = this.#session;
    const family = this.#families.find((each) => each.family === query.family);
    if (session === undefined || family === undefined) return { routes: [] };
    return advertisedRoutes(family.feeds, session, this.#store.attributes, query);
  }

  /** For the tables: see `AnnouncementListener`. */
  familyAdded(announcements: FamilyAnnouncements): void {
    this.#add(announcements);
    this.announcementsChanged();
  }

  /** For the tables: see `AnnouncementListener`. */
  announcementsChanged(): void {
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    this.#listener?.onPending();
  }

  #add(announcements: FamilyAnnouncements): void {
    const family = this.#families.find((each) => each.family === announcements.family);
    if (family === undefined) return;
    const rankOf = (each: FamilyAnnouncements): number =>
      this.#tables.findIndex((table) => table.family(each.family) === each);
    const rank = rankOf(announcements);
    const before = family.feeds.filter((feed) => rankOf(feed.announcements) < rank).length;
    family.addFeed(announcements, before);
  }

  #wait(): void {
    this.#isWaiting = true;
    for (const { feeds } of this.#families) {
      for (const { announcements } of feeds) announcements.wait(this);
    }
  }
}
