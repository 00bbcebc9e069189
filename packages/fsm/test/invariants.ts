import { type FsmInput, type FsmOutput, FsmState, type PeerFsm } from '../src/index.ts';
import type { ArmTimerOutput } from '../src/output.ts';
import type { TrackCheckpoint } from '../src/track.ts';

/** Most outputs that one input may lead to: two connections torn down, and a new one opened. */
const mostOutputs = 30;

/**
 * Watches one FSM from outside and throws when it breaks a promise of its interface, in whatever
 * order inputs come.
 */
export class Invariants {
  readonly #fsm: PeerFsm;
  /** Connections that the FSM has been told of and that neither side has closed. */
  readonly #open = new Set<number>();
  readonly #dials = new Set<number>();
  readonly #timers = new Map<string, ArmTimerOutput>();
  #state: FsmState = FsmState.idle;
  #lastSession = 0;
  #session = 0;
  #lastDial = 0;

  constructor(fsm: PeerFsm) {
    this.#fsm = fsm;
  }

  /** To be called with every input and what came of it. */
  observe(input: FsmInput, outputs: readonly FsmOutput[]): void {
    this.#beforeOutputs(input);
    check(outputs.length <= mostOutputs, `${outputs.length} outputs for one input`);
    for (const output of outputs) this.#output(output);
    // Messages of an Established session make up most of a simulation, and change nothing.
    if (input.type !== 'message' || outputs.length > 0) this.#afterwards();
  }

  #beforeOutputs(input: FsmInput): void {
    switch (input.type) {
      case 'dialConnected':
        // Under a number that is in use it is nothing that could happen, and is ignored.
        if (this.#open.has(input.connection)) break;
        this.#dials.delete(input.dial);
        this.#open.add(input.connection);
        break;
      case 'accepted':
        this.#open.add(input.connection);
        break;
      case 'dialFailed':
        this.#dials.delete(input.dial);
        break;
      case 'closed':
        this.#open.delete(input.connection);
        break;
      case 'timer': {
        const key = `${input.timer} ${input.connection}`;
        if (this.#timers.get(key)?.generation === input.generation) this.#timers.delete(key);
        break;
      }
      default:
    }
  }

  #output(output: FsmOutput): void {
    switch (output.type) {
      case 'dial':
        check(output.dial > this.#lastDial, `dial ${output.dial} after ${this.#lastDial}`);
        this.#lastDial = output.dial;
        this.#dials.add(output.dial);
        check(this.#dials.size === 1, 'two dials at a time');
        break;
      case 'abortDial':
        check(
          this.#dials.delete(output.dial),
          `dial ${output.dial} aborted, which is not in flight`,
        );
        break;
      case 'send':
        check(this.#open.has(output.connection), `sent on ${output.connection}, which is not open`);
        break;
      case 'close':
        check(this.#open.delete(output.connection), `closed ${output.connection} twice`);
        break;
      case 'armTimer':
        check(output.milliseconds >= 0, `${output.timer} armed for the past`);
        this.#timers.set(`${output.timer} ${output.connection}`, output);
        break;
      case 'disarmTimer':
        this.#timers.delete(`${output.timer} ${output.connection}`);
        break;
      case 'sessionUp':
        check(this.#session === 0, 'two sessions at a time');
        check(output.session > this.#lastSession, 'a session number is used again');
        this.#session = output.session;
        this.#lastSession = output.session;
        break;
      case 'sessionDown':
        check(this.#session === output.session, 'the end of a session that is not up');
        this.#session = 0;
        break;
      case 'transition':
        check(output.from === this.#state, `transition from ${output.from} in ${this.#state}`);
        check(output.from !== output.to, 'a transition that changes nothing');
        this.#state = output.to;
        break;
      default:
    }
  }

  #afterwards(): void {
    const fsm = this.#fsm;
    const isEstablished = fsm.state === FsmState.established;
    check(fsm.state === this.#state, `${fsm.state} was not told of`);
    check((this.#session !== 0) === isEstablished, 'Established and the session do not agree');
    check(fsm.session === this.#session, 'the session is another one');
    check(!isEstablished || this.#open.has(fsm.connection), 'Established without a connection');
    check(this.#open.size <= 2, `${this.#open.size} connections at a time`);
    check(this.#open.size + this.#dials.size <= 2, 'a connection or dial too many');
    check(!isEstablished || this.#dials.size === 0, 'a dial while Established');
    if (fsm.state === FsmState.idle) {
      check(this.#open.size === 0, 'a connection in Idle');
      check(this.#dials.size === 0, 'a dial in Idle');
    }
    for (const running of this.#timers.values()) this.#checkTimer(running);
    this.#checkLife();
  }

  /** Nothing waits for ever: a timer runs, or the system owes an answer. */
  #checkLife(): void {
    const { options, state } = this.#fsm;
    const { primary, second, wanted } = this.#fsm.checkpoint();
    if (state === FsmState.idle) {
      const comesBack = wanted && options.allowAutomaticStart;
      check(!comesBack || this.#runs('idleHold'), 'nothing ends the rest in Idle');
      return;
    }
    this.#checkTrackLife(primary);
    if (second !== undefined) this.#checkTrackLife(second);
  }

  #checkTrackLife({ state, dial, connection, negotiated }: TrackCheckpoint): void {
    if (connection === 0) {
      // Beside a connection a dial has no timer: the system ends it, or the connection does.
      const isWatched = this.#runs('connectRetry') || (dial !== 0 && this.#open.size > 0);
      check(isWatched, `${state}: nothing ends the wait for a connection`);
    } else if (state === FsmState.established) {
      const { holdTime, sendHoldTime } = negotiated!;
      const expected = { hold: holdTime, keepalive: holdTime, sendHold: sendHoldTime };
      for (const [timer, seconds] of Object.entries(expected)) {
        check(seconds === 0 || this.#runs(timer, connection), `Established without ${timer}`);
      }
    } else {
      const isOpening = state === FsmState.openSent || state === FsmState.openConfirm;
      const isWatched = this.#runs(isOpening ? 'hold' : 'delayOpen', connection);
      check(isWatched, `${state}: nothing ends the wait on a connection`);
    }
  }

  #runs(timer: string, connection = 0): boolean {
    return this.#timers.has(`${timer} ${connection}`);
  }

  #checkTimer({ timer, connection }: ArmTimerOutput): void {
    if (timer === 'idleHold') {
      check(this.#fsm.state === FsmState.idle, 'the IdleHoldTimer runs outside of Idle');
    } else if (timer === 'connectRetry') {
      check(this.#open.size === 0, 'the ConnectRetryTimer runs beside a connection');
      check(this.#fsm.state !== FsmState.idle, 'the ConnectRetryTimer runs in Idle');
    } else {
      check(this.#open.has(connection), `${timer} runs for a connection that is gone`);
    }
  }
}

function check(holds: boolean, complaint: string): void {
  if (!holds) throw new Error(complaint);
}
