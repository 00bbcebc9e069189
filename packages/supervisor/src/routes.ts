import type { RouteEntry, RoutesPage, RoutesQuery } from '@peerloom/ipc';

/** Every route that a query finds, a page at a time. While one is read the next is made ready, and no more. */
export async function* pagesOf(
  query: Omit<RoutesQuery, 'cursor'>,
  fetch: (query: RoutesQuery) => Promise<RoutesPage>,
): AsyncGenerator<readonly RouteEntry[], void, undefined> {
  let next: Promise<RoutesPage> | undefined = fetch(query);
  while (next !== undefined) {
    const { routes, cursor }: RoutesPage = await next;
    next = cursor === undefined ? undefined : fetch({ ...query, cursor });
    // Told when its turn comes, if it comes.
    next?.catch(() => {});
    if (routes.length > 0) yield routes;
  }
}

/** The routes of pages, one by one. */
export async function* routesOf(
  pages: AsyncIterable<readonly RouteEntry[]>,
): AsyncGenerator<RouteEntry, void, undefined> {
  for await (const page of pages) yield* page;
}
