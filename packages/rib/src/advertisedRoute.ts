import {
  decodePathAttributes,
  type FamilyKey,
  type Nlri,
  type PathAttribute,
} from '@peerloom/wire';
import type { AttributeStore } from './attributeStore.ts';
import { OutboundAttributes, type OutboundSession } from './outboundAttributes.ts';
import type { OutboundFeed } from './outboundFeed.ts';
import { readNlri } from './receivedRoute.ts';
import { queryRoutes, type RoutePage, type RouteQuery, type RouteSource } from './routeQuery.ts';

/** A route of an Adj-RIB-Out, readable. */
export interface AdvertisedRoute {
  readonly family: FamilyKey;
  readonly nlri: Nlri;
  /** As they are sent on the session, except that AS numbers are whole, and MP_REACH_NLRI has no NLRI. */
  readonly attributes: readonly PathAttribute[];
  /** Handed on to be sent; false: waits to be pulled. */
  readonly sent: boolean;
  /** Why the route cannot be sent on the session; absent if it can. */
  readonly problem?: string;
}

/** Pages of one table have cursors below this. */
const cursorsPerTable = 2 ** 40;

/**
 * The routes that a session announces, over all its tables: of those for the same NLRI, the one that goes
 * first. `feeds`: of one family, in order of precedence.
 */
export function advertisedRoutes(
  feeds: readonly OutboundFeed[],
  session: OutboundSession,
  attributes: AttributeStore,
  query: RouteQuery,
): RoutePage<AdvertisedRoute> {
  const { match } = query;
  if (match?.kind === 'longestMatch') return longestMatches(feeds, session, attributes, query);
  return allPages(feeds, session, attributes, query);
}

/** Each table has a longest match of its own. */
function longestMatches(
  feeds: readonly OutboundFeed[],
  session: OutboundSession,
  attributes: AttributeStore,
  query: RouteQuery,
): RoutePage<AdvertisedRoute> {
  const { routes, ...page } = allPages(feeds, session, attributes, query);
  const longest = Math.max(...routes.map(prefixLength));
  return { routes: routes.filter((route) => prefixLength(route) === longest), ...page };
}

function prefixLength({ nlri }: AdvertisedRoute): number {
  return nlri.kind === 'prefix' ? Number(nlri.prefix.split('/')[1]) : 0;
}

function allPages(
  feeds: readonly OutboundFeed[],
  session: OutboundSession,
  attributes: AttributeStore,
  query: RouteQuery,
): RoutePage<AdvertisedRoute> {
  const start = query.cursor ?? 0;
  const routes: AdvertisedRoute[] = [];
  for (let index = Math.floor(start / cursorsPerTable); index < feeds.length; index += 1) {
    const source = sourceOf(feeds[index]!, session, attributes);
    const isFirst = index === Math.floor(start / cursorsPerTable);
    const cursor = isFirst ? start % cursorsPerTable : 0;
    const limit = query.limit - routes.length;
    const page = queryRoutes(source, { ...query, cursor, limit });
    routes.push(...page.routes);
    if (page.cursor !== undefined) {
      return { routes, cursor: index * cursorsPerTable + page.cursor };
    }
    if (routes.length >= query.limit && index + 1 < feeds.length) {
      return { routes, cursor: (index + 1) * cursorsPerTable };
    }
  }
  return { routes };
}

function sourceOf(
  feed: OutboundFeed,
  session: OutboundSession,
  attributes: AttributeStore,
): RouteSource<AdvertisedRoute> {
  const { announcements } = feed;
  const { family, keys, hasPathIds } = announcements;
  const outbound = new OutboundAttributes(session, family);
  const sendsPathIds = hasPathIds && session.options.addPathSend.has(family);
  return {
    family,
    hasPathIds,
    keys,
    next: (from) => announcements.next(from),
    isThere: () => true,
    keyAt: (position) => position,
    routeOf: (key) => {
      const block = announcements.blockAt(key);
      const isConcerned = sendsPathIds || keys.pathId(key) === 0;
      if (block === 0 || !isConcerned || feed.isOverridden(key)) return undefined;
      const problem = outbound.encode(attributes.bytes(block)) ?? feed.problemOf(key);
      const { pathId, ...route } = readNlri(keys, key, family, hasPathIds, true);
      return {
        family,
        nlri: (sendsPathIds ? { ...route, pathId } : route) as Nlri,
        attributes: decodePathAttributes(outbound.block(), session.options),
        sent: feed.hasTaken(key) && problem === undefined,
        ...(problem !== undefined && { problem }),
      };
    },
  };
}
