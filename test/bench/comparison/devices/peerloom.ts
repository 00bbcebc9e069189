import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { run, SpeakerProcess, until } from '../../../interop/speakers/process.ts';
import {
  addressesOf,
  type Device,
  type DeviceSetup,
  type EngineDelays,
  type RunningDevice,
  type SinkNeighbours,
} from './device.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const program = join(root, 'node_modules/.bin/peerloom');
/** Milliseconds that the announcing program has to make its table. */
const startPatience = 120_000;
const announcer = fileURLToPath(new URL('announcerProcess.ts', import.meta.url));

/** The compiled engine, started as a user starts it. */
export function peerloom(workers: number): Device {
  return {
    name: `Peerloom, ${workers} worker${workers === 1 ? '' : 's'}`,
    programs: [program],
    sends: 'own',
    differences: [
      'keeps every neighbour’s routes (Adj-RIB-In), checks each UPDATE after RFC 7606, selects no best route and installs none',
    ],
    version: async () =>
      (
        JSON.parse(readFileSync(join(root, 'apps/peerloom/package.json'), 'utf8')) as {
          version: string;
        }
      ).version,
    async start(setup) {
      if (setup.sinks !== undefined) return await startAnnouncer(setup, setup.sinks, workers);
      const file = join(setup.directory, 'peerloom.json');
      const socket = join(setup.directory, 'control.sock');
      writeFileSync(file, JSON.stringify(configuration(setup, workers)));
      const daemon = new SpeakerProcess(program, ['run', '-c', file, '--socket', socket]);
      const command = (...words: string[]): Promise<string> =>
        run(program, ...words, '--socket', socket, '--json');
      await until(
        'Peerloom answers',
        () => ask(socket, 'speaker'),
        () => daemon.log(),
      );
      return {
        pid: daemon.pid,
        held: async () => {
          const { peers } = JSON.parse(await command('show', 'ip', 'bgp', 'summary')) as {
            peers: { state: string; prefixesReceived: number }[];
          };
          return {
            sessions: peers.filter(({ state }) => state === 'Established').length,
            routes: peers.reduce((sum, { prefixesReceived }) => sum + prefixesReceived, 0),
          };
        },
        delays: async () => delaysOf((await ask(socket, 'metrics')) as Metrics),
        log: () => daemon.log(),
        stop: () => daemon.stop(),
      };
    },
  };
}

/** A program that announces the table through the engine, for the engine passes on nothing that it learns. */
async function startAnnouncer(
  setup: DeviceSetup,
  { as, range, prefixes, count }: SinkNeighbours,
  workers: number,
): Promise<RunningDevice> {
  const { peerAs, holdTime } = setup;
  const options = {
    ...configuration(setup, workers),
    ranges: [{ prefix: range, remoteAs: as, holdTime, limit: count }],
  };
  const args = [announcer, JSON.stringify(options), String(prefixes), String(peerAs)];
  const daemon = new SpeakerProcess(process.execPath, ['--no-warnings', ...args]);
  const fillCpuSeconds = await until(
    'the announcing program is ready',
    () => /^ready: (\S+) s$/m.exec(daemon.log())?.[1],
    () => daemon.log(),
    startPatience,
  );
  return {
    pid: daemon.pid,
    held: async () => ({ sessions: 0, routes: prefixes }),
    fillCpuSeconds: Number(fillCpuSeconds),
    log: () => daemon.log(),
    stop: () => daemon.stop(),
  };
}

function configuration(setup: DeviceSetup, workers: number): object {
  const { address, port, peers, peerAs, peerRange, localAs, holdTime } = setup;
  return {
    routerId: '10.0.0.1',
    localAs,
    workers,
    listen: [{ address, port }],
    ...(setup.listed
      ? {
          neighbors: addressesOf(setup).map((neighbor) => ({
            address: neighbor,
            remoteAs: peerAs,
            holdTime,
            passive: true,
          })),
        }
      : { ranges: [{ prefix: peerRange, remoteAs: peerAs, holdTime, limit: peers }] }),
  };
}

interface Delay {
  readonly p99: number;
  readonly max: number;
}

interface Metrics {
  readonly workers: readonly ({
    readonly mailboxDelay: Delay;
    readonly timerDelay: Delay;
  } | null)[];
}

function delaysOf({ workers }: Metrics): EngineDelays {
  const alive = workers.filter((worker) => worker !== null);
  return {
    mailboxP99: Math.max(...alive.map(({ mailboxDelay }) => mailboxDelay.p99)),
    timerWorst: Math.max(...alive.map(({ timerDelay }) => timerDelay.max)),
  };
}

/** One request over the control socket: cheaper than a command, which is a Node.js of its own. */
async function ask(path: string, method: string): Promise<unknown> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    socket.write(`${JSON.stringify({ id: 1, method, parameters: {} })}\n`);
    for await (const line of createInterface({ input: socket })) {
      const reply = JSON.parse(line) as { done?: unknown; error?: { message: string } };
      if (reply.error !== undefined) throw new Error(reply.error.message);
      return reply.done;
    }
    throw new Error(`the engine gave no answer to ${method}`);
  } finally {
    socket.destroy();
  }
}
