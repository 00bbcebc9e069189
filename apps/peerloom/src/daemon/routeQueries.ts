import type { Engine, Peer, RouteEntry } from '@peerloom/supervisor';
import { familyOfKey, parseAddress, parseFamilyName, parsePrefix } from '@peerloom/wire';
import type { RouteItem, RoutesItem, RoutesRequest } from '../control/methods.ts';
import { usageError } from '../exitCode.ts';
import { peersAt } from './peerCommands.ts';

type Query = Parameters<Peer['routePages']>[0];

/** Routes in one line of an answer: enough to be quick, few enough to be held. */
const pageSize = 500;

/** The routes that a request asks for, neighbor by neighbor. Nothing is fetched before it can be sent. */
export async function* findRoutes(
  engine: Engine,
  request: RoutesRequest,
): AsyncGenerator<RoutesItem> {
  const { direction, address, family, longer = false } = request;
  const peers = peersAt(engine, address ?? '*');
  const query: Query = {
    direction,
    longer,
    limit: pageSize,
    ...(family !== undefined && { family }),
    ...(request.prefix !== undefined && { prefix: request.prefix }),
  };
  const read = address === undefined ? pagesIfAny : pages;
  if (request.prefix === undefined || !isAddress(request.prefix, family)) {
    for (const peer of peers) yield* read(peer, query);
    return;
  }
  yield* longestMatches(peers, { ...query, longer: false });
}

/** Whether a text is an address, and no prefix. Throws a usage error where it is neither, or not of the family. */
function isAddress(text: string, family: string | undefined): boolean {
  const address = parseAddress(text);
  const prefix = parsePrefix(address === undefined ? text : `${text}/${address.length * 8}`);
  if (prefix === undefined) {
    throw usageError(`${text} is no prefix such as 192.0.2.0/24, and no address`);
  }
  const key = family === undefined ? undefined : parseFamilyName(family);
  if (key !== undefined && familyOfKey(key).afi !== prefix.afi) {
    throw usageError(`${text} is not of ${family}; show bgp ${text} looks in all families`);
  }
  return address !== undefined;
}

/** Each neighbor has a longest match of its own; of these, those that are the longest of all. */
async function* longestMatches(peers: readonly Peer[], query: Query): AsyncGenerator<RoutesItem> {
  let longest = -1;
  let found: RoutesItem[] = [];
  for (const peer of peers) {
    for await (const { neighbor, routes } of pagesIfAny(peer, query)) {
      const length = Math.max(...routes.map(prefixLength));
      if (length < longest) continue;
      if (length > longest) found = [];
      longest = length;
      found.push({ neighbor, routes: routes.filter((route) => prefixLength(route) === length) });
    }
  }
  yield* found;
}

function prefixLength({ prefix }: RouteItem): number {
  return Number(prefix.slice(prefix.indexOf('/') + 1));
}

async function* pages(peer: Peer, query: Query): AsyncGenerator<RoutesItem> {
  for await (const entries of peer.routePages(query)) {
    yield { neighbor: peer.address, routes: itemsOf(entries) };
  }
}

/** A neighbor whose worker is being replaced holds no routes: it keeps nobody from seeing those of the others. */
async function* pagesIfAny(peer: Peer, query: Query): AsyncGenerator<RoutesItem> {
  let isBegun = false;
  try {
    for await (const page of pages(peer, query)) {
      isBegun = true;
      yield page;
    }
  } catch (error) {
    if (isBegun || (error as { readonly code?: string }).code !== 'ERR_PEERLOOM_WORKER')
      throw error;
  }
}

/** Routes in a row often share their attributes, and then the text of them. */
function itemsOf(entries: readonly RouteEntry[]): RouteItem[] {
  let last: Uint8Array | undefined;
  let text = '';
  return entries.map(({ attributes, ...entry }) => {
    if (attributes !== last) {
      last = attributes;
      text = Buffer.from(attributes).toString('base64');
    }
    return { ...entry, attributes: text };
  });
}
