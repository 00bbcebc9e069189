import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadResult, Scenario } from '@peerloom/load';
import type { FromTester, ToTester } from './testerProcess.ts';

/** How long the tester may take to close its sessions, in milliseconds. */
const closingPatience = 60_000;

/** The load tester at work on one device. */
export class Tester {
  readonly #child: ChildProcess;
  readonly #began = new Map<number, number>();
  readonly #listeners = new Set<() => void>();
  #result: LoadResult | undefined;
  #failure: Error | undefined;
  /** CPU seconds of the tester, once it has ended. */
  cpuSeconds = 0;

  constructor(scenario: Scenario) {
    const program = fileURLToPath(new URL('testerProcess.ts', import.meta.url));
    this.#child = fork(program, { execArgv: ['--no-warnings'] });
    this.#child.on('message', (message: FromTester) => this.#hear(message));
    this.#child.once('error', (error) => this.#fail(error));
    this.#child.once('exit', (code, signal) => {
      if (this.#result === undefined) {
        this.#fail(new Error(`the tester ended (${signal ?? code}) without a result`));
      }
    });
    this.#tell({ kind: 'run', scenario });
  }

  /**
   * Waits for a phase, counted from 1, and gives when it began, in milliseconds of `performance.now`. A short
   * phase may be over before it was told of: then it is as if it had begun with the one after it.
   */
  async phase(number: number, patience: number): Promise<number> {
    return await this.#until(
      () => this.#began.get(number),
      patience,
      `phase ${number} of the tester`,
    );
  }

  /** Throws when the tester has failed. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Ends the sessions, and gives what the tester has measured. */
  async end(): Promise<LoadResult> {
    this.#tell({ kind: 'end' });
    return await this.#until(() => this.#result, closingPatience, 'the result of the tester');
  }

  /** Whatever it is doing. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  #tell(message: ToTester): void {
    if (this.#child.connected) this.#child.send(message);
  }

  #hear(message: FromTester): void {
    if (message.kind === 'phase') {
      for (let number = message.number; number > 0 && !this.#began.has(number); number--) {
        this.#began.set(number, performance.now());
      }
    } else if (message.kind === 'failed') this.#fail(new Error(message.reason));
    else {
      this.#result = message.result;
      this.cpuSeconds = message.cpuSeconds;
    }
    for (const listener of this.#listeners) listener();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const listener of this.#listeners) listener();
  }

  async #until<T>(value: () => T | undefined, patience: number, what: string): Promise<T> {
    return await new Promise<T>((resolve, reject) => {
      const look = (): void => {
        const found = value();
        if (found === undefined && this.#failure === undefined) return;
        clearTimeout(timer);
        this.#listeners.delete(look);
        if (found === undefined) reject(this.#failure!);
        else resolve(found);
      };
      const timer = setTimeout(() => {
        this.#listeners.delete(look);
        reject(new Error(`${what} did not come within ${(patience / 1000).toFixed(0)} s`));
      }, patience);
      this.#listeners.add(look);
      look();
    });
  }
}
