import {
  type AsPathAttribute,
  AttributeCode,
  AttributeCursor,
  blockOptions,
  encodePathAttributes,
  type FamilyKey,
  familyOfKey,
  ipv4Unicast,
  isHostAddress,
  type PathAttribute,
  parseAddress,
} from '@peerloom/wire';
import { hasNextHop, mpReach } from './outboundNextHop.ts';
import { RibError } from './ribError.ts';

/**
 * Stands in a block in the first place of an AS_PATH to which the local AS is to be added: no AS has this
 * number (RFC 7607).
 */
export const localAsPlaceholder = 0;

/**
 * The attributes of an announcement as a block: what `OutboundAttributes.encode` takes. NEXT_HOP is moved to
 * where the family has it. `prependsLocalAs`: external peers get the local AS in front of the AS_PATH. Throws a
 * `WireError` for what cannot be encoded, or a `RibError` (`ERR_RIB_BAD_ROUTE`) for what fits no message and for a
 * next hop that is none.
 */
export function encodeAnnouncement(
  attributes: readonly PathAttribute[],
  family: FamilyKey,
  prependsLocalAs: boolean = false,
): Uint8Array {
  const { afi, safi } = familyOfKey(family);
  const kept: PathAttribute[] = [];
  for (const attribute of attributes) {
    if (attribute.type === 'mpUnreachNlri') continue;
    if (attribute.type === 'asPath' && prependsLocalAs) kept.push(withPlaceholder(attribute));
    else if (attribute.type === 'mpReachNlri') kept.push({ ...attribute, afi, safi, nlri: [] });
    else if (attribute.type !== 'nextHop') kept.push(attribute);
    else if (family === ipv4Unicast && !attribute.nextHop.includes(':')) kept.push(attribute);
    else kept.push(mpReach(family, attribute.nextHop));
  }
  const both = kept.filter(({ type }) => type === 'mpReachNlri' || type === 'nextHop');
  // IPv4 unicast with its next hop in both places has it in the one that old speakers know.
  const chosen = both.length > 1 ? kept.filter(({ type }) => type !== 'mpReachNlri') : kept;
  if (hasNextHop(family)) chosen.forEach(assertHosts);
  const block = encodePathAttributes(chosen, blockOptions);
  if (block.length > 0xffff) {
    throw new RibError(
      'ERR_RIB_BAD_ROUTE',
      `attributes of ${block.length} octets: no UPDATE has room for more than 65512`,
    );
  }
  if (prependsLocalAs) markPlaceholder(block);
  return block;
}

/** A next hop that no host can have is malformed, and ends the session with some receivers (RFC 4271 §6.3). */
function assertHosts(attribute: PathAttribute): void {
  const { type } = attribute;
  if (type === 'nextHop') assertHost(attribute.nextHop);
  if (type === 'mpReachNlri') for (const { address } of attribute.nextHops) assertHost(address);
}

function assertHost(address: string): void {
  const octets = parseAddress(address);
  // What is no address at all, the encoder refuses.
  if (octets === undefined || isHostAddress(octets)) return;
  throw new RibError(
    'ERR_RIB_BAD_ROUTE',
    `the next hop is ${address}; it must be an address that a host can have (RFC 4271 §6.3)`,
  );
}

/** With any AS number, to be marked as the placeholder once it is encoded. */
function withPlaceholder({ segments, ...attribute }: AsPathAttribute): AsPathAttribute {
  const [first, ...others] = segments;
  const isSequence = first?.kind === 'sequence';
  const asNumbers = [1, ...(isSequence ? first.asNumbers : [])];
  const rest = isSequence ? others : segments;
  return { ...attribute, segments: [{ kind: 'sequence', asNumbers }, ...rest] };
}

function markPlaceholder(block: Uint8Array): void {
  const cursor = new AttributeCursor();
  cursor.reset(block, 0, block.length);
  while (cursor.next()) {
    if (cursor.code !== AttributeCode.asPath) continue;
    block.fill(localAsPlaceholder, cursor.valueStart + 2, cursor.valueStart + 6);
  }
}

/** Whether the AS_PATH at the cursor is one that the local AS is to be added to. */
export function beginsWithPlaceholder({
  bytes,
  valueStart: at,
  valueEnd,
}: AttributeCursor): boolean {
  if (valueEnd - at < 6) return false;
  return (bytes[at + 2]! | bytes[at + 3]! | bytes[at + 4]! | bytes[at + 5]!) === localAsPlaceholder;
}

/** What a block leaves to the session: whether it lacks an AS_PATH, or the local AS in it, and a next hop. */
export function missingAttributes(block: Uint8Array): { asPath: boolean; nextHop: boolean } {
  const cursor = new AttributeCursor();
  cursor.reset(block, 0, block.length);
  let asPath = true;
  let nextHop = true;
  while (cursor.next()) {
    if (cursor.code === AttributeCode.asPath) asPath = beginsWithPlaceholder(cursor);
    if (cursor.code === AttributeCode.nextHop || cursor.code === AttributeCode.mpReachNlri) {
      nextHop = false;
    }
  }
  return { asPath, nextHop };
}
