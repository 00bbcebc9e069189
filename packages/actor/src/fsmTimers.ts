import type { ArmTimerOutput, FsmTimer, TimerInput } from '@peerloom/fsm';
import { mailPatience, type TimersLeft } from '@peerloom/ipc';
import type { Clock } from './clock.ts';
import { type TimerWheel, WheelTimer } from './timerWheel.ts';

/** Milliseconds of which a hold timer that finds unread input, or that fires so late, is put off. */
const grace = 500;

/** Who owns timers of an FSM: its actor. */
export interface FsmTimerOwner {
  /** Whether bytes of the connection have arrived that nobody has looked at yet. */
  hasUnreadInput(connection: number): boolean;
  timerFired(input: TimerInput): void;
  /** Milliseconds that messages have put the timer off to, seen from now; whoever shows timers to nobody needs none. */
  remaining?(timer: FsmTimer, connection: number): number;
}

/** One timer that an FSM has armed; taken up again when the FSM arms the same one anew. */
class FsmWheelTimer extends WheelTimer {
  readonly owner: FsmTimerOwner;
  readonly wheel: TimerWheel;
  readonly timer: FsmTimer;
  readonly connection: number;
  generation = 0;

  constructor(owner: FsmTimerOwner, wheel: TimerWheel, timer: FsmTimer, connection: number) {
    super();
    this.owner = owner;
    this.wheel = wheel;
    this.timer = timer;
    this.connection = connection;
  }

  /** `lateness`: how long ago it was due. */
  override fire(now: number, lateness: number): void {
    const { timer, connection, generation, owner } = this;
    // A thread that was busy may not yet have seen what the peer sent in time. It is given the time
    // to, once; unread input counts as life.
    if (timer === 'hold' && (lateness > grace || owner.hasUnreadInput(connection))) {
      this.wheel.arm(this, now + grace);
      return;
    }
    owner.timerFired({ type: 'timer', timer, connection, generation });
  }
}

/** A peer is silent when nothing of it can be on its way to us any more. */
function patienceOf(timer: FsmTimer): number {
  return timer === 'hold' ? mailPatience : 0;
}

/** The timers of one peer's FSM: two of its own, and four for each connection, made when first armed. */
export class FsmTimers {
  readonly #owner: FsmTimerOwner;
  readonly #wheel: TimerWheel;
  #timers: readonly FsmWheelTimer[] = [];

  constructor(owner: FsmTimerOwner, wheel: TimerWheel) {
    this.#owner = owner;
    this.#wheel = wheel;
  }

  arm({ timer, connection, generation, milliseconds }: ArmTimerOutput, now: number): void {
    let entry = this.#find(timer, connection);
    if (entry === undefined) {
      entry = new FsmWheelTimer(this.#owner, this.#wheel, timer, connection);
      this.#timers = this.#timers.concat(entry);
    }
    entry.generation = generation;
    this.#wheel.arm(entry, now + milliseconds + patienceOf(timer));
  }

  disarm(timer: FsmTimer, connection: number): void {
    const entry = this.#find(timer, connection);
    if (entry === undefined) return;
    this.#wheel.disarm(entry);
    this.#timers = this.#timers.filter((other) => other !== entry);
  }

  /** Disarms all that belong to a connection. */
  forget(connection: number): void {
    for (const entry of this.#timers)
      if (entry.connection === connection) this.#wheel.disarm(entry);
    this.#timers = this.#timers.filter((entry) => entry.connection !== connection);
  }

  /** Disarms everything. */
  clear(): void {
    for (const entry of this.#timers) this.#wheel.disarm(entry);
    this.#timers = [];
  }

  /** Seconds until each fires; where two connections have the same timer, the sooner. */
  left(clock: Clock): TimersLeft {
    const now = clock.now();
    const left: Record<string, number> = {};
    for (const { timer, connection, due, armed } of this.#timers) {
      if (!armed) continue;
      const putOff = this.#owner.remaining?.(timer, connection) ?? 0;
      const seconds = Math.max(0, due - patienceOf(timer) - now, putOff) / 1000;
      left[timer] = Math.min(left[timer] ?? Number.POSITIVE_INFINITY, seconds);
    }
    return left;
  }

  #find(timer: FsmTimer, connection: number): FsmWheelTimer | undefined {
    return this.#timers.find((entry) => entry.timer === timer && entry.connection === connection);
  }
}
