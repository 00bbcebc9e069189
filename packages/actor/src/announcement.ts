import type { EncodedAnnouncement, RouteAnnouncement } from '@peerloom/ipc';
import { encodeAnnouncement, RibError } from '@peerloom/rib';
import {
  type AsPathSegment,
  blockOptions,
  decodePathAttributes,
  type FamilyKey,
  familyKey,
  familyName,
  familyOfKey,
  formatIpv4,
  ipv4Unicast,
  type PathAttribute,
  type Prefix,
  parseAddress,
  parseCommunity,
  parseExtendedCommunity,
  parseFamilyName,
  parseLargeCommunity,
  parsePrefix,
  Safi,
  WireError,
} from '@peerloom/wire';
import { ActorError } from './actorError.ts';

/**
 * The attribute block of a route that is spelled out.
 *
 * @throws {ActorError} `ERR_PEERLOOM_ROUTE` with what is wrong with it
 */
export function spelledBlock(route: RouteAnnouncement, family: FamilyKey): Uint8Array {
  const { asPath = [], asPathIsFinal = false } = route;
  const prependsLocalAs = !asPathIsFinal && asPath.length > 0;
  const attributes = attributesOf(route, family);
  return blockOf(route.prefix, attributes, family, prependsLocalAs);
}

/**
 * The attribute block of routes that are encoded, whatever form they are in.
 *
 * @throws {ActorError} `ERR_PEERLOOM_ROUTE` with what is wrong with them
 */
export function encodedBlock(
  { attributes: octets, nextHop, asPathIsFinal = false }: EncodedAnnouncement,
  family: FamilyKey,
): Uint8Array {
  // An empty AS_PATH to which the local AS is to be added is the one that sessions make themselves.
  const given = decodePathAttributes(octets, blockOptions).filter(
    (attribute) => asPathIsFinal || !isEmptyPath(attribute),
  );
  const attributes =
    nextHop === undefined
      ? given
      : [...given.filter(({ type }) => !isNextHop(type)), encodedNextHop(nextHop, family)];
  const hasPath = attributes.some(({ type }) => type === 'asPath');
  return blockOf(`routes of ${familyName(family)}`, attributes, family, !asPathIsFinal && hasPath);
}

/** The attributes as a block; what cannot be sent is refused in the name of `what`. */
function blockOf(
  what: string,
  attributes: readonly PathAttribute[],
  family: FamilyKey,
  prependsLocalAs: boolean,
): Uint8Array {
  try {
    return encodeAnnouncement(attributes, family, prependsLocalAs);
  } catch (error) {
    if (error instanceof WireError || error instanceof RibError) refuse(what, error.message);
    throw error;
  }
}

/** Without AS_PATH and next hop, where they are not given: each session has its own. */
function attributesOf(route: RouteAnnouncement, family: FamilyKey): PathAttribute[] {
  const { asPath = [], nextHop = 'self', multiExitDiscriminator, localPreference } = route;
  const attributes: PathAttribute[] = [{ type: 'origin', origin: route.origin ?? 'igp' }];
  if (asPath.length > 0 || route.asPathIsFinal === true) {
    attributes.push({ type: 'asPath', segments: segmentsOf(asPath) });
  }
  if (nextHop !== 'self') attributes.push(nextHopOf(nextHop, family, route.prefix));
  if (multiExitDiscriminator !== undefined) {
    attributes.push({ type: 'multiExitDiscriminator', value: multiExitDiscriminator });
  }
  if (localPreference !== undefined) {
    attributes.push({ type: 'localPreference', value: localPreference });
  }
  if (route.atomicAggregate === true) attributes.push({ type: 'atomicAggregate' });
  if (route.aggregator !== undefined) {
    attributes.push({ type: 'aggregator', ...route.aggregator });
  }
  const read = <Value>(
    texts: readonly string[],
    what: string,
    parse: (text: string) => Value | undefined,
  ): Value[] =>
    texts.map(
      (text) => parse(text) ?? refuse(route.prefix, `${JSON.stringify(text)} is no ${what}`),
    );
  const { communities, extendedCommunities, largeCommunities } = route;
  if (communities !== undefined && communities.length > 0) {
    const values = read(communities, 'community such as 65001:100 or no-export', parseCommunity);
    attributes.push({ type: 'communities', communities: values });
  }
  if (extendedCommunities !== undefined && extendedCommunities.length > 0) {
    const what = 'extended community such as target:65000:1';
    const values = read(extendedCommunities, what, parseExtendedCommunity);
    attributes.push({ type: 'extendedCommunities', communities: values });
  }
  if (largeCommunities !== undefined && largeCommunities.length > 0) {
    const what = 'large community such as 65001:1:2';
    const values = read(largeCommunities, what, parseLargeCommunity);
    attributes.push({ type: 'largeCommunities', communities: values });
  }
  return attributes;
}

/** Numbers in a row are one sequence, and each list is a set. */
function segmentsOf(path: NonNullable<RouteAnnouncement['asPath']>): AsPathSegment[] {
  const segments: { kind: 'sequence' | 'set'; asNumbers: number[] }[] = [];
  for (const step of path) {
    const last = segments.at(-1);
    if (typeof step !== 'number') segments.push({ kind: 'set', asNumbers: [...step] });
    else if (last?.kind === 'sequence') last.asNumbers.push(step);
    else segments.push({ kind: 'sequence', asNumbers: [step] });
  }
  return segments;
}

function nextHopOf(text: string, family: FamilyKey, prefix: string): PathAttribute {
  const address = parseAddress(text);
  if (address === undefined) refuse(prefix, `the next hop ${JSON.stringify(text)} is no address`);
  const { safi } = familyOfKey(family);
  if (safi === Safi.flowspec || safi === Safi.flowspecVpn) {
    refuse(prefix, 'a Flow Specification has no next hop (RFC 8955 §4)');
  }
  // The tables put it where the family has it.
  if (family === ipv4Unicast) return { type: 'nextHop', nextHop: text };
  const nextHops = [{ address: text }];
  return { type: 'mpReachNlri', ...familyOfKey(family), nextHops, nlri: [] };
}

const isEmptyPath = (attribute: PathAttribute): boolean =>
  attribute.type === 'asPath' && attribute.segments.length === 0;

const isNextHop = (type: PathAttribute['type']): boolean =>
  type === 'nextHop' || type === 'mpReachNlri';

function encodedNextHop(bytes: Uint8Array, family: FamilyKey): PathAttribute {
  if (family === ipv4Unicast && bytes.length === 4) {
    const [a, b, c, d] = bytes as unknown as [number, number, number, number];
    const nextHop = formatIpv4(((a << 24) | (b << 16) | (c << 8) | d) >>> 0);
    return { type: 'nextHop', nextHop };
  }
  const value = new Uint8Array(5 + bytes.length);
  const { afi, safi } = familyOfKey(family);
  value.set([afi >>> 8, afi, safi, bytes.length]);
  value.set(bytes, 4);
  const header = [0x80, 14, value.length];
  const [attribute] = decodePathAttributes(new Uint8Array([...header, ...value]), blockOptions);
  return attribute!;
}

/**
 * The prefix of a route, and its family, unicast unless one is named.
 *
 * @throws {ActorError} `ERR_PEERLOOM_ROUTE`
 */
export function prefixOf(text: string, named: FamilyKey | undefined): [Prefix, FamilyKey] {
  const prefix = parsePrefix(text);
  if (prefix === undefined) {
    refuse(text, 'it is no prefix; it must be one such as 10.0.0.0/8 or 2001:db8::/32');
  }
  const family = named ?? familyKey(prefix.afi, Safi.unicast);
  if (familyOfKey(family).afi !== prefix.afi) {
    refuse(text, `it is no prefix of ${familyName(family)}`);
  }
  return [prefix, family];
}

/**
 * The family of that name.
 *
 * @throws {ActorError} `ERR_PEERLOOM_ROUTE`
 */
export function familyNamed(name: string, what: string): FamilyKey {
  const family = parseFamilyName(name);
  return family ?? refuse(what, `${JSON.stringify(name)} names no address family`);
}

/** @throws {ActorError} `ERR_PEERLOOM_ROUTE` with what is wrong with a route */
export function refuse(what: string, why: string): never {
  throw new ActorError('ERR_PEERLOOM_ROUTE', `${what}: ${why}`);
}
