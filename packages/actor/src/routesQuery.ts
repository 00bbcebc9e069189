import type { RouteEntry, RoutesPage, RoutesQuery } from '@peerloom/ipc';
import type { RoutePage, RouteQuery } from '@peerloom/rib';
import {
  blockOptions,
  encodePathAttributes,
  type FamilyKey,
  familyName,
  familyOfKey,
  formatNlri,
  isPrefixFamily,
  type Nlri,
  type PathAttribute,
  parseAddress,
  parseFamilyName,
  parsePrefix,
} from '@peerloom/wire';
import { ActorError } from './actorError.ts';
import type { PeerRoutes } from './peerRoutes.ts';

const defaultLimit = 1000;
const largestLimit = 10_000;

/** What a table of either direction says of a route. */
interface ReadableRoute {
  readonly family: FamilyKey;
  readonly nlri: Nlri;
  readonly attributes: readonly PathAttribute[];
  readonly stale?: boolean;
}

/**
 * A page of a peer's routes, family after family. The cursor names the family and the place in its
 * table.
 *
 * @throws {ActorError} `ERR_PEERLOOM_QUERY` for a query that makes no sense
 */
export function queryRoutes(routes: PeerRoutes, query: RoutesQuery): RoutesPage {
  const limit = query.limit ?? defaultLimit;
  if (!Number.isInteger(limit) || limit < 1 || limit > largestLimit) {
    throw new ActorError('ERR_PEERLOOM_QUERY', `limit is ${limit}; it must be 1–${largestLimit}`);
  }
  const match = matchOf(query);
  const [from, position] = placeOf(query.cursor);
  const families = familiesOf(routes, query, match).toSorted((a, b) => a - b);
  const entries: RouteEntry[] = [];
  const entryOf = entryWriter();
  for (const family of families) {
    if (family < from) continue;
    if (entries.length >= limit) return { routes: entries, cursor: `${family}:0` };
    const page: RoutePage<ReadableRoute> = routes.page(query.direction, {
      family,
      limit: limit - entries.length,
      cursor: family === from ? position : 0,
      ...(match !== undefined && { match }),
    });
    for (const route of page.routes) entries.push(entryOf(route));
    // A page ends at the limit, or short of it so that a search does not hold up the peers.
    if (page.cursor !== undefined) {
      return { routes: entries, cursor: `${family}:${page.cursor}` };
    }
  }
  return { routes: entries };
}

/** An address is looked up as routers do; a prefix is meant itself. */
function matchOf({ prefix: text, longer }: RoutesQuery): RouteQuery['match'] {
  if (text === undefined) return undefined;
  const address = parseAddress(text);
  const prefix = address === undefined ? text : `${text}/${address.length * 8}`;
  if (parsePrefix(prefix) === undefined) {
    throw new ActorError(
      'ERR_PEERLOOM_QUERY',
      `${JSON.stringify(prefix)} is no prefix; it must be one such as 10.0.0.0/8 or 2001:db8::/32, or an address`,
    );
  }
  if (longer === true) return { kind: 'orLonger', prefix };
  return { kind: address === undefined ? 'exact' : 'longestMatch', prefix };
}

/** The families that may hold what is asked for. */
function familiesOf(
  routes: PeerRoutes,
  query: RoutesQuery,
  match: RouteQuery['match'],
): FamilyKey[] {
  const all = routes.families(query.direction);
  if (query.family !== undefined) {
    const wanted = parseFamilyName(query.family);
    if (wanted === undefined) {
      throw new ActorError('ERR_PEERLOOM_QUERY', `no address family is called ${query.family}`);
    }
    return all.filter((family) => family === wanted);
  }
  const prefix = match === undefined ? undefined : parsePrefix(match.prefix);
  if (prefix === undefined) return all;
  return all.filter((family) => isPrefixFamily(family) && familyOfKey(family).afi === prefix.afi);
}

function placeOf(cursor: string | undefined): readonly [family: FamilyKey, position: number] {
  if (cursor === undefined) return [0, 0];
  const [family = Number.NaN, position = Number.NaN] = cursor.split(':').map(Number);
  if (!Number.isInteger(family) || !Number.isInteger(position)) {
    throw new ActorError('ERR_PEERLOOM_QUERY', `${JSON.stringify(cursor)} is no cursor of a page`);
  }
  return [family, position];
}

/** Routes in a row that share their attributes share the octets too, which then cross to the other thread once. */
function entryWriter(): (route: ReadableRoute) => RouteEntry {
  let last: readonly PathAttribute[] | undefined;
  let octets: Uint8Array = new Uint8Array(0);
  return ({ family, nlri, attributes, stale }) => {
    if (attributes !== last) {
      last = attributes;
      octets = encodePathAttributes(attributes, blockOptions);
    }
    const { pathId, ...bare }: Nlri & { readonly pathId?: number } = nlri;
    return {
      family: familyName(family),
      prefix: formatNlri(bare),
      ...(pathId !== undefined && { pathId }),
      attributes: octets,
      fourOctetAs: true,
      stale: stale === true,
    };
  };
}
