import {
  Afi,
  type AsPathSegment,
  baseSessionOptions,
  type FamilyKey,
  familyOfKey,
  type PathAttribute,
  WireError,
} from '@peerloom/wire';
import { RouteTableBuilder } from './routeTable.ts';

/** LOCAL_PREF of all routes in internal sessions. */
export const localPreference = 100;

/** How routes from a file are encoded for the speakers that announce them. */
export interface RouteEncoding {
  /** The speakers' AS, first in every path; another speaker's is put in its place when it sends. */
  readonly firstAs: number;
  /** Sessions are internal: paths as they are, and LOCAL_PREF. */
  readonly internal: boolean;
  /** Next hops, for each speaker to put its own in their place. */
  readonly nextHop4: string;
  readonly nextHop6: string;
  readonly addPath: boolean;
  /** Families that the speakers have; routes of others are left out. */
  readonly families: ReadonlySet<FamilyKey>;
  /** How many speakers announce routes. */
  readonly sources: number;
}

/** An empty table for routes that are encoded so. */
export function newTable({ addPath, internal }: RouteEncoding): RouteTableBuilder {
  return new RouteTableBuilder(addPath, internal ? 'internal' : 'external');
}

/** What UPDATEs are encoded with: AS numbers of four octets, Path Identifiers where wanted. */
export function updateOptions(encoding: RouteEncoding): typeof baseSessionOptions {
  return {
    ...baseSessionOptions,
    fourOctetAs: true,
    families: encoding.families,
    addPathSend: encoding.addPath ? encoding.families : new Set(),
  };
}

/**
 * The attributes of a recorded route as the speakers announce them. The recorded peer's AS, first in the
 * path, gives way to the speaker's, whose place the speaker takes; next hops become the speaker's own.
 */
export function announcedAttributes(
  attributes: readonly PathAttribute[],
  family: FamilyKey | undefined,
  encoding: RouteEncoding,
): PathAttribute[] {
  const { internal, firstAs, nextHop4, nextHop6 } = encoding;
  const kept = attributes.flatMap((attribute): PathAttribute[] => {
    switch (attribute.type) {
      case 'asPath':
        return internal
          ? [attribute]
          : [{ ...attribute, segments: withFirstAs(attribute.segments, firstAs) }];
      case 'nextHop':
        return family === undefined ? [{ ...attribute, nextHop: nextHop4 }] : [];
      case 'mpReachNlri':
      case 'localPreference':
        return [];
      case 'aggregator':
        // Recorded before RFC 7607 §2 told everybody to discard it.
        return attribute.as === 0 ? [] : [attribute];
      default:
        return [attribute];
    }
  });
  if (internal) kept.push({ type: 'localPreference', value: localPreference });
  if (family === undefined) return kept;
  const { afi, safi } = familyOfKey(family);
  if (afi === Afi.ipv4) return [...kept, { type: 'nextHop', nextHop: nextHop4 }];
  const nextHops = [{ address: nextHop6 }];
  return [...kept, { type: 'mpReachNlri', afi, safi, nextHops, nlri: [] }];
}

function withFirstAs(segments: readonly AsPathSegment[], as: number): AsPathSegment[] {
  const [first, ...rest] = segments;
  if (first?.kind === 'sequence') {
    return [{ ...first, asNumbers: [as, ...first.asNumbers.slice(1)] }, ...rest];
  }
  return [{ kind: 'sequence', asNumbers: [as] }, ...segments];
}

/** What `encode` gives; `undefined` for recorded values that no RFC lets anybody send. */
export function encodable<T>(encode: () => T): T | undefined {
  try {
    return encode();
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
