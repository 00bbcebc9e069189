import type { Socket } from 'node:net';
import type { PeerOptions, PeerStateName } from '@peerloom/ipc';
import type { AddressRange } from './address.ts';
import type { Connection } from './connection.ts';
import type { DialAttempt } from './dialAttempt.ts';
import type { RangeOptions } from './engineOptions.ts';
import type { HostSlot } from './hostPool.ts';
import type { Peer } from './peer.ts';
import type { Session } from './session.ts';

/** A range of neighbours, and how many of them there are. */
export interface RangeRecord {
  readonly range: AddressRange;
  options: RangeOptions;
  /** Options of a peer from it, but for the address: what lies within is shared by all of them. */
  typical: PeerOptions;
  /** Peers that have come from it, by address. */
  readonly peers: Set<PeerRecord>;
}

/** What an actor's life is at: not there, being made, there, or on its way out. */
export type ActorStatus = 'absent' | 'spawning' | 'ready' | 'removing';

/** Takes an element out of an array. */
export function takeOut<T>(array: T[], element: T): void {
  const index = array.indexOf(element);
  if (index >= 0) array.splice(index, 1);
}

/** All that the supervisor knows of a peer. */
export interface PeerRecord {
  /** Never used again for another peer. */
  readonly id: number;
  /** Address, and source address where there is one. */
  readonly key: string;
  options: PeerOptions;
  readonly range: RangeRecord | undefined;
  /** The face that users hold. */
  readonly face: Peer;
  /** Where its actor lives, once it has been placed. */
  slot: HostSlot | undefined;
  status: ActorStatus;
  /** As of its last transition. */
  state: PeerStateName;
  session: Session | undefined;
  /** Somebody wants its UPDATEs. */
  subscribers: number;
  // One or two each: arrays, for a thousand peers' empty sets and maps weigh more than all else here.
  readonly connections: Connection[];
  /** Attempts to connect that are under way. */
  readonly attempts: DialAttempt[];
  /** Accepted before the actor was there to be told. */
  readonly waiting: Socket[];
  /** Highest numbers that its actors have used, for the next one to go on from. */
  lastSession: number;
  lastDial: number;
  /** Milliseconds since the UNIX epoch: since when a peer of a range has had no connection. */
  idleSince: number;
  /** Called when the actor has said that nothing is left of it. */
  onStopped: (() => void) | undefined;
}
