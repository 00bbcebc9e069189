import { BgpRole, type Capability } from './capability.ts';
import { capabilityCode } from './capabilityCodec.ts';
import { formatCapability, roleName } from './capabilityText.ts';
import { type Fault, noData, sessionReset } from './fault.ts';
import type { OpenMessage } from './message.ts';
import { ErrorCode, OpenSubcode } from './notificationCode.ts';
import { bgpVersion, encodeCapabilities, versionFault } from './open.ts';

/** What an OPEN from a peer has to fit. */
export interface OpenExpectations {
  /** Our AS number as this peer is to see it, 1–4294967295. */
  readonly localAs: number;
  /** Our BGP Identifier as a dotted quad. */
  readonly localIdentifier: string;
  /** The peer's AS number, or only whether it is ours: `internal` the same, `external` any other. */
  readonly remoteAs: number | 'internal' | 'external';
  /** Our role in this session, one of `BgpRole` (any other has no counterpart); heeded in external sessions only (RFC 9234 §4). */
  readonly role?: number;
  /** The peer must announce a role too (RFC 9234 §4.2, "strict mode"). */
  readonly strictRole?: boolean;
  /**
   * Capabilities without which the session makes no sense (RFC 5492 §3). `multiprotocol` is looked
   * for with its family, any other by its code alone.
   */
  readonly requiredCapabilities?: readonly Capability[];
}

/**
 * The AS number of the speaker that sent `open`: the one in its 4-octet AS capability where there is
 * one, in lieu of "My Autonomous System" (RFC 6793 §4.1). Of several, the last counts.
 */
export function openAs(open: OpenMessage): number {
  const capability = open.capabilities.findLast(({ type }) => type === 'fourOctetAs');
  return capability?.type === 'fourOctetAs' ? capability.as : open.myAs;
}

/**
 * Judges what a peer's OPEN says, in the order of RFC 4271 §6.2: version, AS, hold time, identifier,
 * optional parameters; then required capabilities (RFC 5492 §5) and the role (RFC 9234 §4.2). Returns
 * the first fault, which is the NOTIFICATION to send, or `undefined` when the OPEN is acceptable.
 *
 * A hold time of 0 is acceptable, 1 and 2 are not. An identifier may be any number but zero, and in an
 * internal session any but our own (RFC 6286 §2.2). AS 0 is never acceptable (RFC 7607 §2).
 */
export function validateOpen(open: OpenMessage, expected: OpenExpectations): Fault | undefined {
  return (
    (open.version === bgpVersion ? undefined : versionFault(open.version)) ??
    asFault(open, expected) ??
    holdTimeFault(open.holdTime) ??
    identifierFault(open, expected) ??
    parameterTypeFault(open) ??
    capabilityFault(open, expected) ??
    roleFault(open, expected)
  );
}

function openFault(subcode: number, section: string, text: string, data = noData): Fault {
  return sessionReset(ErrorCode.open, subcode, data, section, text);
}

function asFault(open: OpenMessage, expected: OpenExpectations): Fault | undefined {
  const { localAs, remoteAs } = expected;
  const as = openAs(open);
  if (as === 0 || open.myAs === 0) {
    return openFault(OpenSubcode.badPeerAs, 'RFC 7607 §2', 'the peer claims to be AS 0');
  }
  const acceptable =
    remoteAs === 'internal'
      ? as === localAs
      : remoteAs === 'external'
        ? as !== localAs
        : as === remoteAs;
  if (acceptable) return undefined;
  const wanted =
    remoteAs === 'internal'
      ? `${localAs}, our own,`
      : remoteAs === 'external'
        ? `any but ${localAs}, our own,`
        : `${remoteAs}`;
  return openFault(
    OpenSubcode.badPeerAs,
    'RFC 4271 §6.2',
    `the peer is AS ${as}; AS ${wanted} is configured for it`,
  );
}

function holdTimeFault(holdTime: number): Fault | undefined {
  return holdTime === 1 || holdTime === 2
    ? openFault(
        OpenSubcode.unacceptableHoldTime,
        'RFC 4271 §6.2',
        `the peer proposes a hold time of ${holdTime} s; it must be 0, or 3 s and more`,
      )
    : undefined;
}

function identifierFault(open: OpenMessage, expected: OpenExpectations): Fault | undefined {
  if (open.bgpIdentifier === '0.0.0.0') {
    return openFault(
      OpenSubcode.badBgpIdentifier,
      'RFC 6286 §2.2',
      'the BGP Identifier of the peer is 0.0.0.0; it must not be zero',
    );
  }
  return open.bgpIdentifier === expected.localIdentifier && openAs(open) === expected.localAs
    ? openFault(
        OpenSubcode.badBgpIdentifier,
        'RFC 6286 §2.2',
        `the BGP Identifier of the peer is ${open.bgpIdentifier}, the same as ours; within an AS each speaker needs its own`,
      )
    : undefined;
}

function parameterTypeFault(open: OpenMessage): Fault | undefined {
  const parameter = open.otherParameters?.[0];
  return (
    parameter &&
    openFault(
      OpenSubcode.unsupportedOptionalParameter,
      'RFC 4271 §6.2',
      `optional parameter ${parameter.type} is not supported; only Capabilities (2) is`,
    )
  );
}

function capabilityFault(open: OpenMessage, expected: OpenExpectations): Fault | undefined {
  const missing = (expected.requiredCapabilities ?? []).filter(
    (required) => !open.capabilities.some((announced) => satisfies(announced, required)),
  );
  if (missing.length === 0) return undefined;
  const names = missing.map(formatCapability);
  return openFault(
    OpenSubcode.unsupportedCapability,
    'RFC 5492 §5',
    `the peer does not announce what is required here: ${names.join(', ')}`,
    encodeCapabilities(missing),
  );
}

/** A capability that came malformed is `unknown`, and so satisfies nothing but a wish for its bytes. */
function satisfies(announced: Capability, required: Capability): boolean {
  if (announced.type !== required.type) return false;
  if (announced.type === 'multiprotocol' && required.type === 'multiprotocol') {
    return announced.afi === required.afi && announced.safi === required.safi;
  }
  return capabilityCode(announced) === capabilityCode(required);
}

/** The role that the peer must have, by ours (RFC 9234 §4.2, Table 2). */
const counterpart: { readonly [role: number]: number } = {
  [BgpRole.provider]: BgpRole.customer,
  [BgpRole.customer]: BgpRole.provider,
  [BgpRole.routeServer]: BgpRole.routeServerClient,
  [BgpRole.routeServerClient]: BgpRole.routeServer,
  [BgpRole.peer]: BgpRole.peer,
};

function roleFault(open: OpenMessage, expected: OpenExpectations): Fault | undefined {
  if (openAs(open) === expected.localAs) return undefined;
  // Distinct: an OPEN has room for a thousand of them, and a refusal names them.
  const roles = [...new Set(open.capabilities.flatMap((c) => (c.type === 'role' ? [c.role] : [])))];
  const [role] = roles;
  if (roles.length > 1) {
    return roleMismatch(`the peer announces more than one role: ${roles.map(roleName).join(', ')}`);
  }
  if (expected.role === undefined) return undefined;
  const wanted = counterpart[expected.role];
  const wantedName = wanted === undefined ? '(none)' : roleName(wanted);
  if (role === undefined) {
    return expected.strictRole === true
      ? roleMismatch(`the peer announces no role; role ${wantedName} is required of it`)
      : undefined;
  }
  return role === wanted
    ? undefined
    : roleMismatch(
        `the peer announces role ${roleName(role)}; our role ${roleName(expected.role)} goes only with role ${wantedName}`,
      );
}

function roleMismatch(text: string): Fault {
  return openFault(OpenSubcode.roleMismatch, 'RFC 9234 §4.2', text);
}
