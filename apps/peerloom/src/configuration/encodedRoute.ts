import type { EncodedAnnouncement, RouteAnnouncement } from '@peerloom/ipc';
import {
  type AsPathSegment,
  ByteWriter,
  encodeNlri,
  encodePathAttributes,
  type FamilyKey,
  maximumExtendedMessageLength,
  type PathAttribute,
  parseAddress,
  parseCommunity,
  parseExtendedCommunity,
  parseFamilyName,
  parseLargeCommunity,
  parseNlri,
  type SessionOptions,
} from '@peerloom/wire';

/** A route of any family that has a text: `nlri` as `show` prints it, the rest as in a route. */
export interface TextRoute extends Omit<RouteAnnouncement, 'prefix' | 'family' | 'pathId'> {
  readonly nlri: string;
  readonly family: string;
}

/** What a route's own attributes are encoded with; each session makes of them what it needs. */
const options: SessionOptions = {
  fourOctetAs: true,
  maximumReceiveLength: maximumExtendedMessageLength,
  maximumSendLength: maximumExtendedMessageLength,
  families: new Set(),
  addPathReceive: new Set(),
  addPathSend: new Set(),
  extendedNextHop: new Set(),
  peerType: 'internal',
};

/** The octets of the NLRI in a text; `undefined` when it is none of the family. */
export function nlriOctets(text: string, family: string): Uint8Array | undefined {
  const key: FamilyKey | undefined = parseFamilyName(family);
  const nlri = key === undefined ? undefined : parseNlri(text, key);
  if (key === undefined || nlri === undefined || nlri.pathId !== undefined) return undefined;
  const writer = new ByteWriter();
  encodeNlri(writer, nlri, key, false, 'reach');
  return writer.toBytes();
}

/** The route in the form that the engine takes for families other than prefixes. It must have been checked. */
export function encodedRoute(route: TextRoute): EncodedAnnouncement {
  const { family, nextHop = 'self', asPathIsFinal } = route;
  return {
    family,
    nlri: nlriOctets(route.nlri, family)!,
    attributes: encodePathAttributes(attributesOf(route), options),
    ...(nextHop !== 'self' && { nextHop: parseAddress(nextHop)! }),
    // A Flow Specification has no next hop (RFC 8955 §4).
    ...(family.includes('flowspec') && { nextHop: new Uint8Array(0) }),
    ...(asPathIsFinal !== undefined && { asPathIsFinal }),
  };
}

function attributesOf(route: TextRoute): PathAttribute[] {
  const { multiExitDiscriminator, localPreference, aggregator } = route;
  return [
    { type: 'origin', origin: route.origin ?? 'igp' },
    { type: 'asPath', segments: segmentsOf(route.asPath ?? []) },
    ...optional(multiExitDiscriminator, (value) => ({ type: 'multiExitDiscriminator', value })),
    ...optional(localPreference, (value) => ({ type: 'localPreference', value })),
    ...optional(route.atomicAggregate || undefined, () => ({ type: 'atomicAggregate' })),
    ...optional(aggregator, ({ as, address }) => ({ type: 'aggregator', as, address })),
    ...optional(given(route.communities), (texts) => ({
      type: 'communities',
      communities: texts.map((text) => parseCommunity(text)!),
    })),
    ...optional(given(route.largeCommunities), (texts) => ({
      type: 'largeCommunities',
      communities: texts.map((text) => parseLargeCommunity(text)!),
    })),
    ...optional(given(route.extendedCommunities), (texts) => ({
      type: 'extendedCommunities',
      communities: texts.map((text) => parseExtendedCommunity(text)!),
    })),
  ];
}

function optional<T>(value: T | undefined, make: (value: T) => PathAttribute): PathAttribute[] {
  return value === undefined ? [] : [make(value)];
}

/** A list, unless there is nothing in it: an attribute without a community is malformed (RFC 7606 §7.8). */
function given<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}

/** Numbers in a row are one sequence, and each list is a set. */
function segmentsOf(path: readonly (number | readonly number[])[]): AsPathSegment[] {
  const segments: { kind: 'sequence' | 'set'; asNumbers: number[] }[] = [];
  for (const step of path) {
    const last = segments.at(-1);
    if (typeof step !== 'number') segments.push({ kind: 'set', asNumbers: [...step] });
    else if (last?.kind === 'sequence') last.asNumbers.push(step);
    else segments.push({ kind: 'sequence', asNumbers: [step] });
  }
  return segments;
}
