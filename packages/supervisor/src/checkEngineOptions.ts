import { gracefulRestartDefaults, type PeerOptions } from '@peerloom/ipc';
import { addressFamilyOf, canonicalAddress, parseAddressRange } from './address.ts';
import { engineOptionIssues, neighborOptionIssues } from './engineOptionRules.ts';
import type { EngineOptions, NeighborOptions, RangeOptions } from './engineOptions.ts';
import { formatOptionIssue, type OptionIssue, type OptionPath } from './optionRule.ts';
import { PeerloomError, type PeerloomErrorCode } from './peerloomError.ts';
import {
  groupOf,
  type PeerDefaults,
  resolvePeerOptions,
  resolveRangeOptions,
} from './resolvePeerOptions.ts';
import { WrongPlaces } from './wrongPlaces.ts';

/**
 * Everything that is wrong with a configuration, none when it is right. Each issue has the path to the
 * place, so whoever read the configuration from a file can point into it.
 */
export function checkEngineOptions(value: unknown): OptionIssue[] {
  const issues = engineOptionIssues(value);
  const wrong = new WrongPlaces(issues);
  if (wrong.isAt()) return issues;
  return [...issues, ...relationIssues(value as EngineOptions, wrong)];
}

/** @throws PeerloomError `ERR_PEERLOOM_OPTIONS`, or `code`, with every issue, when there is one. */
export function assertNoIssues(
  issues: readonly OptionIssue[],
  code: PeerloomErrorCode = 'ERR_PEERLOOM_OPTIONS',
): void {
  if (issues.length === 0) return;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  throw new PeerloomError(code, `${formatOptionIssue(issues[0]!)}${more}`, { issues });
}

/** A peer's options, checked and complete. @throws PeerloomError `ERR_PEERLOOM_OPTIONS` */
export function checkedPeerOptions(engine: PeerDefaults, neighbor: NeighborOptions): PeerOptions {
  assertNoIssues(neighborOptionIssues(neighbor));
  const issues: OptionIssue[] = [];
  checkNeighbor(engine, neighbor, [], issues);
  assertNoIssues(issues);
  return resolvePeerOptions(engine, neighbor);
}

/** What makes peers different ones: the two addresses that a connection between them has. */
export function peerKey(address: string, sourceAddress: string | undefined): string {
  return sourceAddress === undefined ? address : `${address}@${sourceAddress}`;
}

/** What is wrong between options that are each right by themselves; those that are not are passed over. */
function relationIssues(options: EngineOptions, wrong: WrongPlaces): OptionIssue[] {
  const issues: OptionIssue[] = [];
  const { neighbors = [] } = options;
  if (!wrong.isAt('neighbors')) checkNeighbors(options, neighbors, wrong, issues);
  if (!wrong.isAt('ranges')) checkRanges(options, wrong, issues);
  if (!wrong.isAt('listen')) checkListeners(options, wrong, issues);
  return issues;
}

/** Whether all that a peer of this group draws its defaults from is right. */
function areDefaultsRight(wrong: WrongPlaces, group: string | undefined): boolean {
  if (wrong.isWithin('defaults') || wrong.isAt('groups')) return false;
  return group === undefined || !wrong.isWithin('groups', group);
}

function checkNeighbors(
  options: EngineOptions,
  neighbors: readonly NeighborOptions[],
  wrong: WrongPlaces,
  issues: OptionIssue[],
): void {
  const taken = new Map<string, number>();
  for (const [index, neighbor] of neighbors.entries()) {
    const path = ['neighbors', index];
    if (['address', 'sourceAddress', 'group'].some((key) => wrong.isAt(...path, key))) continue;
    if (wrong.isAt(...path) || !areDefaultsRight(wrong, neighbor.group)) continue;
    if (wrong.isWithin(...path)) checkGroup(options, neighbor.group, path, issues);
    else checkNeighbor(options, neighbor, path, issues);
    // What else it says may be wrong.
    const { address: given, sourceAddress: source, group } = neighbor;
    const ends = {
      address: given,
      ...(source && { sourceAddress: source }),
      ...(group && { group }),
    };
    const { address, sourceAddress } = resolvePeerOptions(options, ends);
    const key = peerKey(address, sourceAddress);
    const other = taken.get(key);
    if (other !== undefined) {
      issues.push({
        path: [...path, 'address'],
        message: `is ${address}, as neighbors[${other}] is; two sessions between the same addresses need a sourceAddress each`,
      });
    }
    taken.set(key, index);
  }
}

function checkRanges(options: EngineOptions, wrong: WrongPlaces, issues: OptionIssue[]): void {
  const taken = new Map<string, number>();
  for (const [index, range] of (options.ranges ?? []).entries()) {
    const path = ['ranges', index];
    if (['prefix', 'group'].some((key) => wrong.isAt(...path, key))) continue;
    if (wrong.isAt(...path) || !areDefaultsRight(wrong, range.group)) continue;
    const { text } = parseAddressRange(range.prefix)!;
    if (wrong.isWithin(...path)) checkGroup(options, range.group, path, issues);
    else checkPeer(options, range, resolveRangeOptions(options, range), path, issues);
    if (range.passive === false) {
      issues.push({
        path: [...path, 'passive'],
        message: 'is false; the neighbours of a range are never dialled, leave it out',
      });
    }
    if (taken.has(text)) {
      const message = `is ${text}, as ranges[${taken.get(text)}] is; put both in one`;
      issues.push({ path: [...path, 'prefix'], message });
    }
    taken.set(text, index);
  }
}

function checkListeners(options: EngineOptions, wrong: WrongPlaces, issues: OptionIssue[]): void {
  const taken = new Set<string>();
  for (const [index, listen] of (options.listen ?? []).entries()) {
    if (wrong.isWithin('listen', index)) continue;
    const { address, port = 179 } = listen;
    const key = `${canonicalAddress(address)!} ${port}`;
    if (taken.has(key) && port !== 0) {
      const message = `is ${address} with port ${port} for the second time; leave one out`;
      issues.push({ path: ['listen', index, 'address'], message });
    }
    taken.add(key);
  }
}

function checkNeighbor(
  engine: PeerDefaults,
  neighbor: NeighborOptions,
  path: OptionPath,
  issues: OptionIssue[],
): void {
  checkPeer(engine, neighbor, resolvePeerOptions(engine, neighbor), path, issues);
}

function checkGroup(
  engine: PeerDefaults,
  name: string | undefined,
  path: OptionPath,
  issues: OptionIssue[],
): void {
  if (name === undefined || groupOf(engine, name) !== undefined) return;
  const names = Object.keys(engine.groups ?? {}).join(', ') || 'none';
  const message = `is "${name}", which is no group; there is ${names}`;
  issues.push({ path: [...path, 'group'], message });
}

function checkPeer(
  engine: PeerDefaults,
  given: NeighborOptions | RangeOptions,
  peer: PeerOptions,
  path: OptionPath,
  issues: OptionIssue[],
): void {
  const wrong = (key: string, message: string): void => {
    issues.push({ path: [...path, key], message });
  };
  const group = groupOf(engine, given.group);
  checkGroup(engine, given.group, path, issues);
  if ([given, group, engine.defaults].every((layer) => layer?.remoteAs === undefined)) {
    wrong('remoteAs', 'is missing; give the AS number of the neighbour, or internal or external');
  }
  const { sourceAddress, ttlSecurity, ttl, multihop } = peer;
  if (
    sourceAddress !== undefined &&
    addressFamilyOf(sourceAddress) !== addressFamilyOf(peer.address)
  ) {
    wrong(
      'sourceAddress',
      `is ${sourceAddress}; it must be of the address family of ${peer.address}`,
    );
  }
  if (ttlSecurity !== undefined && (ttl !== undefined || multihop !== undefined)) {
    wrong('ttlSecurity', 'excludes ttl and multihop, for it sends with TTL 255 (RFC 5082 §3)');
  }
  if (ttl !== undefined && multihop !== undefined && ttl !== multihop) {
    wrong('multihop', `is ${multihop} and ttl is ${ttl}; they mean the same, leave one out`);
  }
  if (peer.idleHoldTimeMaximum < peer.idleHoldTime) {
    wrong(
      'idleHoldTimeMaximum',
      `is ${peer.idleHoldTimeMaximum}; it must not be less than idleHoldTime, ${peer.idleHoldTime}`,
    );
  }
  const { sendHoldTime = 0 } = peer;
  if (sendHoldTime !== 0 && sendHoldTime <= peer.holdTime) {
    wrong(
      'sendHoldTime',
      `is ${sendHoldTime}; it must be 0, or more than holdTime, ${peer.holdTime} (RFC 9687 §4.4)`,
    );
  }
  const { capabilities } = peer;
  if (capabilities.longLivedGracefulRestart !== false && capabilities.gracefulRestart === false) {
    wrong(
      'capabilities',
      `has longLivedGracefulRestart without gracefulRestart, which it needs (RFC 9494 §4.1); set gracefulRestart, for example { restartTime: ${gracefulRestartDefaults.restartTime} }`,
    );
  }
  if (capabilities.roleStrict && capabilities.role === undefined) {
    wrong('capabilities', 'has roleStrict without a role of our own (RFC 9234 §4.2)');
  }
}
