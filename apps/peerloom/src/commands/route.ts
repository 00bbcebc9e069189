import type { Command } from 'commander';
import { talksToEngine } from './engineCommand.ts';
import { printDone } from './operate.ts';
import { announcedRoute, withdrawnRoute } from './routeWords.ts';

const keywords = `
  next-hop ADDRESS | self            as-path 65001 65002 {65003,65004}
  origin igp | egp | incomplete      med N          local-preference N
  community 65001:100 no-export      large-community 65001:1:2
  extended-community target:65001:1  path-id N      family NAME
  atomic-aggregate                   aggregator AS ADDRESS
  final-as-path (our AS is not put in front)        to NEIGHBOR

Examples:
  peerloom announce route 198.51.100.0/24 next-hop 192.0.2.1 community 65000:100
  peerloom announce flow "destination 198.51.100.0/24 && protocol =17" \\
      extended-community traffic-rate:0:0
  peerloom withdraw route 198.51.100.0/24`;

/** `announce …` and `withdraw …`. */
export function addRouteCommands(program: Command): void {
  const announce = program.command('announce').description('announce a route to the neighbors');
  const withdraw = program.command('withdraw').description('withdraw a route again');
  for (const kind of ['route', 'flow'] as const) {
    const what = kind === 'route' ? '<prefix>' : '<rule>';
    const announceKind = announce
      .command(kind)
      .argument(what)
      .argument('[attributes...]', 'keywords, each with its values')
      .description(kind === 'route' ? 'a route' : 'a Flowspec rule (RFC 8955)')
      .addHelpText('after', `\nAttributes:${keywords}`);
    talksToEngine(announceKind, ([subject, words]) => {
      const request = announcedRoute(kind, subject as string, words as readonly string[]);
      return async (client, json) => printDone(await client.call('announce', request), json);
    });
    const withdrawKind = withdraw
      .command(kind)
      .argument(what)
      .argument('[keywords...]', 'family NAME, path-id N, from NEIGHBOR')
      .description(kind === 'route' ? 'a route' : 'a Flowspec rule');
    talksToEngine(withdrawKind, ([subject, words]) => {
      const request = withdrawnRoute(kind, subject as string, words as readonly string[]);
      return async (client, json) => printDone(await client.call('withdraw', request), json);
    });
  }
}
