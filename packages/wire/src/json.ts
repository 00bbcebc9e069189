import { familyKey, familyName } from './addressFamily.ts';
import type { Capability } from './capability.ts';
import type { Fault } from './fault.ts';
import type { Message } from './message.ts';
import type { Nlri } from './nlri.ts';
import type { PathAttribute } from './pathAttribute.ts';
import { formatCommunity, formatLargeCommunity } from './text/community.ts';
import { formatExtendedCommunity } from './text/extendedCommunity.ts';
import { formatHex } from './text/hex.ts';
import { formatIpv6ExtendedCommunity } from './text/ipv6ExtendedCommunity.ts';

/** What `JSON.stringify` writes without losing anything. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [member: string]: JsonValue };

/**
 * A message, a part of one, or a fault, as plain JSON values. Members keep their names; what JSON cannot
 * hold or people do not read is put into its usual notation: octets in hexadecimal, numbers above
 * 2^53 in decimal text, communities of all kinds as `65001:100` or `target:65000:1`; and wherever
 * `afi` and `safi` stand, `family` names them. Text from a peer is left as it is, for a JSON writer
 * escapes what a terminal must not see.
 */
export function toJson(part: Message | Capability | PathAttribute | Nlri | Fault): JsonValue {
  return jsonOf(part);
}

function jsonOf(value: unknown): JsonValue {
  if (value instanceof Uint8Array) return formatHex(value);
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value !== 'object' || value === null) return value as JsonValue;

  const json: { [member: string]: JsonValue } = {};
  for (const [member, content] of Object.entries(value)) {
    if (content !== undefined) json[member] = jsonOf(content);
  }
  const { afi, safi, type } = value as { afi?: unknown; safi?: unknown; type?: unknown };
  if (typeof afi === 'number' && typeof safi === 'number') {
    json['family'] = familyName(familyKey(afi, safi));
  }
  const communities =
    typeof type === 'string' ? communitiesInWords(value as PathAttribute) : undefined;
  return communities === undefined ? json : { ...json, communities };
}

function communitiesInWords(attribute: PathAttribute): readonly string[] | undefined {
  switch (attribute.type) {
    case 'communities':
      return attribute.communities.map(formatCommunity);
    case 'extendedCommunities':
      return attribute.communities.map((community) => formatExtendedCommunity(community));
    case 'ipv6ExtendedCommunities':
      return attribute.communities.map((community) => formatIpv6ExtendedCommunity(community));
    case 'largeCommunities':
      return attribute.communities.map(formatLargeCommunity);
    default:
      return undefined;
  }
}
