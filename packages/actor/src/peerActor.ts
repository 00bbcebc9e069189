import type { FsmInput, FsmTimer, PeerFsm, TimerInput } from '@peerloom/fsm';
import type {
  Accepted,
  Closed,
  CommonPeerOptions,
  Connected,
  ConnectionEnds,
  DialFailed,
  Refused,
  SpawnContext,
} from '@peerloom/ipc';
import type { Fault, NotificationMessage } from '@peerloom/wire';
import type { ActorContext } from './actorContext.ts';
import { type ArrivedBatch, Connection } from './connection.ts';
import type { EstablishedSession } from './establishedSession.ts';
import { FlightRecorder } from './flightRecorder.ts';
import { carryOut } from './fsmOutputs.ts';
import { type FsmTimerOwner, FsmTimers } from './fsmTimers.ts';
import { HandlerCalls } from './handlerCalls.ts';
import { readInput } from './inputReader.ts';
import type { Served } from './mailbox.ts';
import { NoticeWriter } from './noticeWriter.ts';
import { fsmOptionsOf, sharedOptions } from './openMessage.ts';
import { PeerRoutes } from './peerRoutes.ts';
import { PeerStatus } from './peerStatus.ts';

/** Milliseconds after which a slice ends early: a slow handler must not hold up the others. */
const sliceMilliseconds = 4;

/** What an actor begins with. */
export interface ActorBeginning extends SpawnContext {
  readonly peer: number;
  /** The neighbour's. */
  readonly address: string;
  /** All else that it is told. Peers that are told the same may have one object. */
  readonly options: CommonPeerOptions;
}

/** Who has had an actor made. */
export interface ActorOwner {
  /** Something of the actor has thrown; it is of no more use then. */
  crashed(error: unknown): void;
}

/**
 * One peer: its connections, its FSM, and what the FSM asks for carried out. Everything that happens to
 * it comes in through its methods, runs to completion, and goes out through the host's writer; there is
 * no `await` anywhere between. There are thousands of these: what only few of them need is made when it
 * is first needed.
 */
export class PeerActor implements Served, FsmTimerOwner {
  queued = false;
  readonly peer: number;
  readonly context: ActorContext;
  /** The neighbour's. */
  readonly address: string;
  /** All else that it is told. Peers that are told the same have one object. */
  options: CommonPeerOptions;
  readonly status: PeerStatus;
  readonly routes: PeerRoutes;
  readonly timers: FsmTimers;
  readonly recorder: FlightRecorder;
  connections: readonly Connection[] = [];
  session: EstablishedSession | undefined = undefined;
  /** Whether UPDATEs are sent to the supervisor. */
  subscribed = false;
  /** Highest numbers given out, for an actor that takes this one's place. */
  lastDial: number;
  lastSession: number;
  /** The next session is the first since this speaker restarted (RFC 4724 §4.1). */
  restarting: boolean;
  /** Where the last connection that we dialled came from. */
  lastLocalAddress: string | undefined = undefined;
  readonly #owner: ActorOwner;
  #notices: NoticeWriter | undefined = undefined;
  #handlerCalls: HandlerCalls | undefined = undefined;
  /** Inputs that came up while outputs of another were carried out. */
  #inputs: FsmInput[] | undefined = undefined;
  #stepping = false;
  #disposed = false;

  /** `routes`: of the actor whose place it takes. */
  constructor(
    { peer, address, options, ...past }: ActorBeginning,
    context: ActorContext,
    owner: ActorOwner,
    routes?: PeerRoutes,
  ) {
    const { restarting = false, lastSession = 0, lastDial = 0 } = past;
    this.peer = peer;
    this.address = address;
    this.options = sharedOptions(options, context);
    this.context = context;
    this.#owner = owner;
    this.restarting = restarting;
    this.lastDial = lastDial;
    this.lastSession = lastSession;
    this.status = new PeerStatus(context.clock.now(), options.shutdown);
    this.timers = new FsmTimers(this, context.wheel);
    this.routes = routes ?? new PeerRoutes(this, context);
    this.routes.owner = this;
    const fsmOptions = fsmOptionsOf(this.options, restarting, context);
    const firstId = Math.max(lastDial, lastSession) + 1;
    const seed = Math.floor(context.random() * 0x1_0000_0000) | 0;
    this.recorder = new FlightRecorder(peer, fsmOptions, firstId, seed, context.wheel.origin);
  }

  get fsm(): PeerFsm {
    return this.recorder.fsm;
  }

  get notices(): NoticeWriter {
    this.#notices ??= new NoticeWriter(this.peer, this.context);
    return this.#notices;
  }

  /** The embedder's handler on behalf of this peer; `undefined` while there is none. */
  get handlerCalls(): HandlerCalls | undefined {
    if (this.context.handler === undefined) return undefined;
    this.#handlerCalls ??= new HandlerCalls(this);
    return this.#handlerCalls;
  }

  // ---- what the supervisor tells ----

  accepted(message: Accepted): void {
    const { id, ends } = this.#connect(message.connection, message, false);
    const { remoteAddress, localAddress } = ends;
    this.step({ type: 'accepted', connection: id, remoteAddress, localAddress });
  }

  connected(message: Connected): void {
    const { id } = this.#connect(message.connection, message, true);
    this.lastLocalAddress = message.localAddress;
    this.step({ type: 'dialConnected', dial: message.dial, connection: id });
  }

  dialFailed({ dial, errno, text }: DialFailed): void {
    this.step({ type: 'dialFailed', dial, errno, text });
  }

  /** A connection that was refused. A neighbour that goes on connecting is not recorded each time. */
  refused({ text, remedy }: Refused): void {
    const isNews = this.session === undefined && this.fsm.stuckReason?.text !== text;
    if (isNews) this.step({ type: 'refused', text, remedy });
  }

  /** Bytes of a connection; returns `false` when there is no such connection any more. */
  data(connection: number, bytes: Uint8Array, batch: ArrivedBatch): boolean {
    const target = this.connection(connection);
    if (target === undefined) return false;
    target.push(bytes, batch);
    this.context.enqueue(this);
    return true;
  }

  /** The kernel has taken more of what we sent. */
  written(connection: number, count: number): void {
    const target = this.connection(connection);
    if (target === undefined) return;
    target.unsentBytes = Math.max(0, target.unsentBytes - count);
    this.recorder.transmitted(this.context.clock.now(), connection, target.unsentBytes);
    const { session } = this;
    if (session?.connection === target && session.hasOutput) this.context.enqueue(this);
  }

  /** A connection has ended: it takes effect once what came before has been read. */
  closed({ connection, errno, text }: Closed): void {
    this.connection(connection)?.finish({ errno, text });
    this.context.enqueue(this);
  }

  // ---- the mailbox's and the wheel's ----

  /** Runs something on behalf of this peer. If it throws, this actor is done for, and nobody else. */
  protect<Result>(run: () => Result): Result | undefined {
    if (this.#disposed) return undefined;
    try {
      return run();
    } catch (error) {
      this.#owner.crashed(error);
      return undefined;
    }
  }

  serve(): boolean {
    return this.protect(() => this.#serve()) === true;
  }

  #serve(): boolean {
    const until = this.context.clock.now() + sliceMilliseconds;
    for (const connection of this.connections) readInput(this, connection, until);
    const more = this.session?.send() === true;
    return more || this.connections.some(({ readable }) => readable);
  }

  hasUnreadInput(connection: number): boolean {
    return this.connection(connection)?.readable === true;
  }

  remaining(timer: FsmTimer, connection: number): number {
    return this.recorder.remaining(this.context.clock.now(), timer, connection);
  }

  timerFired(input: TimerInput): void {
    this.protect(() => this.step(input));
  }

  // ---- the FSM ----

  /** Gives the FSM an input and carries out what it asks for; what comes up meanwhile waits its turn. */
  step(input: FsmInput): void {
    if (this.#stepping) {
      this.#inputs ??= [];
      this.#inputs.push(input);
      return;
    }
    this.#stepping = true;
    try {
      for (
        let next: FsmInput | undefined = input;
        next !== undefined;
        next = this.#inputs?.shift()
      ) {
        const now = this.context.clock.now();
        for (const output of this.recorder.step(now, next)) carryOut(this, output, now);
      }
    } finally {
      this.#stepping = false;
    }
  }

  /** A fault of received bytes that ends the session with a NOTIFICATION. */
  fail(connection: Connection, fault: Fault): void {
    this.step({ type: 'decodeError', connection: connection.id, fault });
  }

  /** An embedder's code wants the session ended. */
  refuse(connection: Connection, { code, subcode, data }: NotificationMessage): void {
    const text = 'the handler asks for it';
    const section = 'PeerHandler';
    this.fail(connection, { action: 'sessionReset', code, subcode, data, section, text });
  }

  // ---- connections ----

  connection(id: number): Connection | undefined {
    for (const connection of this.connections) if (connection.id === id) return connection;
    return undefined;
  }

  /** Forgets a connection, and what of it has not been read. */
  drop(connection: Connection): void {
    this.connections = this.connections.filter((other) => other !== connection);
    this.timers.forget(connection.id);
    connection.discard();
  }

  /** Hands whole messages over to be sent. */
  transmit(connection: Connection, bytes: Uint8Array): void {
    this.context.send(this.peer, connection.id, bytes);
    connection.unsentBytes += bytes.length;
    this.status.sent.addAll(bytes);
  }

  /** Everything is given up at once, without a word to anybody: the actor has failed, or its host ends. */
  dispose(): void {
    const { peer, context } = this;
    this.#disposed = true;
    this.timers.clear();
    for (const connection of this.connections) {
      context.writer.message({ kind: 'close', peer, connection: connection.id, reset: false });
      connection.discard();
    }
    this.connections = [];
    this.session = undefined;
  }

  #connect(id: number, ends: ConnectionEnds, dialled: boolean): Connection {
    const { localAddress, localPort, remotePort } = ends;
    // Where the two are alike, one string.
    const remoteAddress = ends.remoteAddress === this.address ? this.address : ends.remoteAddress;
    const own = { localAddress, localPort, remoteAddress, remotePort };
    const connection = new Connection(id, own, dialled, this.context);
    // Not spread: that leaves room for a dozen more.
    this.connections = this.connections.concat(connection);
    return connection;
  }
}
