import type { Socket } from 'node:net';
import type { CommonPeerOptions, ConnectionEnds, PeerOptions, PeerStateName } from '@peerloom/ipc';
import type { AddressRange } from './address.ts';
import { peerKey } from './checkEngineOptions.ts';
import type { Connection } from './connection.ts';
import type { DialAttempt } from './dialAttempt.ts';
import type { RangeOptions } from './engineOptions.ts';
import type { HostSlot } from './hostPool.ts';
import { Peer } from './peer.ts';
import type { Session } from './session.ts';
import type { Supervisor } from './supervisor.ts';

/** A range of neighbours, and how many of them there are. */
export interface RangeRecord {
  readonly range: AddressRange;
  options: RangeOptions;
  /** What all peers from it are told. */
  typical: CommonPeerOptions;
  /** Peers that have come from it, by address. */
  readonly peers: Set<PeerRecord>;
}

/** What an actor's life is at: not there, being made, there, or on its way out. */
export type ActorStatus = 'absent' | 'spawning' | 'ready' | 'removing';

/** A connection that a peer has opened, and that nobody reads from yet. */
export interface WaitingConnection {
  readonly socket: Socket;
  readonly ends: ConnectionEnds;
}

/** One empty list for all: most peers have none of one thing or another. */
export const none: readonly never[] = [];

/** All that the supervisor knows of a peer. */
export class PeerRecord {
  /** Never used again for another peer. */
  readonly id: number;
  readonly address: string;
  /** All else that it is told: the object is that of all peers that have come from its range. */
  options: CommonPeerOptions;
  /** Address, and source address where there is one. */
  readonly key: string;
  readonly range: RangeRecord | undefined;
  /** The face that users hold. */
  readonly face: Peer;
  /** Where its actor lives, once it has been placed. */
  slot: HostSlot | undefined = undefined;
  status: ActorStatus = 'absent';
  /** As of its last transition. */
  state: PeerStateName = 'Idle';
  session: Session | undefined = undefined;
  /** Somebody wants its UPDATEs. */
  subscribers = 0;
  // One or two each, and none for most of the time. They are replaced with `concat` and not added to: an array
  // that grows has room for a dozen more.
  connections: readonly Connection[] = none;
  /** Attempts to connect that are under way. */
  attempts: readonly DialAttempt[] = none;
  /** Accepted before the actor was there to be told. */
  waiting: readonly WaitingConnection[] = none;
  /** Highest numbers that its actors have used, for the next one to go on from. */
  lastSession = 0;
  lastDial = 0;
  /** Milliseconds since the UNIX epoch: since when a peer of a range has had no connection. */
  idleSince: number = Date.now();
  /** Called when the actor has said that nothing is left of it. */
  onStopped: (() => void) | undefined = undefined;

  constructor(
    id: number,
    address: string,
    options: CommonPeerOptions,
    range: RangeRecord | undefined,
    supervisor: Supervisor,
  ) {
    this.id = id;
    this.address = address;
    this.options = options;
    this.key = peerKey(address, options.sourceAddress);
    this.range = range;
    this.face = new Peer(this, supervisor);
  }

  /** The connections that wait for its actor, to be dealt with now: they wait no longer. */
  takeWaiting(): readonly WaitingConnection[] {
    const { waiting } = this;
    this.waiting = none;
    return waiting;
  }

  /** It has come from a range, and has never had a session: anybody may be behind it. */
  get isStranger(): boolean {
    return this.range !== undefined && this.lastSession === 0;
  }

  /** All that it is told. */
  get told(): PeerOptions {
    return { ...this.options, address: this.address };
  }
}
