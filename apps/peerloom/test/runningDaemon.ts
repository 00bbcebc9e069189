import { writeFileSync } from 'node:fs';
import { vi } from 'vitest';
import { inProcess, type Outcome, RunningCommand } from './commandLine.ts';
import type { TemporaryDirectory } from './temporary.ts';

/** `peerloom run` in a process of its own, with its file and its control socket in a directory. */
export class RunningDaemon implements AsyncDisposable {
  readonly file: string;
  readonly socket: string;
  readonly command: RunningCommand;

  private constructor(directory: TemporaryDirectory, name: string, configuration: object) {
    this.file = directory.file(`${name}.json`);
    this.socket = directory.file(`${name}.sock`);
    this.write(configuration);
    this.command = new RunningCommand(['run', '-c', this.file, '--socket', this.socket]);
  }

  /** Starts one, and waits until it takes commands. */
  static async start(
    directory: TemporaryDirectory,
    name: string,
    configuration: object,
  ): Promise<RunningDaemon> {
    const daemon = new RunningDaemon(directory, name, configuration);
    await vi.waitUntil(() => daemon.command.stderr.includes('commands at'), { timeout: 20_000 });
    return daemon;
  }

  /** The port that it listens on. */
  get port(): number {
    return Number(/listening on 127\.0\.0\.1:(\d+)/.exec(this.command.stderr)?.[1]);
  }

  /** Changes its file. */
  write(configuration: object): void {
    writeFileSync(this.file, JSON.stringify(configuration, undefined, 2));
  }

  /** Gives it a command. */
  say(...words: readonly string[]): Promise<Outcome> {
    return inProcess(...words, '--socket', this.socket);
  }

  /** Asks it for something, as JSON. */
  async ask<T>(...words: readonly string[]): Promise<T> {
    const { stdout, stderr } = await this.say(...words, '--json');
    if (stderr !== '') throw new Error(stderr);
    return JSON.parse(stdout) as T;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.command[Symbol.asyncDispose]();
  }
}
