import type { ConnectionEnds, NegotiatedSession, PeerStateName, SessionEnd } from '@peerloom/ipc';
import type { RefusalReason } from './metrics.ts';
import type { Peer } from './peer.ts';
import type { Session } from './session.ts';

/** What every event has. */
interface Happened {
  /** Milliseconds since the UNIX epoch. */
  readonly time: number;
}

/** A peer's state machine has changed its state. */
export interface TransitionEvent extends Happened {
  readonly kind: 'transition';
  readonly peer: Peer;
  /** 0 where no connection is concerned. */
  readonly connection: number;
  readonly from: PeerStateName;
  readonly to: PeerStateName;
  /** RFC 4271 §8.1 number of the event that led there. */
  readonly event: number;
  readonly why: string;
}

/** A session is Established. */
export interface SessionUpEvent extends Happened {
  readonly kind: 'sessionUp';
  readonly peer: Peer;
  readonly session: Session;
  readonly negotiated: NegotiatedSession;
}

/** A session has ended. */
export interface SessionDownEvent extends Happened {
  readonly kind: 'sessionDown';
  readonly peer: Peer;
  readonly end: SessionEnd;
}

/** Something a person may want to know: maximum prefixes, RFC 7606 actions, options that are refused, … */
export interface NoticeEvent extends Happened {
  readonly kind: 'notice';
  /** Absent when it concerns the engine. */
  readonly peer?: Peer;
  /** Stable, for programs. */
  readonly code: string;
  readonly text: string;
  /** Further particulars, as plain data. */
  readonly details?: unknown;
}

/** An inbound connection was refused. */
export interface RefusedEvent extends Happened {
  readonly kind: 'refused';
  readonly reason: RefusalReason;
  /** Why, and what would be right. */
  readonly text: string;
  readonly ends: ConnectionEnds;
}

/** Two connections of a peer have collided, and one was closed (RFC 4271 §6.8). */
export interface CollisionEvent extends Happened {
  readonly kind: 'collision';
  readonly peer: Peer;
  readonly survivor: number;
  readonly loser: number;
  readonly why: string;
}

/** A peer has been added, changed or removed. `reset`: its session had to end for the change. */
export interface PeerEvent extends Happened {
  readonly kind: 'peerAdded' | 'peerChanged' | 'peerRemoved';
  readonly peer: Peer;
  readonly reset?: boolean;
}

/** A worker has died; its peers are down until it has been replaced, in `restartIn` milliseconds. */
export interface WorkerDownEvent extends Happened {
  readonly kind: 'workerDown';
  readonly worker: number;
  readonly peers: number;
  readonly reason: string;
  readonly restartIn: number;
}

/** A worker has started. */
export interface WorkerUpEvent extends Happened {
  readonly kind: 'workerUp';
  readonly worker: number;
  /** Peers that are being brought back. */
  readonly peers: number;
}

/** This many events are missing here, because the reader was slow. */
export interface LostEvents extends Happened {
  readonly kind: 'lost';
  readonly count: number;
}

/** What happens in an engine, told apart by `kind`. */
export type EngineEvent =
  | TransitionEvent
  | SessionUpEvent
  | SessionDownEvent
  | NoticeEvent
  | RefusedEvent
  | CollisionEvent
  | PeerEvent
  | WorkerDownEvent
  | WorkerUpEvent
  | LostEvents;
