import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromSinks, SinksResult, SinksSetup } from './sinkProcess.ts';

/** Neighbours that only listen, at work on one device. */
export class Sinks {
  readonly #child: ChildProcess;
  readonly #complete: Promise<SinksResult>;

  /** Has them connect. */
  constructor(setup: SinksSetup) {
    const program = fileURLToPath(new URL('sinkProcess.ts', import.meta.url));
    this.#child = fork(program, { execArgv: ['--no-warnings'] });
    this.#complete = new Promise((resolve, reject) => {
      this.#child.on('message', (message: FromSinks) => {
        if (message.kind === 'complete') resolve(message.result);
        else if (message.kind === 'failed') reject(new Error(message.reason));
      });
      this.#child.once('error', reject);
      this.#child.once('exit', (code, signal) => {
        reject(new Error(`the sinks ended (${signal ?? code}) before they held everything`));
      });
    });
    // Whoever waits for it is told.
    this.#complete.catch(() => {});
    this.#child.send(setup);
  }

  /** Resolves when all hold everything; rejects after `patience` milliseconds, or when a session ends. */
  async complete(patience: number): Promise<SinksResult> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`the sinks did not have everything within ${patience / 1000} s`));
      }, patience);
    });
    return await Promise.race([this.#complete, late]).finally(() => clearTimeout(timer));
  }

  /** Ends the sessions, whatever they are at. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.disconnect();
    await exited;
  }
}
