import {
  type FamilyKey,
  familyName,
  familyOfKey,
  isPrefixFamily,
  type Prefix,
  parsePrefix,
} from '@peerloom/wire';
import { RibError } from './ribError.ts';
import type { RouteKeyId, RouteKeyTable } from './routeKeyTable.ts';

/** Which routes are wanted. */
export interface RouteQuery {
  readonly family: FamilyKey;
  /**
   * Only of IPv4 and IPv6, unicast and multicast:
   *
   * - `exact`: the routes for this prefix;
   * - `longestMatch`: those for the longest prefix that covers this one; an address alone is a prefix of full length;
   * - `orLonger`: those for this prefix and all within it.
   *
   * Absent: all routes.
   */
  readonly match?: {
    readonly kind: 'exact' | 'longestMatch' | 'orLonger';
    /** For example `10.0.0.0/8`. */
    readonly prefix: string;
  };
  /** Where to go on: `cursor` of the page before. Absent: at the beginning. */
  readonly cursor?: number;
  /** Longest page, at least 1. */
  readonly limit: number;
  /** Routes to look at for one page; default 100,000, some 5 ms. */
  readonly maximumSteps?: number;
}

/** A part of what was asked for. Possibly empty while there is more, and possibly with a cursor when there is none. */
export interface RoutePage<Route> {
  readonly routes: readonly Route[];
  /** Absent: this was the last page. Valid however the table changes: routes that stay are met exactly once. */
  readonly cursor?: number;
}

/** A table that can be searched. */
export interface RouteSource<Route> {
  readonly family: FamilyKey;
  readonly hasPathIds: boolean;
  readonly keys: RouteKeyTable;
  /** Position of the first route at `from` or after it, be it there or gone; -1 when there is none. */
  next(from: number): number;
  /** Whether the route at a position is there. */
  isThere(position: number): boolean;
  keyAt(position: number): RouteKeyId;
  /** The route under a key, readable; `undefined` when there is none. */
  routeOf(key: RouteKeyId): Route | undefined;
}

const defaultSteps = 100_000;
/** The NLRI of the route that is looked at. */
const nlri = new Uint8Array(32);

/**
 * The routes that a query asks for, page by page, with work bounded for each page. Exact and longest
 * matches are looked up where the table can (a hash table keeps no order), else searched for.
 *
 * A `RibError` (`ERR_RIB_WRONG_FAMILY`) for a prefix that the family does not have.
 */
export function queryRoutes<Route>(
  source: RouteSource<Route>,
  query: RouteQuery,
): RoutePage<Route> {
  const { match } = query;
  if (match === undefined) return scan(source, query, () => true);
  const prefix = prefixOf(match.prefix, query.family);
  if (match.kind === 'orLonger') return scan(source, query, () => isWithin(prefix, prefix.length));
  if (!source.hasPathIds) return lookUp(source, prefix, match.kind === 'exact');
  const length = match.kind === 'exact' ? prefix.length : longestMatch(source, prefix);
  if (length < 0) return { routes: [] };
  return scan(source, query, () => nlri[0] === length && isWithin(prefix, length));
}

function prefixOf(text: string, family: FamilyKey): Prefix {
  const whole = text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`;
  const prefix = isPrefixFamily(family) ? parsePrefix(whole) : undefined;
  if (prefix?.afi === familyOfKey(family).afi) return prefix;
  throw new RibError(
    'ERR_RIB_WRONG_FAMILY',
    `'${text}' is no prefix of ${familyName(family)}: prefixes can be asked for in IPv4 and IPv6, unicast and multicast`,
  );
}

function scan<Route>(
  source: RouteSource<Route>,
  query: RouteQuery,
  isWanted: () => boolean,
): RoutePage<Route> {
  const routes: Route[] = [];
  const needsNlri = query.match !== undefined;
  let steps = query.maximumSteps ?? defaultSteps;
  let at = source.next(query.cursor ?? 0);
  for (; at >= 0; at = source.next(at + 1), steps -= 1) {
    if (routes.length >= query.limit || steps <= 0) return { routes, cursor: at };
    if (!source.isThere(at)) continue;
    const key = source.keyAt(at);
    if (needsNlri) {
      source.keys.writeNlri(key, nlri, 0, false);
      if (!isWanted()) continue;
    }
    const route = source.routeOf(key);
    if (route !== undefined) routes.push(route);
  }
  return { routes };
}

function lookUp<Route>(
  source: RouteSource<Route>,
  prefix: Prefix,
  isExact: boolean,
): RoutePage<Route> {
  const field = new Uint8Array(1 + prefix.bytes.length);
  field.set(prefix.bytes, 1);
  // Bits after the length are ignored, so shorter and shorter lengths do.
  for (let { length } = prefix; length >= 0; length -= 1) {
    field[0] = length;
    source.keys.begin(field, 0, 1 + ((length + 7) >>> 3), 'reach');
    const key = source.keys.findNext();
    const route = key <= 0 ? undefined : source.routeOf(key);
    if (route !== undefined) return { routes: [route] };
    if (isExact) break;
  }
  return { routes: [] };
}

/** Length of the longest prefix that covers `prefix`, -1 when none does. Looks at every route: some 20 ms a million. */
function longestMatch<Route>(source: RouteSource<Route>, prefix: Prefix): number {
  let longest = -1;
  for (let at = source.next(0); at >= 0; at = source.next(at + 1)) {
    if (!source.isThere(at)) continue;
    source.keys.writeNlri(source.keyAt(at), nlri, 0, false);
    const length = nlri[0]!;
    if (length > longest && length <= prefix.length && isWithin(prefix, length)) longest = length;
  }
  return longest;
}

/** Whether `nlri` has at least `length` bits and the first of them are those of `prefix`. */
function isWithin(prefix: Prefix, length: number): boolean {
  if (nlri[0]! < length) return false;
  const octets = length >>> 3;
  for (let index = 0; index < octets; index += 1) {
    if (nlri[1 + index] !== prefix.bytes[index]) return false;
  }
  const spare = 8 - (length & 7);
  return spare === 8 || (nlri[1 + octets]! ^ prefix.bytes[octets]!) >>> spare === 0;
}
