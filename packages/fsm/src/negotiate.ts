import {
  type AddPathCapability,
  AddPathMode,
  Afi,
  type Capability,
  type FamilyKey,
  familyKey,
  maximumExtendedMessageLength,
  maximumMessageLength,
  type OpenMessage,
  openAs,
} from '@peerloom/wire';
import { announces, capabilitiesOf, commonFamilies } from './families.ts';
import type { NegotiatedGracefulRestart, NegotiatedSession } from './negotiatedSession.ts';
import type { ResolvedFsmOptions } from './options.ts';

/** Seconds that a peer may take nothing from us at the least, unless we are told otherwise (RFC 9687 §6). */
const leastSendHoldTime = 480;

/** What two lists of capabilities come to, whoever sent them. */
type Agreement = Pick<
  NegotiatedSession,
  'options' | 'routeRefresh' | 'enhancedRouteRefresh' | 'gracefulRestart' | 'pathsLimits' | 'role'
>;

/**
 * Agreements by the lists that they are of, for callers that have one list for many peers: its sets and
 * maps are 2 KiB a session, and always the same.
 */
const agreements = new WeakMap<
  readonly Capability[],
  WeakMap<readonly Capability[], Map<'internal' | 'external', Agreement>>
>();

/**
 * What two acceptable OPENs agree on. A capability is in use when both announced it (RFC 5492 §3),
 * but for Extended Message, where each side says what it can receive (RFC 8654 §4).
 *
 * Sessions whose OPENs hold the same two lists of capabilities, as objects, share what comes of them.
 */
export function negotiate(
  options: Pick<ResolvedFsmOptions, 'localAs' | 'keepaliveTime' | 'sendHoldTime'>,
  localOpen: OpenMessage,
  peerOpen: OpenMessage,
  initiator: 'local' | 'remote',
): NegotiatedSession {
  const peerAs = openAs(peerOpen);
  const peerType = peerAs === options.localAs ? 'internal' : 'external';
  const holdTime = Math.min(localOpen.holdTime, peerOpen.holdTime);
  const agreement = agreementOf(localOpen.capabilities, peerOpen.capabilities, peerType);
  const { gracefulRestart, role } = agreement;
  // Spelled out, all members of an agreement: an object that begins with those of another has the rest in a second one.
  return {
    options: agreement.options,
    routeRefresh: agreement.routeRefresh,
    enhancedRouteRefresh: agreement.enhancedRouteRefresh,
    pathsLimits: agreement.pathsLimits,
    peerAs,
    peerIdentifier: peerOpen.bgpIdentifier,
    holdTime,
    keepaliveTime: Math.min(holdTime / 3, options.keepaliveTime ?? Number.POSITIVE_INFINITY),
    sendHoldTime: sendHoldTime(options.sendHoldTime, holdTime),
    initiator,
    localOpen,
    peerOpen,
    peerCapabilities: peerOpen.capabilities,
    ...(gracefulRestart !== undefined && { gracefulRestart }),
    ...(role !== undefined && { role }),
  };
}

function agreementOf(
  ours: readonly Capability[],
  theirs: readonly Capability[],
  peerType: 'internal' | 'external',
): Agreement {
  let ofOurs = agreements.get(ours);
  if (ofOurs === undefined) agreements.set(ours, (ofOurs = new WeakMap()));
  let ofBoth = ofOurs.get(theirs);
  if (ofBoth === undefined) ofOurs.set(theirs, (ofBoth = new Map()));
  let agreement = ofBoth.get(peerType);
  if (agreement === undefined) ofBoth.set(peerType, (agreement = agree(ours, theirs, peerType)));
  return agreement;
}

function agree(
  ours: readonly Capability[],
  theirs: readonly Capability[],
  peerType: 'internal' | 'external',
): Agreement {
  const both = (type: Capability['type']): boolean =>
    announces(ours, type) && announces(theirs, type);
  const families = commonFamilies(ours, theirs);
  const addPath = addPathDirections(ours, theirs, families);
  const gracefulRestart = negotiateGracefulRestart(ours, theirs);
  const roles = negotiateRoles(ours, theirs);
  const enhancedRouteRefresh = both('enhancedRouteRefresh');
  return {
    options: {
      fourOctetAs: both('fourOctetAs'),
      maximumReceiveLength: lengthOf(ours),
      maximumSendLength: lengthOf(theirs),
      families,
      addPathReceive: addPath.receive,
      addPathSend: addPath.send,
      extendedNextHop: extendedNextHops(ours)
        .intersection(extendedNextHops(theirs))
        .intersection(families),
      peerType,
      enhancedRouteRefresh,
    },
    routeRefresh: both('routeRefresh'),
    enhancedRouteRefresh,
    ...(gracefulRestart !== undefined && { gracefulRestart }),
    pathsLimits: pathsLimits(theirs, addPath.send),
    ...(roles !== undefined && { role: roles }),
  };
}

function lengthOf(capabilities: readonly Capability[]): number {
  return announces(capabilities, 'extendedMessage')
    ? maximumExtendedMessageLength
    : maximumMessageLength;
}

/** RFC 9687 §4.3: without a hold time there is nothing to send on an idle session, and so nothing to wait for. */
function sendHoldTime(configured: number | undefined, holdTime: number): number {
  if (holdTime === 0) return 0;
  return configured ?? Math.max(leastSendHoldTime, 2 * holdTime);
}

/**
 * Paths go from a side that announced that it can send several to one that announced that it can
 * receive them (RFC 7911 §5). A Send/Receive of another value than 1–3 is as if it were not there (§4).
 */
function addPathDirections(
  ours: readonly Capability[],
  theirs: readonly Capability[],
  families: ReadonlySet<FamilyKey>,
): { readonly send: ReadonlySet<FamilyKey>; readonly receive: ReadonlySet<FamilyKey> } {
  const ourModes = addPathModes(capabilitiesOf(ours, 'addPath'));
  const theirModes = addPathModes(capabilitiesOf(theirs, 'addPath'));
  const flows = (from: Map<FamilyKey, number>, to: Map<FamilyKey, number>): Set<FamilyKey> =>
    new Set(
      [...families].filter(
        (family) =>
          ((from.get(family) ?? 0) & AddPathMode.send) !== 0 &&
          ((to.get(family) ?? 0) & AddPathMode.receive) !== 0,
      ),
    );
  return { send: flows(ourModes, theirModes), receive: flows(theirModes, ourModes) };
}

function addPathModes(capabilities: readonly AddPathCapability[]): Map<FamilyKey, number> {
  return new Map(
    capabilities
      .flatMap(({ families }) => families)
      .filter(({ sendReceive }) => sendReceive >= 1 && sendReceive <= 3)
      .map(({ afi, safi, sendReceive }) => [familyKey(afi, safi), sendReceive]),
  );
}

/** How many paths of a prefix the peer wants, where we may send several (draft-abraitis-idr-addpath-paths-limit); 0 says nothing. */
function pathsLimits(
  theirs: readonly Capability[],
  addPathSend: ReadonlySet<FamilyKey>,
): ReadonlyMap<FamilyKey, number> {
  return new Map(
    capabilitiesOf(theirs, 'pathsLimit')
      .flatMap(({ families }) => families)
      .map(({ afi, safi, limit }): [FamilyKey, number] => [familyKey(afi, safi), limit])
      .filter(([family, limit]) => limit > 0 && addPathSend.has(family)),
  );
}

/** Families whose IPv4 NLRI a speaker takes with an IPv6 next hop (RFC 8950 §4). */
function extendedNextHops(capabilities: readonly Capability[]): ReadonlySet<FamilyKey> {
  return new Set(
    capabilitiesOf(capabilities, 'extendedNextHop')
      .flatMap(({ tuples }) => tuples)
      .filter(({ nextHopAfi }) => nextHopAfi === Afi.ipv6)
      .map(({ afi, safi }) => familyKey(afi, safi)),
  );
}

/** Of several Graceful Restart capabilities the last counts (RFC 4724 §3); long-lived restart means nothing without it (RFC 9494 §4.1). */
function negotiateGracefulRestart(
  ours: readonly Capability[],
  theirs: readonly Capability[],
): NegotiatedGracefulRestart | undefined {
  const our = capabilitiesOf(ours, 'gracefulRestart').at(-1);
  const their = capabilitiesOf(theirs, 'gracefulRestart').at(-1);
  if (our === undefined || their === undefined) return undefined;
  const longLived = announces(ours, 'longLivedGracefulRestart')
    ? capabilitiesOf(theirs, 'longLivedGracefulRestart').flatMap(({ families }) => families)
    : [];
  return {
    peerRestarted: their.restarting,
    notification: our.notification && their.notification,
    restartTime: their.restartTime,
    families: new Map(
      their.families.map(({ afi, safi, forwarding }) => [familyKey(afi, safi), forwarding]),
    ),
    longLivedStaleTimes: new Map(
      longLived
        .filter(({ staleTime }) => staleTime > 0)
        .map(({ afi, safi, staleTime }) => [familyKey(afi, safi), staleTime]),
    ),
  };
}

function negotiateRoles(
  ours: readonly Capability[],
  theirs: readonly Capability[],
): { readonly local: number; readonly peer: number } | undefined {
  const local = capabilitiesOf(ours, 'role')[0]?.role;
  const peer = capabilitiesOf(theirs, 'role')[0]?.role;
  return local === undefined || peer === undefined ? undefined : { local, peer };
}
