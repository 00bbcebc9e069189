import { stuckNow } from './diagnosis.ts';
import type { FsmInput } from './input.ts';
import { type FsmCheckpoint, Machine } from './machine.ts';
import { type FsmOptions, type ResolvedFsmOptions, resolveFsmOptions } from './options.ts';
import type { FsmOutput } from './output.ts';
import { route } from './routing/route.ts';
import { remaining } from './routing/timers.ts';
import { FsmState } from './state.ts';
import type { StuckReason } from './stuckReason.ts';
import type { FsmTimer } from './timer.ts';

const nothing: readonly FsmOutput[] = [];
/** Stands where the outputs of a step were; nothing is emitted between steps. */
const spent: FsmOutput[] = [];

/**
 * One BGP peer: the state machine of RFC 4271 §8.2.2 for both of the connections that it may have,
 * the dialled one and the accepted one. Pure: no sockets, no clock, no timers. Total: every input has
 * an answer in every state, and none throws.
 *
 * The hold timer is lazy: a received message only leaves the time it came, and the timer is measured
 * against it when it fires, and armed anew if it was too early. A caller that knows of input not yet
 * read when the timer fires just keeps the `timer` input back for a while; its generation stays valid.
 */
export class PeerFsm {
  #machine: Machine;

  /**
   * @param random uniform in [0, 1), for jitter (RFC 4271 §10).
   * @param firstId the first number for dials and sessions; give a higher one than ever used when a
   * peer's FSM is made anew.
   * @throws {FsmOptionError} when an option is out of its range.
   */
  constructor(options: FsmOptions, random: () => number, firstId: number = 1) {
    this.#machine = new Machine(resolveFsmOptions(options), random, firstId);
  }

  /**
   * An FSM that goes on where `checkpoint` was taken: the same inputs at the same times, and the same
   * numbers from `random`, have the same outputs as they had there.
   */
  static restore(checkpoint: FsmCheckpoint, random: () => number): PeerFsm {
    const fsm = new PeerFsm(checkpoint.options as FsmOptions, random);
    fsm.#machine = Machine.restore(checkpoint, random);
    return fsm;
  }

  /** The state, to be restored elsewhere or later. Costs about a kibibyte; nothing in it changes any more. */
  checkpoint(): FsmCheckpoint {
    return this.#machine.checkpoint();
  }

  /** As given, with defaults; replaced by the `options` input. */
  get options(): ResolvedFsmOptions {
    return this.#machine.options;
  }

  /** That of the most advanced connection; Idle, Connect or Active while there is none. */
  get state(): FsmState {
    return this.#machine.state;
  }

  /** Number of the Established session, 0 while there is none. */
  get session(): number {
    return this.#machine.primary.session;
  }

  /** Its connection, 0 while there is none. */
  get connection(): number {
    const { primary } = this.#machine;
    return primary.state === FsmState.established ? primary.connection : 0;
  }

  /** ConnectRetryCounter (RFC 4271 §8): failures since the peer was started. */
  get connectRetryCounter(): number {
    return this.#machine.connectRetryCounter;
  }

  /**
   * Why the peer is not Established, as it stands: the `stuckReason` that was told last, or what it
   * waits for on a connection that it has; `undefined` when nothing has gone wrong.
   */
  get stuckReason(): StuckReason | undefined {
    return stuckNow(this.#machine);
  }

  /**
   * Takes one input and says what is to be done, in order. Never throws. The array may be kept, but not changed.
   *
   * @param now milliseconds of any clock that does not run backwards.
   */
  step(now: number, input: FsmInput): readonly FsmOutput[] {
    if (input.type === 'message') {
      const { kind } = input.message;
      const isHot = kind === 'update' || kind === 'keepalive' || kind === 'routeRefresh';
      if (isHot && this.noteReceived(now, input.connection)) return nothing;
    }
    const machine = this.#machine;
    machine.now = now;
    const outputs: FsmOutput[] = [];
    machine.outputs = outputs;
    route(machine, input);
    // Kept no longer than the caller does: thousands of idle peers have nothing more to say for long.
    machine.outputs = spent;
    return outputs;
  }

  /**
   * The same as the input of an UPDATE, KEEPALIVE or ROUTE-REFRESH on the Established connection, and
   * only stores a number. `false`: it was not for the Established connection; use `step`.
   */
  noteReceived(now: number, connection: number): boolean {
    const { primary } = this.#machine;
    if (primary.connection !== connection || primary.session === 0) return false;
    primary.lastReceived = now;
    return true;
  }

  /**
   * A message of the caller's own (an UPDATE, a ROUTE-REFRESH) was handed over to be sent: puts the
   * next KEEPALIVE off (RFC 4271 §8.2.2, Established). Stores a number.
   */
  noteSent(now: number, connection: number): void {
    const track = this.#machine.trackOf(connection);
    if (track !== undefined) track.lastSent = now;
  }

  /**
   * Milliseconds that a timer of a connection really has to run, for people to look at: messages put it
   * off without arming it anew, and it finds that out when it fires. 0 or less: as long as it is armed for.
   */
  remaining(now: number, timer: FsmTimer, connection: number): number {
    const track = this.#machine.trackOf(connection);
    return track === undefined ? 0 : remaining(now, track, timer);
  }

  /** The same as the `transmitProgress` input; stores two numbers. */
  noteTransmitted(now: number, connection: number, unsentBytes: number): void {
    this.#machine.now = now;
    this.#machine.noteTransmitted(connection, unsentBytes);
  }
}
