import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { DelaySummary } from '@peerloom/ipc';

/** Why an inbound connection was refused. */
export type RefusalReason =
  | 'noNeighbor'
  | 'shutdown'
  | 'rangeFull'
  | 'tooMany'
  | 'ttl'
  | 'descriptors'
  | 'closing'
  | 'workerDown';

/** What the supervisor has counted since it started. */
export interface SupervisorCounters {
  /** Octets read from neighbours. */
  bytesReceived: number;
  /** Octets written to neighbours. */
  bytesSent: number;
  /** Batches sent to actor hosts. */
  batchesToHosts: number;
  /** Batches received from them. */
  batchesFromHosts: number;
  /** Octets of batches sent. */
  batchBytesToHosts: number;
  /** Octets of batches received. */
  batchBytesFromHosts: number;
  /** Inbound connections that were given to an actor. */
  connectionsAccepted: number;
  /** Inbound connections that were closed at once, by why. */
  connectionsRefused: Record<RefusalReason, number>;
  /** Connections attempted. */
  dials: number;
  /** Attempts that became a connection. */
  dialsConnected: number;
  /** Attempts that failed. */
  dialsFailed: number;
  /** Attempts that were given up before they had an outcome. */
  dialsAborted: number;
  /** Collisions that the actors have decided (RFC 4271 §6.8). */
  collisions: number;
  /** Times that a worker's window was full, so that its sockets were paused. */
  pauses: number;
  /** Workers that died. */
  workerDeaths: number;
  /** Items that a slow reader of events or updates was not given. */
  lost: number;
}

/** All zero. */
export function newCounters(): SupervisorCounters {
  return {
    bytesReceived: 0,
    bytesSent: 0,
    batchesToHosts: 0,
    batchesFromHosts: 0,
    batchBytesToHosts: 0,
    batchBytesFromHosts: 0,
    connectionsAccepted: 0,
    connectionsRefused: {
      noNeighbor: 0,
      shutdown: 0,
      rangeFull: 0,
      tooMany: 0,
      ttl: 0,
      descriptors: 0,
      closing: 0,
      workerDown: 0,
    },
    dials: 0,
    dialsConnected: 0,
    dialsFailed: 0,
    dialsAborted: 0,
    collisions: 0,
    pauses: 0,
    workerDeaths: 0,
    lost: 0,
  };
}

/** How late this thread's event loop comes round, and how busy it is. */
export class LoopMonitor {
  // 100 ms: ten wake-ups a second are the most that an idle engine does, and 0.08 % of a core.
  readonly #resolution = 100;
  readonly #histogram = monitorEventLoopDelay({ resolution: this.#resolution });
  #utilization = performance.eventLoopUtilization();

  start(): void {
    this.#histogram.enable();
  }

  stop(): void {
    this.#histogram.disable();
  }

  /** Since the last call. */
  read(): { readonly delay: DelaySummary; readonly utilization: number } {
    const histogram = this.#histogram;
    // The histogram records the whole interval between two ticks, the wanted wait included.
    const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - this.#resolution);
    const delay =
      histogram.count === 0
        ? { count: 0, p50: 0, p99: 0, max: 0 }
        : {
            count: histogram.count,
            p50: late(histogram.percentile(50)),
            p99: late(histogram.percentile(99)),
            max: late(histogram.max),
          };
    histogram.reset();
    const before = this.#utilization;
    this.#utilization = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(this.#utilization, before);
    return { delay, utilization };
  }
}
