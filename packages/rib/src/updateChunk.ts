import type { RouteKeyId } from './routeKeyTable.ts';

/** Whole messages, for some of the positions of a log. */
export interface UpdateChunk {
  readonly bytes: Uint8Array;
  /** The positions that it covers: `[from, to)`. */
  readonly from: number;
  readonly to: number;
  /** Where the log ended when it was packed: later changes are not in it. */
  readonly logEnd: number;
  /** Withdrawals before this were left out, so that only readers with no lower `floor` may use it. */
  readonly minimumFloor: number;
  /** Routes that cannot be sent on the session. */
  readonly unsendable: number;
}

/** Routes that are announced and that a session cannot be sent. */
export interface UnsendableRoutes {
  readonly routes: number;
  /** Why the last of them cannot; empty when there are none. */
  readonly reason: string;
}

/** Where the routes to pack come from: a log, or a list. */
export interface RouteSequence {
  readonly end: number;
  /** 0: nothing there. */
  keyAt(position: number): RouteKeyId;
}

/** What one session makes different from all others with the same options: other tables that have a say. */
export interface ChunkPolicy {
  /** Another table's announcement goes before this one. */
  isOverridden(key: RouteKeyId): boolean;
  /** Another table announces the route when this one withdraws it; it will be sent from there. */
  isTakenOver(key: RouteKeyId): boolean;
}
