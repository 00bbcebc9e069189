import { once } from 'node:events';
import { lstatSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { CommandError, ExitCode } from '../exitCode.ts';
import { LineReader } from './lineReader.ts';
import {
  type ControlFailure,
  type ControlReply,
  type ControlRequest,
  encodeLine,
  longestRequest,
  parseRequest,
} from './protocol.ts';
import { prepareSocketPath } from './socketPath.ts';

/**
 * Does what a request asks. A result is sent whole; an async iterable is sent item by item, no faster
 * than the client takes them, and ended early through `signal` when the client goes away.
 */
export type ControlHandler = (
  method: string,
  parameters: unknown,
  signal: AbortSignal,
) => Promise<unknown> | AsyncIterable<unknown>;

const mostConnections = 64;

/** Milliseconds that answers have to come to their end when the server closes. */
const patience = 500;

/** Requests of one connection that wait for their turn; more than that is no command line of ours. */
const mostWaiting = 16;

/** Listens for commands on a Unix socket that only its owner may open. */
export class ControlServer implements AsyncDisposable {
  readonly path: string;
  readonly #server: Server;
  readonly #handler: ControlHandler;
  readonly #connections = new Set<Socket>();
  /** Answers that are under way. */
  readonly #answers = new Set<Promise<void>>();

  private constructor(path: string, handler: ControlHandler) {
    this.path = path;
    this.#handler = handler;
    this.#server = createServer((socket) => void this.#serve(socket));
    this.#server.maxConnections = mostConnections;
  }

  /**
   * Starts to listen at `path`. A socket that a dead engine left behind is replaced. Throws a
   * `CommandError` where a living engine has it, or where the system refuses.
   */
  static async listen(path: string, handler: ControlHandler): Promise<ControlServer> {
    const server = new ControlServer(prepareSocketPath(path), handler);
    await removeStale(server.path);
    await server.#bind();
    return server;
  }

  /** Stops to listen, removes the socket, lets answers that are about to end do so, and ends every connection. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    await withinPatience(Promise.allSettled(this.#answers));
    for (const socket of this.#connections) socket.destroySoon();
    await withinPatience(closed);
    for (const socket of this.#connections) socket.destroy();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #bind(): Promise<void> {
    // Mode 0600 from its first moment: with a chmod after it, anybody could connect in between.
    const before = process.umask(0o177);
    this.#server.listen(this.path);
    process.umask(before);
    try {
      await once(this.#server, 'listening');
    } catch (error) {
      throw new CommandError(
        'ERR_PEERLOOM_CONTROL_LISTEN',
        `cannot make the control socket ${this.path}: ${(error as Error).message}. Make room or get the right to write there, or choose another place with --socket`,
      );
    }
    this.#server.on('error', () => {}); // accept() out of file descriptors: the next one may succeed
  }

  async #serve(socket: Socket): Promise<void> {
    const gone = new AbortController();
    this.#connections.add(socket);
    socket.on('error', () => {}); // a client that went away is not our trouble
    socket.on('close', () => {
      this.#connections.delete(socket);
      gone.abort();
    });

    const reader = new LineReader(longestRequest);
    const waiting: string[] = [];
    let working = false;
    const work = async (): Promise<void> => {
      if (working) return;
      working = true;
      for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) {
        const answer = this.#answer(socket, line, gone.signal);
        this.#answers.add(answer);
        await answer.finally(() => this.#answers.delete(answer));
      }
      working = false;
      socket.resume();
    };
    socket.on('data', (chunk: Buffer) => {
      try {
        waiting.push(...reader.push(chunk));
      } catch {
        socket.destroy();
        return;
      }
      if (waiting.length > mostWaiting) socket.pause();
      void work();
    });
  }

  async #answer(socket: Socket, line: string, signal: AbortSignal): Promise<void> {
    const request = parseRequest(line);
    if (request === undefined) {
      const text = 'not a request: a line must be {"id": 1, "method": "…", "parameters": {…}}';
      await send(socket, {
        id: 0,
        error: { code: 'ERR_PEERLOOM_REQUEST', message: text, exitCode: ExitCode.usage },
      });
      return;
    }
    try {
      await this.#perform(socket, request, signal);
    } catch (error) {
      await send(socket, { id: request.id, error: failureOf(error) });
    }
  }

  async #perform(socket: Socket, request: ControlRequest, signal: AbortSignal): Promise<void> {
    const { id, method, parameters } = request;
    const answer = this.#handler(method, parameters, signal);
    if (!(Symbol.asyncIterator in answer)) {
      await send(socket, { id, done: (await answer) ?? null });
      return;
    }
    for await (const item of answer) {
      if (!(await send(socket, { id, item }))) return;
    }
    await send(socket, { id, done: null });
  }
}

/** Waits for a promise that does not reject, but not long. */
async function withinPatience(promise: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  await Promise.race([promise, delay(patience, undefined, done).catch(() => {})]);
  done.abort();
}

/** Writes a line, and waits until there is room for the next; `false` once the client is gone. */
async function send(socket: Socket, reply: ControlReply): Promise<boolean> {
  if (socket.destroyed) return false;
  if (!socket.write(encodeLine(reply))) {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        socket.off('drain', done).off('close', done);
        resolve();
      };
      socket.on('drain', done).on('close', done);
    });
  }
  return !socket.destroyed;
}

/** What the caller is told of an error; one that nobody expected is told with its own words. */
function failureOf(error: unknown): ControlFailure {
  const { code, message } = error as Partial<NodeJS.ErrnoException>;
  return {
    code: code ?? 'ERR_PEERLOOM_FAILED',
    message: message ?? String(error),
    exitCode: error instanceof CommandError ? error.exitCode : ExitCode.failure,
  };
}

/** Removes a socket at which nobody answers. */
async function removeStale(path: string): Promise<void> {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isSocket()) {
    throw new CommandError(
      'ERR_PEERLOOM_CONTROL_PATH',
      `${path} exists and is not a socket: remove it, or choose another place with --socket`,
    );
  }
  if (await answers(path)) {
    throw new CommandError(
      'ERR_PEERLOOM_CONTROL_TAKEN',
      `an engine already answers at ${path}: stop it, or give this one another socket with --socket`,
    );
  }
  try {
    unlinkSync(path);
  } catch (error) {
    throw new CommandError(
      'ERR_PEERLOOM_CONTROL_PATH',
      `cannot remove the socket ${path} that an earlier engine left behind: ${(error as Error).message}`,
    );
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.on('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.on('error', () => resolve(false));
  });
}
