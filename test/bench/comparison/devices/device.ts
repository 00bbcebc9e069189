import { addressAfter } from '@peerloom/load';
import type { WorkloadId } from '../workload.ts';

/** What a device is told before it starts. */
export interface DeviceSetup {
  /** An empty folder of its own for configuration, control sockets and logs. */
  readonly directory: string;
  /** Where it listens. */
  readonly address: string;
  readonly port: number;
  readonly localAs: number;
  /** How many neighbours will come. They dial, from `firstPeer` and the addresses after it. */
  readonly peers: number;
  readonly peerAs: number;
  readonly firstPeer: string;
  /** A range that all neighbours are in. */
  readonly peerRange: string;
  /** It is to know every neighbour by its address (see `addressesOf`) instead of accepting `peerRange`. */
  readonly listed: boolean;
  /** Seconds. */
  readonly holdTime: number;
  /** Neighbours that only listen, and are to be sent everything; absent: nobody is sent anything. */
  readonly sinks?: SinkNeighbours;
}

/** Neighbours that only listen. They dial, as the others do, from addresses of their own. */
export interface SinkNeighbours {
  readonly count: number;
  readonly as: number;
  /** A range that all of them are in. */
  readonly range: string;
  /** What they are to be sent, IPv4 prefixes: for a device that announces them itself. */
  readonly prefixes: number;
}

/** What a device says that it has. */
export interface Held {
  /** Established sessions. */
  readonly sessions: number;
  /** Routes from all neighbours together, before any selection; absent: it keeps or tells none. */
  readonly routes?: number;
}

/** How late the engine itself says that things were, in milliseconds; the worst of its workers. */
export interface EngineDelays {
  /** From the supervisor handing mail over until its actor has it. */
  readonly mailboxP99: number;
  /** From when a timer was due, keepalives among them, until it fired. */
  readonly timerWorst: number;
}

/** A device under test that runs. */
export interface RunningDevice {
  readonly pid: number;
  /** Asks its own control program: this costs the device something, so it is asked outside of what is measured. */
  held(): Promise<Held>;
  /** Since it was last asked; only where the device measures this itself. */
  delays?(): Promise<EngineDelays>;
  /** CPU seconds that announcing its own table has taken before it was ready. */
  readonly fillCpuSeconds?: number;
  log(): string;
  stop(): Promise<void>;
}

/** Something that the same work can be given to. */
export interface Device {
  /** As in the tables, unique. */
  readonly name: string;
  /** Where it comes from, for those who lack it: a Debian package. */
  readonly debianPackage?: string;
  /** Paths of the programs that must be there. */
  readonly programs: readonly string[];
  /** What it does with a route beyond what Peerloom does, and what it does not do, one thing a sentence. */
  readonly differences: readonly string[];
  /**
   * Where it can send a table: `learnt` from a neighbour, or its `own`, which it has when it is ready. Absent:
   * it does not pass on what it learns.
   */
  readonly sends?: 'learnt' | 'own';
  /** The work that it is given; absent: all of it. */
  readonly only?: readonly WorkloadId[];
  /** Its version, as it tells it. */
  version(): Promise<string>;
  start(setup: DeviceSetup): Promise<RunningDevice>;
}

/** The addresses of all neighbours that announce: what a device is configured with that lists them. */
export function addressesOf({ firstPeer, peers }: DeviceSetup): string[] {
  return Array.from({ length: peers }, (_, index) => addressAfter(firstPeer, index));
}
