import type { CommonPeerOptions } from './peerOptions.ts';
import type { RoutePack } from './routePack.ts';
import type { PeerSnapshot } from './snapshot.ts';

/** A route as people write it. What is left out is left out of the UPDATE, or has the default given. */
export interface RouteAnnouncement {
  /** `10.0.0.0/8`, `2001:db8::/32`; in a `family` that has no prefixes the NLRI as {@link RouteEntry} has it. */
  readonly prefix: string;
  /** Default: unicast of the prefix's own address family. */
  readonly family?: string;
  /** RFC 7911; default 0. Only sent where the session has ADD-PATH for the family. */
  readonly pathId?: number;
  /** A host's address, or `self` (default), which is the local address of the session; Flow Specifications have none. */
  readonly nextHop?: string;
  /** Default `igp`. */
  readonly origin?: 'igp' | 'egp' | 'incomplete';
  /** Default: empty. Our own AS is put in front towards external peers, unless `asPathIsFinal`. */
  readonly asPath?: readonly (number | readonly number[])[];
  /** Send `asPath` as it is (a route server, a replay). */
  readonly asPathIsFinal?: boolean;
  /** 0–4294967295 (RFC 4271 §5.1.4). */
  readonly multiExitDiscriminator?: number;
  /** Sent to internal peers only; default 100 there. */
  readonly localPreference?: number;
  /** RFC 4271 §5.1.6; default false. */
  readonly atomicAggregate?: boolean;
  /** RFC 4271 §5.1.7. */
  readonly aggregator?: { readonly as: number; readonly address: string };
  /** `65001:100`, or a well-known name such as `no-export`. */
  readonly communities?: readonly string[];
  /** `65001:1:2` (RFC 8092). */
  readonly largeCommunities?: readonly string[];
  /** `target:65000:1`, `origin:65000:1`, or 16 hex digits (RFC 4360). */
  readonly extendedCommunities?: readonly string[];
}

/** Routes that are encoded already, for tables too large to spell out. */
export interface EncodedAnnouncement {
  /** A family name, as in `PeerOptions.families`. */
  readonly family: string;
  /** Path attributes as in an UPDATE with 4-octet AS numbers, without MP_REACH_NLRI. */
  readonly attributes: Uint8Array;
  /** Next hop as in MP_REACH_NLRI; for IPv4 unicast 4 octets. Absent: `self`. */
  readonly nextHop?: Uint8Array;
  /** NLRI, one after the other, with path identifiers if `addPath`. */
  readonly nlri: Uint8Array;
  /** Each NLRI begins with its path identifier (RFC 7911 §3); default false. */
  readonly addPath?: boolean;
  /** As in {@link RouteAnnouncement}. */
  readonly asPathIsFinal?: boolean;
}

/** What to announce. */
export type Announcement = RouteAnnouncement | EncodedAnnouncement;

/** What to withdraw. */
export type Withdrawal =
  | Pick<RouteAnnouncement, 'prefix' | 'family' | 'pathId'>
  | Pick<EncodedAnnouncement, 'family' | 'nlri' | 'addPath'>;

/** What became of an announcement or a withdrawal. */
export interface AnnounceResult {
  /** Routes now in the Adj-RIB-Out, over all peers; or removed from it. */
  readonly accepted: number;
  /** Routes that could not be taken. */
  readonly rejected: number;
  /** Why, for the first few of them. */
  readonly errors: readonly string[];
}

/** Which routes to see. */
export interface RoutesQuery {
  /** The Adj-RIB-In, or the Adj-RIB-Out. */
  readonly direction: 'received' | 'advertised';
  /** A family name; all families when absent. */
  readonly family?: string;
  /** Only this prefix; for an address alone, in each family the longest prefix that it is in. */
  readonly prefix?: string;
  /** With `prefix`: those within it, too. */
  readonly longer?: boolean;
  /** Routes a page, 1–10000; default 1000. */
  readonly limit?: number;
  /** `cursor` of the page before. */
  readonly cursor?: string;
}

/** One route, its attributes as bytes: whoever reads it decodes it (`@peerloom/wire`). */
export interface RouteEntry {
  /** A family name, as in `PeerOptions.families`. */
  readonly family: string;
  /** The NLRI as text: a prefix, or what its family has in place of one. */
  readonly prefix: string;
  /** RFC 7911; absent where the session has no ADD-PATH for the family. */
  readonly pathId?: number;
  /** Path attributes as received or as kept to be sent. */
  readonly attributes: Uint8Array;
  /** AS numbers in `attributes` have 4 octets. */
  readonly fourOctetAs: boolean;
  /** Kept over a restart and not yet announced again (RFC 4724). */
  readonly stale: boolean;
}

/** A page of routes. Tables change between pages: a route may then be missed or met twice. */
export interface RoutesPage {
  /** At most `limit` of the query. */
  readonly routes: readonly RouteEntry[];
  /** Absent on the last page. */
  readonly cursor?: string;
}

/** What an actor's FSM took in and gave out, oldest first. */
export interface FlightRecording {
  /** Its number in the engine. */
  readonly peer: number;
  /** Of the form that the entries have. */
  readonly version: 2;
  /** Milliseconds since the UNIX epoch from which the times within `start`, `notes`, inputs and outputs count. */
  readonly epoch: number;
  /** What makes an FSM that is where the first entry found it; for `replayRecording` of `@peerloom/actor`. */
  readonly start: unknown;
  /** Oldest first. */
  readonly entries: readonly FlightEntry[];
  /** Entries before the first that are no longer held. */
  readonly dropped: number;
}

/** One step of the FSM. */
export interface FlightEntry {
  /** Milliseconds since the UNIX epoch. */
  readonly time: number;
  /** What messages on the Established session had left in the FSM since the step before. */
  readonly notes: unknown;
  /** What was given to the FSM, as plain data. */
  readonly input: unknown;
  /** What it gave out for it. */
  readonly outputs: readonly unknown[];
  /** Entries before this one are no longer held, timers of a quiet session: the FSM goes on from `start`. */
  readonly resume?: { readonly start: unknown; readonly dropped: number };
}

/** Delays in milliseconds. */
export interface DelaySummary {
  /** Delays that were measured. */
  readonly count: number;
  /** Median. */
  readonly p50: number;
  /** 99th percentile. */
  readonly p99: number;
  /** The longest. */
  readonly max: number;
}

/** How one actor host is doing. */
export interface HostUsage {
  /** Actors that it runs. */
  readonly peers: number;
  /** Those whose session is up. */
  readonly established: number;
  /** From a batch's beginning at the supervisor until an envelope of it is done with, since the last call. */
  readonly mailboxDelay: DelaySummary;
  /** Milliseconds that what waits longest in the mailbox has waited until now; 0 when nothing does. */
  readonly mailboxOldest: number;
  /** How late timers fired. */
  readonly timerDelay: DelaySummary;
  /** Octets received and not yet read, now. */
  readonly queued: number;
  /** CPU seconds of the thread, where the runtime can tell. */
  readonly cpuSeconds: number;
  /** Share of time that the thread's event loop was busy since the last call, 0–1. */
  readonly utilization: number;
  /** Octets of the thread's heap. */
  readonly heapUsed: number;
  /** Octets of its array buffers. */
  readonly arrayBuffers: number;
  /** Received routes that are gone and still take memory: their peer may send them again. */
  readonly goneRoutes: number;
  /** Attribute blocks that are interned, those of routes that are gone included. */
  readonly attributeBlocks: number;
  /** Octets of them. */
  readonly attributeBytes: number;
  /** Milliseconds that the slowest handler call took. */
  readonly handlerSlowest: number;
}

/** An actor to be made. */
export interface SpawnRequest {
  /** Number of its peer in the engine. */
  readonly peer: number;
  /** The neighbour's address. */
  readonly address: string;
  /** All else that it is told; absent: the same as of the request before, which may be of a call before. */
  readonly options?: CommonPeerOptions;
  /** What is no peer option. */
  readonly context?: SpawnContext;
}

/** An actor that could not be made. */
export interface SpawnRefusal {
  /** Number of its peer. */
  readonly peer: number;
  /** What is wrong, and what would be right. */
  readonly why: string;
}

/** Circumstances of a spawn that are no peer option. */
export interface SpawnContext {
  /** The speaker has restarted and the peer may hold its routes: sets the R bit (RFC 4724 §4.1). */
  readonly restarting?: boolean;
  /** Highest session number that an earlier actor of the peer used. */
  readonly lastSession?: number;
  /** Highest dial number that an earlier actor of the peer used. */
  readonly lastDial?: number;
}

/**
 * An actor host, as the supervisor holds it (over Comlink, so every answer is a promise there).
 * A method that names a peer that the host has not throws an error with code `ERR_PEERLOOM_NO_PEER`.
 */
export interface HostControl {
  /** Makes actors, and names those that it could not make. They stay in Idle until they are commanded to start. */
  spawn(requests: readonly SpawnRequest[]): SpawnRefusal[];
  /** Other options for a peer; `reset` when its session had to end for them. */
  update(peer: number, options: CommonPeerOptions): 'kept' | 'reset';
  /** One peer, or all of the host. */
  snapshot(peer?: number): PeerSnapshot[];
  /** Puts routes into the Adj-RIB-Out of one peer, or of all of the host; returns how many, over all peers. */
  announce(peer: number | 'all', routes: RoutePack): number;
  /** Takes routes out of it. */
  withdraw(peer: number | 'all', routes: RoutePack): AnnounceResult;
  /** A page of a peer's routes. */
  routes(peer: number, query: RoutesQuery): RoutesPage;
  /** What the FSM of a peer did lately. */
  recorder(peer: number): FlightRecording;
  /** Whether UPDATEs of a peer are sent to the supervisor. */
  subscribeUpdates(peer: number | 'all', on: boolean): void;
  /** Loads a handler module, or takes it away. Rejects with what is wrong with the module. */
  setHandler(url: string | undefined): Promise<void>;
  /** How the host is doing. What is counted "since the last call" begins anew. */
  usage(): HostUsage;
  /** Ends the host. Sessions end with Cease/Administrative Shutdown unless they have been before. */
  stop(text?: string): Promise<void>;
}

/** A {@link HostControl} as it is seen from the other end of its port: every answer is a promise. */
export type RemoteHostControl = {
  readonly [Name in keyof HostControl]: (
    ...args: Parameters<HostControl[Name]>
  ) => Promise<Awaited<ReturnType<HostControl[Name]>>>;
};
