import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(`${folder}/README.md`, 'utf8');

/** The first fenced block of a language. */
function block(language: string): string {
  const match = new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(readme);
  if (match === null) throw new Error(`README.md has no block of ${language}`);
  return match[1]!;
}

it('has an example that runs as it stands and prints what it says', { timeout: 30_000 }, () => {
  const output = execFileSync(
    process.execPath,
    ['--conditions=peerloom-source', '--input-type=module-typescript', '--eval', block('ts')],
    { cwd: folder, encoding: 'utf8', timeout: 25_000 },
  );
  expect(output).toBe(block('text'));
});
