import { resolve } from 'node:path';
import { type ApplyResult, createEngine, type Engine, type Peer } from '@peerloom/supervisor';
import type { Logger } from 'pino';
import type { Configuration } from '../configuration/configuration.ts';
import type { Done } from '../control/methods.ts';
import { type ControlHandler, ControlServer } from '../control/server.ts';
import { defaultSocketPath } from '../control/socketPath.ts';
import { CommandError, ExitCode } from '../exitCode.ts';
import { isByStranger } from './byStranger.ts';
import { controlHandler } from './controlMethods.ts';
import { eventItem } from './eventItem.ts';
import { EventLog } from './eventLog.ts';
import { logEvent } from './logEvent.ts';
import { withOperatorShutdowns } from './operatorShutdowns.ts';

/** What a daemon is started with. */
export interface DaemonOptions {
  readonly configuration: Configuration;
  /** Reads the configuration file again, and throws what is wrong with it. Absent where there is none. */
  readonly read?: () => Configuration;
  /** Path of the control socket; stronger than the one in the configuration. */
  readonly socket?: string | undefined;
  readonly log: Logger;
}

/** An engine with its control socket, its event log and its configuration file. */
export class Daemon implements AsyncDisposable {
  readonly engine: Engine;
  readonly socket: string;
  readonly #control: ControlServer;
  readonly #events = new EventLog(eventItem);
  readonly #log: Logger;
  readonly #read: DaemonOptions['read'];
  /** By who started the daemon: it goes before that of the file. */
  readonly #socketGiven: string | undefined;
  readonly #following: Promise<void>;
  /** What the file said when it was last applied. */
  #configuration: Configuration;
  /** One reload at a time. */
  #reloading: Promise<unknown> = Promise.resolve();

  private constructor(engine: Engine, control: ControlServer, options: DaemonOptions) {
    this.engine = engine;
    this.socket = control.path;
    this.#control = control;
    this.#log = options.log;
    this.#read = options.read;
    this.#socketGiven = options.socket;
    this.#configuration = options.configuration;
    this.#following = this.#follow();
  }

  /** Starts all of it, or nothing: what cannot be had ends what was started before it. */
  static async start(options: DaemonOptions): Promise<Daemon> {
    const { configuration } = options;
    let handler = stillStarting;
    // Before the engine: no neighbor shall see a session that ends because the socket was taken.
    const control = await ControlServer.listen(
      socketOf(options.socket, configuration),
      (method, parameters, signal) => handler(method, parameters, signal),
    );
    try {
      const engine = await createEngine(configuration.engine);
      const daemon = new Daemon(engine, control, options);
      handler = controlHandler({
        engine,
        events: daemon.#events,
        ...(options.read && { reload: () => daemon.reload() }),
      });
      return daemon;
    } catch (error) {
      await control.close();
      throw error;
    }
  }

  /**
   * Reads the configuration file again and makes it the one in force. Throws what is wrong with it; the
   * old one then stays in force as a whole.
   */
  reload(): Promise<Done> {
    const reload = this.#reloading.then(() => this.#reload());
    this.#reloading = reload.catch(() => {});
    return reload;
  }

  /** Shuts every session with Cease/Administrative Shutdown, and ends. */
  async close(text = ''): Promise<void> {
    await this.engine.close({ text });
    // Whoever follows events has them all before the connection ends.
    await this.#following;
    await this.#control.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #reload(): Promise<Done> {
    const configuration = this.#read!();
    const result = await this.engine.apply(
      withOperatorShutdowns(configuration.engine, this.#configuration.engine, this.engine),
    );
    this.#configuration = configuration;
    const isSameSocket = socketOf(this.#socketGiven, configuration) === this.socket;
    const done = applied(result, isSameSocket ? [] : ['control.socket']);
    this.#log.info(done.text);
    return done;
  }

  async #follow(): Promise<void> {
    for await (const event of this.engine.events()) {
      this.#events.append(event, isByStranger(event));
      logEvent(this.#log, event);
    }
    this.#events.close();
  }
}

const stillStarting: ControlHandler = () => {
  throw new CommandError(
    'ERR_PEERLOOM_STARTING',
    'the engine is still starting: ask again in a moment',
    ExitCode.unreachable,
  );
};

/** Few of many: a file may change thousands. */
const mostNamed = 3;

function namesOf(peers: readonly Peer[]): string {
  const names = peers.slice(0, mostNamed).map(({ address }) => address);
  const others = peers.length - names.length;
  return others > 0 ? `${names.join(', ')} and ${others} more` : names.join(', ');
}

/** Where the control socket is to be: the absolute path. */
function socketOf(given: string | undefined, { socket }: Configuration): string {
  return resolve(given ?? socket ?? defaultSocketPath());
}

/** What has been done. `own`: keys that are not the engine's, and take effect when the daemon is started anew. */
function applied(result: ApplyResult, own: readonly string[]): Done {
  const parts = [
    [result.added, 'added'],
    [result.removed, 'removed'],
    [result.shutDown, 'shut down'],
    [result.started, 'started'],
    [result.kept, 'changed without losing its session'],
    [result.reset, 'changed and reset'],
  ] as const;
  const texts = parts
    .filter(([peers]) => peers.length > 0)
    .map(([peers, what]) => `${peers.length} ${what} (${namesOf(peers)})`);
  const fixed = [...result.ignored, ...own];
  const later = fixed.length > 0 ? `; to be started anew for: ${fixed.join(', ')}` : '';
  return {
    text: `configuration applied: ${texts.length > 0 ? texts.join(', ') : 'no neighbor changed'}${later}`,
    neighbors: parts.flatMap(([peers]) => peers.map(({ address }) => address)),
  };
}
