import { parseAddressRange } from './address.ts';
import { peerKey } from './checkEngineOptions.ts';
import { isShutDown } from './core.ts';
import type { ApplyResult } from './engineReport.ts';
import type { ListenedNeighbor } from './listener.ts';
import { listenedKey, listenedPeer, listenedRange } from './listeners.ts';
import type { Peer } from './peer.ts';
import type { PeerRecord } from './peerRecord.ts';
import type { Reconfiguration } from './reconfiguration.ts';
import { type PeerDefaults, resolveRangeOptions } from './resolvePeerOptions.ts';
import type { ChangedPeer, Roster } from './roster.ts';
import type { Supervisor } from './supervisor.ts';

/**
 * Does what a plan says: what goes first, then what changes, then what comes, so that an address that
 * moves from one peer or range to another is free when it is needed.
 *
 * @throws PeerloomError when an actor refuses its options; the rest is done then
 */
export async function carryOut(
  plan: Reconfiguration,
  defaults: PeerDefaults,
  supervisor: Supervisor,
  roster: Roster,
): Promise<ApplyResult> {
  const { announcer, peers } = supervisor;
  const gone = new Set(plan.removed);
  const removed = [...peers.all()].filter(({ key, range }) => range === undefined && gone.has(key));
  await Promise.all(removed.map((record) => roster.remove(record, '')));
  const removedRanges = plan.removedRanges.flatMap((prefix) => peers.range(prefix) ?? []);
  for (const its of await Promise.all(removedRanges.map((range) => roster.removeRange(range)))) {
    removed.push(...its);
  }
  const down = new Set([...peers.all()].filter(isShutDown));
  const changed: ChangedPeer[] = [];
  for (const range of plan.ranges) {
    const before = peers.range(parseAddressRange(range.prefix)!.text);
    if (before === undefined) roster.enterRange(defaults, range);
    else changed.push(...(await roster.changeRange(defaults, before, range)));
  }
  const listed = plan.changed.map(async (options) => {
    const record = peers.find(options.address, options.sourceAddress)!;
    return { record, result: await roster.change(record, options) };
  });
  changed.push(...(await Promise.all(listed)));
  const replaced = plan.added.flatMap(({ address, sourceAddress }) => {
    const other = peers.find(address, sourceAddress);
    return other?.key === peerKey(address, sourceAddress) ? other : [];
  });
  const added = await Promise.all(plan.added.map((options) => roster.enter(options)));
  await announcer.withdraw('all', plan.withdraw);
  const announced = await announcer.announce('all', plan.announce);
  await roster.start(added);
  const changedTo = (outcome: Outcome): Peer[] =>
    facesOf(
      changed.filter((each) => outcomeOf(each, down) === outcome).map(({ record }) => record),
    );
  return {
    added: facesOf(added),
    removed: facesOf([...removed, ...replaced]),
    kept: changedTo('kept'),
    reset: changedTo('reset'),
    shutDown: changedTo('shutDown'),
    started: changedTo('started'),
    announced,
    ignored: plan.ignored,
  };
}

function facesOf(records: readonly PeerRecord[]): Peer[] {
  return records.map(({ face }) => face);
}

/** What a change has meant for a peer. */
type Outcome = 'kept' | 'reset' | 'shutDown' | 'started';

/** `down`: those that were shut down before. */
function outcomeOf({ record, result }: ChangedPeer, down: ReadonlySet<PeerRecord>): Outcome {
  if (isShutDown(record) === down.has(record)) return result;
  return isShutDown(record) ? 'shutDown' : 'started';
}

/** What listeners must know of the peers and ranges that change or come, to be told before anything is done. */
export function listenedOf(
  plan: Reconfiguration,
  defaults: PeerDefaults,
): Map<string, ListenedNeighbor> {
  const peers = [...plan.changed, ...plan.added].map((options) => {
    const key = peerKey(options.address, options.sourceAddress);
    return [listenedKey({ key }), listenedPeer(options)] as const;
  });
  const ranges = plan.ranges.map((options) => {
    const range = parseAddressRange(options.prefix)!;
    const typical = resolveRangeOptions(defaults, options);
    return [listenedKey({ range }), listenedRange(range, typical)] as const;
  });
  return new Map([...peers, ...ranges]);
}
