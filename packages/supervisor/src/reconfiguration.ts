import { isDeepStrictEqual } from 'node:util';
import type { Announcement, PeerOptions, Withdrawal } from '@peerloom/ipc';
import { parseAddressRange } from './address.ts';
import { peerKey } from './checkEngineOptions.ts';
import {
  defaultWorkers,
  type EngineOptions,
  engineLimitDefaults,
  type RangeOptions,
  workerMemoryDefaults,
} from './engineOptions.ts';
import { resolvePeerOptions } from './resolvePeerOptions.ts';

/** What has to happen for one configuration to become another. */
export interface Reconfiguration {
  /** Keys of the peers that go. */
  readonly removed: readonly string[];
  readonly changed: readonly PeerOptions[];
  readonly added: readonly PeerOptions[];
  /** Canonical prefixes of the ranges that go. */
  readonly removedRanges: readonly string[];
  /** Ranges that are new or have changed. Their peers that are there follow. */
  readonly ranges: readonly RangeOptions[];
  readonly withdraw: readonly Withdrawal[];
  readonly announce: readonly Announcement[];
  /** Options that take effect when the engine is started anew. */
  readonly ignored: readonly string[];
}

/** Options that an engine has for life, as they are when left out. */
export type FixedOptions = Required<
  Pick<EngineOptions, 'workers' | 'limits' | 'workerMemory' | 'restarting'>
>;

/** Those of a configuration: what is given and what is left out, and means the same, is the same here. */
export function fixedOptionsOf(options: EngineOptions): FixedOptions {
  const { workers = defaultWorkers(), limits, workerMemory, restarting = false } = options;
  return {
    workers,
    limits: { ...engineLimitDefaults, ...limits },
    workerMemory: { ...workerMemoryDefaults, ...workerMemory },
    restarting,
  };
}

/**
 * Compares the listed peers that there are, what the engine was started with, and the ranges and
 * announcements of the configuration in force, with another configuration. Whatever is the same in both is
 * in no list: nobody touches it.
 */
export function planReconfiguration(
  peers: ReadonlyMap<string, PeerOptions>,
  fixed: FixedOptions,
  before: EngineOptions,
  after: EngineOptions,
): Reconfiguration {
  const wantedFixed = fixedOptionsOf(after);
  const wanted = new Map(
    (after.neighbors ?? []).map((neighbor) => {
      const options = resolvePeerOptions(after, neighbor);
      return [peerKey(options.address, options.sourceAddress), options] as const;
    }),
  );
  const sameDefaults = isDeepStrictEqual(defaultsOf(before), defaultsOf(after));
  const rangesBefore = rangesOf(before);
  const rangesAfter = rangesOf(after);
  return {
    removed: [...peers.keys()].filter((key) => !wanted.has(key)),
    changed: [...wanted]
      .filter(([key, options]) => peers.has(key) && !isDeepStrictEqual(peers.get(key), options))
      .map(([, options]) => options),
    added: [...wanted].filter(([key]) => !peers.has(key)).map(([, options]) => options),
    removedRanges: [...rangesBefore.keys()].filter((prefix) => !rangesAfter.has(prefix)),
    ranges: [...rangesAfter]
      .filter(
        ([prefix, range]) => !sameDefaults || !isDeepStrictEqual(rangesBefore.get(prefix), range),
      )
      .map(([, range]) => range),
    ...planAnnouncements(before.announce ?? [], after.announce ?? []),
    ignored: (Object.keys(fixed) as (keyof FixedOptions)[]).filter(
      (key) => !isDeepStrictEqual(fixed[key], wantedFixed[key]),
    ),
  };
}

/** What is announced to all, compared by what each announcement says. */
function planAnnouncements(
  before: readonly Announcement[],
  after: readonly Announcement[],
): Pick<Reconfiguration, 'withdraw' | 'announce'> {
  const kept = new Set(after.map(destinationOf));
  const same = new Map(before.map((each) => [destinationOf(each), each]));
  return {
    withdraw: before.filter((each) => !kept.has(destinationOf(each))),
    announce: after.filter((each) => !isDeepStrictEqual(same.get(destinationOf(each)), each)),
  };
}

function destinationOf(announcement: Announcement): string {
  if ('nlri' in announcement) {
    const { family, addPath = false, nlri } = announcement;
    return `${family} ${addPath} ${Buffer.from(nlri).toString('latin1')}`;
  }
  const { prefix, family = '', pathId = 0 } = announcement;
  return `${family} ${pathId} ${prefix}`;
}

function defaultsOf({ routerId, localAs, defaults, groups }: EngineOptions): unknown {
  return { routerId, localAs, defaults, groups };
}

function rangesOf(options: EngineOptions): Map<string, RangeOptions> {
  return new Map(
    (options.ranges ?? []).map((range) => [parseAddressRange(range.prefix)!.text, range]),
  );
}
