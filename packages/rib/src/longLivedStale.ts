import {
  AttributeCode,
  AttributeCursor,
  type CommunitiesAttribute,
  type PathAttribute,
  WellKnownCommunity,
} from '@peerloom/wire';

const llgrStale = WellKnownCommunity['llgr-stale'];
const noLlgr = WellKnownCommunity['no-llgr'];
const cursor = new AttributeCursor();

/** Whether the block asks not to be kept beyond the restart time: it has the community NO_LLGR (RFC 9494 §3.3, §4.2). */
export function forbidsLongLivedStale(block: Uint8Array): boolean {
  return hasCommunity(block, noLlgr);
}

/** Whether the block has the community LLGR_STALE: some speaker keeps the route beyond a restart (RFC 9494 §3.2). */
export function isMarkedLongLivedStale(block: Uint8Array): boolean {
  return hasCommunity(block, llgrStale);
}

/**
 * Attributes of a route that is kept beyond the restart time, as they are shown and passed on: with the
 * community LLGR_STALE (RFC 9494 §4.2).
 */
export function withLongLivedStale(attributes: readonly PathAttribute[]): PathAttribute[] {
  const communities = attributes.find(
    (attribute): attribute is CommunitiesAttribute => attribute.type === 'communities',
  );
  if (communities === undefined) {
    return [...attributes, { type: 'communities', communities: [llgrStale] }];
  }
  if (communities.communities.includes(llgrStale)) return [...attributes];
  const marked = { ...communities, communities: [...communities.communities, llgrStale] };
  return attributes.map((attribute) => (attribute === communities ? marked : attribute));
}

function hasCommunity(block: Uint8Array, community: number): boolean {
  cursor.reset(block, 0, block.length);
  while (cursor.next()) {
    if (cursor.code !== AttributeCode.communities) continue;
    for (let at = cursor.valueStart; at + 4 <= cursor.valueEnd; at += 4) {
      const value =
        (block[at]! << 24) | (block[at + 1]! << 16) | (block[at + 2]! << 8) | block[at + 3]!;
      if (value >>> 0 === community) return true;
    }
    return false;
  }
  return false;
}
