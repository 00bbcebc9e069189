import {
  blockOptions,
  decodeNlri,
  decodePathAttributes,
  type FamilyKey,
  isFourOctetAs,
  type Nlri,
  type PathAttribute,
  type UpdateOptions,
} from '@peerloom/wire';
import type { AdjRibInFamily } from './adjRibInFamily.ts';
import type { AttributeStore, BlockId } from './attributeStore.ts';
import { withLongLivedStale } from './longLivedStale.ts';
import type { RouteKeyId, RouteKeyTable } from './routeKeyTable.ts';
import type { RouteSource } from './routeQuery.ts';
import { blockOf, deadBit, longLivedBit, staleBit } from './routeValue.ts';

/** A route of an Adj-RIB-In, readable. */
export interface ReceivedRoute {
  readonly family: FamilyKey;
  readonly nlri: Nlri;
  /**
   * With NEXT_HOP, or an MP_REACH_NLRI without NLRI that tells the next hop. AS numbers are whole, whatever the
   * session's encoding. A long-lived stale route has the community LLGR_STALE (RFC 9494 §4.2).
   */
  readonly attributes: readonly PathAttribute[];
  /** Not confirmed since the peer restarted or began a refresh. */
  readonly stale: boolean;
  /** Kept beyond the restart time. */
  readonly longLivedStale: boolean;
}

/** The routes of one family of an Adj-RIB-In, to be searched by `queryRoutes`. */
export function receivedRoutes(
  table: AdjRibInFamily,
  attributes: AttributeStore,
): RouteSource<ReceivedRoute> {
  const { column, family, hasPathIds, multipleLabels, keys } = table;
  const decode = blockDecoder(attributes);
  return {
    family,
    hasPathIds,
    keys,
    next: (from) => column.next(from),
    isThere: (position) => (column.valueAt(position) & deadBit) === 0,
    keyAt: (position) => column.keyAt(position),
    routeOf: (key) => {
      const value = column.get(key);
      if (value === 0 || (value & deadBit) !== 0) return undefined;
      const longLivedStale = (value & longLivedBit) !== 0;
      const decoded = decode(blockOf(value));
      return {
        family,
        nlri: readNlri(keys, key, family, hasPathIds, multipleLabels),
        attributes: longLivedStale ? withLongLivedStale(decoded) : decoded,
        stale: (value & staleBit) !== 0,
        longLivedStale,
      };
    },
  };
}

/** The NLRI under a key, readable. */
export function readNlri(
  keys: RouteKeyTable,
  key: RouteKeyId,
  family: FamilyKey,
  hasPathIds: boolean,
  multipleLabels: boolean,
): Nlri {
  const bytes = new Uint8Array(keys.nlriLength(key, hasPathIds));
  keys.writeNlri(key, bytes, 0, hasPathIds);
  const end = bytes.length;
  const result = decodeNlri(bytes, 0, end, family, hasPathIds, 'reach', multipleLabels);
  // Nothing gets into a table that has not been read before; but bytes stay bytes.
  return result.ok && result.nlri[0] !== undefined ? result.nlri[0] : { kind: 'opaque', bytes };
}

/**
 * Decodes blocks for one walk through a table, within which no block is freed: routes that came together stand
 * together and have one block, which is decoded once.
 */
function blockDecoder(attributes: AttributeStore): (block: BlockId) => readonly PathAttribute[] {
  let last: BlockId | undefined;
  let decoded: readonly PathAttribute[] = [];
  return (block) => {
    if (block !== last) {
      last = block;
      decoded = decodeBlock(attributes, block);
    }
    return decoded;
  };
}

/** The attributes of a block, readable. */
export function decodeBlock(attributes: AttributeStore, block: BlockId): PathAttribute[] {
  const options = isFourOctetAs(attributes.context(block)) ? blockOptions : twoOctetOptions;
  return decodePathAttributes(attributes.bytes(block), options);
}

const twoOctetOptions: UpdateOptions = { ...blockOptions, fourOctetAs: false };
