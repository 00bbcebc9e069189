import { connect, type Socket } from 'node:net';
import { CommandError, ExitCode, type ExitCode as ExitStatus } from '../exitCode.ts';
import { LineReader } from './lineReader.ts';
import type { CallMethod, ControlMethods, StreamMethod } from './methods.ts';
import { type ControlReply, encodeLine, longestReply } from './protocol.ts';

/** One connection to a running engine. */
export class ControlClient implements Disposable {
  readonly #socket: Socket;
  readonly #path: string;
  #lastId = 0;

  private constructor(socket: Socket, path: string) {
    this.#socket = socket;
    this.#path = path;
  }

  /** Connects to the engine at `path`. Throws a `CommandError` with exit status 3 where there is none. */
  static connect(path: string): Promise<ControlClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(path);
      const refuse = (error: NodeJS.ErrnoException): void => {
        reject(
          new CommandError(
            'ERR_PEERLOOM_NO_ENGINE',
            unreachable(path, error),
            ExitCode.unreachable,
          ),
        );
      };
      socket.once('error', refuse);
      socket.once('connect', () => {
        socket.off('error', refuse);
        resolve(new ControlClient(socket, path));
      });
    });
  }

  /** Asks for something that is answered with one result. */
  async call<M extends CallMethod>(
    method: M,
    parameters: ControlMethods[M]['parameters'],
  ): Promise<ControlMethods[M]['result']> {
    const answer = this.#request(method, parameters);
    for (;;) {
      const step = await answer.next();
      if (step.done === true) return step.value;
    }
  }

  /** Asks for something that is answered item by item; leaving the loop early ends the connection. */
  async *stream<M extends StreamMethod>(
    method: M,
    parameters: ControlMethods[M]['parameters'],
  ): AsyncGenerator<ControlMethods[M]['item'], void> {
    let complete = false;
    try {
      yield* this.#request(method, parameters) as AsyncGenerator<ControlMethods[M]['item']>;
      complete = true;
    } finally {
      if (!complete) this.#socket.destroy();
    }
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  async *#request(method: string, parameters: object): AsyncGenerator<unknown, unknown> {
    const id = ++this.#lastId;
    const reader = new LineReader(longestReply);
    try {
      this.#socket.write(encodeLine({ id, method, parameters }));
      // The socket is read only as fast as its items are taken: the rest waits at the engine.
      for await (const chunk of this.#socket.iterator({ destroyOnReturn: false })) {
        for (const line of reader.push(chunk as Buffer)) {
          const reply = JSON.parse(line) as ControlReply;
          if ('error' in reply) {
            const { code, message, exitCode } = reply.error;
            throw new CommandError(code, message, exitCode as ExitStatus);
          }
          if ('done' in reply) return reply.done;
          yield reply.item;
        }
      }
    } catch (error) {
      if (error instanceof CommandError) throw error;
      throw this.#interrupted((error as Error).message);
    }
    throw this.#interrupted('it closed the connection');
  }

  #interrupted(why: string): CommandError {
    return new CommandError(
      'ERR_PEERLOOM_INTERRUPTED',
      `the engine at ${this.#path} went away before its answer was complete (${why})`,
    );
  }
}

function unreachable(path: string, { code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOENT':
    case 'ECONNREFUSED':
      return `no engine answers at ${path}: start one with peerloom run -c peers.yaml, or name the socket of a running one with --socket`;
    case 'EACCES':
    case 'EPERM':
      return `the engine at ${path} belongs to another user: run this command as that user`;
    default:
      return `cannot reach an engine at ${path}: ${message}`;
  }
}
