import {
  type AnnounceResult,
  CommandKind,
  type CommonPeerOptions,
  type FlightRecording,
  type HostControl,
  type HostUsage,
  type MailPort,
  type PeerSnapshot,
  type RoutePack,
  type RoutesPage,
  type RoutesQuery,
  type SpawnRefusal,
  type SpawnRequest,
  type ToSupervisorWriter,
} from '@peerloom/ipc';
import { AnnouncementTable, RibStore } from '@peerloom/rib';
import type { ActorContext } from './actorContext.ts';
import { ActorError } from './actorError.ts';
import { announceTo, announceToAll, withdrawFrom, withdrawFromAll } from './announcements.ts';
import type { Clock } from './clock.ts';
import type { ArrivedBatch } from './connection.ts';
import { DelayHistogram } from './delayHistogram.ts';
import { loadHandler, type PeerHandler } from './handler.ts';
import { HostMail } from './hostMail.ts';
import { HostMeter } from './hostMeter.ts';
import { Mailbox, type Served } from './mailbox.ts';
import type { PeerActor } from './peerActor.ts';
import { obey } from './peerCommands.ts';
import type { PeerRoutes } from './peerRoutes.ts';
import { snapshotOf } from './peerSnapshot.ts';
import { Reclaimer } from './reclaimer.ts';
import { queryRoutes } from './routesQuery.ts';
import { SharedValues } from './sharedValues.ts';
import { Supervised } from './supervised.ts';
import { TimerWheel } from './timerWheel.ts';

/** From so many octets on, handing a shared buffer over costs less than copying. */
const shareable = 16 * 1024;

/** Packed messages, where the supervisor can send them from: a table for many peers crosses once. */
function keepChunk(bytes: Uint8Array): Uint8Array {
  if (bytes.length < shareable) return bytes.slice();
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}

/**
 * The actors of one worker: what they share, the turn that each has, and answers to what the supervisor
 * asks over its control port.
 */
export class ActorHost implements HostControl, ActorContext {
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  readonly store: RibStore = new RibStore({ waitsForRoutes: true, keepChunk });
  readonly everyone: AnnouncementTable = new AnnouncementTable(this.store);
  readonly toAll: readonly AnnouncementTable[] = [this.everyone];
  handler: PeerHandler | undefined = undefined;
  readonly #mail: HostMail;
  readonly #mailbox: Mailbox;
  readonly #peers = new Map<number, Supervised>();
  readonly #timerDelay = new DelayHistogram();
  readonly #shared = new SharedValues();
  readonly #meter = new HostMeter();
  readonly #reclaimer: Reclaimer;
  /** Of the actor that was made last: the next one may have the same. */
  #options: CommonPeerOptions | undefined = undefined;
  #handlerSlowest = 0;
  #stopped: (() => void) | undefined = undefined;
  /** Settles when the host has been stopped. */
  readonly done: Promise<void>;

  constructor(mail: MailPort, clock: Clock) {
    this.clock = clock;
    this.#mailbox = new Mailbox(clock, (force) => this.#flush(force));
    const addressees = {
      get: (peer: number) => this.#peers.get(peer),
      forget: (peer: number) => this.#forget(peer),
    };
    this.#mail = new HostMail(mail, clock, addressees, () => this.#mailbox.wake());
    this.wheel = new TimerWheel(
      clock,
      () => this.#mailbox.wake(),
      (lateness) => this.#timerDelay.add(lateness),
    );
    this.#mailbox.wheel = this.wheel;
    this.#reclaimer = new Reclaimer(this.store, clock, this.wheel, this.#mailbox);
    this.done = new Promise((resolve) => {
      this.#stopped = resolve;
    });
  }

  // ---- what actors need ----

  get writer(): ToSupervisorWriter {
    return this.#mail.writer;
  }

  send(peer: number, connection: number, bytes: Uint8Array): void {
    this.#mail.send(peer, connection, bytes);
  }

  share<Value extends object>(value: Value): Value {
    return this.#shared.share(value);
  }

  random(): number {
    return Math.random();
  }

  enqueue(served: Served): void {
    this.#mailbox.enqueue(served);
  }

  chunkRead(bytes: number, batch: ArrivedBatch): void {
    this.#mail.chunkRead(bytes, batch);
  }

  handlerTook(milliseconds: number): void {
    this.#handlerSlowest = Math.max(this.#handlerSlowest, milliseconds);
  }

  #flush(force: boolean): void {
    if (force) this.#reclaimer.look();
    this.#mail.flush(force);
  }

  #forget(peer: number): void {
    this.#peers.get(peer)?.dispose();
    this.#peers.delete(peer);
  }

  // ---- control ----

  spawn(requests: readonly SpawnRequest[]): SpawnRefusal[] {
    return requests.flatMap((request) => {
      try {
        this.make(request);
        return [];
      } catch (error) {
        return [
          { peer: request.peer, why: error instanceof Error ? error.message : String(error) },
        ];
      }
    });
  }

  /** Makes one actor. @throws {ActorError} or {FsmOptionError} */
  make({ peer, address, options, context }: SpawnRequest): void {
    // The first request has some.
    this.#options = options ?? this.#options!;
    if (this.#stopped === undefined) {
      throw new ActorError('ERR_PEERLOOM_STOPPED', 'the host has been stopped');
    }
    if (this.#peers.has(peer)) {
      throw new ActorError('ERR_PEERLOOM_PEER_EXISTS', `the host has a peer ${peer} already`);
    }
    const beginning = { peer, address, options: this.#options, ...context };
    this.#peers.set(peer, new Supervised(beginning, this));
  }

  update(peer: number, options: CommonPeerOptions): 'kept' | 'reset' {
    return this.#act(peer, (supervised) => supervised.update(options));
  }

  snapshot(peer?: number): PeerSnapshot[] {
    const chosen = peer === undefined ? [...this.#peers.values()] : [this.#find(peer)];
    return chosen.map(({ actor }) => snapshotOf(actor, this.clock));
  }

  announce(peer: number | 'all', routes: RoutePack): number {
    return peer === 'all'
      ? announceToAll(this.everyone, this.#allRoutes(), routes)
      : announceTo(this.actor(peer).routes, this.everyone, routes);
  }

  withdraw(peer: number | 'all', routes: RoutePack): AnnounceResult {
    if (peer !== 'all') return withdrawFrom(this.actor(peer).routes, this.everyone, routes);
    const accepted = withdrawFromAll(this.everyone, this.#allRoutes(), routes);
    return { accepted, rejected: 0, errors: [] };
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
    const { goneRoutes, attributeBlocks, attributeBytes } = this.store.statistics;
    const handlerSlowest = this.#handlerSlowest;
    this.#handlerSlowest = 0;
    return {
      ...this.#meter.take(),
      peers: this.#peers.size,
      established,
      mailboxDelay: this.#mail.delay.take(),
      mailboxOldest: this.#mail.oldest,
      timerDelay: this.#timerDelay.take(),
      queued: this.#mail.queued,
      goneRoutes,
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
