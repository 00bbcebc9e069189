import type { Socket } from 'node:net';
import { type FsmTimerOwner, FsmTimers } from '@peerloom/actor';
import {
  type FsmInput,
  type FsmOutput,
  PeerFsm,
  type SessionDownOutput,
  type SessionUpOutput,
  stateRank,
  type TimerInput,
} from '@peerloom/fsm';
import { dial, ttlSecurity } from '@peerloom/sockets';
import {
  CeaseSubcode,
  Deframer,
  decodeNotification,
  decodeOpen,
  encodeEndOfRib,
  encodeKeepalive,
  encodeNotification,
  encodeOpen,
  type FamilyKey,
  formatNotification,
  MessageType,
  maximumExtendedMessageLength,
  maximumMessageLength,
} from '@peerloom/wire';
import { now } from '../measure/clock.ts';
import type { SpeakerPlan } from '../plan.ts';
import type { Feed } from '../routes/routeTable.ts';
import { type FeedListener, FeedWriter } from './feedWriter.ts';
import type { HostContext } from './hostContext.ts';
import { openCapabilities } from './openCapabilities.ts';
import { Counter, count, FeedState } from './runMemory.ts';
import { Sink } from './sink.ts';

/** Seconds between attempts: a tester has no reason to be patient. */
const connectRetryTime = 2;
/** Milliseconds that an orderly end may take. */
const closePatience = 1000;

/** One TCP connection of a speaker. */
interface Link {
  readonly id: number;
  readonly socket: Socket;
  readonly deframer: Deframer;
  readonly dialledAt: number;
  open: boolean;
}

/**
 * One simulated speaker: the engine's own FSM, its timers on the wheel of the thread, and a socket of
 * its own. What it announces comes from the shared table, what it receives goes into the shared memory.
 */
export class Speaker implements FsmTimerOwner, FeedListener {
  readonly plan: SpeakerPlan;
  readonly #context: HostContext;
  readonly #fsm: PeerFsm;
  readonly #timers: FsmTimers;
  readonly #sink: Sink | undefined;
  readonly #writer: FeedWriter | undefined;
  readonly #feed: Feed | undefined;
  #dials = new Map<number, Socket>();
  #links = new Map<number, Link>();
  #session: SessionUpOutput | undefined;
  /** The table is to be announced on every session that comes up. */
  #announcing = false;
  #due: ((message: number) => number) | undefined;
  #expectsEnd = false;
  #attempting = false;

  constructor(plan: SpeakerPlan, feed: Feed | undefined, context: HostContext) {
    const { group } = plan;
    const { target, table, encodedAs } = context;
    this.plan = plan;
    this.#context = context;
    this.#fsm = new PeerFsm(
      {
        localAs: plan.localAs,
        remoteAs: target.remoteAs ?? 'any',
        routerId: plan.routerId,
        capabilities: openCapabilities(plan),
        holdTime: group.holdTime,
        connectRetryTime,
        dampPeerOscillations: false,
      },
      Math.random,
    );
    this.#timers = new FsmTimers(this, context.wheel);
    this.#feed = feed;
    if (context.sinks !== undefined && plan.sink >= 0) {
      this.#sink = new Sink(context.sinks, plan.sink);
    }
    if (feed !== undefined && table !== undefined && encodedAs !== undefined) {
      const { localAs: as, nextHop: nextHop4 } = plan;
      const identity = { as, nextHop4, nextHop6: group.nextHopIpv6 };
      this.#writer = new FeedWriter(table, identity, encodedAs, context.memory.sentAt, this);
    }
  }

  /** Whether its session is Established. */
  get established(): boolean {
    return this.#session !== undefined;
  }

  /** Messages that it announces; absent for a sink. */
  get feed(): Feed | undefined {
    return this.#writer === undefined ? undefined : this.#feed;
  }

  /** Comes up, and comes back by itself until it is stopped. */
  start(): void {
    this.#attempting = true;
    this.#expectsEnd = false;
    this.#step({ type: 'start', cause: 'manual' });
  }

  /** Ends the session with a Cease, or by resetting TCP, and stays down. */
  stop(subcode: number, text: string, reset = false): void {
    this.#expectsEnd = true;
    // What the FSM still wants to say finds the sockets gone.
    if (reset) for (const link of this.#links.values()) link.socket.resetAndDestroy();
    this.#step({ type: 'stop', cause: 'manual', subcode, text });
  }

  /** Stops for good and lets go of every socket. */
  shutDown(): void {
    this.stop(CeaseSubcode.administrativeShutdown, 'load test finished');
    this.#timers.clear();
  }

  /** Connections that are not yet closed. */
  get openSockets(): number {
    return this.#links.size + this.#dials.size;
  }

  /** Drops whatever is still open. */
  destroy(): void {
    for (const link of this.#links.values()) link.socket.destroy();
    for (const socket of this.#dials.values()) socket.destroy();
  }

  // ---- routes ----

  /** Announces its part of the table, now and on each session that comes up. `due`: by a schedule. */
  announce(due?: (message: number) => number): void {
    if (this.#feed === undefined || this.#writer === undefined) return;
    this.#announcing = true;
    this.#due = due;
    this.#feedState(FeedState.writing);
    if (this.#session !== undefined) this.#beginFeed(this.#session);
  }

  /** Withdraws its part of the table. */
  withdraw(): void {
    const { table } = this.#context;
    if (this.#feed === undefined || this.#writer === undefined || table === undefined) return;
    this.#announcing = false;
    const socket = this.#socket();
    this.#writer.stop();
    if (socket === undefined) return this.onWritten();
    this.#feedState(FeedState.writing);
    const { start, end } = this.#feed;
    this.#writer.begin(socket, table.withdrawals, start, end, new Uint8Array(0));
  }

  /** Sends one message of the table, or its withdrawal. False when TCP has more than enough already. */
  churn(message: number, isWithdrawal: boolean, time: number): boolean {
    const socket = this.#socket();
    const { table } = this.#context;
    if (socket === undefined || this.#writer === undefined || table === undefined) return false;
    if (socket.writableLength > 1 << 18) return false;
    const stream = isWithdrawal ? table.withdrawals : table.announcements;
    this.#writer.writeOne(socket, stream, message, time);
    return true;
  }

  /** Writes what has become due. */
  pace(): void {
    if (this.#writer?.paced === true) this.#writer.pump();
  }

  /** Whether it writes by a schedule. */
  get paced(): boolean {
    return this.#writer?.paced === true;
  }

  #beginFeed({ negotiated, connection }: SessionUpOutput): void {
    const { table, note } = this.#context;
    const link = this.#links.get(connection);
    if (link === undefined || table === undefined || this.#feed === undefined) return;
    const { fourOctetAs, addPathSend, families } = negotiated.options;
    const misfit = table.families.find((family) => addPathSend.has(family) !== table.addPath);
    const absent = table.families.find((family) => !families.has(family));
    if (!fourOctetAs || misfit !== undefined || absent !== undefined) {
      note(
        !fourOctetAs
          ? 'routes were not sent: the device has no AS numbers of four octets (RFC 6793)'
          : absent !== undefined
            ? 'routes were not sent: the device does not have one of their address families'
            : `routes were not sent: they ${table.addPath ? 'have' : 'lack'} path identifiers, and the session agreed on the opposite`,
      );
      this.#feedState(FeedState.unfit);
      return;
    }
    const { start, end } = this.#feed;
    this.#feedState(FeedState.writing);
    this.#writer!.stop();
    const tail = endsOfRib(families);
    this.#writer!.begin(link.socket, table.announcements, start, end, tail, this.#due);
  }

  #socket(): Socket | undefined {
    return this.#session && this.#links.get(this.#session.connection)?.socket;
  }

  #feedState(state: FeedState): void {
    this.#context.memory.feeds[this.plan.index] = state;
  }

  // ---- FeedListener ----

  onSent(messages: number, octets: number): void {
    const { memory } = this.#context;
    const { index } = this.plan;
    count(memory, index, Counter.messagesSent, messages);
    count(memory, index, Counter.updatesSent, messages);
    count(memory, index, Counter.octetsSent, octets);
    if (this.#session === undefined) return;
    this.#fsm.noteSent(now(), this.#session.connection);
    this.onProgress();
  }

  onProgress(): void {
    const socket = this.#socket();
    if (this.#session === undefined || socket === undefined) return;
    this.#fsm.noteTransmitted(now(), this.#session.connection, socket.writableLength);
  }

  onWritten(): void {
    const { memory } = this.#context;
    memory.writtenAt[this.plan.index] = now();
    this.#feedState(FeedState.written);
  }

  // ---- FsmTimerOwner ----

  hasUnreadInput(): boolean {
    return false;
  }

  timerFired(input: TimerInput): void {
    this.#step(input);
  }

  // ---- the machine ----

  #step(input: FsmInput): void {
    const time = now();
    for (const output of this.#fsm.step(time, input)) this.#carryOut(output, time);
  }

  #carryOut(output: FsmOutput, time: number): void {
    switch (output.type) {
      case 'dial':
        return this.#dial(output.dial, time);
      case 'abortDial':
        this.#dials.get(output.dial)?.destroy();
        this.#dials.delete(output.dial);
        return undefined;
      case 'send':
        return this.#send(output.connection, output.message);
      case 'close':
        return this.#close(output.connection, output.reset);
      case 'armTimer':
        return this.#timers.arm(output, time);
      case 'disarmTimer':
        return this.#timers.disarm(output.timer, output.connection);
      case 'sessionUp':
        return this.#sessionUp(output, time);
      case 'sessionDown':
        return this.#sessionDown(output);
      case 'transition':
        this.#context.memory.states[this.plan.index] = stateRank(output.to);
        return undefined;
      case 'stuckReason':
        if (output.reason !== undefined && !this.#expectsEnd)
          this.#context.note(output.reason.text);
        return undefined;
      default:
        return undefined;
    }
  }

  #dial(number: number, time: number): void {
    const { target, setUp, nextConnection } = this.#context;
    const { group, sourceAddress } = this.plan;
    const fail = (error: NodeJS.ErrnoException): void => {
      if (!this.#dials.delete(number)) return;
      this.#failed();
      const errno = error.code ?? 'UNKNOWN';
      this.#step({ type: 'dialFailed', dial: number, errno, text: error.message });
    };
    const socket = dial({
      address: target.address,
      port: target.port,
      ...(sourceAddress !== undefined && { localAddress: sourceAddress }),
      ...(group.password !== undefined && { password: group.password }),
      ...(group.ttl !== undefined && { ttl: group.ttl }),
      ...(group.ttlSecurity !== undefined && ttlSecurity(group.ttlSecurity)),
    });
    this.#dials.set(number, socket);
    socket.on('error', fail);
    socket.once('connect', () => {
      if (!this.#dials.delete(number)) return;
      setUp.connect.record(now() - time);
      const maximum = group.extendedMessage ? maximumExtendedMessageLength : maximumMessageLength;
      const link: Link = {
        id: nextConnection(),
        socket,
        deframer: new Deframer(maximum),
        dialledAt: time,
        open: true,
      };
      this.#attach(link);
      this.#step({ type: 'dialConnected', dial: number, connection: link.id });
    });
  }

  #attach(link: Link): void {
    const { socket } = link;
    let errno = '';
    let text = 'the device closed the connection';
    this.#links.set(link.id, link);
    socket.on('data', (chunk: Uint8Array) => this.#read(link, chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      errno = error.code ?? 'UNKNOWN';
      text = error.message;
    });
    socket.on('close', () => {
      this.#links.delete(link.id);
      if (!link.open) return;
      link.open = false;
      this.#step({ type: 'closed', connection: link.id, errno, text });
    });
  }

  #read(link: Link, chunk: Uint8Array): void {
    if (!link.open) return;
    const { memory } = this.#context;
    const { index } = this.plan;
    const { deframer } = link;
    count(memory, index, Counter.octetsReceived, chunk.length);
    deframer.push(chunk);
    while (link.open && deframer.next()) {
      count(memory, index, Counter.messagesReceived);
      this.#message(link, deframer);
    }
    if (!link.open) return;
    const { fault } = deframer;
    if (fault !== undefined) this.#step({ type: 'decodeError', connection: link.id, fault });
  }

  #message(link: Link, { type, bytes, start, end }: Deframer): void {
    const connection = link.id;
    switch (type) {
      case MessageType.update: {
        count(this.#context.memory, this.plan.index, Counter.updatesReceived);
        this.#step({ type: 'message', connection, message: { kind: 'update' } });
        if (this.#session?.connection === connection) this.#sink?.update(bytes, start, end);
        return;
      }
      case MessageType.keepalive:
        this.#step({ type: 'message', connection, message: { kind: 'keepalive' } });
        return;
      case MessageType.routeRefresh:
        this.#step({ type: 'message', connection, message: { kind: 'routeRefresh' } });
        return;
      default:
    }
    const result =
      type === MessageType.open
        ? decodeOpen(bytes, start, end)
        : decodeNotification(bytes, start, end);
    if (!result.ok) {
      this.#step({ type: 'decodeError', connection, fault: result.fault });
      return;
    }
    if (result.message.kind === 'open') {
      this.#context.setUp.open.record(now() - link.dialledAt);
    } else {
      count(this.#context.memory, this.plan.index, Counter.notificationsReceived);
      this.#context.notification('received', formatNotification(result.message));
    }
    this.#step({ type: 'message', connection, message: result.message });
  }

  #send(connection: number, message: Extract<FsmOutput, { type: 'send' }>['message']): void {
    const link = this.#links.get(connection);
    if (link === undefined) return;
    const { memory, notification } = this.#context;
    let bytes: Uint8Array;
    if (message.kind === 'keepalive') bytes = keepalive;
    else if (message.kind === 'open') bytes = encodeOpen(message);
    else {
      bytes = encodeNotification(message);
      count(memory, this.plan.index, Counter.notificationsSent);
      notification('sent', formatNotification(message));
    }
    count(memory, this.plan.index, Counter.messagesSent);
    count(memory, this.plan.index, Counter.octetsSent, bytes.length);
    link.socket.write(bytes, () => {
      this.#fsm.noteTransmitted(now(), connection, link.socket.writableLength);
    });
  }

  #close(connection: number, reset: boolean): void {
    const link = this.#links.get(connection);
    this.#timers.forget(connection);
    if (link === undefined || !link.open) return;
    link.open = false;
    if (this.#session === undefined) this.#failed();
    if (reset) {
      link.socket.resetAndDestroy();
      return;
    }
    link.socket.end();
    link.socket.resume();
    setTimeout(() => link.socket.destroy(), closePatience).unref();
  }

  #sessionUp(output: SessionUpOutput, time: number): void {
    const { memory, setUp } = this.#context;
    const link = this.#links.get(output.connection);
    this.#session = output;
    count(memory, this.plan.index, Counter.sessionsUp);
    if (link !== undefined) setUp.established.record(time - link.dialledAt);
    this.#sink?.begin(output.negotiated.options, output.negotiated.peerAs);
    this.#attemptEnded();
    if (this.#announcing) this.#beginFeed(output);
    else if (this.#sink !== undefined) {
      link?.socket.write(endsOfRib(output.negotiated.options.families));
    }
  }

  #sessionDown({ end }: SessionDownOutput): void {
    const { memory, note } = this.#context;
    this.#session = undefined;
    this.#writer?.stop();
    this.#sink?.end();
    if (this.#announcing) this.#feedState(FeedState.writing);
    if (this.#expectsEnd) return;
    count(memory, this.plan.index, Counter.sessionsLost);
    note(`a session was lost: ${end.why}`);
  }

  #failed(): void {
    if (this.#expectsEnd) return;
    count(this.#context.memory, this.plan.index, Counter.attemptsFailed);
    this.#attemptEnded();
  }

  #attemptEnded(): void {
    if (!this.#attempting) return;
    this.#attempting = false;
    this.#context.attemptEnded();
  }
}

const keepalive = encodeKeepalive();
const ends = new Map<string, Uint8Array>();

/** The End-of-RIB of each family, one after the other. */
function endsOfRib(families: ReadonlySet<FamilyKey>): Uint8Array {
  const key = [...families].join();
  const known = ends.get(key);
  if (known !== undefined) return known;
  const messages = [...families].map((family) => encodeEndOfRib(family));
  const bytes = new Uint8Array(Buffer.concat(messages));
  ends.set(key, bytes);
  return bytes;
}
