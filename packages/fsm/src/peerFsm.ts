import type { FsmInput } from './input.ts';
import { type FsmOptions, type ResolvedFsmOptions, resolveFsmOptions } from './options.ts';
import type { FsmOutput } from './output.ts';
import { FsmState } from './state.ts';

const nothing: readonly FsmOutput[] = [];

/**
 * One BGP peer: the state machine of RFC 4271 §8.2.2 for both of the connections that it may have,
 * the dialled one and the accepted one. Pure: no sockets, no clock, no timers. Total: every input has
 * an answer in every state, and none throws.
 */
export class PeerFsm {
  /** As given, with defaults; replaced by the `options` input. */
  readonly options: ResolvedFsmOptions;
  /** The most advanced of the connections; Idle, Connect or Active while there is none. */
  readonly state: FsmState = FsmState.idle;
  /** The Established session, 0 while there is none. */
  readonly session: number = 0;
  /** Its connection, 0 while there is none. */
  readonly connection: number = 0;

  /**
   * @param random uniform in [0, 1), for jitter (RFC 4271 §10).
   * @param firstId the first number for dials and sessions; give a higher one than ever used when a peer's FSM is made anew.
   * @throws {FsmOptionError} when an option is out of its range.
   */
  constructor(options: FsmOptions, _random: () => number, _firstId: number = 1) {
    this.options = resolveFsmOptions(options);
  }

  /**
   * Takes one input and says what is to be done, in order. Never throws.
   *
   * @param now milliseconds of any clock that does not run backwards.
   */
  step(_now: number, _input: FsmInput): readonly FsmOutput[] {
    return nothing;
  }

  /**
   * The same as the input of an UPDATE, KEEPALIVE or ROUTE-REFRESH on an Established connection, and
   * only stores a number. `false`: it was not for the Established connection; use `step`.
   */
  noteReceived(_now: number, _connection: number): boolean {
    return false;
  }

  /**
   * A message of the caller's own (an UPDATE, a ROUTE-REFRESH) was handed over to be sent; puts the
   * next KEEPALIVE off (RFC 4271 §8.2.2, Established). Stores a number.
   */
  noteSent(_now: number, _connection: number): void {}

  /** The same as the `transmitProgress` input; stores two numbers. */
  noteTransmitted(_now: number, _connection: number, _unsentBytes: number): void {}
}
