import type {
  Announcement,
  EncodedAnnouncement,
  RouteAnnouncement,
  Withdrawal,
} from '@peerloom/ipc';
import {
  type AsPathSegment,
  ByteWriter,
  blockOptions,
  decodePathAttributes,
  encodeNlri,
  type FamilyKey,
  familyKey,
  familyName,
  familyOfKey,
  formatIpv4,
  formatPrefix,
  isPrefixFamily,
  type NlriContext,
  NlriWalker,
  nlriOctets,
  type PathAttribute,
  parseAddress,
  parseCommunity,
  parseExtendedCommunity,
  parseFamilyName,
  parseLargeCommunity,
  parsePrefix,
  Safi,
  validateNlri,
} from '@peerloom/wire';
import { ActorError } from './actorError.ts';

const ipv4Unicast = familyKey(1, 1);
const walker = new NlriWalker();

/** Routes of one announcement or withdrawal, as the tables take them. */
export interface RouteField {
  readonly family: FamilyKey;
  /** NLRI one after the other, each with a Path Identifier if the family's framing is known. */
  readonly bytes: Uint8Array;
  readonly routes: number;
}

/** An announcement, ready for the tables. */
export interface EncodedRoutes extends RouteField {
  readonly attributes: readonly PathAttribute[];
  /** Towards external peers the local AS goes in front of the AS_PATH. */
  readonly prependsLocalAs: boolean;
}

/**
 * What a user announces, ready for the tables.
 *
 * @throws {ActorError} `ERR_PEERLOOM_ROUTE` with what is wrong with it
 */
export function encodeAnnouncement(announcement: Announcement): EncodedRoutes {
  return 'nlri' in announcement ? encoded(announcement) : spelledOut(announcement);
}

/**
 * What a user withdraws, ready for the tables.
 *
 * @throws {ActorError} `ERR_PEERLOOM_ROUTE` with what is wrong with it
 */
export function encodeWithdrawal(withdrawal: Withdrawal): RouteField {
  return 'nlri' in withdrawal ? fieldOf(withdrawal, 'unreach') : textField(withdrawal, 'unreach');
}

function spelledOut(route: RouteAnnouncement): EncodedRoutes {
  const field = textField(route, 'reach');
  const { asPath = [], asPathIsFinal = false } = route;
  return {
    ...field,
    attributes: attributesOf(route, field.family),
    prependsLocalAs: !asPathIsFinal && asPath.length > 0,
  };
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

function textField(
  route: Pick<RouteAnnouncement, 'prefix' | 'family' | 'pathId'>,
  context: NlriContext,
): RouteField {
  const { prefix: text, family: name, pathId } = route;
  const family = name === undefined ? undefined : familyNamed(name, text);
  if (name === undefined || family === undefined || isPrefixFamily(family)) {
    return prefixField(route, family, context);
  }
  const nlri = nlriOctets(text, family, pathId);
  if (nlri === undefined) refuse(text, `it is no route of ${name}, as they are shown`);
  return fieldOf({ family: name, nlri, addPath: pathId !== undefined }, context);
}

function prefixField(
  { prefix, pathId = 0 }: Pick<RouteAnnouncement, 'prefix' | 'pathId'>,
  named: FamilyKey | undefined,
  context: NlriContext,
): RouteField {
  const parsed = parsePrefix(prefix);
  if (parsed === undefined) {
    refuse(prefix, 'it is no prefix; it must be one such as 10.0.0.0/8 or 2001:db8::/32');
  }
  const { afi } = parsed;
  const family = named ?? familyKey(afi, Safi.unicast);
  if (familyOfKey(family).afi !== afi) refuse(prefix, `it is no prefix of ${familyName(family)}`);
  const writer = new ByteWriter(32);
  const nlri = { kind: 'prefix' as const, prefix: formatPrefix(parsed), pathId };
  encode(prefix, () => encodeNlri(writer, nlri, family, true, context));
  return { family, bytes: writer.toBytes(), routes: 1 };
}

function encoded(announcement: EncodedAnnouncement): EncodedRoutes {
  const field = fieldOf(announcement, 'reach');
  const { family } = field;
  const { nextHop, asPathIsFinal = false } = announcement;
  const given = decodePathAttributes(announcement.attributes, blockOptions);
  // An empty AS_PATH to which the local AS is to be added is the one that sessions make themselves.
  const attributes = given.filter((attribute) => asPathIsFinal || !isEmptyPath(attribute));
  if (nextHop === undefined) {
    return { ...field, attributes, prependsLocalAs: !asPathIsFinal && hasPath(attributes) };
  }
  const others = attributes.filter(({ type }) => type !== 'nextHop' && type !== 'mpReachNlri');
  others.push(encodedNextHop(nextHop, family));
  return {
    ...field,
    attributes: others,
    prependsLocalAs: !asPathIsFinal && hasPath(others),
  };
}

const isEmptyPath = (attribute: PathAttribute): boolean =>
  attribute.type === 'asPath' && attribute.segments.length === 0;

const hasPath = (attributes: readonly PathAttribute[]): boolean =>
  attributes.some(({ type }) => type === 'asPath');

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

function fieldOf(
  { family: name, nlri, addPath = false }: Pick<EncodedAnnouncement, 'family' | 'nlri' | 'addPath'>,
  context: NlriContext,
): RouteField {
  const family = familyNamed(name, 'routes');
  const fault = validateNlri(nlri, 0, nlri.length, family, addPath, context, true);
  if (fault !== undefined) refuse(`routes of ${name}`, fault.text);
  walker.reset(nlri, 0, nlri.length, family, addPath, context, true);
  if (addPath || !walker.isDelimited) {
    return { family, bytes: nlri, routes: countRoutes() };
  }
  // The tables want a Path Identifier with every route.
  const routes = countRoutes();
  const bytes = new Uint8Array(nlri.length + 4 * routes);
  walker.reset(nlri, 0, nlri.length, family, false, context, true);
  for (let at = 0; walker.next(); ) {
    const { start, end } = walker;
    bytes.set(nlri.subarray(start, end), at + 4);
    at += 4 + end - start;
  }
  return { family, bytes, routes };
}

function countRoutes(): number {
  let routes = 0;
  while (walker.next()) routes++;
  return routes;
}

function familyNamed(name: string, what: string): FamilyKey {
  const family = parseFamilyName(name);
  return family ?? refuse(what, `${JSON.stringify(name)} names no address family`);
}

/** Runs an encoder of the codec, whose complaints are about the user's values. */
function encode(what: string, run: () => void): void {
  try {
    run();
  } catch (error) {
    refuse(what, error instanceof Error ? error.message : String(error));
  }
}

function refuse(what: string, why: string): never {
  throw new ActorError('ERR_PEERLOOM_ROUTE', `${what}: ${why}`);
}
