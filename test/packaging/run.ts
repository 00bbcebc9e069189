import { execFile } from 'node:child_process';
import { delimiter, dirname } from 'node:path';

/** Milliseconds: long for anything that is run here, short for somebody who waits for a test that hangs. */
const patience = 60_000;

/**
 * Runs a program as somebody would who has the Node.js of this process first in the PATH, and gives
 * what it wrote to standard output. It gets a Ctrl-C as soon as `interruptAt` has come there.
 *
 * @throws When it fails, with all that it wrote.
 */
export function run(
  command: string,
  args: readonly string[],
  cwd: string,
  interruptAt?: string,
): Promise<string> {
  // Vitest's own, which lead to the sources of our packages.
  const { NODE_OPTIONS: _, ...env } = process.env;
  env['PATH'] = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  const options = { cwd, env, timeout: patience, maxBuffer: 64 << 20 };
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, options, (error, stdout) => {
      if (error === null) resolve(stdout);
      // The message has standard error; compilers tell on standard output what is wrong.
      else reject(new Error(`${error.message}\n${stdout}`.trim()));
    });
    if (interruptAt === undefined) return;
    let written = '';
    child.stdout?.on('data', (text: string) => {
      written += text;
      if (written.includes(interruptAt) && !child.killed) child.kill('SIGINT');
    });
  });
}

/** Runs pnpm, of the version that the checkout is installed with. */
export function pnpm(args: readonly string[], cwd: string): Promise<string> {
  return run('npx', ['-y', 'pnpm@12', ...args], cwd);
}
