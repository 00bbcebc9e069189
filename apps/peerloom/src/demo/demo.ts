import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createEngine, type Engine } from '@peerloom/supervisor';
import type { Configuration } from '../configuration/configuration.ts';
import { defaultSocketPath } from '../control/socketPath.ts';
import { Daemon } from '../daemon/daemon.ts';
import { gatheredStandardError } from '../daemon/gatheredTarget.ts';
import { openLog } from '../daemon/log.ts';
import type { LogLevel } from '../daemon/logLevel.ts';
import { untilStopSignal } from '../daemon/stopSignal.ts';
import { summaryRows } from '../daemon/views.ts';
import { CommandError } from '../exitCode.ts';
import { note, writeLines } from '../output.ts';
import { countText } from '../print/count.ts';
import { type SummaryRow, summaryLines } from '../print/summary.ts';
import { endText } from '../print/tcp.ts';
import { type DemoState, demoState, Progress } from './progress.ts';
import {
  announcementOf,
  announcementsOf,
  type DemoSize,
  neighborsOptions,
  speakerOptions,
} from './scenario.ts';

/** How the demonstration is run. */
export interface DemoOptions extends DemoSize {
  /** Seconds until it ends by itself; until a signal when not given. */
  readonly duration: number | undefined;
  readonly workers: number | undefined;
  readonly socket: string | undefined;
  readonly logLevel: LogLevel;
}

/** Between two looks at the engine, in milliseconds. */
const lookInterval = 200;
/** Neighbors that the summary shows. */
const shownPeers = 20;

/** Runs the demonstration: an engine and its simulated neighbors, until its time is over or a signal ends it. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { duration, peers, routes } = options;
  const stop = new AbortController();
  void untilStopSignal().then(() => stop.abort());
  const timer =
    duration === undefined ? undefined : setTimeout(() => stop.abort('time'), duration * 1000);
  try {
    const progress = new Progress(process.stderr, peers, peers * routes, performance.now());
    await using daemon = await startSpeaker(options);
    const [listening] = daemon.engine.addresses;
    note(
      `Peerloom: AS ${daemon.engine.options.localAs} listens on ${endText(listening!.address, listening!.port)}; ${countText(peers, 'neighbor')} with ${countText(routes, 'route')} each, over TCP`,
    );
    await using neighbors = await createEngine(neighborsOptions(options, listening!.port));
    await Promise.all(
      neighbors.peers.map((peer, index) => peer.announce(...announcementsOf(index, options))),
    );

    const converged = await untilConverged(daemon.engine, options, progress, stop.signal);
    await writeLines(['', ...(await summary(daemon.engine)), '']);
    if (!stop.signal.aborted) {
      note(hints(daemon, duration));
      await keepGoing(daemon.engine, neighbors, options, progress, stop.signal);
    }
    const shut = await shutDown(daemon, neighbors);
    note(
      `${shut.ended} of ${shut.established} sessions were shut with Cease/Administrative Shutdown`,
    );
    if (!converged && stop.signal.reason === 'time') {
      throw new CommandError(
        'ERR_PEERLOOM_DEMO',
        `not every session and route was there after ${duration} s: give it more time with --duration, or see why with peerloom show ip bgp neighbors`,
      );
    }
  } finally {
    clearTimeout(timer);
  }
}

/** The engine that is demonstrated. Where another engine has the usual control socket, this one gets its own. */
async function startSpeaker(options: DemoOptions): Promise<Daemon> {
  const workers = options.workers ?? Math.max(1, Math.min(4, availableParallelism() - 1));
  const configuration: Configuration = {
    engine: speakerOptions(options, workers),
    socket: undefined,
  };
  const log = openLog('text', options.logLevel, gatheredStandardError());
  try {
    return await Daemon.start({ configuration, socket: options.socket, log });
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === 'ERR_PEERLOOM_CONTROL_TAKEN';
    if (!taken || options.socket !== undefined) throw error;
    const socket = join(dirname(defaultSocketPath()), `demo-${process.pid}.sock`);
    return await Daemon.start({ configuration, socket, log });
  }
}

/** Waits until every session is up and every route is there; `false` when the signal aborts before that. */
async function untilConverged(
  engine: Engine,
  { peers, routes }: DemoSize,
  progress: Progress,
  signal: AbortSignal,
): Promise<boolean> {
  for (;;) {
    const state = demoState(await engine.snapshot());
    const done = state.established === peers && state.routes === peers * routes;
    progress.show(state, performance.now(), done || signal.aborted);
    if (done || signal.aborted) {
      progress.end();
      return done;
    }
    await pause(lookInterval, signal);
  }
}

/** Until the signal aborts: a neighbor announces some of its routes anew each second, as real ones do. */
async function keepGoing(
  engine: Engine,
  neighbors: Engine,
  size: DemoSize,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const changed = Math.min(25, size.routes);
  for (let turn = 1; !signal.aborted; turn++) {
    const index = turn % size.peers;
    const begin = index * size.routes;
    await neighbors.peers[index]!.announce(announcementOf(begin, begin + changed, turn));
    if (process.stderr.isTTY) progress.show(demoState(await engine.snapshot()), performance.now());
    await pause(1000, signal);
  }
  progress.end();
}

/** Shuts every session, and counts those that the neighbors saw end as they should. */
async function shutDown(
  daemon: Daemon,
  neighbors: Engine,
): Promise<{ readonly ended: number; readonly established: number }> {
  const { established }: DemoState = demoState(await daemon.engine.snapshot());
  note(`Shutting down ${countText(established, 'session')} ...`);
  let ended = 0;
  const giveUp = AbortSignal.timeout(3000);
  const watching = (async () => {
    for await (const event of neighbors.events({ signal: giveUp })) {
      const error = event.kind === 'sessionDown' ? event.end.error : undefined;
      if (error?.direction === 'received' && error.code === 6 && error.subcode === 2) ended++;
      if (ended === established) return;
    }
  })();
  await daemon.close('the demonstration is over');
  if (established > 0) await watching;
  return { ended, established };
}

async function summary(engine: Engine): Promise<readonly string[]> {
  const rows: SummaryRow[] = [];
  for await (const row of summaryRows(engine)) rows.push(row);
  return summaryLines(engine.options, rows, shownPeers);
}

function hints(daemon: Daemon, duration: number | undefined): string {
  const local = join('node_modules', '.bin', 'peerloom');
  const socket = daemon.socket === defaultSocketPath() ? '' : ` --socket ${daemon.socket}`;
  const command = (words: string): string =>
    `  ${existsSync(local) ? local : 'peerloom'} ${words}${socket}`;
  const end = duration === undefined ? '' : `, or wait until ${duration} s are over`;
  return `\
It stays up, and a neighbor announces some routes anew each second. Try in another terminal:
${command('show ip bgp summary')}
${command('show ip bgp neighbors 127.1.0.1')}
${command('show ip bgp 20.0.0.0/24')}
${command('neighbor 127.1.0.1 shutdown "back in a minute"')}
${command('show bgp events --follow')}
Ctrl-C shuts every session and ends${end}.
`;
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => {});
}
