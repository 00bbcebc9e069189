import {
  type Announcement,
  type AnnounceResult,
  CommandKind,
  type FlightRecording,
  type PeerOptions,
  type PeerSnapshot,
  type PeerStateName,
  type RouteEntry,
  type RoutesQuery,
  type Withdrawal,
} from '@peerloom/ipc';
import { BoundedChannel } from './boundedChannel.ts';
import { isShutDown } from './core.ts';
import type { PeerRecord } from './peerRecord.ts';
import { pagesOf, routesOf } from './routes.ts';
import type { Session } from './session.ts';
import type { Supervisor } from './supervisor.ts';

/** Given one by one, or as an array: an argument list has room for some ten thousand. */
export type OneOrMany<T> = T | readonly T[];

/** How to follow a peer's sessions. */
export interface SessionsOptions {
  /** Ends the iteration. */
  readonly signal?: AbortSignal;
  /**
   * Keep each session's UPDATEs from the first on, for its `updates()`; default `true`. With `false`
   * they are not sent here at all until `updates()` is called.
   */
  readonly updates?: boolean;
}

/** Sessions that wait for a slow reader: a peer that flaps more often than that is not being watched. */
const sessionsBuffered = 64;

/** A peer of an engine: what to ask of it, and what to tell it. */
export class Peer {
  /** Never used again for another peer. */
  readonly id: number;
  /** The neighbour's address, canonical text. */
  readonly address: string;
  /** It was not listed, but matched a range. */
  readonly dynamic: boolean;

  readonly #record: PeerRecord;
  readonly #supervisor: Supervisor;
  #readers: Set<BoundedChannel<Session>> | undefined;
  #keepsUpdates = 0;
  #ended = false;

  /** Peers are made by the engine. */
  constructor(record: PeerRecord, supervisor: Supervisor) {
    this.id = record.id;
    this.address = record.address;
    this.dynamic = record.options.dynamic;
    this.#supervisor = supervisor;
    this.#record = record;
  }

  /** As they are in force: its own, its group's and the defaults, merged. */
  get options(): PeerOptions {
    return this.#record.told;
  }

  /** As of its last transition. */
  get state(): PeerStateName {
    return this.#record.state;
  }

  /** It has come from a range and has not had a session yet: anybody may be behind it. */
  get isStranger(): boolean {
    return this.#record.isStranger;
  }

  /** Administratively down. */
  get isShutDown(): boolean {
    return isShutDown(this.#record);
  }

  /** The session, while it is Established. */
  get session(): Session | undefined {
    return this.#record.session;
  }

  /**
   * Its sessions, each as it comes up: first the one that is up already, if there is one. Ends when
   * the peer is removed.
   */
  sessions(
    options: SessionsOptions = {},
  ): AsyncIterableIterator<Session, undefined> & AsyncDisposable {
    const keeps = options.updates !== false;
    const unsubscribe = keeps ? this.#supervisor.subscribe(this.#record) : undefined;
    if (keeps) this.#keepsUpdates += 1;
    const channel = new BoundedChannel<Session>({
      items: sessionsBuffered,
      lost: (count) => {
        this.#supervisor.counters.lost += count;
        return undefined;
      },
      onReturn: () => {
        if (!this.#readers?.delete(channel)) return;
        if (keeps) this.#keepsUpdates -= 1;
        unsubscribe?.();
      },
    });
    if (this.#ended) {
      channel.end();
      unsubscribe?.();
      return channel;
    }
    this.#readers ??= new Set();
    this.#readers.add(channel);
    const { session } = this;
    if (session !== undefined) channel.push(session);
    if (options.signal !== undefined) channel.endWith(options.signal);
    return channel;
  }

  /**
   * Announces routes to this peer alone, on top of what all are told; they are sent again when the
   * session comes back. A large table is better given as an array.
   *
   * @throws PeerloomError `ERR_PEERLOOM_ROUTE` when one is no route; one that cannot be encoded is told in the result
   */
  announce(...announcements: readonly OneOrMany<Announcement>[]): Promise<AnnounceResult> {
    return this.#supervisor.announce(this.#record, announcements.flat());
  }

  /** Withdraws routes that were announced to this peer alone; what all are told cannot be kept from one. @throws PeerloomError `ERR_PEERLOOM_ROUTE` */
  withdraw(...withdrawals: readonly OneOrMany<Withdrawal>[]): Promise<AnnounceResult> {
    return this.#supervisor.withdraw(this.#record, withdrawals.flat());
  }

  /** Its routes, received or advertised. They are fetched a page at a time, and the table may change between pages. */
  routes(query: Omit<RoutesQuery, 'cursor'>): AsyncGenerator<RouteEntry, void, undefined> {
    return routesOf(this.routePages(query));
  }

  /** The same as pages of at most `limit`: for a large table, where a step for each route would be felt. */
  routePages(
    query: Omit<RoutesQuery, 'cursor'>,
  ): AsyncGenerator<readonly RouteEntry[], void, undefined> {
    return pagesOf(query, (page) =>
      this.#supervisor.ask(this.#record, (control) => control.routes(this.id, page)),
    );
  }

  /** Everything about it, as it stands; while its worker is being replaced, Idle for that reason. */
  async snapshot(): Promise<PeerSnapshot> {
    return await this.#supervisor.snapshot(this.#record);
  }

  /** What its state machine took in and gave out lately. */
  flightRecording(): Promise<FlightRecording> {
    return this.#supervisor.ask(this.#record, (control) => control.recorder(this.id));
  }

  /** Shuts its session down with Cease/Administrative Shutdown and a text of at most 255 octets (RFC 9003), and keeps it down. */
  async shutdown(text = ''): Promise<void> {
    await this.#supervisor.setShutdown(this.#record, text === '' ? true : text);
  }

  /** Brings it back up. */
  async noShutdown(): Promise<void> {
    await this.#supervisor.setShutdown(this.#record, false);
  }

  /**
   * Without `soft`: ends its session with Cease/Administrative Reset, and starts it again. `in`: asks
   * for its routes again (RFC 2918); `out`: sends it ours again; `both`.
   */
  clear(options: { readonly soft?: 'in' | 'out' | 'both'; readonly text?: string } = {}): void {
    const { soft, text = '' } = options;
    const record = this.#record;
    if (soft === undefined) this.#supervisor.command(record, CommandKind.clear, text);
    if (soft === 'in' || soft === 'both') this.#supervisor.command(record, CommandKind.softIn);
    if (soft === 'out' || soft === 'both') this.#supervisor.command(record, CommandKind.softOut);
  }

  /** Ends a wait for the next attempt now. */
  retryNow(): void {
    this.#supervisor.command(this.#record, CommandKind.retryNow);
  }

  /** Plain data, for `JSON.stringify`. */
  toJSON(): object {
    const { id, address, dynamic, state } = this;
    return { id, address, dynamic, state };
  }

  /** For the engine: whether the next session's UPDATEs are wanted from the first on. */
  get keepsUpdates(): boolean {
    return this.#keepsUpdates > 0;
  }

  /** For the engine: a session has come up. */
  sessionUp(session: Session): void {
    for (const channel of this.#readers ?? []) channel.push(session);
  }

  /** For the engine: the peer is removed, or the engine closed. */
  end(): void {
    this.#ended = true;
    for (const channel of this.#readers ?? []) channel.end();
    this.#readers = undefined;
  }
}
