import { CommandError } from './exitCode.ts';

/** Whoever read our output has gone (`| head`): nothing more to do, and nothing wrong. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

let failure: Error | undefined;

/** What standard output could not take is kept for the next `write`, instead of ending the process. */
export function watchOutput(): void {
  process.stdout.on('error', (error: Error) => {
    failure ??= outputError(error);
  });
  process.stderr.on('error', () => {}); // nobody is left to tell
}

/**
 * Writes to standard output, and waits until it has been taken. Throws `OutputClosed` when its reader
 * has gone, or a `CommandError` when it cannot take more (a full disk).
 */
export async function write(text: string): Promise<void> {
  if (failure) throw failure;
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(outputError(error)) : resolve()));
  });
}

/** Writes lines to standard output. */
export async function writeLines(lines: readonly string[]): Promise<void> {
  if (lines.length > 0) await write(`${lines.join('\n')}\n`);
}

/** Writes a value to standard output as JSON that people can read too. */
export async function writeJson(value: unknown): Promise<void> {
  await write(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** Writes a list to standard output as one JSON array with an item a line, part by part, however long it is. */
export async function writeJsonArray(parts: AsyncIterable<readonly unknown[]>): Promise<void> {
  let before = '[\n';
  for await (const items of parts) {
    if (items.length === 0) continue;
    await write(before + items.map((item) => JSON.stringify(item)).join(',\n'));
    before = ',\n';
  }
  await write(before === '[\n' ? '[]\n' : '\n]\n');
}

/** A line for the user that is not the result: progress, logs, errors. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

function outputError(error: NodeJS.ErrnoException): Error {
  if (error.code === 'EPIPE') return new OutputClosed('the reader of our output has gone');
  const advice = error.code === 'ENOSPC' ? ': make room, or write to another place' : '';
  return new CommandError(
    'ERR_PEERLOOM_OUTPUT',
    `cannot write the output: ${error.message}${advice}`,
  );
}
