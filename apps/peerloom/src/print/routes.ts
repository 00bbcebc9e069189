import type { ReadableRoute } from './readableRoute.ts';

const originLetter = { igp: 'i', egp: 'e', incomplete: '?' } as const;

/**
 * The head of a route table. There is no decision process behind it, and so no best path: every route
 * that is held is listed.
 */
export function routeTableHead(
  routerId: string,
  direction: 'received' | 'advertised',
): readonly string[] {
  return [
    `Local router ID is ${routerId}`,
    'Status codes: * valid, S stale (RFC 4724). Origin codes: i IGP, e EGP, ? incomplete',
    '',
    routeLine({
      status: '',
      prefix: 'Network',
      nextHop: 'Next Hop',
      med: 'Metric',
      localPreference: 'LocPrf',
      neighbor: direction === 'received' ? 'From' : 'To',
      path: 'Path',
    }),
  ];
}

/** One route as a line of the table. Columns are fixed, so that a long table need not be held to be printed. */
export function routeTableLine(route: ReadableRoute): string {
  const pathId = route.pathId === undefined ? '' : ` [${route.pathId}]`;
  const origin = route.origin === null ? '' : originLetter[route.origin];
  return routeLine({
    status: route.stale ? 'S*' : ' *',
    prefix: route.prefix + pathId,
    nextHop: route.nextHop ?? '-',
    med: route.med === null ? '' : String(route.med),
    localPreference: route.localPreference === null ? '' : String(route.localPreference),
    neighbor: route.neighbor,
    path: [route.asPath, origin].filter((part) => part !== '').join(' '),
  });
}

interface RouteCells {
  readonly status: string;
  readonly prefix: string;
  readonly nextHop: string;
  readonly med: string;
  readonly localPreference: string;
  readonly neighbor: string;
  readonly path: string;
}

function routeLine(cells: RouteCells): string {
  return [
    cells.status.padEnd(2),
    cells.prefix.padEnd(18),
    cells.nextHop.padEnd(15),
    cells.med.padStart(10),
    cells.localPreference.padStart(6),
    cells.neighbor.padEnd(15),
    cells.path,
  ]
    .join(' ')
    .trimEnd();
}

/** One prefix with all that is known of its routes, as `show ip bgp 10.0.0.0/8` has it. */
export function routeDetailLines(
  prefix: string,
  routes: readonly ReadableRoute[],
): readonly string[] {
  return [
    `BGP routing table entry for ${prefix}`,
    `Paths: ${routes.length}`,
    ...routes.flatMap(detail),
  ];
}

function detail(route: ReadableRoute): string[] {
  const values = [
    `origin ${route.origin ?? 'unknown'}`,
    ...(route.med === null ? [] : [`metric ${route.med}`]),
    ...(route.localPreference === null ? [] : [`localpref ${route.localPreference}`]),
    ...(route.stale ? ['stale'] : []),
  ];
  const lists = [
    ['Community', route.communities],
    ['Large Community', route.largeCommunities],
    ['Extended Community', route.extendedCommunities],
  ] as const;
  return [
    `  ${route.asPath === '' ? 'Local' : route.asPath}`,
    `    ${route.nextHop ?? 'no next hop'} from ${route.neighbor}${route.pathId === undefined ? '' : `, path identifier ${route.pathId}`}`,
    `      ${values.join(', ')}`,
    ...lists.flatMap(([name, list]) =>
      list.length === 0 ? [] : [`      ${name}: ${list.join(' ')}`],
    ),
    ...route.otherAttributes.map((text) => `      ${text}`),
  ];
}
