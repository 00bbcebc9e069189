import type { ArmTimerOutput, FsmTimer, TimerInput } from '@peerloom/fsm';
import { mailPatience, type TimersLeft } from '@peerloom/ipc';
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
  /** The next of the same FSM. */
  sibling: FsmWheelTimer | undefined;

  constructor(
    owner: FsmTimerOwner,
    wheel: TimerWheel,
    timer: FsmTimer,
    connection: number,
    sibling: FsmWheelTimer | undefined,
  ) {
    super();
    this.owner = owner;
    this.wheel = wheel;
    this.timer = timer;
    this.connection = connection;
    this.sibling = sibling;
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

/**
 * The timers of one peer's FSM: two of its own, and four for each connection, made when first armed. They are a chain,
 * since a list beside them would take as much memory as one of them does.
 */
export class FsmTimers {
  readonly #owner: FsmTimerOwner;
  readonly #wheel: TimerWheel;
  /** The last that was made, and by it all others. */
  #first: FsmWheelTimer | undefined = undefined;

  constructor(owner: FsmTimerOwner, wheel: TimerWheel) {
    this.#owner = owner;
    this.#wheel = wheel;
  }

  arm({ timer, connection, generation, milliseconds }: ArmTimerOutput, now: number): void {
    let entry = this.#find(timer, connection);
    if (entry === undefined) {
      entry = new FsmWheelTimer(this.#owner, this.#wheel, timer, connection, this.#first);
      this.#first = entry;
    }
    entry.generation = generation;
    this.#wheel.arm(entry, now + milliseconds + patienceOf(timer));
  }

  disarm(timer: FsmTimer, connection: number): void {
    const unwanted = this.#find(timer, connection);
    if (unwanted !== undefined) this.#keep((entry) => entry !== unwanted);
  }

  /** Disarms all that belong to a connection. */
  forget(connection: number): void {
    this.#keep((entry) => entry.connection !== connection);
  }

  /** Disarms everything. */
  clear(): void {
    this.#keep(() => false);
  }

  /** Seconds until each fires; where two connections have the same timer, the sooner. */
  get left(): TimersLeft {
    const left: Record<string, number> = {};
    for (let entry = this.#first; entry !== undefined; entry = entry.sibling) {
      if (!entry.armed) continue;
      const { timer, connection } = entry;
      const putOff = this.#owner.remaining?.(timer, connection) ?? 0;
      const seconds = Math.max(0, this.#wheel.left(entry) - patienceOf(timer), putOff) / 1000;
      left[timer] = Math.min(left[timer] ?? Number.POSITIVE_INFINITY, seconds);
    }
    return left;
  }

  #find(timer: FsmTimer, connection: number): FsmWheelTimer | undefined {
    for (let entry = this.#first; entry !== undefined; entry = entry.sibling) {
      if (entry.timer === timer && entry.connection === connection) return entry;
    }
    return undefined;
  }

  /** Disarms and forgets all but those that a condition holds for. */
  #keep(isKept: (entry: FsmWheelTimer) => boolean): void {
    let kept: FsmWheelTimer | undefined;
    for (let entry = this.#first; entry !== undefined; entry = entry.sibling) {
      if (isKept(entry)) {
        if (kept === undefined) this.#first = entry;
        else kept.sibling = entry;
        kept = entry;
      } else this.#wheel.disarm(entry);
    }
    if (kept === undefined) this.#first = undefined;
    else kept.sibling = undefined;
  }
}
