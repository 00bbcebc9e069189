import {
  AttributeCode,
  AttributeCursor,
  blockOptions,
  decodePathAttributesAsSent,
  type FamilyKey,
  formatAddress,
  type PathAttribute,
  type UpdateOptions,
} from '@peerloom/wire';

/** Readable attributes of a route in a table dump. */
export interface RibAttributes {
  /** Without MP_REACH_NLRI, whose next hops are in `nextHops`; AS4_PATH and AS4_AGGREGATOR as they came. */
  readonly attributes: readonly PathAttribute[];
  /** Of MP_REACH_NLRI, global before link-local; of NEXT_HOP where there is none; empty without both. */
  readonly nextHops: readonly string[];
}

/** What attribute blocks outside of a session are read with. */
export function dumpOptions(
  fourOctetAs: boolean,
  addPathFamilies: ReadonlySet<FamilyKey> = new Set(),
): UpdateOptions {
  return {
    ...blockOptions,
    fourOctetAs,
    addPathReceive: addPathFamilies,
    addPathSend: addPathFamilies,
  };
}

/**
 * Reads the attributes of a TABLE_DUMP or TABLE_DUMP_V2 route. MP_REACH_NLRI is taken in the form of
 * RFC 6396 §4.3.4, the next hop alone, and in the whole form that some collectors write: the first octet
 * tells them apart, a length there and the upper half of an AFI here.
 */
export function decodeRibAttributes(attributes: Uint8Array, fourOctetAs: boolean): RibAttributes {
  const cursor = new AttributeCursor();
  cursor.reset(attributes, 0, attributes.length);
  const rest: Uint8Array[] = [];
  let nextHops: string[] = [];
  while (cursor.next()) {
    if (cursor.code === AttributeCode.mpReachNlri) {
      nextHops = nextHopsOf(attributes.subarray(cursor.valueStart, cursor.valueEnd));
    } else {
      rest.push(attributes.subarray(cursor.start, cursor.valueEnd));
    }
  }
  const block = new Uint8Array(rest.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of rest) {
    block.set(part, at);
    at += part.length;
  }
  const decoded = decodePathAttributesAsSent(block, dumpOptions(fourOctetAs));
  if (nextHops.length === 0) {
    nextHops = decoded.flatMap((one) => (one.type === 'nextHop' ? [one.nextHop] : []));
  }
  return { attributes: decoded, nextHops };
}

function nextHopsOf(value: Uint8Array): string[] {
  const lengthAt = value[0] === 0 ? 3 : 0;
  const length = value[lengthAt] ?? 0;
  const field = value.subarray(lengthAt + 1, lengthAt + 1 + length);
  if (field.length === 4 || field.length === 16) return [formatAddress(field)];
  if (field.length === 32) return [field.subarray(0, 16), field.subarray(16)].map(formatAddress);
  return [];
}
