import { type KeepaliveMessage, type NotificationMessage, type OpenMessage } from '@peerloom/wire';
import type { StateTable } from './cell.ts';
import { OscillationDamping } from './damping.ts';
import type { ResolvedFsmOptions } from './options.ts';
import type { FsmOutput } from './output.ts';
import { type EndKind, retainedRoutes } from './retention.ts';
import type { Signal } from './signal.ts';
import { FsmState, stateRank } from './state.ts';
import { tableOf } from './stateTable.ts';
import type { StuckReason } from './stuckReason.ts';
import { FsmTimer } from './timer.ts';
import { noTimers, type TimerGenerations } from './timerGenerations.ts';
import { Track, type TrackCheckpoint } from './track.ts';

const trackTimers: readonly FsmTimer[] = [
  FsmTimer.delayOpen,
  FsmTimer.hold,
  FsmTimer.keepalive,
  FsmTimer.sendHold,
];

const keepalive: KeepaliveMessage = { kind: 'keepalive' };

/**
 * All that decides what a peer's FSM does next, as plain data: it can be cloned, kept, and given to
 * `PeerFsm.restore`. Opaque but for that.
 */
export interface FsmCheckpoint {
  readonly options: ResolvedFsmOptions;
  readonly primary: TrackCheckpoint;
  readonly second: TrackCheckpoint | undefined;
  readonly wanted: boolean;
  readonly connectRetryCounter: number;
  readonly lastReturn: number | undefined;
  readonly failures: number;
  readonly timers: TimerGenerations;
  readonly generation: number;
  readonly lastDial: number;
  readonly lastSession: number;
  readonly reported: FsmState;
  readonly heldUntil: number | undefined;
  readonly stuck: StuckReason | undefined;
}

/** The state of a peer, and the small actions of which the cells of the state table are made. */
export class Machine {
  options: ResolvedFsmOptions;
  cells: StateTable;
  /** The clock, as of this step. */
  now = 0;
  /** What this step has asked for so far. */
  outputs: FsmOutput[] = [];
  /** Always there: Idle, dialling or listening for a connection, or on one. */
  primary: Track = new Track(FsmState.idle);
  /** While two connections, or a connection and a dial, are under way. */
  second: Track | undefined = undefined;
  /** Somebody has started the peer, and nobody has stopped it. */
  wanted = false;
  /** RFC 4271 §8: how often the peer has tried since it was started. */
  connectRetryCounter = 0;
  /** When the peer last came back from Idle at once without that being counted. */
  lastReturn: number | undefined = undefined;
  readonly damping: OscillationDamping = new OscillationDamping();
  /** Why there is no session, as it was told last. */
  stuckReason: StuckReason | undefined = undefined;
  /** The peer's own two. */
  readonly timers: TimerGenerations = noTimers();

  readonly #random: () => number;
  #generation = 0;
  #lastDial: number;
  #lastSession: number;
  #reported: FsmState = FsmState.idle;
  #heldUntil: number | undefined = undefined;

  constructor(options: ResolvedFsmOptions, random: () => number, firstId: number) {
    this.options = options;
    this.cells = tableOf(options.profile);
    this.#random = random;
    this.#lastDial = firstId - 1;
    this.#lastSession = firstId - 1;
  }

  /** A machine in the state that `checkpoint` was taken of. */
  static restore(checkpoint: FsmCheckpoint, random: () => number): Machine {
    const machine = new Machine(checkpoint.options, random, 1);
    machine.primary = Track.restore(checkpoint.primary);
    if (checkpoint.second !== undefined) machine.second = Track.restore(checkpoint.second);
    machine.wanted = checkpoint.wanted;
    machine.connectRetryCounter = checkpoint.connectRetryCounter;
    machine.lastReturn = checkpoint.lastReturn;
    machine.damping.failures = checkpoint.failures;
    Object.assign(machine.timers, checkpoint.timers);
    machine.#generation = checkpoint.generation;
    machine.#lastDial = checkpoint.lastDial;
    machine.#lastSession = checkpoint.lastSession;
    machine.#reported = checkpoint.reported;
    machine.#heldUntil = checkpoint.heldUntil;
    machine.stuckReason = checkpoint.stuck;
    return machine;
  }

  checkpoint(): FsmCheckpoint {
    return {
      options: this.options,
      primary: this.primary.checkpoint(),
      second: this.second?.checkpoint(),
      wanted: this.wanted,
      connectRetryCounter: this.connectRetryCounter,
      lastReturn: this.lastReturn,
      failures: this.damping.failures,
      timers: { ...this.timers },
      generation: this.#generation,
      lastDial: this.#lastDial,
      lastSession: this.#lastSession,
      reported: this.#reported,
      heldUntil: this.#heldUntil,
      stuck: this.stuckReason,
    };
  }

  /** The state of the most advanced track. */
  get state(): FsmState {
    const { primary, second } = this;
    if (second === undefined) return primary.state;
    return stateRank(second.state) > stateRank(primary.state) ? second.state : primary.state;
  }

  /** Hands an event to the cell of the state table that it belongs to. */
  signal(track: Track, signal: Signal): void {
    this.cells[track.state][signal.event](this, track, signal);
  }

  other(track: Track): Track | undefined {
    return track === this.primary ? this.second : this.primary;
  }

  /** Whether a track is still one of the peer's. */
  holds(track: Track): boolean {
    return track === this.primary || track === this.second;
  }

  /** The track of a connection; connections that the machine has closed have none. */
  trackOf(connection: number): Track | undefined {
    if (connection === 0) return undefined;
    if (this.primary.connection === connection) return this.primary;
    return this.second?.connection === connection ? this.second : undefined;
  }

  /** The system has taken octets of a connection from us. */
  noteTransmitted(connection: number, unsentBytes: number): void {
    const track = this.trackOf(connection);
    if (track === undefined) return;
    track.lastTaken = this.now;
    track.unsentBytes = unsentBytes;
  }

  emit(output: FsmOutput): void {
    this.outputs.push(output);
  }

  /** Tells of a change of the reported state. */
  report(signal: Signal, connection: number): void {
    const from = this.#reported;
    const to = this.state;
    if (from === to) return;
    this.#reported = to;
    this.emit({ type: 'transition', connection, from, to, event: signal.event, why: signal.why });
  }

  /** Tells until when the peer is held in Idle; `undefined`: not, or without end. */
  holdUntil(until: number | undefined): void {
    if (until === this.#heldUntil) return;
    this.#heldUntil = until;
    this.emit({ type: 'idleHold', until, failures: this.damping.failures });
  }

  /** Tells of a change of the reason for which there is no session. */
  stuck(reason: StuckReason | undefined): void {
    const told = this.stuckReason;
    if (reason?.code === told?.code && reason?.text === told?.text) return;
    this.stuckReason = reason;
    this.emit({ type: 'stuckReason', reason });
  }

  /** Seconds with the jitter of RFC 4271 §10, in milliseconds. */
  jittered(seconds: number): number {
    return Math.round(seconds * 1000 * (0.75 + this.#random() / 4));
  }

  /** Arms, or arms anew, a timer of a track, or of the peer itself. */
  arm(timer: FsmTimer, milliseconds: number, track?: Track): void {
    this.#generation += 1;
    const generation = this.#generation;
    (track ?? this).timers[timer] = generation;
    this.emit({
      type: 'armTimer',
      timer,
      connection: track?.connection ?? 0,
      milliseconds,
      generation,
    });
  }

  disarm(timer: FsmTimer, track?: Track): void {
    const { timers } = track ?? this;
    const generation = timers[timer];
    if (generation === 0) return;
    timers[timer] = 0;
    this.emit({ type: 'disarmTimer', timer, connection: track?.connection ?? 0, generation });
  }

  startConnectRetry(): void {
    this.arm(FsmTimer.connectRetry, this.jittered(this.options.connectRetryTime));
  }

  /** Dials anew for a track; gives up what it was dialling, and the connection that it had. */
  dial(track: Track): void {
    this.release(track, false);
    this.#lastDial += 1;
    track.dial = this.#lastDial;
    this.emit({ type: 'dial', dial: track.dial });
  }

  /** `why`: what a NOTIFICATION is sent for. */
  send(
    track: Track,
    message: OpenMessage | NotificationMessage | KeepaliveMessage,
    why: string = '',
  ): void {
    track.lastSent = this.now;
    this.emit({ type: 'send', connection: track.connection, message, why });
  }

  /** Sends a KEEPALIVE and sets the KeepaliveTimer for the next, unless the hold time is zero. */
  sendKeepalive(track: Track): void {
    this.send(track, keepalive);
    const { keepaliveTime } = track.negotiated!;
    if (keepaliveTime === 0) return;
    track.keepaliveMilliseconds = this.jittered(keepaliveTime);
    this.arm(FsmTimer.keepalive, track.keepaliveMilliseconds, track);
  }

  /** Restarts the HoldTimer, or stops it for a time of zero. */
  setHold(track: Track, seconds: number): void {
    track.lastReceived = this.now;
    track.holdMilliseconds = seconds * 1000;
    if (seconds === 0) this.disarm(FsmTimer.hold, track);
    else this.arm(FsmTimer.hold, track.holdMilliseconds, track);
  }

  /** Stops a track's timers, gives up its dial, closes its connection. */
  release(track: Track, reset: boolean): void {
    for (const timer of trackTimers) this.disarm(timer, track);
    if (track.dial !== 0) this.emit({ type: 'abortDial', dial: track.dial });
    track.dial = 0;
    if (track.connection === 0) return;
    if (!track.isGone) this.emit({ type: 'close', connection: track.connection, reset });
    track.forgetConnection();
  }

  /** Takes a track out. The other one, if there is one, is the peer's track from here on. */
  remove(track: Track): void {
    if (track === this.primary) this.primary = this.second ?? new Track(FsmState.idle);
    this.second = undefined;
  }

  sessionUp(track: Track): void {
    this.#lastSession += 1;
    track.session = this.#lastSession;
    track.establishedAt = this.now;
    this.stuck(undefined);
    const { session, connection } = track;
    this.emit({ type: 'sessionUp', session, connection, negotiated: track.negotiated! });
  }

  /** Tells of the end of a track's session, if it has one. */
  sessionDown(track: Track, signal: Signal, kind: EndKind, sent?: NotificationMessage): void {
    if (track.session === 0) return;
    const { session, connection } = track;
    const uptime = this.now - track.establishedAt;
    this.damping.sessionLasted(uptime, this.options.stableTime * 1000);
    const received = signal.notification;
    const retained = retainedRoutes(track.negotiated!, kind, sent ?? received);
    this.emit({
      type: 'sessionDown',
      session,
      connection,
      end: {
        event: signal.event,
        why: signal.why,
        ...(sent !== undefined && { sent }),
        ...(received !== undefined && { received }),
        ...(retained !== undefined && { retained }),
        uptime,
      },
    });
    track.session = 0;
  }
}
