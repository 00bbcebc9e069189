import type { Engine, Peer, RouteEntry } from '@peerloom/supervisor';
import { clearAfter, formatPrefix, parseAddress, parsePrefix } from '@peerloom/wire';
import type { RouteItem, RoutesItem, RoutesRequest } from '../control/methods.ts';
import { usageError } from '../exitCode.ts';
import { peersAt } from './peerCommands.ts';

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
  for (const prefix of prefixesAround(request.prefix)) {
    let found = false;
    for (const peer of peers) {
      for await (const page of pages(peer, peer.routes({ ...query, longer: false, prefix }))) {
        found = true;
        yield page;
      }
    }
    if (found) return;
  }
}

/** Every prefix that an address is in, the longest first. Throws a usage error for what is no address. */
function* prefixesAround(text: string): Generator<string> {
  const bytes = parseAddress(text);
  if (bytes === undefined) {
    throw usageError(`${text} is no prefix such as 192.0.2.0/24, and no address`);
  }
  for (let length = bytes.length * 8; length >= 0; length--) {
    clearAfter(bytes, length);
    yield formatPrefix({ afi: bytes.length === 4 ? 1 : 2, bytes, length });
  }
}

async function* pages(peer: Peer, entries: AsyncIterable<RouteEntry>): AsyncGenerator<RoutesItem> {
  let routes: RouteItem[] = [];
  for await (const { attributes, ...entry } of entries) {
    routes.push({ ...entry, attributes: Buffer.from(attributes).toString('base64') });
    if (routes.length < pageSize) continue;
    yield { neighbor: peer.address, routes };
    routes = [];
  }
  if (routes.length > 0) yield { neighbor: peer.address, routes };
}
