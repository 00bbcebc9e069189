import {
  type Announcement,
  type AnnounceResult,
  CommandKind,
  type FlightRecording,
  type HostControl,
  type HostUsage,
  type MailPort,
  NoticeCode,
  type PeerOptions,
  type PeerSnapshot,
  type RoutesPage,
  type RoutesQuery,
  type SpawnContext,
  ToHostReader,
  ToSupervisorWriter,
  type Withdrawal,
} from '@peerloom/ipc';
import { AnnouncementTable, RibStore } from '@peerloom/rib';
import type { ActorContext } from './actorContext.ts';
import { ActorError } from './actorError.ts';
import { announceTo, announceToAll, withdrawFrom, withdrawFromAll } from './announcements.ts';
import type { Clock } from './clock.ts';
import { DelayHistogram } from './delayHistogram.ts';
import { loadHandler, type PeerHandler } from './handler.ts';
import { HostMeter } from './hostMeter.ts';
import { Mailbox, type Served } from './mailbox.ts';
import type { PeerActor } from './peerActor.ts';
import { obey } from './peerCommands.ts';
import type { PeerRoutes } from './peerRoutes.ts';
import { snapshotOf } from './peerSnapshot.ts';
import { queryRoutes } from './routesQuery.ts';
import { SharedValues } from './sharedValues.ts';
import { Supervised } from './supervised.ts';
import { TimerWheel } from './timerWheel.ts';

/** Octets of credit that are given back at once rather than at the end of the turn. */
const creditStep = 128 * 1024;

/** Routes looked at in one slice for memory to free: about a millisecond. */
const reclaimStep = 16_384;

/**
 * The actors of one worker: takes batches from the supervisor apart, serves the actors in turn, and
 * answers what the supervisor asks over its control port.
 */
export class ActorHost implements HostControl, ActorContext {
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  readonly writer: ToSupervisorWriter = new ToSupervisorWriter();
  readonly store: RibStore = new RibStore();
  readonly everyone: AnnouncementTable = new AnnouncementTable(this.store);
  handler: PeerHandler | undefined = undefined;
  readonly #mail: MailPort;
  readonly #mailbox: Mailbox;
  readonly #reader = new ToHostReader();
  readonly #peers = new Map<number, Supervised>();
  readonly #mailboxDelay = new DelayHistogram();
  readonly #timerDelay = new DelayHistogram();
  readonly #shared = new SharedValues();
  readonly #meter = new HostMeter();
  /** Frees memory in the mailbox's turns, as if it were a peer. */
  readonly #reclaimer: Served = {
    queued: false,
    serve: () => this.store.reclaim(reclaimStep),
  };
  #handlerSlowest = 0;
  /** When the batch that is being read was begun. */
  #stamp = 0;
  #credit = 0;
  #queued = 0;
  #stopped: (() => void) | undefined = undefined;
  /** Settles when the host has been stopped. */
  readonly done: Promise<void>;

  constructor(mail: MailPort, clock: Clock) {
    this.clock = clock;
    this.#mail = mail;
    this.#mailbox = new Mailbox(clock, (force) => this.#flush(force));
    this.wheel = new TimerWheel(
      clock,
      () => this.#mailbox.wake(),
      (lateness) => this.#timerDelay.add(lateness),
    );
    this.#mailbox.wheel = this.wheel;
    this.done = new Promise((resolve) => {
      this.#stopped = resolve;
    });
    mail.on('message', (batch) => this.#receive(batch));
  }

  // ---- what actors need ----

  share<Value extends object>(value: Value): Value {
    return this.#shared.share(value);
  }

  random(): number {
    return Math.random();
  }

  enqueue(served: Served): void {
    this.#mailbox.enqueue(served);
  }

  chunkRead(bytes: number, stamp: number): void {
    this.#queued -= bytes;
    this.#returnCredit(bytes);
    this.#mailboxDelay.add(this.clock.now() - stamp);
  }

  reclaim(): void {
    if (this.store.hasGarbage) this.#mailbox.enqueue(this.#reclaimer);
  }

  handlerTook(milliseconds: number): void {
    this.#handlerSlowest = Math.max(this.#handlerSlowest, milliseconds);
  }

  // ---- mail ----

  #receive(batch: Uint8Array): void {
    const reader = this.#reader;
    this.#stamp = this.clock.now();
    reader.open(batch);
    while (reader.next()) {
      const { peer, connection } = reader;
      if (reader.kind === 'data') {
        const { bytes } = reader;
        this.#queued += bytes.length;
        const taken = this.#with(peer, (actor) => actor.data(connection, bytes, this.#stamp));
        if (taken !== true) this.chunkRead(bytes.length, this.#stamp);
      } else if (reader.kind === 'written') {
        const { count } = reader;
        this.#with(peer, (actor) => actor.written(connection, count));
      } else {
        this.#message(reader.message!);
      }
    }
    if (reader.fault !== undefined) this.notice(0, NoticeCode.badBatch, reader.fault);
    this.#mailbox.wake();
  }

  #message(message: NonNullable<ToHostReader['message']>): void {
    switch (message.kind) {
      case 'stamp':
        this.#stamp = message.time;
        return;
      case 'accepted':
      case 'connected': {
        const known = this.#with(message.peer, (actor) => {
          if (message.kind === 'accepted') actor.accepted(message);
          else actor.connected(message);
          return true;
        });
        // Nobody to own it: the peer is gone, or was never here.
        if (known === undefined) {
          const { peer, connection } = message;
          this.writer.message({ kind: 'close', peer, connection, reset: false });
        }
        break;
      }
      case 'dialFailed':
        this.#with(message.peer, (actor) => actor.dialFailed(message));
        break;
      case 'closed':
        this.#with(message.peer, (actor) => actor.closed(message));
        break;
      case 'command':
        this.#peers.get(message.peer)?.commanded(message);
        this.#with(message.peer, (actor) => obey(actor, message));
        if (message.action === CommandKind.deconfigure) this.#forget(message.peer);
        break;
    }
    this.#mailboxDelay.add(this.clock.now() - this.#stamp);
  }

  /** Runs something of a peer's; if that fails, only its own actor does. */
  #with<Result>(peer: number, run: (actor: PeerActor) => Result): Result | undefined {
    return this.#peers.get(peer)?.run(run);
  }

  #forget(peer: number): void {
    this.#peers.get(peer)?.dispose();
    this.#peers.delete(peer);
    this.writer.message({ kind: 'stopped', peer });
  }

  #returnCredit(bytes: number): void {
    this.#credit += bytes;
    if (this.#credit >= creditStep) this.#writeCredit();
  }

  #writeCredit(): void {
    if (this.#credit === 0) return;
    this.writer.consumed(this.#credit);
    this.#credit = 0;
  }

  #flush(force: boolean): void {
    if (force) this.#writeCredit();
    if (!force && !this.writer.full) return;
    const batch = this.writer.take();
    if (batch !== undefined) this.#mail.postMessage(batch, [batch.buffer]);
  }

  notice(peer: number, code: NoticeCode, text: string, details?: object): void {
    const json = details === undefined ? '' : JSON.stringify(details);
    this.writer.message({ kind: 'notice', peer, code, text, time: this.clock.now(), json });
    this.#mailbox.wake();
  }

  // ---- control ----

  spawn(peer: number, options: PeerOptions, context: SpawnContext = {}): void {
    if (this.#stopped === undefined) {
      throw new ActorError('ERR_PEERLOOM_STOPPED', 'the host has been stopped');
    }
    if (this.#peers.has(peer)) {
      throw new ActorError('ERR_PEERLOOM_PEER_EXISTS', `the host has a peer ${peer} already`);
    }
    this.#peers.set(peer, new Supervised(peer, options, this, context));
  }

  update(peer: number, options: PeerOptions): 'kept' | 'reset' {
    return this.#act(peer, (supervised) => supervised.update(options));
  }

  snapshot(peer?: number): PeerSnapshot[] {
    const chosen = peer === undefined ? [...this.#peers.values()] : [this.#find(peer)];
    return chosen.map(({ actor }) => snapshotOf(actor, this.clock));
  }

  announce(peer: number | 'all', announcements: readonly Announcement[]): AnnounceResult {
    return peer === 'all'
      ? announceToAll(this.everyone, this.#allRoutes(), announcements)
      : announceTo(this.actor(peer).routes, this.everyone, announcements);
  }

  withdraw(peer: number | 'all', withdrawals: readonly Withdrawal[]): AnnounceResult {
    return peer === 'all'
      ? withdrawFromAll(this.everyone, this.#allRoutes(), withdrawals)
      : withdrawFrom(this.actor(peer).routes, this.everyone, withdrawals);
  }

  routes(peer: number, query: RoutesQuery): RoutesPage {
    return queryRoutes(this.#find(peer).actor.routes, query);
  }

  recorder(peer: number): FlightRecording {
    return this.#find(peer).actor.recorder.export();
  }

  subscribeUpdates(peer: number | 'all', on: boolean): void {
    for (const supervised of this.#chosen(peer)) supervised.actor.subscribed = on;
  }

  async setHandler(url: string | undefined): Promise<void> {
    this.handler = url === undefined ? undefined : await loadHandler(url);
  }

  usage(): HostUsage {
    let established = 0;
    for (const { actor } of this.#peers.values()) if (actor.session !== undefined) established++;
    const { attributeBlocks, attributeBytes } = this.store.statistics;
    const handlerSlowest = this.#handlerSlowest;
    this.#handlerSlowest = 0;
    return {
      ...this.#meter.take(),
      peers: this.#peers.size,
      established,
      mailboxDelay: this.#mailboxDelay.take(),
      timerDelay: this.#timerDelay.take(),
      queued: this.#queued,
      attributeBlocks,
      attributeBytes,
      handlerSlowest,
    };
  }

  async stop(text: string = ''): Promise<void> {
    const stopped = this.#stopped;
    if (stopped === undefined) return;
    this.#stopped = undefined;
    for (const [peer, supervised] of this.#peers) {
      supervised.run((actor) => obey(actor, { peer, action: CommandKind.shutdown, text }));
      supervised.dispose();
    }
    this.#peers.clear();
    this.wheel.stop();
    this.#flush(true);
    this.#mail.close();
    stopped();
  }

  /** The actor of a peer, for tests and for those who share the thread. */
  actor(peer: number): PeerActor {
    return this.#find(peer).actor;
  }

  #find(peer: number): Supervised {
    const supervised = this.#peers.get(peer);
    if (supervised === undefined) {
      throw new ActorError('ERR_PEERLOOM_NO_PEER', `the host has no peer ${peer}`);
    }
    return supervised;
  }

  #chosen(peer: number | 'all'): Iterable<Supervised> {
    return peer === 'all' ? this.#peers.values() : [this.#find(peer)];
  }

  #act<Result>(peer: number, run: (supervised: Supervised) => Result): Result {
    const result = run(this.#find(peer));
    this.#mailbox.wake();
    return result;
  }

  #allRoutes(): PeerRoutes[] {
    return Array.from(this.#peers.values(), ({ actor }) => actor.routes);
  }
}
