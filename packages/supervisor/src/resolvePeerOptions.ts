import {
  type CapabilityOptions,
  gracefulRestartDefaults,
  type MaximumPrefixesOptions,
  maximumPrefixesDefaults,
  type PeerOptions,
  peerOptionDefaults,
} from '@peerloom/ipc';
import { canonicalAddress, parseAddressRange } from './address.ts';
import type {
  CapabilitySettings,
  EngineOptions,
  NeighborOptions,
  PeerSettings,
  RangeOptions,
} from './engineOptions.ts';

/** The part of {@link EngineOptions} that peers draw their defaults from. */
export type PeerDefaults = Pick<EngineOptions, 'routerId' | 'localAs' | 'defaults' | 'groups'>;

/**
 * Everything that a peer is told: its own settings, else its group's, else the engine's, else
 * `peerOptionDefaults`. Objects among them (capabilities, graceful restart, maximum prefixes) are
 * merged member by member; lists and records are taken whole. The options must have been checked.
 */
export function resolvePeerOptions(engine: PeerDefaults, neighbor: NeighborOptions): PeerOptions {
  const { address, group, ...own } = neighbor;
  return resolve(engine, group, own, canonicalAddress(address)!, false);
}

/**
 * The options of a neighbour that connects from a range: as of a listed one, but it is never dialled.
 * The address is the range's own.
 */
export function resolveRangeOptions(engine: PeerDefaults, range: RangeOptions): PeerOptions {
  const { prefix, limit: _, group, ...own } = range;
  const { address } = parseAddressRange(prefix)!;
  return resolve(engine, group, { ...own, passive: true }, address, true);
}

function resolve(
  engine: PeerDefaults,
  group: string | undefined,
  own: PeerSettings,
  address: string,
  dynamic: boolean,
): PeerOptions {
  const layers: readonly PeerSettings[] = [
    engine.defaults ?? {},
    groupOf(engine, group) ?? {},
    own,
  ];
  const settings = Object.assign({}, ...layers.map(withoutUndefined)) as PeerSettings;
  const { capabilities: _, maximumPrefixes: __, sourceAddress, ...plain } = settings;
  const maximumPrefixes = mergeMaximumPrefixes(layers);
  return {
    ...peerOptionDefaults,
    localAs: engine.localAs,
    routerId: engine.routerId,
    // Checked options have one; `external` is what an embedder that skips the check gets.
    remoteAs: 'external',
    ...plain,
    address,
    dynamic,
    capabilities: mergeCapabilities(layers),
    ...(sourceAddress === undefined ? {} : { sourceAddress: canonicalAddress(sourceAddress)! }),
    ...(maximumPrefixes === undefined ? {} : { maximumPrefixes }),
  };
}

function mergeCapabilities(layers: readonly PeerSettings[]): CapabilityOptions {
  const given = layers.flatMap(({ capabilities }) => capabilities ?? []);
  return given.reduce<CapabilityOptions>((before, settings) => {
    const { gracefulRestart, ...rest } = withoutUndefined(settings);
    return Object.assign({}, before, rest, {
      gracefulRestart: mergeGracefulRestart(before.gracefulRestart, gracefulRestart),
    });
  }, peerOptionDefaults.capabilities);
}

function mergeGracefulRestart(
  before: CapabilityOptions['gracefulRestart'],
  settings: CapabilitySettings['gracefulRestart'],
): CapabilityOptions['gracefulRestart'] {
  if (settings === undefined) return before;
  if (settings === false) return false;
  const base = before === false ? gracefulRestartDefaults : before;
  return settings === true ? base : { ...base, ...withoutUndefined(settings) };
}

function mergeMaximumPrefixes(layers: readonly PeerSettings[]): MaximumPrefixesOptions | undefined {
  const given = layers.flatMap(({ maximumPrefixes }) => {
    if (maximumPrefixes === undefined) return [];
    return [typeof maximumPrefixes === 'number' ? { limit: maximumPrefixes } : maximumPrefixes];
  });
  if (given.length === 0) return undefined;
  return Object.assign({}, maximumPrefixesDefaults, ...given.map(withoutUndefined));
}

/** `{ a: undefined }` says as little as `{}`, and must not cover what another layer says. */
function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}

/** The group of this name; `undefined` where there is none. */
export function groupOf(
  { groups = {} }: Pick<EngineOptions, 'groups'>,
  name: string | undefined,
): PeerSettings | undefined {
  // Not `groups[name]` alone: every object has a toString.
  return name !== undefined && Object.hasOwn(groups, name) ? groups[name] : undefined;
}
