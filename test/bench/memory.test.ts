import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the script writes. */
interface Document {
  readonly size: string;
  readonly results: readonly { readonly unit: string; readonly octets: number }[];
  readonly idleSession: number;
}

it('what a prefix and a session cost is measured', { timeout: 240_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'peerloom-bench-test-'));
  const json = join(directory, 'memory.json');
  const words = ['.ci/bench.mjs', 'memory', '--size', 'small', '--json', json];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: root,
    encoding: 'utf8',
  });
  expect(status, `${stdout}${stderr}`).toBe(0);
  const { size, results, idleSession } = JSON.parse(readFileSync(json, 'utf8')) as Document;
  rmSync(directory, { recursive: true });
  expect(size).toBe('small');
  expect(stdout).toContain('says nothing');
  expect(results.map(({ unit }) => unit)).toEqual(['prefix', 'route', 'session']);
  for (const { octets } of results) expect(octets).toEqual(expect.any(Number));
  // Objects in a heap are as large whatever their number, and the target for all of a session is 12 KB.
  expect(idleSession).toBeGreaterThan(1000);
  expect(idleSession).toBeLessThan(12_000);
});
