import type { AnnounceResult, ConnectionEnds, DelaySummary, HostUsage } from '@peerloom/ipc';
import type { SupervisorCounters } from './metrics.ts';
import type { Peer } from './peer.ts';
import type { ReaderMetrics } from './readers.ts';

/** What `engine.apply` has done. */
export interface ApplyResult {
  /** Peers that are listed and were not. */
  readonly added: readonly Peer[];
  /** Peers that are gone: those of ranges too, also where the same neighbour is listed instead. */
  readonly removed: readonly Peer[];
  /** Peers with other options that kept their session. */
  readonly kept: readonly Peer[];
  /** Peers whose session had to end for theirs. */
  readonly reset: readonly Peer[];
  /** Peers that were up, or on their way, and are to stay down (`shutdown`). */
  readonly shutDown: readonly Peer[];
  /** Peers that were to stay down, and are no longer. */
  readonly started: readonly Peer[];
  /** What came of the routes that are new or different. */
  readonly announced: AnnounceResult;
  /** Options that take effect when the engine is started anew. */
  readonly ignored: readonly string[];
}

/** A TCP connection, as `show tcp brief` lists it. */
export interface ConnectionReport extends ConnectionEnds {
  /** Its number; none is used twice. */
  readonly connection: number;
  /** Address of the peer that it belongs to. */
  readonly peer: string;
  /** Whether we opened it. */
  readonly dialled: boolean;
  /** It carries the Established session. */
  readonly established: boolean;
  /** Octets read from it. */
  readonly bytesReceived: number;
  /** Octets written to it. */
  readonly bytesSent: number;
  /** Octets that the kernel has not taken yet. */
  readonly unsent: number;
}

/** How the engine itself is doing. */
export interface EngineMetrics {
  /** Counted since the engine started. */
  readonly supervisor: Readonly<SupervisorCounters>;
  /** How late the supervisor's event loop came round, in milliseconds, since the last call. */
  readonly loopDelay: DelaySummary;
  /** Share of time that it was busy since the last call, 0–1. */
  readonly loopUtilization: number;
  /** TCP connections that are open. */
  readonly connections: number;
  /** Accepted connections whose session is not Established. */
  readonly pendingConnections: number;
  /** Those who read events and UPDATEs. */
  readonly readers: ReaderMetrics;
  /** Of each worker; `undefined` for one that is being replaced. */
  readonly workers: readonly (WorkerMetrics | undefined)[];
}

/** How one worker is doing: what its host says, and what is on its way there. */
export interface WorkerMetrics extends HostUsage {
  /** Octets that were read and that the worker has not worked off. */
  readonly inFlight: number;
  /** Octets that may be, for now: `limits.bytesInFlight`, or less, so that mail does not wait for long. */
  readonly window: number;
  /** Peers that send much are not read from, because the window is full. */
  readonly paused: boolean;
}
