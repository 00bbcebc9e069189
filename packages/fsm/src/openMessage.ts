import {
  asTrans,
  bgpVersion,
  type Capability,
  ErrorCode,
  encodeCapabilities,
  type Fault,
  familyName,
  familyOfKey,
  type OpenMessage,
  OpenSubcode,
  openAs,
  validateOpen,
} from '@peerloom/wire';
import { commonFamilies, offeredFamilies } from './families.ts';
import type { ResolvedFsmOptions } from './options.ts';

/** Whether the session is external as far as the options alone tell: a role is announced only then (RFC 9234 §4). */
function maybeExternal({ localAs, remoteAs }: ResolvedFsmOptions): boolean {
  return remoteAs !== 'internal' && remoteAs !== localAs;
}

const known = new WeakMap<ResolvedFsmOptions, OpenMessage>();

/** The OPEN that these options make us send (RFC 4271 §4.2): one object for all peers that have them. */
export function openOf(options: ResolvedFsmOptions): OpenMessage {
  let open = known.get(options);
  if (open === undefined) known.set(options, (open = makeOpen(options)));
  return open;
}

function makeOpen(options: ResolvedFsmOptions): OpenMessage {
  const { localAs, role, capabilities } = options;
  const announcesRole =
    role !== undefined &&
    maybeExternal(options) &&
    !capabilities.some(({ type }) => type === 'role');
  return {
    kind: 'open',
    version: bgpVersion,
    myAs: localAs > 0xffff ? asTrans : localAs,
    holdTime: options.holdTime,
    bgpIdentifier: options.routerId,
    capabilities: announcesRole ? [...capabilities, { type: 'role', role }] : capabilities,
  };
}

/**
 * Judges the peer's OPEN (RFC 4271 §6.2 and its successors, by `validateOpen`), and last whether the
 * two sides have a family in common: without one the session could carry nothing, so that it is
 * refused with the families that we want (RFC 5492 §3, §5).
 */
export function checkOpen(open: OpenMessage, options: ResolvedFsmOptions): Fault | undefined {
  const { localAs, remoteAs, role } = options;
  const fault = validateOpen(open, {
    localAs,
    localIdentifier: options.routerId,
    remoteAs: remoteAs !== 'any' ? remoteAs : openAs(open) === localAs ? 'internal' : 'external',
    ...(role !== undefined && { role }),
    strictRole: options.roleStrict,
    requiredCapabilities: options.requiredCapabilities,
  });
  return fault ?? familyFault(open.capabilities, options.capabilities);
}

function familyFault(
  theirs: readonly Capability[],
  ours: readonly Capability[],
): Fault | undefined {
  if (commonFamilies(ours, theirs).size > 0) return undefined;
  const [announced, configured] = [theirs, ours].map(familyNames);
  // Of IPv4 unicast, too, where we offer it without saying so: the data lists what is missed (RFC 5492 §5).
  const missed = [...offeredFamilies(ours)].map(
    (family): Capability => ({ type: 'multiprotocol', ...familyOfKey(family) }),
  );
  return {
    action: 'sessionReset',
    code: ErrorCode.open,
    subcode: OpenSubcode.unsupportedCapability,
    data: encodeCapabilities(missed),
    section: 'RFC 5492 §3',
    text: `no address family in common: the peer announces ${announced}; ${configured} is configured for it`,
  };
}

/** An OPEN has room for hundreds. */
const mostNames = 8;

function familyNames(capabilities: readonly Capability[]): string {
  const names = [...offeredFamilies(capabilities)].map(familyName);
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : '';
  return names.slice(0, mostNames).join(', ') + more;
}
