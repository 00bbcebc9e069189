import type { RouteEntry, RoutesPage, RoutesQuery } from '@peerloom/ipc';

/** Every route that a query finds: a page is fetched when the one before has been read. */
export async function* routesOf(
  query: Omit<RoutesQuery, 'cursor'>,
  fetch: (query: RoutesQuery) => Promise<RoutesPage>,
): AsyncGenerator<RouteEntry, void, undefined> {
  let page = await fetch(query);
  yield* page.routes;
  while (page.cursor !== undefined) {
    page = await fetch({ ...query, cursor: page.cursor });
    yield* page.routes;
  }
}
