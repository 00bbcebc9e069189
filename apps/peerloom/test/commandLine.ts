import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { runProgram } from '../src/program.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** What a command line has said and left behind. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line that runs: what it has said so far, and its end. */
export class RunningCommand implements AsyncDisposable {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly #ended: Promise<number | null>;

  constructor(words: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    // Main thread and workers have types stripped: see `kept` in the launcher.
    const flags = ['--conditions=peerloom-source', '--no-wasm-code-gc'];
    this.child = spawn(process.execPath, [...flags, main, ...words], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    this.child.stdout!.on('data', (chunk: Buffer) => {
      this.stdout += String(chunk);
    });
    this.child.stderr!.on('data', (chunk: Buffer) => {
      this.stderr += String(chunk);
    });
    this.#ended = once(this.child, 'close').then(([status]) => status as number | null);
  }

  /** Waits for the end. */
  async outcome(): Promise<Outcome> {
    const status = await this.#ended;
    return { status, stdout: this.stdout, stderr: this.stderr };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.#ended;
  }
}

/**
 * Runs a command line to its end within this process, which is quick: for those that neither read
 * standard input nor start anything.
 */
export async function inProcess(...words: readonly string[]): Promise<Outcome> {
  const said = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text, ...others: unknown[]) => {
      said[name] += String(text);
      const done = others.find((each) => typeof each === 'function');
      done?.();
      return true;
    }),
  );
  try {
    const status = await runProgram(words);
    return { status, ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** Runs a command line to its end. */
export async function peerloom(
  words: readonly string[],
  {
    input = '',
    environment = {},
  }: { input?: string | Buffer; environment?: NodeJS.ProcessEnv } = {},
): Promise<Outcome> {
  await using command = new RunningCommand(words, environment);
  command.child.stdin!.on('error', () => {}); // it may end without reading
  command.child.stdin!.end(input);
  return await command.outcome();
}
