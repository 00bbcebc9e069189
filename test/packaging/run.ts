import { execFile } from 'node:child_process';
import { delimiter, dirname } from 'node:path';

/** How a program is run. */
export interface RunOptions {
  readonly cwd: string;
  /** What must come on standard output for the program, which then is ended, to have done its work. */
  readonly until?: string;
}

/** Long for anything that is run here, short for somebody who waits for a test that hangs. */
const patience = 60_000;

/**
 * Runs a program as somebody would who has the Node.js of this process first in the PATH, and gives
 * what it wrote to standard output.
 *
 * @throws When it fails, with all that it wrote.
 */
export function run(
  command: string,
  args: readonly string[],
  { cwd, until }: RunOptions,
): Promise<string> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  env['PATH'] = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  return new Promise((resolve, reject) => {
    const options = { cwd, env, timeout: patience, maxBuffer: 64 << 20 };
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      const done = until === undefined ? error === null : stdout.includes(until);
      if (done) resolve(stdout);
      else reject(new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error }));
    });
    if (until === undefined) return;
    let written = '';
    child.stdout?.on('data', (text: string) => {
      written += text;
      if (written.includes(until)) child.kill();
    });
  });
}

/** Runs pnpm, of the version that the checkout is installed with. */
export function pnpm(args: readonly string[], cwd: string): Promise<string> {
  return run('npx', ['-y', 'pnpm@12', ...args], { cwd });
}
