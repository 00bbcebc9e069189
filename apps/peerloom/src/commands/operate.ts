import type { Command } from 'commander';
import type { Done } from '../control/methods.ts';
import { usageError } from '../exitCode.ts';
import { writeJson, writeLines } from '../output.ts';
import { talksToEngine } from './engineCommand.ts';

/** The commands that change the sessions of a running engine. */
export function addOperate(program: Command): void {
  addNeighbor(program);
  addClear(program);
  addReload(program);
}

function addNeighbor(program: Command): void {
  const neighbor = program
    .command('neighbor')
    .argument('<address>', 'neighbor')
    .argument('<what...>', 'shutdown [text for the neighbor], or no shutdown')
    .description(
      'shut a neighbor down (Cease/Administrative Shutdown, RFC 9003), or start it again',
    );
  talksToEngine(neighbor, ([word, what]) => {
    const address = word as string;
    const [first, ...others] = what as readonly string[];
    if (first === 'shutdown') {
      const text = others.join(' ');
      return async (client, json) =>
        printDone(await client.call('shutdown', { address, text }), json);
    }
    if (first === 'no' && others.length === 1 && others[0] === 'shutdown') {
      return async (client, json) => printDone(await client.call('start', { address }), json);
    }
    const words = (what as readonly string[]).join(' ');
    throw usageError(
      `after neighbor ${address} comes shutdown [text] or no shutdown, not ${words}`,
    );
  });
}

function addClear(program: Command): void {
  const clear = program.command('clear').description('reset sessions, or exchange routes anew');
  for (const parent of [clear.command('ip').description('as routers have it'), clear]) {
    const bgp = parent
      .command('bgp')
      .argument('<address>', "neighbor, or '*' for all")
      .argument('[soft]', 'soft: keep the session, exchange the routes again')
      .argument('[direction]', 'in or out; both when not given')
      .description('reset a session (Cease/Administrative Reset)');
    talksToEngine(bgp, ([word, soft, direction = 'both']) => {
      const address = word as string;
      if (soft !== undefined && soft !== 'soft') {
        throw usageError(
          `after clear ip bgp ${address} comes soft or nothing, not ${String(soft)}`,
        );
      }
      if (direction !== 'in' && direction !== 'out' && direction !== 'both') {
        throw usageError(`after soft comes in, out or nothing, not ${String(direction)}`);
      }
      const how: { soft?: 'in' | 'out' | 'both' } = soft === undefined ? {} : { soft: direction };
      return async (client, json) =>
        printDone(await client.call('clear', { address, ...how }), json);
    });
  }
}

function addReload(program: Command): void {
  const reload = program
    .command('reload')
    .description(
      'read the configuration file again; only neighbors that changed lose their session',
    );
  talksToEngine(reload, () => async (client, json) => {
    await printDone(await client.call('reload', {}), json);
  });
}

/** What has been done, on one line or as JSON. */
export async function printDone(done: Done, json: boolean): Promise<void> {
  await (json ? writeJson(done) : writeLines([done.text]));
}
