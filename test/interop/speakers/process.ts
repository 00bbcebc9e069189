import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { RunningSpeaker } from './speaker.ts';

const execFileAsync = promisify(execFile);

/** How long a speaker may take to do what it was asked before a test gives up, in milliseconds. */
export const patience = 20_000;

/** A child process whose whole output is kept, and which is ended by its pid and its children's. */
export class SpeakerProcess {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #output: string[] = [];
  readonly #exited: Promise<void>;

  constructor(
    program: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ) {
    this.#child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    if (this.#child.pid === undefined) throw new Error(`${program} could not be started`);
    this.pid = this.#child.pid;
    const keep = (chunk: Buffer): void => {
      this.#output.push(chunk.toString());
    };
    this.#child.stdout?.on('data', keep);
    this.#child.stderr?.on('data', keep);
    this.#exited = new Promise((resolve) => {
      this.#child.once('exit', () => resolve());
    });
  }

  /** What every running speaker says of its process, and how it is ended. */
  running(): Pick<RunningSpeaker, 'pid' | 'pids' | 'log' | 'stop' | typeof Symbol.asyncDispose> {
    return {
      pid: this.pid,
      pids: () => this.pids(),
      log: () => this.log(),
      stop: () => this.stop(),
      [Symbol.asyncDispose]: () => this.stop(),
    };
  }

  log(): string {
    return this.#output.join('');
  }

  /** The process and all below it, itself first. */
  pids(): number[] {
    return [this.pid, ...childrenOf(this.pid)];
  }

  async stop(): Promise<void> {
    const all = this.pids();
    for (const pid of all) signal(pid, 'SIGCONT');
    signal(this.pid, 'SIGTERM');
    const killer = setTimeout(() => {
      for (const pid of all) signal(pid, 'SIGKILL');
    }, 3000);
    await this.#exited;
    clearTimeout(killer);
    for (const pid of all) signal(pid, 'SIGKILL');
  }
}

/** Sends a signal; a process that has gone already is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function childrenOf(parent: number): number[] {
  const found: number[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      // The command name may hold spaces and brackets: the fields start after the last bracket.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(fields[1]) === parent) found.push(Number(entry), ...childrenOf(Number(entry)));
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}

/** Runs a control program and returns what it printed; its own error text is in the error. */
export async function run(program: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execFileAsync(program, args, { timeout: patience, maxBuffer: 64 << 20 });
  return stdout;
}

/**
 * Waits until `condition` gives something other than false, undefined or an error.
 * Errors count as "not yet" (a control socket that is not there, say) and stand in the final message.
 */
export async function until<T>(
  what: string,
  condition: () => Promise<T | false | undefined> | T | false | undefined,
  describe: () => string = () => '',
  limit: number = patience,
): Promise<T> {
  const end = performance.now() + limit;
  let lastError: unknown;
  while (performance.now() < end) {
    try {
      const value = await condition();
      if (value !== false && value !== undefined) return value;
    } catch (error) {
      lastError = error;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
  const reason = lastError instanceof Error ? `\nlast error: ${lastError.message}` : '';
  throw new Error(`gave up after ${limit} ms waiting until ${what}${reason}\n${describe()}`);
}
