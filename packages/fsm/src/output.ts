import type { KeepaliveMessage, NotificationMessage, OpenMessage } from '@peerloom/wire';
import type { FsmEvent } from './event.ts';
import type { NegotiatedSession } from './negotiatedSession.ts';
import type { SessionEnd } from './sessionEnd.ts';
import type { FsmState } from './state.ts';
import type { StuckReason } from './stuckReason.ts';
import type { FsmTimer } from './timer.ts';

/** Open a TCP connection to the peer; answer with `dialConnected` or `dialFailed` under the same number. */
export interface DialOutput {
  readonly type: 'dial';
  /** Given by the FSM, never used again. */
  readonly dial: number;
}

/** Give a dial up. A connection that it became in the meantime is closed when `dialConnected` tells of it. */
export interface AbortDialOutput {
  readonly type: 'abortDial';
  readonly dial: number;
}

/** Send a message, after all that was handed over before it. */
export interface SendOutput {
  readonly type: 'send';
  readonly connection: number;
  readonly message: OpenMessage | NotificationMessage | KeepaliveMessage;
  /** What a NOTIFICATION is sent for, in one sentence without a full stop; empty with other messages. */
  readonly why: string;
}

/** Close a connection once what was handed over has left; `reset`: at once, and drop what has not. No `closed` need follow. */
export interface CloseOutput {
  readonly type: 'close';
  readonly connection: number;
  readonly reset: boolean;
}

/** Arm a timer. It takes the place of one of the same kind and connection that is still running. */
export interface ArmTimerOutput {
  readonly type: 'armTimer';
  readonly timer: FsmTimer;
  /** 0 for the peer's own timers, ConnectRetry and IdleHold. */
  readonly connection: number;
  /** From the `now` of this step; jitter is already in it. */
  readonly milliseconds: number;
  /** To be given back in the `timer` input. */
  readonly generation: number;
}

/** A timer is not wanted any more. One that fires all the same does no harm. */
export interface DisarmTimerOutput {
  readonly type: 'disarmTimer';
  readonly timer: FsmTimer;
  readonly connection: number;
  readonly generation: number;
}

/** Two connections collided, and it is decided (RFC 4271 §6.8). The `send` and `close` for the loser come beside it. */
export interface CollisionResolvedOutput {
  readonly type: 'collisionResolved';
  readonly survivor: number;
  readonly loser: number;
  readonly why: string;
}

/** The peer is Established. Never two at a time: `sessionDown` of the one before has been told. */
export interface SessionUpOutput {
  readonly type: 'sessionUp';
  /** Given by the FSM, never used again. */
  readonly session: number;
  readonly connection: number;
  readonly negotiated: NegotiatedSession;
}

/** The peer is no longer Established. */
export interface SessionDownOutput {
  readonly type: 'sessionDown';
  readonly session: number;
  readonly connection: number;
  readonly end: SessionEnd;
}

/** The state that the peer is reported by has changed. */
export interface TransitionOutput {
  readonly type: 'transition';
  /** The connection that it is about, 0 when it is about none. */
  readonly connection: number;
  readonly from: FsmState;
  readonly to: FsmState;
  readonly event: FsmEvent;
  /** One sentence, without a full stop. */
  readonly why: string;
}

/** The peer has failed and is held in Idle (DampPeerOscillations, RFC 4271 §8.1.1), or is held no longer. */
export interface IdleHoldOutput {
  readonly type: 'idleHold';
  /** Time, in the clock of `now`, at which it starts again by itself; `undefined`: it is not held, or stays until a start. */
  readonly until: number | undefined;
  /** Failures in a row that count towards the hold. */
  readonly failures: number;
}

/** Why the peer is not Established, as far as can be seen from here; `undefined` once it is. Told when it changes. */
export interface StuckReasonOutput {
  readonly type: 'stuckReason';
  readonly reason: StuckReason | undefined;
}

/** Everything that the FSM asks for or tells, to be carried out in the order given. */
export type FsmOutput =
  | DialOutput
  | AbortDialOutput
  | SendOutput
  | CloseOutput
  | ArmTimerOutput
  | DisarmTimerOutput
  | CollisionResolvedOutput
  | SessionUpOutput
  | SessionDownOutput
  | TransitionOutput
  | IdleHoldOutput
  | StuckReasonOutput;
