import type { OpenMessage } from '@peerloom/wire';
import {
  type FsmInput,
  type FsmOptions,
  type FsmOutput,
  type FsmState,
  type FsmTimer,
  PeerFsm,
} from '../src/index.ts';
import { Invariants } from './invariants.ts';
import { fault, leastJitter, localOptions, notice, peerOpen } from './speakers.ts';

type OutputOf<T extends FsmOutput['type']> = Extract<FsmOutput, { type: T }>;

interface RunningTimer {
  readonly timer: FsmTimer;
  readonly connection: number;
  readonly generation: number;
  readonly at: number;
}

/** A PeerFsm with a clock, timers that can be fired, and words for what a peer does to it. */
export class TestPeer {
  readonly fsm: PeerFsm;
  now = 0;
  /** What the last input led to. */
  outputs: readonly FsmOutput[] = [];
  /** Everything since the beginning. */
  readonly history: FsmOutput[] = [];
  dialInFlight: number | undefined = undefined;
  /** Connections that neither side has closed. */
  readonly openConnections = new Set<number>();
  readonly #invariants: Invariants;
  readonly #timers = new Map<string, RunningTimer>();
  #lastDial = 0;

  constructor(options: Partial<FsmOptions> = {}, random: () => number = leastJitter) {
    this.fsm = new PeerFsm({ ...localOptions, ...options }, random);
    this.#invariants = new Invariants(this.fsm);
  }

  get state(): FsmState {
    return this.fsm.state;
  }

  step(input: FsmInput): readonly FsmOutput[] {
    this.outputs = this.fsm.step(this.now, input);
    this.#invariants.observe(input, this.outputs);
    for (const output of this.outputs) {
      this.history.push(output);
      this.#follow(output);
    }
    return this.outputs;
  }

  #follow(output: FsmOutput): void {
    switch (output.type) {
      case 'dial':
        this.#lastDial = output.dial;
        this.dialInFlight = output.dial;
        break;
      case 'abortDial':
        this.dialInFlight = undefined;
        break;
      case 'close':
        this.openConnections.delete(output.connection);
        break;
      case 'armTimer': {
        const { timer, connection, generation, milliseconds } = output;
        const at = this.now + milliseconds;
        this.#timers.set(`${timer} ${connection}`, { timer, connection, generation, at });
        break;
      }
      case 'disarmTimer':
        this.#timers.delete(`${output.timer} ${output.connection}`);
        break;
      default:
    }
  }

  get runningTimers(): { timer: FsmTimer; connection: number }[] {
    return [...this.#timers.values()];
  }

  start(cause: 'manual' | 'automatic' = 'manual'): void {
    this.step({ type: 'start', cause });
  }

  /** The dial that was last asked for becomes this connection. */
  dialConnected(connection: number): void {
    this.dialInFlight = undefined;
    this.openConnections.add(connection);
    this.step({ type: 'dialConnected', dial: this.#lastDial, connection });
  }

  dialFailed(errno = 'ECONNREFUSED'): void {
    this.dialInFlight = undefined;
    this.step({ type: 'dialFailed', dial: this.#lastDial, errno, text: `failed with ${errno}` });
  }

  accepted(connection: number): void {
    this.openConnections.add(connection);
    this.step({ type: 'accepted', connection });
  }

  closed(connection: number, errno = ''): void {
    this.openConnections.delete(connection);
    for (const [key, timer] of this.#timers) {
      if (timer.connection === connection) this.#timers.delete(key);
    }
    this.step({ type: 'closed', connection, errno, text: errno });
  }

  open(connection: number, changes: Partial<OpenMessage> = {}): void {
    this.step({ type: 'message', connection, message: peerOpen(changes) });
  }

  message(connection: number, kind: 'keepalive' | 'update' | 'routeRefresh'): void {
    this.step({ type: 'message', connection, message: { kind } });
  }

  notification(connection: number, code: number, subcode = 0, ...data: number[]): void {
    this.step({ type: 'message', connection, message: notice(code, subcode, ...data) });
  }

  decodeError(connection: number, code: number, subcode: number): void {
    this.step({ type: 'decodeError', connection, fault: fault(code, subcode) });
  }

  /** Through a dial that succeeds, OPEN and KEEPALIVE, to Established. */
  establish(connection: number, open: Partial<OpenMessage> = {}): void {
    if (this.state === 'Idle') this.start();
    this.dialConnected(connection);
    this.open(connection, open);
    this.message(connection, 'keepalive');
  }

  /** Seconds until a timer fires; `undefined` when it does not run. */
  secondsLeft(timer: FsmTimer, connection = 0): number | undefined {
    const running = this.#timers.get(`${timer} ${connection}`);
    return running && (running.at - this.now) / 1000;
  }

  /** Lets the time come at which a timer fires. */
  fire(timer: FsmTimer, connection = 0): void {
    const key = `${timer} ${connection}`;
    const running = this.#timers.get(key);
    if (running === undefined) throw new Error(`${key} does not run`);
    this.#timers.delete(key);
    this.now = Math.max(this.now, running.at);
    this.step({ type: 'timer', timer, connection, generation: running.generation });
  }

  /** Lets seconds pass in which nothing happens. */
  wait(seconds: number): void {
    this.now += seconds * 1000;
  }

  /** What the last input led to, of one kind. */
  told<T extends FsmOutput['type']>(type: T): OutputOf<T>[] {
    return this.outputs.filter((output): output is OutputOf<T> => output.type === type);
  }

  /** Messages that the last input made it send: `OPEN@1`, `6/7@2`. */
  get sent(): string[] {
    return this.told('send').map(({ message, connection }) =>
      message.kind === 'notification'
        ? `${message.code}/${message.subcode}@${connection}`
        : `${message.kind.toUpperCase()}@${connection}`,
    );
  }

  /** Connections that the last input made it close. */
  get closedConnections(): number[] {
    return this.told('close').map(({ connection }) => connection);
  }
}
