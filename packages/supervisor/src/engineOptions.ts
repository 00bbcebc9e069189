import { availableParallelism } from 'node:os';
import type {
  Announcement,
  CapabilityOptions,
  GracefulRestartOptions,
  LongLivedGracefulRestartOptions,
  MaximumPrefixesOptions,
  PeerOptions,
} from '@peerloom/ipc';

/** An address and port to listen on. */
export interface ListenAddress {
  /** IPv4 or IPv6; `0.0.0.0` or `::` for all of a family (`::` takes no IPv4). */
  readonly address: string;
  /** 1–65535, or 0 for one that the system chooses; default 179. */
  readonly port?: number;
}

/** {@link CapabilityOptions} as people give them: any of them, and `true` for the usual values. */
export type CapabilitySettings = Partial<
  Omit<CapabilityOptions, 'gracefulRestart' | 'longLivedGracefulRestart'>
> & {
  /** RFC 4724; `true`: the usual values. */
  readonly gracefulRestart?: boolean | Partial<GracefulRestartOptions>;
  /** RFC 9494. */
  readonly longLivedGracefulRestart?: false | LongLivedGracefulRestartOptions;
};

/** What a peer can be told, by itself, by its group or for all; the meaning of each is at {@link PeerOptions}. */
export type PeerSettings = Partial<
  Omit<PeerOptions, 'address' | 'dynamic' | 'capabilities' | 'maximumPrefixes'>
> & {
  readonly capabilities?: CapabilitySettings;
  /** A number is the limit alone. */
  readonly maximumPrefixes?:
    | number
    | (Partial<MaximumPrefixesOptions> & { readonly limit: number });
};

/** A neighbour that is listed. */
export interface NeighborOptions extends PeerSettings {
  /** IPv4 or IPv6, a zone for a link-local address: `fe80::1%eth0`. */
  readonly address: string;
  /** Name of the group whose settings are this peer's defaults. */
  readonly group?: string;
}

/** Neighbours that are not listed, but may connect from a prefix. They are never dialled. */
export interface RangeOptions extends PeerSettings {
  /** `10.0.0.0/8`, `2001:db8::/32`. */
  readonly prefix: string;
  /** Name of the group whose settings are the defaults of the range's peers. */
  readonly group?: string;
  /** Most neighbours of this range at a time; default 1000. */
  readonly limit?: number;
}

/** Bounds of what the engine holds, and its patience. */
export interface EngineLimits {
  /** Connections that one peer may have open at a time, 2 and up (RFC 4271 §6.8 needs two). */
  readonly connectionsPerPeer: number;
  /** Accepted connections that are not Established yet, over all peers. */
  readonly pendingConnections: number;
  /**
   * Octets read and not yet worked off by one worker at the most; less where working them off would take
   * longer than some 10 ms. Past it the sockets that filled it pause, past twice as much all of them.
   */
  readonly bytesInFlight: number;
  /** Events that wait for one slow reader of `events()`. */
  readonly events: number;
  /** Octets of UPDATEs that wait for one slow reader of `updates()`. */
  readonly updateBytes: number;
  /** Seconds that a closed connection gets to send what it still has. */
  readonly closeTime: number;
  /** Seconds after which a peer of a range that has no connection is forgotten. */
  readonly dynamicPeerTime: number;
  /**
   * Seconds that a worker may be without an answer to anything that it is asked, such as to take what is
   * announced. Past them it is taken for hung, ended, and started again as one that died. A handler may not
   * block for so long.
   */
  readonly workerAnswerTime: number;
  /** Seconds before a worker that died is started again; doubles with each death in a row. */
  readonly workerRestartTime: number;
  /** The longest that this wait grows to. */
  readonly workerRestartTimeMaximum: number;
}

/** What {@link EngineLimits} are unless told otherwise. */
export const engineLimitDefaults: EngineLimits = {
  connectionsPerPeer: 4,
  pendingConnections: 16_384,
  bytesInFlight: 1024 * 1024,
  events: 16_384,
  updateBytes: 8 * 1024 * 1024,
  closeTime: 5,
  // Longer than the 120 s for which routes of a restarting peer are kept (RFC 4724 §4.2).
  dynamicPeerTime: 180,
  // With the usual hold time of 90 s (RFC 4271 §10) its sessions are all but lost by then.
  workerAnswerTime: 60,
  workerRestartTime: 0.1,
  workerRestartTimeMaximum: 30,
};

/** Memory bounds of each worker thread, in MiB; past them the worker ends, and is started again. */
export interface WorkerMemory {
  /** The heap of objects that live. */
  readonly maxOldGenerationSizeMb?: number;
  /** The heap of objects that were made just now. */
  readonly maxYoungGenerationSizeMb?: number;
  /** The stack. */
  readonly stackSizeMb?: number;
}

/**
 * What {@link WorkerMemory} is unless told otherwise. V8 by itself lets the heap of what was made just now
 * grow to a hundred MiB a thread, and keeps it; what a session needs lives long, and all else is gone after
 * a moment.
 */
export const workerMemoryDefaults: WorkerMemory = { maxYoungGenerationSizeMb: 12 };

/** How many workers an engine has unless told otherwise: one processor is for the thread that owns the sockets. */
export function defaultWorkers(): number {
  return Math.max(1, availableParallelism() - 1);
}

/** The configuration of an engine: what `createEngine` takes, and what `engine.apply` takes again. */
export interface EngineOptions {
  /** Our BGP Identifier, dotted quad, not 0.0.0.0 (RFC 6286 §2.1). */
  readonly routerId: string;
  /** Our AS, 1–4294967295. */
  readonly localAs: number;
  /** Where to listen; nowhere when left out. */
  readonly listen?: readonly ListenAddress[];
  /** Worker threads; 0 runs everything in the calling thread. Default: one less than there are cores, at least 1. */
  readonly workers?: number;
  /** Settings for every peer that does not have its own. */
  readonly defaults?: PeerSettings;
  /** Settings by name, between a peer's own and `defaults`. */
  readonly groups?: Readonly<Record<string, PeerSettings>>;
  /** Neighbours that are listed; more can be added while it runs. */
  readonly neighbors?: readonly NeighborOptions[];
  /** Prefixes from which neighbours that are not listed may connect. */
  readonly ranges?: readonly RangeOptions[];
  /** Announced to every peer. */
  readonly announce?: readonly Announcement[];
  /** Module that runs inside the workers, next to the actors: a `file:` URL. */
  readonly handler?: string | URL;
  /** Bounds and patience; what is left out is as in {@link engineLimitDefaults}. */
  readonly limits?: Partial<EngineLimits>;
  /** What is left out is as in {@link workerMemoryDefaults}, or what Node.js gives a thread. */
  readonly workerMemory?: WorkerMemory;
  /** This speaker has just restarted, and its peers may hold its routes: sets the R bit (RFC 4724 §4.1). */
  readonly restarting?: boolean;
}
