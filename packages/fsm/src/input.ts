import type { Fault, KeepaliveMessage, NotificationMessage, OpenMessage } from '@peerloom/wire';
import type { ResolvedFsmOptions } from './options.ts';
import type { FsmTimer } from './timer.ts';

/** An operator (`manual`) or the program (`automatic`) starts the peer: Events 1 and 3–7 of RFC 4271 §8.1.2. */
export interface StartInput {
  readonly type: 'start';
  readonly cause: 'manual' | 'automatic';
  /** Who or what starts it, in the words of the transition. */
  readonly why?: string;
}

/**
 * An operator (`manual`, Event 2) or the program (`automatic`, Event 8) stops the peer.
 *
 * After a manual stop the peer stays in Idle until a start. After an automatic one it comes back as
 * after any failure, unless `restartAfter` says otherwise.
 */
export interface StopInput {
  readonly type: 'stop';
  readonly cause: 'manual' | 'automatic';
  /** Of the Cease that is sent (`CeaseSubcode`, RFC 4486 §4); Administrative Shutdown when not given. */
  readonly subcode?: number;
  /** The shutdown communication of RFC 9003, sent with subcodes 2 and 4; cut at 255 octets of UTF-8. */
  readonly text?: string;
  /** The Cease's data in place of `text`, for subcodes that have a form of their own (RFC 4486 §4). */
  readonly data?: Uint8Array;
  /**
   * Whether the peer shall forget our routes at once although graceful restart is agreed for
   * NOTIFICATIONs: the Cease is then wrapped in a Hard Reset (RFC 8538 §3.1). When not given, what
   * RFC 8538 §5.1 suggests for the subcode: yes for 1, 2 and 3.
   */
  readonly hard?: boolean;
  /** Seconds in Idle until an automatic restart, or `never`. Only for an automatic stop. */
  readonly restartAfter?: number | 'never';
}

/** A dial that the FSM asked for has become a TCP connection (Event 16). */
export interface DialConnectedInput {
  readonly type: 'dialConnected';
  /** As in the `dial` output. */
  readonly dial: number;
  /** Given from outside, positive, never used again. */
  readonly connection: number;
}

/** A dial that the FSM asked for has failed (Event 18). */
export interface DialFailedInput {
  readonly type: 'dialFailed';
  readonly dial: number;
  /** The system's name of the error, such as `ECONNREFUSED`. */
  readonly errno: string;
  /** The same for people. */
  readonly text: string;
}

/** A SYN of the peer has been seen; only systems that can track TCP tell (TrackTcpState; Events 14 and 15). */
export interface ConnectionRequestInput {
  readonly type: 'connectionRequest';
  /** Whether its addresses and ports are those of the peer. */
  readonly valid: boolean;
}

/** The peer has opened a TCP connection to us (Event 17). */
export interface AcceptedInput {
  readonly type: 'accepted';
  /** Given from outside, positive, never used again. */
  readonly connection: number;
  /** For the words of transitions only; the caller has already found which peer it is. */
  readonly remoteAddress?: string;
  readonly localAddress?: string;
}

/** The caller has refused a connection of the peer's, of which the FSM hears nothing else: it is why there is no session. */
export interface RefusedInput {
  readonly type: 'refused';
  /** What was wrong with it, and what would be right: each one sentence, without a full stop. */
  readonly text: string;
  readonly remedy: string;
}

/** A connection is gone: closed or reset by the peer, or lost (Event 18). Late news of a connection that the FSM closed is ignored. */
export interface ClosedInput {
  readonly type: 'closed';
  readonly connection: number;
  /** The system's name of the error; empty for an orderly end. */
  readonly errno: string;
  readonly text: string;
}

/** What the FSM needs to know of a received message: all of OPEN and NOTIFICATION, the kind alone of the others. */
export type ReceivedMessage =
  | OpenMessage
  | NotificationMessage
  | KeepaliveMessage
  | { readonly kind: 'update' }
  | { readonly kind: 'routeRefresh' };

/**
 * A well-formed message has been received (Events 19, 20, 22 and 24–27). An OPEN need only be
 * well-formed: whether it is acceptable is for the FSM to find (RFC 4271 §6.2).
 */
export interface MessageInput {
  readonly type: 'message';
  readonly connection: number;
  readonly message: ReceivedMessage;
}

/**
 * Received bytes were at fault in a way that ends the session: Event 21 for a fault with code 1,
 * Event 22 for code 2, Event 28 for any other. Milder actions of RFC 7606 are no business of the FSM.
 */
export interface DecodeErrorInput {
  readonly type: 'decodeError';
  readonly connection: number;
  readonly fault: Fault;
}

/** A timer has run out (Events 9–13 and 29). One whose `generation` is not the last that was armed is ignored. */
export interface TimerInput {
  readonly type: 'timer';
  readonly timer: FsmTimer;
  /** As in the `armTimer` output; 0 for the peer's own timers. */
  readonly connection: number;
  readonly generation: number;
}

/** The system has taken bytes from us (RFC 9687 §4.3). Hot: `PeerFsm.noteTransmitted` says the same without an object. */
export interface TransmitProgressInput {
  readonly type: 'transmitProgress';
  readonly connection: number;
  /** Octets handed over for this connection that the system has not yet taken. */
  readonly unsentBytes: number;
}

/** An administrator, or a collision detector of the caller's own, wants a connection gone (Event 23). */
export interface CollisionDumpInput {
  readonly type: 'collisionDump';
  readonly connection: number;
}

/** Do not wait: end the hold in Idle, or dial at once in Connect and Active. Changes nothing in other states, nor while stopped. */
export interface RetryNowInput {
  readonly type: 'retryNow';
}

/**
 * The peer's options have changed. Connections that were opened under options that no longer hold
 * (`needsReset`) end with Cease/Other Configuration Change and are made anew at once. What went wrong
 * under them counts no longer: a hold in Idle ends, as with an operator's start.
 */
export interface OptionsInput {
  readonly type: 'options';
  /** From `resolveFsmOptions`. */
  readonly options: ResolvedFsmOptions;
  /** Something has changed beside these that connections depend on, such as the port or a password. */
  readonly anew?: boolean;
}

/** Everything that can happen to a peer. */
export type FsmInput =
  | StartInput
  | StopInput
  | DialConnectedInput
  | DialFailedInput
  | ConnectionRequestInput
  | AcceptedInput
  | RefusedInput
  | ClosedInput
  | MessageInput
  | DecodeErrorInput
  | TimerInput
  | TransmitProgressInput
  | CollisionDumpInput
  | RetryNowInput
  | OptionsInput;
