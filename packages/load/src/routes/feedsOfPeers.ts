import { LoadError } from '../loadError.ts';
import type { Feed, RouteTableBuilder } from './routeTable.ts';

/**
 * One feed for each of the recorded peers, in the order that is wanted, or else in which they came.
 *
 * @param add takes a peer's messages into the table
 * @throws LoadError `ERR_LOAD_ROUTES` where a wanted peer has nothing, or nobody has
 */
export function feedsOfPeers<T>(
  options: { readonly file: string; readonly peers?: readonly string[] },
  recorded: ReadonlyMap<string, T>,
  builder: RouteTableBuilder,
  add: (own: T) => void,
): Feed[] {
  const wanted = options.peers ?? [...recorded.keys()];
  if (recorded.size === 0) {
    const of = options.peers === undefined ? '' : ` of ${options.peers.join(', ')}`;
    throw new LoadError(
      'ERR_LOAD_ROUTES',
      `${options.file} has no routes${of} in the families of the speakers; check the file, families and peers`,
    );
  }
  const feeds = wanted.map((peer) => {
    const own = recorded.get(peer);
    if (own === undefined) {
      throw new LoadError(
        'ERR_LOAD_ROUTES',
        `${options.file} has no routes of the peer ${peer} in the families of the speakers`,
      );
    }
    const start = builder.messages;
    add(own);
    return { start, end: builder.messages };
  });
  // A collector's own routes may lack what an UPDATE must have: whoever took its place would say nothing.
  const useful = feeds.filter(({ start, end }) => end > start);
  if (useful.length === 0) {
    throw new LoadError('ERR_LOAD_ROUTES', `${options.file} has no routes that anybody may send`);
  }
  return options.peers === undefined ? useful : feeds;
}
