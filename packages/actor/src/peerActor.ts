import {
  type FsmInput,
  type FsmOutput,
  type PeerFsm,
  resolveFsmOptions,
  type SendOutput,
  type TimerInput,
} from '@peerloom/fsm';
import {
  type Accepted,
  type Closed,
  type Command,
  CommandKind,
  type Connected,
  type ConnectionEnds,
  type DialFailed,
  type PeerOptions,
  type SpawnContext,
} from '@peerloom/ipc';
import {
  CeaseSubcode,
  decodeNotification,
  decodeOpen,
  encodeKeepalive,
  encodeNotification,
  encodeOpen,
  type Fault,
  MessageType,
  type NotificationMessage,
} from '@peerloom/wire';
import type { ActorContext } from './actorContext.ts';
import { Connection } from './connection.ts';
import { EstablishedSession } from './establishedSession.ts';
import { FlightRecorder } from './flightRecorder.ts';
import { type FsmTimerOwner, FsmTimers } from './fsmTimers.ts';
import { HandlerCalls } from './handlerCalls.ts';
import type { Served } from './mailbox.ts';
import { NoticeWriter } from './noticeWriter.ts';
import { fsmOptionsOf, sharedOptions } from './openMessage.ts';
import { PeerRoutes } from './peerRoutes.ts';
import { PeerStatus } from './peerStatus.ts';
import { describeSessionEnd } from './sessionDescription.ts';
import { explainStuck } from './stuckReason.ts';

/** Octets of input that a peer is served before the next one has its turn. */
const sliceBytes = 32 * 1024;
/** Milliseconds after which a slice ends early: a slow handler must not hold up the others. */
const sliceMilliseconds = 4;

const keepalive = encodeKeepalive();

/**
 * One peer: its connections, its FSM, and what the FSM asks for carried out. Everything that happens to
 * it comes in through its methods, runs to completion, and goes out through the host's writer; there is
 * no `await` anywhere between.
 */
export class PeerActor implements Served, FsmTimerOwner {
  queued = false;
  readonly peer: number;
  options: PeerOptions;
  readonly status: PeerStatus;
  readonly routes: PeerRoutes;
  readonly timers: FsmTimers;
  readonly notices: NoticeWriter;
  readonly handlerCalls: HandlerCalls;
  connections: readonly Connection[] = [];
  session: EstablishedSession | undefined = undefined;
  /** Whether UPDATEs are sent to the supervisor. */
  subscribed = false;
  /** Highest numbers given out, for an actor that takes this one's place. */
  lastDial = 0;
  lastSession = 0;
  /** When it may leave Idle by itself, while it is held there. */
  idleUntil: number | undefined = undefined;
  readonly recorder: FlightRecorder;
  readonly #context: ActorContext;
  readonly #crashed: (error: unknown) => void;
  #disposed = false;
  /** Inputs that came up while outputs of another were carried out. */
  readonly #inputs: FsmInput[] = [];
  #stepping = false;
  #lastLocalAddress: string | undefined = undefined;
  #restarting: boolean;

  constructor(
    peer: number,
    options: PeerOptions,
    context: ActorContext,
    crashed: (error: unknown) => void,
    past: SpawnContext,
    routes?: PeerRoutes,
  ) {
    this.peer = peer;
    this.options = sharedOptions(options, context);
    this.#context = context;
    this.#crashed = crashed;
    this.#restarting = past.restarting === true;
    this.lastDial = past.lastDial ?? 0;
    this.lastSession = past.lastSession ?? 0;
    this.status = new PeerStatus(context.clock.now());
    this.notices = new NoticeWriter(peer, context);
    this.handlerCalls = new HandlerCalls(this, context);
    this.timers = new FsmTimers(this, context.wheel);
    this.routes = routes ?? new PeerRoutes(this, context);
    this.routes.owner = this;
    const firstId = Math.max(this.lastDial, this.lastSession) + 1;
    const fsmOptions = fsmOptionsOf(this.options, this.#restarting, this.#context);
    const seed = Math.floor(context.random() * 0x1_0000_0000) | 0;
    this.recorder = new FlightRecorder(peer, fsmOptions, firstId, seed);
  }

  /** Whether the next session is the first since this speaker restarted. */
  get restarting(): boolean {
    return this.#restarting;
  }

  get fsm(): PeerFsm {
    return this.recorder.fsm;
  }

  // ---- what the supervisor tells ----

  accepted(message: Accepted): void {
    const connection = this.#connect(message.connection, message, false);
    this.step({
      type: 'accepted',
      connection: connection.id,
      remoteAddress: message.remoteAddress,
      localAddress: message.localAddress,
    });
  }

  connected(message: Connected): void {
    const connection = this.#connect(message.connection, message, true);
    this.step({ type: 'dialConnected', dial: message.dial, connection: connection.id });
  }

  dialFailed({ dial, errno, text }: DialFailed): void {
    this.step({ type: 'dialFailed', dial, errno, text });
  }

  /** Bytes of a connection; returns `false` when there is no such connection any more. */
  data(connection: number, bytes: Uint8Array, stamp: number): boolean {
    const target = this.connection(connection);
    if (target === undefined) return false;
    target.push(bytes, stamp);
    this.#context.enqueue(this);
    return true;
  }

  /** The kernel has taken more of what we sent. */
  written(connection: number, count: number): void {
    const target = this.connection(connection);
    if (target === undefined) return;
    target.unsentBytes = Math.max(0, target.unsentBytes - count);
    const now = this.#context.clock.now();
    this.recorder.transmitted(now, connection, target.unsentBytes);
    if (this.session?.connection === target && this.session.hasOutput) this.#context.enqueue(this);
  }

  /** A connection has ended: it takes effect once what came before has been read. */
  closed({ connection, errno, text }: Closed): void {
    this.connection(connection)?.finish({ errno, text });
    this.#context.enqueue(this);
  }

  command({ action, text }: Command): void {
    const { status } = this;
    switch (action) {
      case CommandKind.start:
        status.shutdown = false;
        status.shutdownText = '';
        this.step({ type: 'start', cause: 'manual' });
        break;
      case CommandKind.shutdown:
        status.shutdown = true;
        status.shutdownText = text;
        this.step({ type: 'stop', cause: 'manual', text });
        break;
      case CommandKind.clear:
        if (status.shutdown) break;
        this.step({
          type: 'stop',
          cause: 'manual',
          subcode: CeaseSubcode.administrativeReset,
          text,
        });
        this.step({ type: 'start', cause: 'manual' });
        break;
      case CommandKind.softIn:
        this.session?.askForRefresh();
        break;
      case CommandKind.softOut:
        this.session?.refresh();
        break;
      case CommandKind.deconfigure:
        this.step({ type: 'stop', cause: 'manual', subcode: CeaseSubcode.peerDeconfigured });
        break;
      case CommandKind.retryNow:
        this.step({ type: 'retryNow' });
        break;
      default:
        break;
    }
  }

  /** Other options. Returns whether connections had to end for them. */
  update(options: PeerOptions): 'kept' | 'reset' {
    const before = new Set(this.connections);
    const transportChanged = transportKeys.some((key) => this.options[key] !== options[key]);
    this.options = sharedOptions(options, this.#context);
    const fsmOptions = fsmOptionsOf(this.options, this.#restarting, this.#context);
    this.step({ type: 'options', options: resolveFsmOptions(fsmOptions) });
    if (transportChanged && this.connections.some((connection) => before.has(connection))) {
      const subcode = CeaseSubcode.otherConfigurationChange;
      this.step({ type: 'stop', cause: 'manual', subcode });
      this.step({ type: 'start', cause: 'manual' });
    }
    return this.connections.length < before.size ||
      this.connections.some((connection) => !before.has(connection))
      ? 'reset'
      : 'kept';
  }

  // ---- the mailbox's and the wheel's ----

  /** Runs something on behalf of this peer. If it throws, this actor is done for, and nobody else. */
  protect<Result>(run: () => Result): Result | undefined {
    if (this.#disposed) return undefined;
    try {
      return run();
    } catch (error) {
      this.#crashed(error);
      return undefined;
    }
  }

  serve(): boolean {
    return this.protect(() => this.#serve()) === true;
  }

  #serve(): boolean {
    const until = this.#context.clock.now() + sliceMilliseconds;
    for (const connection of this.connections) this.#read(connection, until);
    const more = this.session?.send() === true;
    return more || this.connections.some(({ readable }) => readable);
  }

  hasUnreadInput(connection: number): boolean {
    return this.connection(connection)?.readable === true;
  }

  timerFired(input: TimerInput): void {
    this.protect(() => this.step(input));
  }

  // ---- the FSM ----

  /** Gives the FSM an input and carries out what it asks for; what comes up meanwhile waits its turn. */
  step(input: FsmInput): void {
    this.#inputs.push(input);
    if (this.#stepping) return;
    this.#stepping = true;
    try {
      for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) {
        const now = this.#context.clock.now();
        for (const output of this.recorder.step(now, next)) this.#execute(output, now);
      }
    } finally {
      this.#stepping = false;
    }
  }

  /** A fault of received bytes, or an answer of a handler, that ends the session with a NOTIFICATION. */
  fail(connection: Connection, fault: Fault): void {
    this.step({ type: 'decodeError', connection: connection.id, fault });
  }

  connection(id: number): Connection | undefined {
    return this.connections.find((connection) => connection.id === id);
  }

  /** Everything is given up at once, without a word to anybody: the actor has failed, or its host ends. */
  dispose(): void {
    this.#disposed = true;
    this.timers.clear();
    for (const connection of this.connections) {
      this.#context.writer.message({
        kind: 'close',
        peer: this.peer,
        connection: connection.id,
        reset: false,
      });
      connection.discard();
    }
    this.connections = [];
    this.session = undefined;
  }

  #connect(id: number, ends: ConnectionEnds, dialled: boolean): Connection {
    const { localAddress, localPort, remoteAddress, remotePort } = ends;
    const connection = new Connection(
      id,
      { localAddress, localPort, remoteAddress, remotePort },
      dialled,
      this.#context,
    );
    this.connections = [...this.connections, connection];
    if (dialled) this.#lastLocalAddress = localAddress;
    return connection;
  }

  /** Reads a slice of what has arrived on a connection. */
  #read(connection: Connection, until: number): void {
    const { deframer } = connection;
    const { clock } = this.#context;
    let budget = sliceBytes;
    let now = clock.now();
    // At least one message, however slow the clock: a slice that reads nothing would never end.
    do {
      if (!connection.nextMessage()) {
        if (deframer.fault !== undefined) this.#faulty(connection, deframer.fault);
        else if (connection.ended !== undefined) this.#lost(connection);
        return;
      }
      const length = deframer.end - deframer.start;
      budget -= length;
      this.status.received.add(deframer.type, length);
      if (deframer.type === MessageType.update && this.session?.connection === connection) {
        this.recorder.received(now, connection.id);
        this.session.update(deframer.bytes, deframer.start, deframer.end);
        // Only what may run an embedder's code can be slow enough to look at the clock each time.
        if (this.#context.handler !== undefined) now = clock.now();
      } else {
        this.#message(connection, now);
        now = clock.now();
      }
      if (!this.connections.includes(connection)) return;
    } while (budget > 0 && now < until);
  }

  #message(connection: Connection, now: number): void {
    const { type, bytes, start, end } = connection.deframer;
    const established = this.session?.connection === connection;
    switch (type) {
      case MessageType.open: {
        const result = decodeOpen(bytes, start, end);
        if (!result.ok) return this.#faulty(connection, result.fault);
        const answer = this.handlerCalls.open(result.message);
        if (answer !== undefined) return this.refuse(connection, answer);
        const capabilities = this.#context.share(result.message.capabilities);
        const message = { ...result.message, capabilities };
        return this.step({ type: 'message', connection: connection.id, message });
      }
      case MessageType.notification: {
        const result = decodeNotification(bytes, start, end);
        if (!result.ok) return this.#faulty(connection, result.fault);
        const { message } = result;
        this.status.notification(message, 'received', now, 'the peer sent a NOTIFICATION');
        return this.step({ type: 'message', connection: connection.id, message });
      }
      default: {
        if (established) {
          this.recorder.received(now, connection.id);
          if (type === MessageType.routeRefresh) this.session!.routeRefresh(bytes, start, end);
          return undefined;
        }
        const kind = simpleKinds[type];
        if (kind === undefined) return undefined;
        return this.step({ type: 'message', connection: connection.id, message: { kind } });
      }
    }
  }

  /** An embedder's code wants the session ended. */
  refuse(connection: Connection, answer: NotificationMessage): void {
    const text = 'the handler asks for it';
    this.fail(connection, { action: 'sessionReset', ...answer, section: 'PeerHandler', text });
  }

  #faulty(connection: Connection, fault: Fault): void {
    this.status.fault(fault);
    this.notices.fault(fault);
    this.fail(connection, fault);
    // Whatever the FSM makes of it, nothing after the fault can be read.
    connection.discard();
  }

  #lost(connection: Connection): void {
    const { errno, text } = connection.ended!;
    this.connections = this.connections.filter((other) => other !== connection);
    this.timers.forget(connection.id);
    connection.discard();
    this.step({ type: 'closed', connection: connection.id, errno, text });
  }

  #execute(output: FsmOutput, now: number): void {
    const { peer } = this;
    const { writer } = this.#context;
    switch (output.type) {
      case 'dial':
        this.lastDial = output.dial;
        return writer.message({ kind: 'dial', peer, dial: output.dial });
      case 'abortDial':
        return writer.message({ kind: 'abortDial', peer, dial: output.dial });
      case 'send':
        return this.#send(output, now);
      case 'close':
        return this.#close(output.connection, output.reset);
      case 'armTimer':
        return this.timers.arm(output, now);
      case 'disarmTimer':
        return this.timers.disarm(output.timer, output.connection);
      case 'collisionResolved': {
        const { survivor, loser, why } = output;
        return writer.message({ kind: 'collisionResolved', peer, survivor, loser, why });
      }
      case 'sessionUp': {
        this.lastSession = output.session;
        this.status.established++;
        const connection = this.connection(output.connection)!;
        connection.deframer.maximumLength = output.negotiated.options.maximumReceiveLength;
        // From here on the FSM knows that it will be told what the kernel takes (RFC 9687 §4.3).
        this.recorder.transmitted(now, connection.id, connection.unsentBytes);
        this.session = new EstablishedSession(this, this.#context, connection, output);
        this.session.begin(now);
        return this.#restartDone();
      }
      case 'sessionDown': {
        const { session } = this;
        this.session = undefined;
        const error = this.status.sessionDown(output.end, now);
        const end = describeSessionEnd(output.session, output.end, error);
        session?.finish(output.end, end);
        this.#context.reclaim();
        const json = JSON.stringify(end);
        return writer.message({
          kind: 'sessionDown',
          peer,
          session: output.session,
          time: now,
          json,
        });
      }
      case 'transition': {
        this.status.stateSince = now;
        const { connection, from, to, event, why } = output;
        return writer.message({
          kind: 'transition',
          peer,
          connection,
          from,
          to,
          event,
          why,
          time: now,
        });
      }
      case 'idleHold':
        this.idleUntil = output.until;
        return undefined;
      case 'stuckReason':
        this.status.stuck = output.reason && {
          ...explainStuck(output.reason, this.options, this.#lastLocalAddress),
          since: now,
        };
        return undefined;
    }
  }

  /** RFC 4724 §4.1: the R bit is for the first session after the restart only. */
  #restartDone(): void {
    if (!this.#restarting) return;
    this.#restarting = false;
    const options = resolveFsmOptions(fsmOptionsOf(this.options, false, this.#context));
    this.step({ type: 'options', options });
  }

  #send({ connection: id, message, why }: SendOutput, now: number): void {
    const connection = this.connection(id);
    if (connection === undefined) return;
    switch (message.kind) {
      case 'keepalive':
        return this.transmit(connection, keepalive);
      case 'open':
        return this.transmit(connection, encodeOpen(message));
      case 'notification': {
        this.status.notification(message, 'sent', now, why);
        const limit = this.session?.negotiated.options.maximumSendLength;
        return this.transmit(connection, encodeNotification(message, limit));
      }
    }
  }

  /** Hands whole messages over to be sent. */
  transmit(connection: Connection, bytes: Uint8Array): void {
    this.#context.writer.send(this.peer, connection.id, bytes);
    connection.unsentBytes += bytes.length;
    this.status.sent.addAll(bytes);
  }

  #close(id: number, reset: boolean): void {
    const connection = this.connection(id);
    this.timers.forget(id);
    this.#context.writer.message({ kind: 'close', peer: this.peer, connection: id, reset });
    if (connection === undefined) return;
    this.connections = this.connections.filter((other) => other !== connection);
    connection.discard();
  }
}

/** Options that belong to the TCP connection: a change takes a new one. */
const transportKeys = [
  'address',
  'port',
  'sourceAddress',
  'ttl',
  'multihop',
  'ttlSecurity',
  'password',
] as const satisfies readonly (keyof PeerOptions)[];

/** Messages of which the FSM wants to know no more than that they came. */
const simpleKinds: { readonly [type: number]: 'update' | 'keepalive' | 'routeRefresh' } = {
  [MessageType.update]: 'update',
  [MessageType.keepalive]: 'keepalive',
  [MessageType.routeRefresh]: 'routeRefresh',
};
