import type { Engine, Peer, RouteEntry } from '@peerloom/supervisor';
import { parseAddress, parsePrefix } from '@peerloom/wire';
import type { RouteItem, RoutesItem, RoutesRequest } from '../control/methods.ts';
import { usageError } from '../exitCode.ts';
import { peersAt } from './peerCommands.ts';

type Query = Parameters<Peer['routes']>[0];

/** Routes in one line of an answer: enough to be quick, few enough to be held. */
const pageSize = 500;

/** The routes that a request asks for, neighbor by neighbor. Nothing is fetched before it can be sent. */
export async function* findRoutes(
  engine: Engine,
  request: RoutesRequest,
): AsyncGenerator<RoutesItem> {
  const { direction, address, family, longer = false } = request;
  const peers = peersAt(engine, address ?? '*');
  const query = { direction, longer, ...(family !== undefined && { family }) };
  if (request.prefix === undefined) {
    for (const peer of peers) yield* pages(peer, peer.routes(query));
    return;
  }
  if (parsePrefix(request.prefix) !== undefined) {
    const { prefix } = request;
    for (const peer of peers) yield* pages(peer, peer.routes({ ...query, prefix }));
    return;
  }
  if (parseAddress(request.prefix) === undefined) {
    throw usageError(`${request.prefix} is no prefix such as 192.0.2.0/24, and no address`);
  }
  yield* longestMatches(peers, { ...query, longer: false, prefix: request.prefix });
}

/** Each neighbor has a longest match of its own; of these, those that are the longest of all. */
async function* longestMatches(peers: readonly Peer[], query: Query): AsyncGenerator<RoutesItem> {
  let longest = -1;
  let found: RoutesItem[] = [];
  for (const peer of peers) {
    for await (const { neighbor, routes } of pages(peer, peer.routes(query))) {
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

async function* pages(peer: Peer, entries: AsyncIterable<RouteEntry>): AsyncGenerator<RoutesItem> {
  let routes: RouteItem[] = [];
  let last: Uint8Array | undefined;
  let text = '';
  for await (const { attributes, ...entry } of entries) {
    // Routes in a row often share their attributes.
    if (attributes !== last) {
      last = attributes;
      text = Buffer.from(attributes).toString('base64');
    }
    routes.push({ ...entry, attributes: text });
    if (routes.length < pageSize) continue;
    yield { neighbor: peer.address, routes };
    routes = [];
  }
  if (routes.length > 0) yield { neighbor: peer.address, routes };
}
