import type {
  Announcement,
  AnnounceResult,
  CommandKind,
  CommonPeerOptions,
  PeerSnapshot,
  PeerStateName,
  RemoteHostControl,
  SessionEnd,
  ToSupervisorMessage,
  Withdrawal,
} from '@peerloom/ipc';
import { absentSnapshot } from './absentSnapshot.ts';
import { Actors } from './actors.ts';
import { AnnouncementStore } from './announcementStore.ts';
import type { Core } from './core.ts';
import type { EngineEvent } from './engineEvent.ts';
import { type EngineLimits, type EngineOptions, engineLimitDefaults } from './engineOptions.ts';
import { EventHub } from './eventHub.ts';
import type { HostLink } from './hostLink.ts';
import { HostPool, type HostPoolListener, type HostSlot } from './hostPool.ts';
import { newCounters, type SupervisorCounters } from './metrics.ts';
import type { Peer } from './peer.ts';
import { errorText, PeerloomError } from './peerloomError.ts';
import { PeerRecord, type RangeRecord } from './peerRecord.ts';
import { PeerRegistry } from './peerRegistry.ts';
import { Readers } from './readers.ts';
import { Session, type UpdateSource } from './session.ts';
import { Traffic } from './traffic.ts';

/** Carries out what the actors decide, and keeps them alive: hosts, connections, sessions, events. */
export class Supervisor implements HostPoolListener, Core, UpdateSource {
  readonly limits: EngineLimits;
  readonly counters: SupervisorCounters = newCounters();
  readonly events: EventHub;
  readonly readers: Readers = new Readers();
  readonly peers: PeerRegistry = new PeerRegistry();
  readonly announcements: AnnouncementStore = new AnnouncementStore();
  readonly pool: HostPool;
  readonly actors: Actors;
  readonly traffic: Traffic;
  closing = false;
  /** Hands an actor that has become ready the connections that came before it. */
  onReady: (record: PeerRecord) => void = () => {};

  constructor(options: EngineOptions, workers: number) {
    this.limits = { ...engineLimitDefaults, ...options.limits };
    this.events = new EventHub(this.counters, this.limits.events, this.readers);
    const { handler, workerMemory, restarting = false } = options;
    this.pool = new HostPool(
      workers,
      workerMemory,
      handler?.toString(),
      this.limits,
      this.counters,
      this,
    );
    this.actors = new Actors(this, this.pool, restarting, (record) => this.onReady(record));
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

  // ---- what peers ask ----

  announce(
    scope: PeerRecord | 'all',
    announcements: readonly Announcement[],
  ): Promise<AnnounceResult> {
    return this.actors.announce(scope, announcements);
  }

  withdraw(scope: PeerRecord | 'all', withdrawals: readonly Withdrawal[]): Promise<AnnounceResult> {
    return this.actors.withdraw(scope, withdrawals);
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

  // ---- what hosts tell ----

  onHostUp(slot: HostSlot): void {
    const { index: worker, peers } = slot;
    this.#emit({ kind: 'workerUp', worker, peers: peers.size });
    this.actors
      .onHostUp(slot)
      .catch((error: unknown) => this.notice('spawn-failed', errorText(error)));
  }

  onHostDown(slot: HostSlot, link: HostLink, reason: PeerloomError, restartIn: number): void {
    const { index: worker, peers } = slot;
    this.actors.onHostDown(slot);
    for (const record of peers) {
      this.traffic.drop(record);
      this.#lose(record, reason.message);
    }
    for (const connection of link.connections) connection.reset();
    const { message } = reason;
    this.#emit({ kind: 'workerDown', worker, peers: peers.size, reason: message, restartIn });
  }

  onBroken(link: HostLink, why: string): void {
    this.pool.kill(link, `it sent mail that cannot be read: ${why}`);
  }

  onSend(_link: HostLink, connection: number, bytes: Uint8Array, batchLength: number): void {
    this.traffic.send(connection, bytes, batchLength);
  }

  onBatchEnd(): void {
    this.traffic.uncork();
  }

  onUpdate(
    _link: HostLink,
    peer: number,
    session: number,
    bytes: Uint8Array,
    postFault: boolean,
  ): void {
    const current = this.peers.get(peer)?.session;
    if (current?.id === session) current.receive(bytes, postFault);
  }

  onMessage(_link: HostLink, message: ToSupervisorMessage): void {
    const record = this.peers.get(message.peer);
    if (record === undefined) {
      if (message.kind === 'notice') this.notice(message.code, message.text, message);
      // A peer that has been removed may still end its connections.
      if (message.kind === 'close') this.traffic.close(message.connection, message.reset);
      return;
    }
    const peer = record.face;
    switch (message.kind) {
      case 'dial':
        this.traffic.dial(record, message.dial);
        break;
      case 'abortDial':
        this.traffic.abortDial(record, message.dial);
        break;
      case 'close':
        this.traffic.close(message.connection, message.reset);
        break;
      case 'collisionResolved': {
        const { survivor, loser, why } = message;
        this.counters.collisions += 1;
        this.traffic.close(loser, false);
        this.#emit({ kind: 'collision', peer, survivor, loser, why });
        break;
      }
      case 'transition': {
        const { connection, event, why, time } = message;
        const from = message.from as PeerStateName;
        const to = message.to as PeerStateName;
        record.state = to;
        const transition = { kind: 'transition', peer, connection, from, to, event, why } as const;
        this.events.emit(() => ({ ...transition, time }));
        break;
      }
      case 'sessionUp':
        this.#sessionUp(record, message);
        break;
      case 'sessionDown':
        this.#sessionDown(record, JSON.parse(message.json) as SessionEnd, message.time);
        break;
      case 'notice':
        this.notice(message.code, message.text, message, peer);
        break;
      case 'stopped':
        record.onStopped?.();
        break;
    }
  }

  /** Something a person may want to know. */
  notice(
    code: string,
    text: string,
    { json, time }: { readonly json: string; readonly time: number } = {
      json: '',
      time: Date.now(),
    },
    peer?: Peer,
  ): void {
    this.events.emit(() => ({
      kind: 'notice',
      time,
      code,
      text,
      ...(peer === undefined ? {} : { peer }),
      ...(json === '' ? {} : { details: JSON.parse(json) as unknown }),
    }));
  }

  #sessionUp(
    record: PeerRecord,
    { session: id, connection, json, time }: Extract<ToSupervisorMessage, { kind: 'sessionUp' }>,
  ): void {
    const peer = record.face;
    const session = new Session(peer, id, json, time, this, peer.keepsUpdates);
    record.session = session;
    record.lastSession = Math.max(record.lastSession, id);
    this.traffic.established(connection);
    peer.sessionUp(session);
    this.events.emit(() => ({
      kind: 'sessionUp',
      time,
      peer,
      session,
      negotiated: session.negotiated,
    }));
  }

  #sessionDown(record: PeerRecord, end: SessionEnd, time: number): void {
    record.session?.end(end);
    record.session = undefined;
    this.events.emit(() => ({ kind: 'sessionDown', time, peer: record.face, end }));
  }

  /** The actor is gone without a word: what it would have said. */
  #lose(record: PeerRecord, why: string): void {
    const time = Date.now();
    const { session } = record;
    record.state = 'Idle';
    if (session === undefined) return;
    const uptime = (time - session.since) / 1000;
    const error = { time, direction: 'local', name: 'Worker lost', text: why } as const;
    this.#sessionDown(
      record,
      // TcpConnectionFails (RFC 4271 §8.1.4, event 18): what the state machine would have seen.
      { session: session.id, event: 18, why, error, uptime, stale: false },
      time,
    );
  }

  #emit(event: Untimed<EngineEvent>): void {
    this.events.emit(() => ({ ...event, time: Date.now() }));
  }
}

/** An event without its time. */
type Untimed<Event> = Event extends unknown ? Omit<Event, 'time'> : never;
