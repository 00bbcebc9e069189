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
  /** Whose. */
  readonly peer: Peer;
  /** 0 where no connection is concerned. */
  readonly connection: number;
  /** The state before. */
  readonly from: PeerStateName;
  /** The state now. */
  readonly to: PeerStateName;
  /** RFC 4271 §8.1 number of the event that led there. */
  readonly event: number;
  /** What that event was, in words. */
  readonly why: string;
}

/** A session is Established. */
export interface SessionUpEvent extends Happened {
  readonly kind: 'sessionUp';
  /** Whose. */
  readonly peer: Peer;
  /** To read its UPDATEs from, and to wait for its end. */
  readonly session: Session;
  /** What the two OPENs agreed on. */
  readonly negotiated: NegotiatedSession;
}

/** A session has ended. */
export interface SessionDownEvent extends Happened {
  readonly kind: 'sessionDown';
  /** Whose. */
  readonly peer: Peer;
  /** How it ended. */
  readonly end: SessionEnd;
}

/** Something a person may want to know: maximum prefixes, RFC 7606 actions, options that are refused, … */
export interface NoticeEvent extends Happened {
  readonly kind: 'notice';
  /** Absent when it concerns the engine. */
  readonly peer?: Peer;
  /** Stable, for programs. */
  readonly code: string;
  /** The same for people. */
  readonly text: string;
  /** Further particulars, as plain data. */
  readonly details?: unknown;
}

/**
 * Inbound connections were refused: the first for a reason is told at once, those that follow every 10 s, together. Those
 * of each listed neighbour are told apart from all others.
 */
export interface RefusedEvent extends Happened {
  readonly kind: 'refused';
  /** The listed neighbour whose they were; absent for anybody else's. */
  readonly peer?: Peer;
  /** Why, for programs. */
  readonly reason: RefusalReason;
  /** Why, for people, and what would be right. */
  readonly text: string;
  /** How many it tells of. */
  readonly count: number;
  /** From how many addresses; 1000 stands for so many or more. */
  readonly addresses: number;
  /** Where the last of them came from, and where to. */
  readonly ends: ConnectionEnds;
}

/** Two connections of a peer have collided, and one was closed (RFC 4271 §6.8). */
export interface CollisionEvent extends Happened {
  readonly kind: 'collision';
  /** Whose. */
  readonly peer: Peer;
  /** Number of the connection that stays. */
  readonly survivor: number;
  /** Number of the connection that was closed with Cease/Connection Collision Resolution. */
  readonly loser: number;
  /** What decided it, in words. */
  readonly why: string;
}

/** A peer has been added, changed or removed. `reset`: its session had to end for the change. */
export interface PeerEvent extends Happened {
  /** Which of the three. */
  readonly kind: 'peerAdded' | 'peerChanged' | 'peerRemoved';
  /** Which peer. */
  readonly peer: Peer;
  /** With `peerChanged`: its session had to end for the change. */
  readonly reset?: boolean;
}

/** A worker has died; its peers are down until it has been replaced, in `restartIn` milliseconds. */
export interface WorkerDownEvent extends Happened {
  readonly kind: 'workerDown';
  /** Which one, from 0. */
  readonly worker: number;
  /** How many peers went down with it. */
  readonly peers: number;
  /** What it died of, in words. */
  readonly reason: string;
  /** Milliseconds. */
  readonly restartIn: number;
}

/** A worker has started. */
export interface WorkerUpEvent extends Happened {
  readonly kind: 'workerUp';
  /** Which one, from 0. */
  readonly worker: number;
  /** Peers that are being brought back. */
  readonly peers: number;
}

/** This many events are missing here, because the reader was slow. */
export interface LostEvents extends Happened {
  readonly kind: 'lost';
  /** How many. */
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
