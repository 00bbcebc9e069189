import type { Command } from 'commander';
import type { ControlClient } from '../control/client.ts';
import type { RoutesRequest } from '../control/methods.ts';
import { CommandError, usageError } from '../exitCode.ts';
import { writeJson, writeJsonArray, writeLines } from '../output.ts';
import { neighborLines } from '../print/neighbor.ts';
import { type ReadableRoute, readableRoutes } from '../print/readableRoute.ts';
import { routeDetailLines, routeTableHead, routeTableLine } from '../print/routes.ts';
import { type SummaryRow, summaryLines, summaryPeer } from '../print/summary.ts';
import { talksToEngine } from './engineCommand.ts';

/** `… summary`: a line for each neighbor. */
export function addSummary(parent: Command): void {
  const summary = parent.command('summary').description('a line for each neighbor');
  talksToEngine(summary, () => async (client, json) => {
    const speaker = await client.call('speaker', {});
    const rows: SummaryRow[] = [];
    for await (const row of client.stream('summary', {})) rows.push(row);
    if (!json) await writeLines(summaryLines(speaker, rows));
    else {
      const { routerId, localAs } = speaker;
      await writeJson({ routerId, localAs, peers: rows.map(summaryPeer) });
    }
  });
}

/** `… neighbors [A] [received-routes | advertised-routes]`: the state is of all families, the routes of one. */
export function addNeighbors(parent: Command, family: string | undefined): void {
  const neighbors = parent
    .command('neighbors')
    .argument('[address]', 'one neighbor instead of all')
    .argument(
      '[routes]',
      `received-routes or advertised-routes: its routes${family === undefined ? '' : ` of ${family}`} instead of its state`,
    )
    .description('everything about the neighbors, or about one');
  const ofFamily = family === undefined ? {} : { family };
  talksToEngine(neighbors, ([address, routes]) => {
    if (typeof address === 'string' && typeof routes === 'string') {
      return printed({ address, direction: directionOf(routes), ...ofFamily }, printTable);
    }
    const which = typeof address === 'string' ? { address } : {};
    return async (client, json) => {
      const items = client.stream('neighbors', which);
      if (json) {
        await writeJsonArray(oneByOne(items));
        return;
      }
      let first = true;
      for await (const neighbor of items) {
        await writeLines([...(first ? [] : ['']), ...neighborLines(neighbor, Date.now())]);
        first = false;
      }
    };
  });
}

/** `… [prefix]`: the table of a family, or one prefix of it. */
export function addRoutes(parent: Command, family: string | undefined): void {
  parent
    .argument('[prefix]', 'only this prefix; for an address, the longest prefix that it is in')
    .argument('[longer-prefixes]', 'all prefixes within it, too')
    .description(`routes received${family === undefined ? '' : `, ${family}`}`);
  const ofFamily = family === undefined ? {} : { family };
  talksToEngine(parent, ([prefix, longer]) => {
    if (longer !== undefined && !'longer-prefixes'.startsWith(longer as string)) {
      throw usageError(`after a prefix comes longer-prefixes or nothing, not ${String(longer)}`);
    }
    if (typeof prefix !== 'string') {
      return printed({ direction: 'received', ...ofFamily }, printTable);
    }
    if (!/^[0-9a-f:.]+(?:\/\d+)?$/i.test(prefix)) {
      throw usageError(`${prefix} is no prefix and no address, and no command either; see --help`);
    }
    const isLonger = longer !== undefined;
    const request = { direction: 'received', prefix, longer: isLonger, ...ofFamily } as const;
    return printed(request, isLonger ? printTable : printPrefix);
  });
}

async function* oneByOne<T>(items: AsyncIterable<T>): AsyncGenerator<readonly T[]> {
  for await (const item of items) yield [item];
}

function directionOf(word: string): 'received' | 'advertised' {
  if (word !== '' && 'received-routes'.startsWith(word)) return 'received';
  if (word !== '' && 'advertised-routes'.startsWith(word)) return 'advertised';
  throw usageError(`after a neighbor comes received-routes or advertised-routes, not ${word}`);
}

/** Routes for programs, or as `print` has them for people. */
function printed(
  request: RoutesRequest,
  print: (client: ControlClient, request: RoutesRequest) => Promise<void>,
): (client: ControlClient, json: boolean) => Promise<void> {
  return (client, json) =>
    json ? writeJsonArray(readRoutes(client, request)) : print(client, request);
}

/** The routes of an answer, as many at a time as come at a time. */
async function* readRoutes(
  client: ControlClient,
  request: RoutesRequest,
): AsyncGenerator<readonly ReadableRoute[]> {
  for await (const page of client.stream('routes', request)) yield readableRoutes(page);
}

async function printTable(client: ControlClient, request: RoutesRequest): Promise<void> {
  const { routerId } = await client.call('speaker', {});
  await writeLines(routeTableHead(routerId, request.direction));
  let count = 0;
  for await (const routes of readRoutes(client, request)) {
    await writeLines(routes.map(routeTableLine));
    count += routes.length;
  }
  await writeLines(['', `Total number of routes ${count}`]);
}

async function printPrefix(client: ControlClient, request: RoutesRequest): Promise<void> {
  const found: ReadableRoute[] = [];
  for await (const routes of readRoutes(client, request)) found.push(...routes);
  const [first] = found;
  if (first === undefined) {
    throw new CommandError(
      'ERR_PEERLOOM_NO_ROUTE',
      `no route to ${request.prefix} has been received`,
    );
  }
  await writeLines(routeDetailLines(first.prefix, found));
}
