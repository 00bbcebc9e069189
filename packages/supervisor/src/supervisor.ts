import type {
  Announcement,
  AnnounceResult,
  CommandKind,
  CommonPeerOptions,
  PeerSnapshot,
  RemoteHostControl,
  Withdrawal,
} from '@peerloom/ipc';
import { absentSnapshot } from './absentSnapshot.ts';
import { Actors } from './actors.ts';
import { Announcer } from './announcer.ts';
import { assertAnnouncements, assertWithdrawals } from './assertRoutes.ts';
import type { Core } from './core.ts';
import { type EngineLimits, type EngineOptions, engineLimitDefaults } from './engineOptions.ts';
import { EventHub } from './eventHub.ts';
import { HostPool } from './hostPool.ts';
import { HostReports } from './hostReports.ts';
import { newCounters, type SupervisorCounters } from './metrics.ts';
import type { Peer } from './peer.ts';
import { PeerloomError } from './peerloomError.ts';
import { PeerRecord, type RangeRecord } from './peerRecord.ts';
import { PeerRegistry } from './peerRegistry.ts';
import { Readers } from './readers.ts';
import type { UpdateSource } from './session.ts';
import { Strangers } from './strangers.ts';
import { Traffic } from './traffic.ts';

/** Holds the parts together, and answers what is asked of peers. What their hosts tell is for `HostReports`. */
export class Supervisor implements Core, UpdateSource {
  readonly limits: EngineLimits;
  readonly counters: SupervisorCounters = newCounters();
  readonly events: EventHub;
  readonly strangers: Strangers;
  readonly readers: Readers = new Readers();
  readonly peers: PeerRegistry = new PeerRegistry();
  readonly pool: HostPool;
  readonly announcer: Announcer;
  readonly actors: Actors;
  readonly traffic: Traffic;
  closing = false;
  /** Hands an actor that has become ready the connections that came before it. */
  onReady: (record: PeerRecord) => void = () => {};

  constructor(options: EngineOptions, workers: number) {
    this.limits = { ...engineLimitDefaults, ...options.limits };
    this.events = new EventHub(this.counters, this.limits.events, this.readers);
    this.strangers = new Strangers(this.events);
    const { handler, workerMemory, restarting = false } = options;
    this.pool = new HostPool(
      workers,
      workerMemory,
      handler?.toString(),
      this.limits,
      this.counters,
      new HostReports(this),
    );
    this.announcer = new Announcer(this, this.pool, (record) => this.actors.askable(record));
    this.actors = new Actors(this, this.pool, this.announcer, restarting, (record) =>
      this.onReady(record),
    );
    this.traffic = new Traffic(this, this.actors);
  }

  newRecord(
    address: string,
    options: CommonPeerOptions,
    range: RangeRecord | undefined,
  ): PeerRecord {
    return new PeerRecord(this.peers.nextId(), address, options, range, this);
  }

  /** @throws PeerloomError `ERR_PEERLOOM_CLOSED` */
  assertOpen(): void {
    if (this.closing) throw new PeerloomError('ERR_PEERLOOM_CLOSED', 'the engine is closed');
  }

  /** That a peer, or all, can still be told anything. @throws PeerloomError `ERR_PEERLOOM_NO_PEER`, `ERR_PEERLOOM_CLOSED` */
  assertThere(scope: PeerRecord | 'all'): void {
    if (scope !== 'all' && scope.status === 'removing') {
      throw new PeerloomError('ERR_PEERLOOM_NO_PEER', `peer ${scope.key} has been removed`);
    }
    this.assertOpen();
  }

  /** Announces what came from without. @throws PeerloomError `ERR_PEERLOOM_ROUTE` */
  async announce(
    scope: PeerRecord | 'all',
    announcements: readonly Announcement[],
  ): Promise<AnnounceResult> {
    assertAnnouncements(announcements);
    return await this.announcer.announce(scope, announcements);
  }

  /** Withdraws what came from without. @throws PeerloomError `ERR_PEERLOOM_ROUTE` */
  async withdraw(
    scope: PeerRecord | 'all',
    withdrawals: readonly Withdrawal[],
  ): Promise<AnnounceResult> {
    assertWithdrawals(withdrawals);
    return await this.announcer.withdraw(scope, withdrawals);
  }

  command(record: PeerRecord, action: CommandKind, text = ''): void {
    this.actors.command(record, action, text);
  }

  async setShutdown(record: PeerRecord, shutdown: boolean | string): Promise<void> {
    this.assertThere(record);
    await this.actors.update(record, { ...record.options, shutdown });
  }

  async ask<T>(
    record: PeerRecord,
    question: (control: RemoteHostControl) => Promise<T>,
  ): Promise<T> {
    const link = this.actors.askable(record);
    if (link !== undefined) return await link.ask(question);
    this.assertThere(record);
    throw new PeerloomError(
      'ERR_PEERLOOM_WORKER',
      `the worker of peer ${record.key} is being replaced; ask again when it is up`,
    );
  }

  /** A peer as it stands. */
  async snapshot(record: PeerRecord): Promise<PeerSnapshot> {
    const link = this.actors.askable(record);
    try {
      const answer = await link?.ask((control) => control.snapshot(record.id));
      if (answer !== undefined) return answer[0]!;
    } catch (error) {
      if (link?.alive === true) throw error;
    }
    this.assertThere(record);
    return absentSnapshot(record);
  }

  /** All peers as they stand: as their hosts tell, and then those that have none. */
  async snapshots(): Promise<PeerSnapshot[]> {
    const links = this.pool.slots.flatMap(({ link }) => link ?? []);
    const answers = await Promise.allSettled(
      links.map((link) => link.ask((control) => control.snapshot())),
    );
    const snapshots = answers.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
    const told = new Set(snapshots.map(({ peer }) => peer));
    for (const record of this.peers.all()) {
      const isAbsent = record.status === 'absent' && !told.has(record.id);
      if (isAbsent) snapshots.push(absentSnapshot(record));
    }
    return snapshots;
  }

  /** Has the peer's UPDATEs sent here until the function returned is called. */
  subscribe(record: PeerRecord): () => void {
    record.subscribers += 1;
    if (record.subscribers === 1) this.actors.subscribe(record, true);
    let done = false;
    return () => {
      if (done) return;
      done = true;
      record.subscribers -= 1;
      if (record.subscribers === 0) this.actors.subscribe(record, false);
    };
  }

  /** Sends a peer's UPDATEs to a reader of its session, until the function returned is called. */
  subscribeTo(peer: Peer): () => void {
    const record = this.peers.get(peer.id);
    return record === undefined ? () => {} : this.subscribe(record);
  }

  /** Octets of UPDATEs that may wait for one reader. */
  get updateBytes(): number {
    return this.limits.updateBytes;
  }

  /** A slow reader has missed some. */
  onLost(count: number): void {
    this.counters.lost += count;
  }
}
