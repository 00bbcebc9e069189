import { accessSync, constants, existsSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CommandError, ExitCode, usageError } from '../exitCode.ts';

/** Whose file it is, as in `--json`, and its path; absent: there is none. */
export type NamedFile = readonly [name: string, path: string | undefined];

/**
 * A long test must not find only at its end that its result has no place to go, nor one file be written over
 * another that is wanted.
 *
 * @param outputs are going to be written
 * @param inputs are read
 */
export function checkOutputs(outputs: readonly NamedFile[], inputs: readonly NamedFile[]): void {
  const owners = new Map<string, string>();
  for (const [name, path] of inputs) {
    if (path !== undefined && existsSync(path)) owners.set(identityOf(path), name);
  }
  for (const [name, path] of outputs) {
    if (path === undefined) continue;
    if (path === '-') throw usageError(`${name} -: it is written to a file only; name one`);
    checkWritable(path);
    // What is no file, such as /dev/null or a pipe, keeps nothing that could be lost.
    if (existsSync(path) && !statSync(path).isFile()) continue;
    const identity = identityOf(path);
    const owner = owners.get(identity);
    if (owner !== undefined) {
      throw usageError(
        `${name} ${path} is the file of ${owner}, which would be lost; name another one`,
      );
    }
    owners.set(identity, name);
  }
}

function checkWritable(path: string): void {
  try {
    if (existsSync(path) && statSync(path).isDirectory()) throw new Error('it is a directory');
    accessSync(existsSync(path) ? path : dirname(path), constants.W_OK);
  } catch (error) {
    throw unwritable(path, error, ExitCode.usage);
  }
}

/** The same for all names of a file. */
function identityOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat !== undefined) return `${stat.dev}:${stat.ino}`;
  return join(realpathSync(dirname(path)), basename(path));
}

/** Writes a file, or says why it cannot be. */
export function writeFile(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw unwritable(path, error, ExitCode.failure);
  }
}

function unwritable(path: string, error: unknown, exitCode: ExitCode): CommandError {
  return new CommandError(
    'ERR_PEERLOOM_OUTPUT',
    `cannot write ${path}: ${(error as Error).message}; make room, or name another place`,
    exitCode,
  );
}
