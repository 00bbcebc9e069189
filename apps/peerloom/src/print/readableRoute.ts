import {
  blockOptions,
  decodePathAttributes,
  formatAsPath,
  formatAttribute,
  formatCommunity,
  formatExtendedCommunity,
  formatLargeCommunity,
  type PathAttribute,
} from '@peerloom/wire';
import type { RouteItem, RoutesItem } from '../control/methods.ts';

/** A route in words: what `--json` prints of it, and what the tables are made of. */
export interface ReadableRoute {
  /** Whom it was received from, or is announced to. */
  readonly neighbor: string;
  readonly family: string;
  readonly prefix: string;
  readonly pathId?: number;
  readonly nextHop: string | null;
  readonly origin: 'igp' | 'egp' | 'incomplete' | null;
  /** As people write it: `65001 65002 {65003,65004}`. */
  readonly asPath: string;
  readonly med: number | null;
  readonly localPreference: number | null;
  readonly communities: readonly string[];
  readonly largeCommunities: readonly string[];
  readonly extendedCommunities: readonly string[];
  /** The other attributes, in words. */
  readonly otherAttributes: readonly string[];
  /** Kept over a restart of the neighbor (RFC 4724). */
  readonly stale: boolean;
}

type Words = Omit<ReadableRoute, 'neighbor' | 'family' | 'prefix' | 'pathId' | 'stale'>;

/** The routes of an answer in words. Routes in a row often share their attributes, which are then decoded once. */
export function readableRoutes({ neighbor, routes }: RoutesItem): ReadableRoute[] {
  let last: string | undefined;
  let words: Words;
  return routes.map((item) => {
    const { family, prefix, pathId, attributes, stale } = item;
    if (attributes !== last) words = wordsOf(item);
    last = attributes;
    return {
      neighbor,
      family,
      prefix,
      ...(pathId !== undefined && { pathId }),
      ...words,
      stale,
    };
  });
}

function wordsOf(item: RouteItem): Words {
  const attributes = decodePathAttributes(Buffer.from(item.attributes, 'base64'), {
    ...blockOptions,
    fourOctetAs: item.fourOctetAs,
  });
  const find = <T extends PathAttribute['type']>(
    type: T,
  ): Extract<PathAttribute, { type: T }> | undefined =>
    attributes.find((each): each is Extract<PathAttribute, { type: T }> => each.type === type);

  return {
    nextHop: find('mpReachNlri')?.nextHops[0]?.address ?? find('nextHop')?.nextHop ?? null,
    origin: find('origin')?.origin ?? null,
    asPath: formatAsPath(find('asPath')?.segments ?? []),
    med: find('multiExitDiscriminator')?.value ?? null,
    localPreference: find('localPreference')?.value ?? null,
    communities: (find('communities')?.communities ?? []).map(formatCommunity),
    largeCommunities: (find('largeCommunities')?.communities ?? []).map(formatLargeCommunity),
    extendedCommunities: (find('extendedCommunities')?.communities ?? []).map((community) =>
      formatExtendedCommunity(community),
    ),
    otherAttributes: attributes.filter(({ type }) => !shown.has(type)).map(formatAttribute),
  };
}

const shown: ReadonlySet<PathAttribute['type']> = new Set([
  'mpReachNlri',
  'nextHop',
  'origin',
  'asPath',
  'multiExitDiscriminator',
  'localPreference',
  'communities',
  'largeCommunities',
  'extendedCommunities',
]);
