import { AttributeCodeSet } from './attributes/attributeCodeSet.ts';
import { extendedNextHopFamilies } from './attributes/mpNextHop.ts';
import { baseSessionOptions, maximumExtendedMessageLength } from './message.ts';
import { AttributeCode, AttributeFlag } from './pathAttribute.ts';
import type { UpdateOptions } from './updateOptions.ts';
import { noFamily, type UpdateView } from './updateView.ts';

/**
 * What blocks that belong to no session (in tables, dumps and files) are encoded and decoded with: AS
 * numbers of four octets, no Path Identifiers, IPv6 next hops for IPv4 too (RFC 8950), and no attribute
 * that only some sessions may carry refused. A block from a session that differs: `{ ...blockOptions, fourOctetAs: false }`.
 */
export const blockOptions: UpdateOptions = {
  ...baseSessionOptions,
  fourOctetAs: true,
  maximumReceiveLength: maximumExtendedMessageLength,
  maximumSendLength: maximumExtendedMessageLength,
  families: new Set(),
  extendedNextHop: extendedNextHopFamilies,
  peerType: 'internal',
};

/** Which of the routes of an UPDATE a block belongs to: those of the NLRI field, or those of MP_REACH_NLRI. */
export type BlockRoutes = 'nlri' | 'mpReach';

const mpReachBit = 1 << AttributeCode.mpReachNlri;
const mpUnreachBit = 1 << AttributeCode.mpUnreachNlri;
const nextHopBit = 1 << AttributeCode.nextHop;

/** First occurrences, while a view has duplicates; such messages are rare, and copying is not reentrant. */
const occurred = new AttributeCodeSet();

/**
 * Whether the block of these routes is the Path Attributes field as it stands, so that a caller can hash
 * and compare `bytes[attributesStart, attributesEnd)` itself and needs no copy. True for nearly every
 * UPDATE with routes in the NLRI field.
 */
export function isBlockInPlace(view: UpdateView, routes: BlockRoutes): boolean {
  return (
    routes === 'nlri' &&
    (view.seen & (mpReachBit | mpUnreachBit)) === 0 &&
    !view.hasDiscards &&
    !view.hasDuplicates
  );
}

/** Octets that a block made from this UPDATE needs at the most. */
export function longestBlock(view: UpdateView): number {
  return view.attributesEnd - view.attributesStart;
}

/**
 * Copies into `target`, from `offset` on, all that the routes of an UPDATE have in common: what a table
 * interns, once for each distinct block. Returns the offset after the block; `target` must have room for
 * `longestBlock(view)` octets. Allocates nothing.
 *
 * The block is path attributes as they came, in their order, without: MP_REACH_NLRI and MP_UNREACH_NLRI;
 * second occurrences (RFC 7606 §3 (g)); and what `validateAttributes` found must be discarded. A block for
 * the routes of MP_REACH_NLRI begins with an MP_REACH_NLRI without NLRI, which tells their family and next
 * hop, and has no NEXT_HOP, which means nothing to them (RFC 4760 §3). `decodePathAttributes` reads it,
 * and `UpdatePacker` sends it.
 */
export function copyAttributeBlock(
  view: UpdateView,
  routes: BlockRoutes,
  target: Uint8Array,
  offset: number,
): number {
  if (isBlockInPlace(view, routes)) {
    return copy(view.bytes, view.attributesStart, view.attributesEnd, target, offset);
  }
  let at = offset;
  let skipped = mpReachBit | mpUnreachBit;
  if (routes === 'mpReach') {
    skipped |= nextHopBit;
    at = copyMpReachHead(view, target, at);
  }
  if (view.hasDuplicates) occurred.clear();
  const cursor = view.cursor;
  cursor.reset(view.bytes, view.attributesStart, view.attributesEnd);
  while (cursor.next()) {
    const code = cursor.code;
    if (code < 32 && (skipped & (1 << code)) !== 0) continue;
    if (view.hasDuplicates && !occurred.add(code)) continue;
    if (view.hasDiscards && view.discardedCodes.has(code)) continue;
    at = copy(view.bytes, cursor.start, cursor.valueEnd, target, at);
  }
  return at;
}

/** MP_REACH_NLRI up to its NLRI: AFI, SAFI, next hop with its length, and the reserved octet, zero whatever came. */
function copyMpReachHead(view: UpdateView, target: Uint8Array, offset: number): number {
  if (view.mpReachFamily === noFamily) return offset;
  const valueStart = view.mpReachNextHopStart - 4;
  const length = view.mpReachNextHopEnd - valueStart + 1;
  let at = offset;
  target[at] = AttributeFlag.optional | (length > 0xff ? AttributeFlag.extendedLength : 0);
  target[at + 1] = AttributeCode.mpReachNlri;
  at += 2;
  if (length > 0xff) {
    target[at] = length >>> 8;
    at += 1;
  }
  target[at] = length;
  at = copy(view.bytes, valueStart, view.mpReachNextHopEnd, target, at + 1);
  target[at] = 0;
  return at + 1;
}

/** Blocks are short: a loop is quicker than the view that `set` would need. */
function copy(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  offset: number,
): number {
  let to = offset;
  for (let from = start; from < end; from += 1, to += 1) target[to] = source[from]!;
  return to;
}
