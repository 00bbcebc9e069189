import { peerloom } from './generated/peerloom.ts';
import type { peerloom as generated } from './generated/peerloomTypes.ts';
import type { PeerStateName } from './snapshot.ts';

/** A generated message's fields, all of them there: proto3 fills in what was not sent. */
type Fields<Properties> = {
  readonly [Name in keyof Omit<Properties, '$unknowns'>]-?: NonNullable<Properties[Name]>;
};

/** What an operator, or the supervisor, asks of a peer. The numbers are those of the `.proto`. */
export const CommandKind = {
  none: 0,
  start: 1,
  shutdown: 2,
  clear: 3,
  softIn: 4,
  softOut: 5,
  deconfigure: 6,
  retryNow: 7,
} as const;
export type CommandKind = (typeof CommandKind)[keyof typeof CommandKind];

/** The states of RFC 4271 §8.2.2 by their names. The numbers are those of the `.proto`. */
export const PeerState = {
  Idle: 0,
  Connect: 1,
  Active: 2,
  OpenSent: 3,
  OpenConfirm: 4,
  Established: 5,
} as const;
export type PeerState = (typeof PeerState)[PeerStateName];

/** The same names by their numbers. */
export const peerStateNames: readonly PeerStateName[] = Object.keys(PeerState) as PeerStateName[];

/** The neighbour has connected to us. */
export type Accepted = Fields<generated.Accepted.$Properties>;
/** The connection that an actor asked for with `Dial` is up. */
export type Connected = Fields<generated.Connected.$Properties>;
/** The attempt that an actor asked for with `Dial` has come to nothing. */
export type DialFailed = Fields<generated.DialFailed.$Properties>;
/** A connection is gone, and not because the actor closed it. */
export type Closed = Fields<generated.Closed.$Properties>;
/** The neighbour has connected to us, and was refused for what is wrong with its connection. */
export type Refused = Fields<generated.Refused.$Properties>;
/** A `CommandKind` for one peer; `text` is a shutdown communication (RFC 9003) or a reason. */
export type Command = Omit<Fields<generated.Command.$Properties>, 'action'> & {
  readonly action: CommandKind;
};
/** When a batch was begun, in milliseconds since the UNIX epoch. */
export type Stamp = Fields<generated.Stamp.$Properties>;

/** An actor wants a TCP connection to its peer. */
export type Dial = Fields<generated.Dial.$Properties>;
/** An actor no longer wants the connection that it asked for. */
export type AbortDial = Fields<generated.AbortDial.$Properties>;
/** An actor has done with a connection. */
export type Close = Fields<generated.Close.$Properties>;
/** An actor's FSM has decided a connection collision (RFC 4271 §6.8). */
export type CollisionResolved = Fields<generated.CollisionResolved.$Properties>;
/** A peer's FSM has changed its state; `event` is the number in RFC 4271 §8.1. */
export type Transition = Omit<Fields<generated.Transition.$Properties>, 'from' | 'to'> & {
  readonly from: PeerState;
  readonly to: PeerState;
};
/** A session is Established; `json` is a `SessionAgreement`. */
export type SessionUp = Fields<generated.SessionUp.$Properties>;
/** A session has ended; `json` is a `SessionEnd`. */
export type SessionDown = Fields<generated.SessionDown.$Properties>;
/** Something a person may want to know; `code` is stable, `text` is for reading. */
export type Notice = Fields<generated.Notice.$Properties>;
/** Answer to `CommandKind.deconfigure`: nothing of the peer is left. */
export type Stopped = Fields<generated.Stopped.$Properties>;

/** Every envelope from the supervisor to a host that is not hot, told apart by `kind`. */
export type ToHostMessage =
  | ({ readonly kind: 'accepted' } & Accepted)
  | ({ readonly kind: 'connected' } & Connected)
  | ({ readonly kind: 'dialFailed' } & DialFailed)
  | ({ readonly kind: 'closed' } & Closed)
  | ({ readonly kind: 'refused' } & Refused)
  | ({ readonly kind: 'command' } & Command)
  | ({ readonly kind: 'stamp' } & Stamp);

/** Every envelope from a host to the supervisor that is not hot, told apart by `kind`. */
export type ToSupervisorMessage =
  | ({ readonly kind: 'dial' } & Dial)
  | ({ readonly kind: 'abortDial' } & AbortDial)
  | ({ readonly kind: 'close' } & Close)
  | ({ readonly kind: 'collisionResolved' } & CollisionResolved)
  | ({ readonly kind: 'transition' } & Transition)
  | ({ readonly kind: 'sessionUp' } & SessionUp)
  | ({ readonly kind: 'sessionDown' } & SessionDown)
  | ({ readonly kind: 'notice' } & Notice)
  | ({ readonly kind: 'stopped' } & Stopped);

/** The envelopes that carry bytes or credit: read and written by hand, without an object for each. */
export type ToHostHotKind = 'data' | 'written';
/** The envelopes that carry bytes or credit: read and written by hand, without an object for each. */
export type ToSupervisorHotKind = 'send' | 'sendShared' | 'consumed' | 'update';

/**
 * The codec that protobufjs-cli generates from `proto/peerloom.proto`. {@link ToHostWriter} and its
 * siblings are the way to use it; this is for tools that read captured batches.
 */
export const generatedCodec: typeof generated = peerloom;
