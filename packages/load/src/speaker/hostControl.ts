import type { HistogramData } from '../measure/histogram.ts';
import type { SpeakerPlan } from '../plan.ts';
import type { RouteTable } from '../routes/routeTable.ts';
import type { Scenario } from '../scenario.ts';
import type { ChurnOptions } from './churner.ts';
import type { FeedIdentity } from './feedWriter.ts';
import type { SourceIdentities } from './passingRules.ts';
import type { RunMemory } from './runMemory.ts';

/** What a host of speakers is made of. The tables are shared memory; the rest is copied. */
export interface HostSetup {
  readonly scenario: Scenario;
  readonly plans: readonly SpeakerPlan[];
  readonly memory: RunMemory;
  readonly table: RouteTable | undefined;
  readonly encodedAs: FeedIdentity | undefined;
  /** All sources of the run. */
  readonly sources: SourceIdentities;
}

/** By what time each message of an open-loop announcement is meant to be sent. */
export interface Schedule {
  /** In milliseconds of `now`. */
  readonly startsAt: number;
  /** UPDATEs a second of all sources together, or as in the recording, so many times as quick. */
  readonly pace: { readonly rate: number; readonly sources: number } | { readonly speed: number };
}

/** How busy a thread has been since it started. */
export interface ThreadUsage {
  /** The system's number for it. */
  readonly threadId: number;
  /** User and system together. */
  readonly cpuSeconds: number;
  /** Milliseconds in which its event loop was busy. */
  readonly busyMilliseconds: number;
}

/** What a host has measured since it was last asked. */
export interface HostReport {
  readonly connect: HistogramData;
  readonly open: HistogramData;
  readonly established: HistogramData;
  readonly latency: HistogramData;
  readonly lateness: HistogramData;
  /** Things that people must know, and how often they happened. */
  readonly notes: Readonly<Record<string, number>>;
  /** Routes that came with other attributes than they were sent with, by number of prefix: the first few. */
  readonly samples: Readonly<Record<number, string>>;
  /** Prefixes that sinks hold and nobody announced, by sink: the first few. */
  readonly strangers: Readonly<Record<number, readonly string[]>>;
  readonly notifications: {
    readonly sent: Readonly<Record<string, number>>;
    readonly received: Readonly<Record<string, number>>;
  };
}

/** What the coordinator asks of a host, over Comlink. */
export interface HostControl {
  /** Makes the speakers. Answers when they are ready. */
  setUp(setup: HostSetup): void | Promise<void>;
  /** Brings all speakers up, so many at a time. Answers at once. */
  establish(concurrency: number): void;
  announce(schedule?: Schedule): void;
  withdraw(): void;
  startChurn(options: ChurnOptions): void;
  /**
   * Withdraws nothing more, and answers when everything is announced again: each route in its turn, or,
   * `now` or when a session does not take it, all at once.
   */
  stopChurn(now: boolean): Promise<void>;
  /** Ends sessions and brings them back after `down` seconds. */
  flap(speakers: readonly number[], reset: boolean, down: number): void;
  /** Record latencies at the sinks as routes come and go. */
  record(on: boolean): void;
  report(): HostReport;
  usage(): ThreadUsage;
  /** Ends every session, and answers when the sockets are closed. */
  shutDown(): Promise<void>;
}
