import type { Command } from 'commander';
import { write, writeJson, writeLines } from '../output.ts';
import { eventLine } from '../print/events.ts';
import { metricsLines } from '../print/metrics.ts';
import { type TcpRow, tcpLines } from '../print/tcp.ts';
import { talksToEngine } from './engineCommand.ts';
import { addNeighbors, addRoutes, addSummary } from './showBgp.ts';

/** `show …`: everything that looks and changes nothing. */
export function addShow(program: Command): void {
  const show = program.command('show').description('look at a running engine');

  const ip = show.command('ip').description('BGP as routers file it under IP');
  const ipBgp = ip.command('bgp');
  addRoutes(ipBgp, 'ipv4-unicast');
  addSummary(ipBgp);
  addNeighbors(ipBgp, 'ipv4-unicast');

  const bgp = show.command('bgp');
  addRoutes(bgp, undefined);
  addSummary(bgp);
  addNeighbors(bgp, undefined);
  for (const version of ['ipv4', 'ipv6'] as const) {
    const unicast = bgp
      .command(version)
      .description(`routes of ${version} unicast`)
      .command('unicast');
    addRoutes(unicast, `${version}-unicast`);
    addSummary(unicast);
    addNeighbors(unicast, `${version}-unicast`);
  }
  addEvents(bgp);
  addRecorder(bgp);

  addMetrics(show);
  addTcp(show.command('tcp').description('TCP connections of the engine'));
}

function addMetrics(show: Command): void {
  const metrics = show
    .command('metrics')
    .description('how the engine itself is doing: delays, CPU, memory, what has been counted');
  talksToEngine(metrics, () => async (client, json) => {
    const found = await client.call('metrics', {});
    await (json ? writeJson(found) : writeLines(metricsLines(found)));
  });
}

function addTcp(tcp: Command): void {
  const brief = tcp
    .command('brief')
    .description('connections and listeners: which side dialled, addresses, ports, states');
  talksToEngine(brief, () => async (client, json) => {
    const rows: TcpRow[] = [];
    for await (const row of client.stream('tcp', {})) rows.push(row);
    await (json ? writeJson(rows) : writeLines(tcpLines(rows)));
  });
}

function addEvents(bgp: Command): void {
  const events = bgp
    .command('events')
    .description('what has happened lately: state changes, sessions, warnings')
    .option('-f, --follow', 'go on with what happens from now on, until Ctrl-C');
  talksToEngine(events, () => async (client, json) => {
    const { follow = false } = events.opts<{ follow?: boolean }>();
    // Ctrl-C is the way to end this, and no failure.
    if (follow) process.once('SIGINT', () => process.exit(0));
    for await (const event of client.stream('events', { follow })) {
      await write(`${json ? JSON.stringify(event) : eventLine(event)}\n`);
    }
  });
}

function addRecorder(bgp: Command): void {
  const recorder = bgp
    .command('recorder')
    .argument('<address>', 'neighbor')
    .description(
      'the flight recorder of a neighbor: the last inputs and outputs of its state machine, as JSON',
    );
  talksToEngine(recorder, ([address]) => async (client) => {
    await writeJson(await client.call('recorder', { address: address as string }));
  });
}
