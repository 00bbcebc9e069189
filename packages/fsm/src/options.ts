import { type Capability, encodeCapabilities, encodeOpen } from '@peerloom/wire';
import { FsmOptionError } from './fsmOptionError.ts';
import { openOf } from './openMessage.ts';
import type { FsmProfile } from './profile.ts';

/** What one peer is told. Times are seconds; the names in capitals are RFC 4271 §8.1's. */
export interface FsmOptions {
  /** Which machine where deployed routers and RFC 4271 §8.2.2 differ; `classic` unless told otherwise. */
  readonly profile?: FsmProfile;
  /** Our AS number, 1–4294967295. */
  readonly localAs: number;
  /** The peer's: that number, any other than ours, ours, or any at all. */
  readonly remoteAs: number | 'external' | 'internal' | 'any';
  /** Our BGP Identifier: dotted quad, not 0.0.0.0 (RFC 6286 §2.1). */
  readonly routerId: string;
  /** What our OPEN announces. Role is added from `role`; everything else stands here or is not announced. */
  readonly capabilities?: readonly Capability[];
  /** Capabilities without which we want no session (RFC 5492 §5, NOTIFICATION 2/7): the peer must announce one of the same kind (and family, for multiprotocol). */
  readonly requiredCapabilities?: readonly Capability[];
  /** Our role towards the peer (RFC 9234 §4.1, `BgpRole`), announced to external peers. */
  readonly role?: number;
  /** Refuse a peer that announces no role (RFC 9234 §4.2 "strict mode"). */
  readonly roleStrict?: boolean;

  /** HoldTime that we propose: 0, for no keepalives at all, or 3–65535. 90 unless told otherwise. */
  readonly holdTime?: number;
  /** HoldTime until the peer's OPEN is there: "a large value". 240 unless told otherwise. */
  readonly openHoldTime?: number;
  /** Most time between two of our KEEPALIVEs; never more than a third of the negotiated hold time, which is the default. */
  readonly keepaliveTime?: number;
  /** ConnectRetryTime; the RFC suggests 120, 30 is what people can wait for. */
  readonly connectRetryTime?: number;
  /** DelayOpenTime: how long to wait for the peer's OPEN before we send ours. 0, the default, means DelayOpen is FALSE. */
  readonly delayOpenTime?: number;
  /** SendHoldTime (RFC 9687): 0 switches it off, else more than `holdTime`; when not given, the greater of 8 minutes and twice the negotiated hold time. */
  readonly sendHoldTime?: number;

  /** PassiveTcpEstablishment: wait for the peer, and never dial. */
  readonly passive?: boolean;
  /** AllowAutomaticStart: come back by itself after a failure. TRUE unless told otherwise. */
  readonly allowAutomaticStart?: boolean;
  /** AllowAutomaticStop: obey automatic stops. TRUE unless told otherwise. */
  readonly allowAutomaticStop?: boolean;
  /** DampPeerOscillations: hold a peer that keeps failing in Idle. TRUE unless told otherwise; without it a peer waits no longer than the ConnectRetryTime. */
  readonly dampPeerOscillations?: boolean;
  /** IdleHoldTime after the second failure in a row (there is none after the first); doubles with each further one. 60 unless told otherwise. */
  readonly idleHoldTime?: number;
  /** The longest that it grows to. 960 unless told otherwise. */
  readonly idleHoldTimeMaximum?: number;
  /** A session that lasted this long was no oscillation: the failures before it are forgotten. 300 unless told otherwise. */
  readonly stableTime?: number;
  /** CollisionDetectEstablishedState: a new connection may win over an Established session. */
  readonly collisionDetectEstablishedState?: boolean;
  /** SendNOTIFICATIONwithoutOPEN: report a fault on a connection on which we have not yet sent an OPEN. */
  readonly sendNotificationWithoutOpen?: boolean;
  /** TrackTcpState: connection requests (Events 14 and 15) are looked at. */
  readonly trackTcpState?: boolean;
}

/** `FsmOptions` with every default filled in and every range checked: what `resolveFsmOptions` returns. */
export interface ResolvedFsmOptions
  extends Required<Omit<FsmOptions, 'role' | 'keepaliveTime' | 'sendHoldTime'>> {
  readonly role: number | undefined;
  readonly keepaliveTime: number | undefined;
  readonly sendHoldTime: number | undefined;
}

const dottedQuad = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

function check(holds: boolean, option: string, value: unknown, wanted: string): void {
  if (!holds) throw new FsmOptionError(option, value, wanted);
}

function checkSeconds(option: string, value: number, least: number): void {
  const holds = Number.isFinite(value) && value >= least;
  check(holds, option, value, `seconds, ${least} or more`);
}

const isAs = (value: unknown): boolean =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 0xffff_ffff;

const known = new WeakMap<FsmOptions, ResolvedFsmOptions>();

/**
 * Fills in the defaults and checks the ranges. The same object has the same answer: whoever has many peers
 * alike gives all of them one, which may not change then.
 *
 * @throws {FsmOptionError} that names the option, its value, and what would be right.
 */
export function resolveFsmOptions(options: FsmOptions): ResolvedFsmOptions {
  let resolved = known.get(options);
  if (resolved === undefined) known.set(options, (resolved = resolve(options)));
  return resolved;
}

function resolve(options: FsmOptions): ResolvedFsmOptions {
  const resolved: ResolvedFsmOptions = {
    profile: options.profile ?? 'classic',
    localAs: options.localAs,
    remoteAs: options.remoteAs,
    routerId: options.routerId,
    capabilities: options.capabilities ?? [],
    requiredCapabilities: options.requiredCapabilities ?? [],
    role: options.role,
    roleStrict: options.roleStrict ?? false,
    holdTime: options.holdTime ?? 90,
    openHoldTime: options.openHoldTime ?? 240,
    keepaliveTime: options.keepaliveTime,
    connectRetryTime: options.connectRetryTime ?? 30,
    delayOpenTime: options.delayOpenTime ?? 0,
    sendHoldTime: options.sendHoldTime,
    passive: options.passive ?? false,
    allowAutomaticStart: options.allowAutomaticStart ?? true,
    allowAutomaticStop: options.allowAutomaticStop ?? true,
    dampPeerOscillations: options.dampPeerOscillations ?? true,
    idleHoldTime: options.idleHoldTime ?? 60,
    idleHoldTimeMaximum: options.idleHoldTimeMaximum ?? 960,
    stableTime: options.stableTime ?? 300,
    collisionDetectEstablishedState: options.collisionDetectEstablishedState ?? false,
    sendNotificationWithoutOpen: options.sendNotificationWithoutOpen ?? true,
    trackTcpState: options.trackTcpState ?? false,
  };
  checkIdentity(resolved);
  checkTimes(resolved);
  checkEncoding('capabilities', resolved.capabilities, () => encodeOpen(openOf(resolved)));
  checkEncoding('requiredCapabilities', resolved.requiredCapabilities, encodeCapabilities);
  return resolved;
}

function checkIdentity(options: ResolvedFsmOptions): void {
  const { profile, localAs, remoteAs, routerId, role } = options;
  check(profile === 'classic' || profile === 'rfc4271', 'profile', profile, 'classic or rfc4271');
  check(isAs(localAs), 'localAs', localAs, 'an AS number, 1–4294967295');
  const remote =
    isAs(remoteAs) || remoteAs === 'external' || remoteAs === 'internal' || remoteAs === 'any';
  check(remote, 'remoteAs', remoteAs, 'an AS number, 1–4294967295, external, internal or any');
  const identifier = dottedQuad.test(routerId) && routerId !== '0.0.0.0';
  check(identifier, 'routerId', routerId, 'a dotted quad such as 192.0.2.1, and not 0.0.0.0');
  const isRole = role === undefined || (Number.isInteger(role) && role >= 0 && role <= 4);
  check(isRole, 'role', role, '0 provider, 1 route server, 2 its client, 3 customer or 4 peer');
}

/** What cannot be encoded is refused here, and not when an OPEN or NOTIFICATION is due. */
function checkEncoding(
  option: string,
  capabilities: readonly Capability[],
  encode: (capabilities: readonly Capability[]) => Uint8Array,
): void {
  try {
    encode(capabilities);
  } catch (error) {
    const wanted = `capabilities that can be sent (${(error as Error).message})`;
    throw new FsmOptionError(option, JSON.stringify(capabilities), wanted);
  }
}

function checkTimes(options: ResolvedFsmOptions): void {
  const { holdTime, sendHoldTime } = options;
  const acceptable =
    Number.isInteger(holdTime) && (holdTime === 0 || (holdTime >= 3 && holdTime <= 65535));
  check(acceptable, 'holdTime', holdTime, '0, or 3–65535 whole seconds (RFC 4271 §4.2)');
  checkSeconds('openHoldTime', options.openHoldTime, 1);
  if (options.keepaliveTime !== undefined) checkSeconds('keepaliveTime', options.keepaliveTime, 1);
  checkSeconds('connectRetryTime', options.connectRetryTime, 1);
  checkSeconds('delayOpenTime', options.delayOpenTime, 0);
  checkSeconds('idleHoldTime', options.idleHoldTime, 1);
  checkSeconds('idleHoldTimeMaximum', options.idleHoldTimeMaximum, options.idleHoldTime);
  checkSeconds('stableTime', options.stableTime, 0);
  const sends =
    sendHoldTime === undefined ||
    sendHoldTime === 0 ||
    (Number.isFinite(sendHoldTime) && sendHoldTime > holdTime);
  check(sends, 'sendHoldTime', sendHoldTime, '0, or seconds, more than holdTime (RFC 9687 §4.4)');
}
