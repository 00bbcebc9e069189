import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { examplesOf } from './packaging/examples.ts';

/** Those whose examples stand alone; the others' run among the packed packages, with what they need. */
const readmes = [
  'README.md',
  'packages/wire/README.md',
  'packages/fsm/README.md',
  'packages/rib/README.md',
  'packages/ipc/README.md',
  'packages/actor/README.md',
  'packages/sockets/README.md',
  'packages/supervisor/README.md',
];

const folder = fileURLToPath(new URL('.', import.meta.url));

describe.each(readmes)('%s', (readme) => {
  const examples = examplesOf(fileURLToPath(new URL(`../${readme}`, import.meta.url)));
  const telling = examples.filter((example) => example.prints !== undefined);

  it('tells what an example prints', () => {
    expect(telling).not.toEqual([]);
  });

  it.each(telling)(
    'runs as it stands, and prints what it says',
    { timeout: 30_000 },
    async ({ code, prints }) => {
      // Run from here, where every package can be found.
      const words = [
        '--conditions=peerloom-source',
        // See `kept` in the launcher.
        '--no-wasm-code-gc',
        '--input-type=module-typescript',
        '--eval',
        code,
      ];
      const { stdout } = await promisify(execFile)(process.execPath, words, {
        cwd: folder,
        timeout: 25_000,
      });
      expect(stdout).toBe(prints);
    },
  );
});
