import type { PeerSnapshot, PrefixCounts, SessionSnapshot } from '@peerloom/ipc';
import { familyName, formatCapability } from '@peerloom/wire';
import type { Clock } from './clock.ts';
import { MaximumPrefixes } from './maximumPrefixes.ts';
import type { PeerActor } from './peerActor.ts';
import { stuckReasonOf } from './stuckReason.ts';

/** A peer as it stands. */
export function snapshotOf(actor: PeerActor, clock: Clock): PeerSnapshot {
  const { peer, address, options, status, fsm, connections } = actor;
  return {
    peer,
    address,
    description: options.description,
    localAs: options.localAs,
    remoteAs: options.remoteAs,
    state: fsm.state,
    shutdown: status.shutdown,
    shutdownText: status.shutdownText,
    stateSince: status.stateSince,
    connections: connections.map(({ id, dialled, ends }) => ({ connection: id, dialled, ...ends })),
    session: sessionSnapshot(actor, clock.now()),
    received: status.received.snapshot(),
    sent: status.sent.snapshot(),
    prefixes: prefixCounts(actor),
    established: status.established,
    flaps: status.flaps,
    lastErrorSent: status.lastErrorSent,
    lastErrorReceived: status.lastErrorReceived,
    lastError: status.lastError,
    faults: status.faults,
    lastFault: status.lastFault,
    timers: actor.timers.left,
    inputQueue: connections.reduce((sum, { unreadBytes }) => sum + unreadBytes, 0),
    outputQueue: connections.reduce((sum, { unsentBytes }) => sum + unsentBytes, 0),
    stuckReason: stuckReasonOf(actor),
    handlerErrors: status.handlerErrors,
    handlerSlowest: status.handlerSlowest,
  };
}

function sessionSnapshot({ session, routes }: PeerActor, now: number): SessionSnapshot | undefined {
  if (session === undefined) return undefined;
  const { localOpen, peerOpen } = session.negotiated;
  const disabled = [...routes.table.families].filter(({ isDisabled }) => isDisabled);
  return {
    ...session.describe(),
    uptime: (now - session.establishedAt) / 1000,
    disabledFamilies: disabled.map(({ family }) => familyName(family)),
    capabilitiesSent: localOpen.capabilities.map(formatCapability),
    capabilitiesReceived: peerOpen.capabilities.map(formatCapability),
  };
}

/** By family: those of the session, and those that routes are kept of. */
function prefixCounts({ session, routes, options }: PeerActor): Record<string, PrefixCounts> {
  const families = new Set(session?.negotiated.options.families);
  for (const { family, routes: count } of routes.table.families)
    if (count > 0) families.add(family);
  const counts: Record<string, PrefixCounts> = {};
  for (const family of families) {
    const table = routes.table.family(family);
    const maximum = MaximumPrefixes.limitOf(options.maximumPrefixes, family);
    counts[familyName(family)] = {
      received: table?.routes ?? 0,
      stale: table?.staleRoutes ?? 0,
      ...routes.outCounts(family),
      ...(maximum !== undefined && { maximum }),
    };
  }
  return counts;
}
