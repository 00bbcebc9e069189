import type { RouteEntry, RoutesPage, RoutesQuery } from '@peerloom/ipc';

/** Every route that a query finds. While a page is read the next one is made ready, and no more. */
export async function* routesOf(
  query: Omit<RoutesQuery, 'cursor'>,
  fetch: (query: RoutesQuery) => Promise<RoutesPage>,
): AsyncGenerator<RouteEntry, void, undefined> {
  let next: Promise<RoutesPage> | undefined = fetch(query);
  while (next !== undefined) {
    const { routes, cursor }: RoutesPage = await next;
    next = cursor === undefined ? undefined : fetch({ ...query, cursor });
    // Told when its turn comes, if it comes.
    next?.catch(() => {});
    yield* routes;
  }
}
