import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../interop/speakers/port.ts';
import { Tester } from '../comparison/tester.ts';
import { Witness } from '../comparison/witness.ts';
import { deviceAs, neighbours, scenarioOf, type Work } from '../comparison/workload.ts';
import type { FromEngine } from './engineProcess.ts';
import { lethalNeighbour } from './lethalHandler.ts';

/** How an engine got over the death of one of its two workers. Times in seconds since it died. */
export interface Recovery {
  readonly peers: number;
  readonly prefixes: number;
  /** Routes that the engine held just before. */
  readonly routesBefore: number;
  /** Sessions that went with the worker. */
  readonly sessionsDown: number;
  /** Of the other worker. */
  readonly othersLost: number;
  /** Until the worker that takes its place answers. */
  readonly workerUp: number;
  /** Until the first and the last of its sessions were Established again. */
  readonly firstSession: number;
  readonly lastSession: number;
  /** Until the engine held every route. */
  readonly everyRoute: number;
}

const address = '127.0.0.1';

/**
 * Kills one of two workers while the tables of `work` come in, half of them being there, and waits until
 * everything is back. The neighbours are the load tester's; each dials again 2 s after it has lost its session.
 */
export async function killWorker(work: Work): Promise<Recovery> {
  const port = await freePort(address);
  const engine = new Engine(port, work);
  let tester: Tester | undefined;
  try {
    const patience = work.patience * 1000;
    await engine.until('the engine is ready', ({ isReady }) => isReady, patience);
    tester = new Tester(scenarioOf(work, address, port));
    const wanted = work.peers * work.prefixes;
    await engine.until('half of the routes', ({ routes }) => routes >= wanted / 2, patience);
    await tester.phase(2, patience);
    const killer = await Witness.start({ address, port }, lethalNeighbour, neighbours.as);
    await engine.until('a worker dies', ({ downAt }) => downAt !== undefined, patience);
    killer.stop();
    const routesBefore = engine.routesWhenDown;
    await engine.until(
      'everything is back',
      ({ completeAt }) => completeAt !== undefined,
      patience,
    );
    const since = (time: number): number => (time - engine.downAt!) / 1000;
    const times = [...engine.back.values()].map(since);
    return {
      peers: work.peers,
      prefixes: work.prefixes,
      routesBefore,
      sessionsDown: engine.down.size,
      othersLost: engine.othersLost,
      workerUp: since(engine.upAt!),
      firstSession: Math.min(...times),
      lastSession: Math.max(...times),
      everyRoute: since(engine.completeAt!),
    };
  } finally {
    await tester?.kill();
    await engine.stop();
  }
}

/** The engine's process, and what it has told. */
class Engine {
  isReady = false;
  routes = 0;
  routesWhenDown = 0;
  downAt: number | undefined;
  upAt: number | undefined;
  completeAt: number | undefined;
  /** Peers whose session went with the worker; and those that are back, since when. */
  down: ReadonlySet<string> = new Set();
  readonly back = new Map<string, number>();
  othersLost = 0;
  readonly #child: ChildProcess;
  readonly #listeners = new Set<() => void>();
  readonly #wanted: number;

  constructor(port: number, { peers, prefixes, holdTime }: Work) {
    this.#wanted = peers * prefixes;
    const options = {
      routerId: '10.0.0.1',
      localAs: deviceAs,
      listen: [{ address, port }],
      ranges: [{ prefix: neighbours.range, remoteAs: neighbours.as, holdTime, limit: peers + 1 }],
    };
    const program = fileURLToPath(new URL('engineProcess.ts', import.meta.url));
    // Main thread and workers have the handler's types stripped: see `kept` in the launcher.
    const execArgv = ['--no-warnings', '--no-wasm-code-gc'];
    this.#child = fork(program, [JSON.stringify(options)], { execArgv });
    this.#child.on('message', (message: FromEngine) => {
      this.#hear(message);
      for (const listener of this.#listeners) listener();
    });
  }

  /** Every session that went with the worker is Established again. */
  get isBack(): boolean {
    return this.down.size > 0 && this.back.size === this.down.size;
  }

  /** Resolves when the condition holds; rejects after `patience` milliseconds. */
  async until(
    what: string,
    condition: (engine: Engine) => boolean,
    patience: number,
  ): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (!condition(this)) return;
        clearTimeout(timer);
        this.#listeners.delete(look);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#listeners.delete(look);
        reject(new Error(`waited for ${patience / 1000} s in vain: ${what}`));
      }, patience);
      this.#listeners.add(look);
      look();
    });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
  }

  #hear(message: FromEngine): void {
    switch (message.kind) {
      case 'ready':
        this.isReady = true;
        break;
      case 'workerDown':
        this.downAt = message.time;
        this.down = new Set(message.peers);
        this.othersLost -= this.down.size;
        this.routesWhenDown = this.routes;
        break;
      case 'workerUp':
        if (this.downAt !== undefined) this.upAt = message.time;
        break;
      case 'sessionDown':
        this.othersLost += 1;
        break;
      case 'sessionUp':
        if (this.down.has(message.peer)) this.back.set(message.peer, message.time);
        break;
      case 'routes':
        this.routes = message.count;
        if (this.isBack && message.count >= this.#wanted) this.completeAt ??= message.time;
        break;
    }
  }
}
