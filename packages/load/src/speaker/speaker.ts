import { type FsmTimerOwner, FsmTimers } from '@peerloom/actor';
import {
  bareMessage,
  type FsmInput,
  type FsmOutput,
  type FsmTimer,
  PeerFsm,
  type SessionDownOutput,
  type SessionUpOutput,
  stateRank,
  type TimerInput,
} from '@peerloom/fsm';
import {
  CeaseSubcode,
  type Deframer,
  decodeNotification,
  encodeKeepalive,
  encodeNotification,
  encodeOpen,
  type Fault,
  formatNotification,
  MessageType,
} from '@peerloom/wire';
import { now } from '../measure/clock.ts';
import type { SpeakerPlan } from '../plan.ts';
import type { Feed } from '../routes/routeTable.ts';
import { Announcer, type AnnouncerOwner, endsOfRib } from './announcer.ts';
import { Connections, type ConnectionsOwner } from './connections.ts';
import type { HostContext } from './hostContext.ts';
import type { Link } from './link.ts';
import { openCapabilities } from './openCapabilities.ts';
import { Counter, count } from './runMemory.ts';
import { Sink } from './sink.ts';

/** Seconds between attempts: a tester has no reason to be patient. */
const connectRetryTime = 2;
/**
 * One simulated speaker: the engine's own FSM, its timers on the wheel of the thread, and a socket of
 * its own. What it announces comes from the shared table, what it receives goes into the shared memory.
 */
export class Speaker implements FsmTimerOwner, AnnouncerOwner, ConnectionsOwner {
  readonly plan: SpeakerPlan;
  /** What it announces; absent for a sink. */
  readonly announcer: Announcer | undefined;
  readonly #context: HostContext;
  readonly #fsm: PeerFsm;
  readonly #timers: FsmTimers;
  readonly #sink: Sink | undefined;
  readonly #connections: Connections;
  #session: SessionUpOutput | undefined;
  #expectsEnd = false;
  #attempting = false;

  constructor(plan: SpeakerPlan, feed: Feed | undefined, context: HostContext) {
    const { group } = plan;
    const { target, table } = context;
    this.plan = plan;
    this.#context = context;
    this.#fsm = new PeerFsm(
      {
        localAs: plan.localAs,
        remoteAs: target.remoteAs ?? 'any',
        routerId: plan.routerId,
        capabilities: context.share(openCapabilities(plan)),
        holdTime: group.holdTime,
        connectRetryTime,
        dampPeerOscillations: false,
        passive: group.passive,
      },
      Math.random,
    );
    this.#connections = new Connections(plan, context, this);
    this.#timers = new FsmTimers(this, context.wheel);
    if (context.sinks !== undefined && plan.sink >= 0) {
      this.#sink = new Sink(context.sinks, plan);
    }
    if (feed !== undefined && table !== undefined) {
      this.announcer = new Announcer(plan, feed, table, context, this);
    }
    // Until it is started the FSM closes what comes in.
    this.#connections.listen();
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
    if (reset) this.#connections.reset();
    this.#step({ type: 'stop', cause: 'manual', subcode, text });
  }

  /** Stops for good and lets go of every socket. */
  shutDown(): void {
    this.#connections.stopListening();
    this.stop(CeaseSubcode.administrativeShutdown, 'load test finished');
    this.#timers.clear();
  }

  /** Connections that are not yet closed. */
  get openSockets(): number {
    return this.#connections.size;
  }

  /** Drops whatever is still open. */
  destroy(): void {
    this.#connections.destroy();
  }

  // ---- AnnouncerOwner ----

  onTransmit(isNew: boolean): void {
    if (this.#session === undefined) return;
    const { connection } = this.#session;
    const link = this.#connections.get(connection);
    if (link === undefined) return;
    const time = now();
    if (isNew) this.#fsm.noteSent(time, connection);
    this.#fsm.noteTransmitted(time, connection, link.socket.writableLength);
  }

  // ---- FsmTimerOwner ----

  hasUnreadInput(): boolean {
    return false;
  }

  remaining(timer: FsmTimer, connection: number): number {
    return this.#fsm.remaining(now(), timer, connection);
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
        return this.#connections.dial(output.dial, time);
      case 'abortDial':
        return this.#connections.abort(output.dial);
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

  // ---- ConnectionsOwner ----

  onConnected({ id: connection, dial, began }: Link): void {
    this.#context.setUp.connect.record(now() - began);
    this.#step({ type: 'dialConnected', dial, connection });
  }

  onDialFailed({ dial }: Link, error: NodeJS.ErrnoException): void {
    this.#failed();
    const errno = error.code ?? 'UNKNOWN';
    this.#step({ type: 'dialFailed', dial, errno, text: error.message });
  }

  onAccepted({ id: connection }: Link): void {
    this.#step({ type: 'accepted', connection });
  }

  onMessage({ id: connection, began }: Link, message: Deframer, time: number): void {
    const { type, bytes, start, end } = message;
    const bare = bareMessage(type);
    if (bare !== undefined) {
      if (!this.#fsm.noteReceived(time, connection)) {
        this.#step({ type: 'message', connection, message: bare });
      }
      if (type !== MessageType.update) return;
      count(this.#context.memory, this.plan.index, Counter.updatesReceived);
      if (this.#session?.connection === connection) this.#sink?.update(bytes, start, end, time);
      return;
    }
    const result =
      type === MessageType.open
        ? this.#context.opens.read(bytes, start, end)
        : decodeNotification(bytes, start, end);
    if (!result.ok) {
      this.#step({ type: 'decodeError', connection, fault: result.fault });
      return;
    }
    const { message: told } = result;
    if (told.kind === 'open') this.#context.setUp.open.record(time - began);
    else {
      count(this.#context.memory, this.plan.index, Counter.notificationsReceived);
      this.#context.notification('received', formatNotification(told));
    }
    this.#step({ type: 'message', connection, message: told });
  }

  onFault({ id: connection }: Link, fault: Fault): void {
    this.#step({ type: 'decodeError', connection, fault });
  }

  onTaken({ id: connection, socket }: Link): void {
    this.#fsm.noteTransmitted(now(), connection, socket.writableLength);
  }

  onClosed({ id: connection }: Link, errno: string, text: string): void {
    // Of one that was closed from here nobody need hear.
    this.#step({ type: 'closed', connection, errno, text });
  }

  #send(connection: number, message: Extract<FsmOutput, { type: 'send' }>['message']): void {
    const link = this.#connections.get(connection);
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
    link.send(bytes);
  }

  #close(connection: number, reset: boolean): void {
    const link = this.#connections.get(connection);
    this.#timers.forget(connection);
    if (link === undefined || !link.open) return;
    if (this.#session === undefined) this.#failed();
    link.close(reset);
  }

  #sessionUp(output: SessionUpOutput, time: number): void {
    const { memory, setUp } = this.#context;
    const link = this.#connections.get(output.connection);
    this.#session = output;
    count(memory, this.plan.index, Counter.sessionsUp);
    if (link !== undefined) setUp.established.record(time - link.began);
    this.#sink?.begin(output.negotiated.options, output.negotiated.peerAs);
    this.#attemptEnded();
    if (link === undefined) return;
    const { options } = output.negotiated;
    if (this.announcer === undefined) {
      link.send(endsOfRib(options.families));
      return;
    }
    // The KEEPALIVE that has brought the session up leaves before the first UPDATE.
    link.flush();
    this.announcer.sessionUp(link.socket, options);
  }

  #sessionDown({ end }: SessionDownOutput): void {
    const { memory, note } = this.#context;
    this.#session = undefined;
    this.announcer?.sessionDown();
    this.#sink?.end();
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
