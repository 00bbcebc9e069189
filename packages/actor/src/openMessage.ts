import type { FsmOptions } from '@peerloom/fsm';
import type { CapabilityOptions, CommonPeerOptions } from '@peerloom/ipc';
import {
  AddPathMode,
  type AddressFamily,
  Afi,
  BgpRole,
  type Capability,
  familyOfKey,
  parseFamilyName,
} from '@peerloom/wire';
import type { ActorContext } from './actorContext.ts';
import { ActorError } from './actorError.ts';

const roles = {
  provider: BgpRole.provider,
  rs: BgpRole.routeServer,
  'rs-client': BgpRole.routeServerClient,
  customer: BgpRole.customer,
  peer: BgpRole.peer,
} as const;

/** The family of a name such as `ipv4-unicast`. @throws {ActorError} `ERR_PEERLOOM_FAMILY` */
export function familyNamed(name: string): AddressFamily {
  const key = parseFamilyName(name);
  if (key === undefined) {
    throw new ActorError(
      'ERR_PEERLOOM_FAMILY',
      `${JSON.stringify(name)} names no address family; it must be one such as ipv4-unicast, ipv6-unicast or 1/128`,
    );
  }
  return familyOfKey(key);
}

// Thousands of peers are given one object of options: what is made of it is made once, too.
const shared = new WeakMap<CommonPeerOptions, CommonPeerOptions>();
const fsmOptions = {
  started: new WeakMap<CommonPeerOptions, FsmOptions>(),
  restarted: new WeakMap<CommonPeerOptions, FsmOptions>(),
};

/** What `known` has for a key, or else what `make` makes. */
function once<Key extends object, Value>(
  known: WeakMap<Key, Value>,
  key: Key,
  make: () => Value,
): Value {
  let value = known.get(key);
  if (value === undefined) known.set(key, (value = make()));
  return value;
}

/** The same options, in which whatever many peers have alike is one object for all of them. */
export function sharedOptions(
  options: CommonPeerOptions,
  context: ActorContext,
): CommonPeerOptions {
  return once(shared, options, () => ({
    ...options,
    families: context.share(options.families),
    capabilities: context.share(options.capabilities),
    ...(options.maximumPrefixes !== undefined && {
      maximumPrefixes: context.share(options.maximumPrefixes),
    }),
  }));
}

/**
 * What the FSM of a peer is told. `restarting` sets the R bit: we have restarted, and the peer may
 * still hold our routes (RFC 4724 §4.1).
 */
export function fsmOptionsOf(
  options: CommonPeerOptions,
  restarting: boolean,
  context: ActorContext,
): FsmOptions {
  const known = restarting ? fsmOptions.restarted : fsmOptions.started;
  return once(known, options, () => makeFsmOptions(options, restarting, context));
}

function makeFsmOptions(
  options: CommonPeerOptions,
  restarting: boolean,
  context: ActorContext,
): FsmOptions {
  const { role } = options.capabilities;
  return {
    profile: options.profile,
    localAs: options.localAs,
    remoteAs: options.remoteAs,
    routerId: options.routerId,
    capabilities: context.share(capabilitiesOf(options, restarting)),
    ...(role !== undefined && { role: roles[role] }),
    roleStrict: options.capabilities.roleStrict,
    holdTime: options.holdTime,
    ...(options.keepaliveTime !== undefined && { keepaliveTime: options.keepaliveTime }),
    connectRetryTime: options.connectRetryTime,
    delayOpenTime: options.delayOpenTime,
    ...(options.sendHoldTime !== undefined && { sendHoldTime: options.sendHoldTime }),
    passive: options.passive,
    allowAutomaticStart: options.allowAutomaticStart,
    allowAutomaticStop: options.allowAutomaticStop,
    dampPeerOscillations: options.dampPeerOscillations,
    idleHoldTime: options.idleHoldTime,
    idleHoldTimeMaximum: options.idleHoldTimeMaximum,
    collisionDetectEstablishedState: options.collisionDetectEstablishedState,
    sendNotificationWithoutOpen: options.sendNotificationWithoutOpen,
    trackTcpState: options.trackTcpState,
  };
}

/** The capabilities of our OPEN, in the order of their codes, except role, which the FSM adds itself. */
export function capabilitiesOf(options: CommonPeerOptions, restarting: boolean): Capability[] {
  const { capabilities: switches } = options;
  const { gracefulRestart, fqdn, softwareVersion } = switches;
  const list: Capability[] = [];
  if (switches.multiprotocol) {
    for (const name of options.families) list.push({ type: 'multiprotocol', ...familyNamed(name) });
  }
  if (switches.routeRefresh) list.push({ type: 'routeRefresh' });
  if (switches.extendedNextHop.length > 0) list.push(extendedNextHop(switches));
  if (switches.extendedMessage) list.push({ type: 'extendedMessage' });
  if (gracefulRestart !== false) {
    const { restartTime, notification, forwarding } = gracefulRestart;
    list.push({
      type: 'gracefulRestart',
      restarting,
      notification,
      restartTime,
      families: gracefulRestart.families.map((name) => ({ ...familyNamed(name), forwarding })),
    });
  }
  if (switches.fourOctetAs) list.push({ type: 'fourOctetAs', as: options.localAs });
  const addPath = Object.entries(switches.addPath);
  if (addPath.length > 0) {
    const families = addPath.map(([name, mode]) => ({
      ...familyNamed(name),
      sendReceive: AddPathMode[mode],
    }));
    list.push({ type: 'addPath', families });
  }
  if (switches.routeRefresh && switches.enhancedRouteRefresh) {
    list.push({ type: 'enhancedRouteRefresh' });
  }
  const longLived = longLivedGracefulRestart(switches);
  if (longLived !== undefined) list.push(longLived);
  if (fqdn !== false) list.push({ type: 'fqdn', ...fqdn });
  if (softwareVersion !== false) list.push({ type: 'softwareVersion', version: softwareVersion });
  const pathsLimit = Object.entries(switches.pathsLimit);
  if (pathsLimit.length > 0) {
    const families = pathsLimit.map(([name, limit]) => ({ ...familyNamed(name), limit }));
    list.push({ type: 'pathsLimit', families });
  }
  return list;
}

function extendedNextHop(switches: CapabilityOptions): Capability {
  const tuples = switches.extendedNextHop.map((name) => ({
    ...familyNamed(name),
    nextHopAfi: Afi.ipv6,
  }));
  return { type: 'extendedNextHop', tuples };
}

/** RFC 9494 §4.1: not without graceful restart, whose families it shares. */
function longLivedGracefulRestart(switches: CapabilityOptions): Capability | undefined {
  const { gracefulRestart, longLivedGracefulRestart: longLived } = switches;
  if (gracefulRestart === false || longLived === false) return undefined;
  const { forwarding } = gracefulRestart;
  const families = gracefulRestart.families.map((name) => ({
    ...familyNamed(name),
    forwarding,
    staleTime: longLived.staleTime,
  }));
  return { type: 'longLivedGracefulRestart', families };
}
