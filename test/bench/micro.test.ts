import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What is measured, each by a name of its own. */
const subjects = [
  'deframing UPDATEs',
  'decoding IPv4 UPDATEs',
  'attribute blocks',
  'IPv4 prefixes',
  'packing a table',
  'ipc batches',
  'fsm.step',
  'into its Adj-RIB-In',
];

it('each part of the hot path stays within its bound of floors', { timeout: 240_000 }, () => {
  const run = spawnSync(process.execPath, ['.ci/bench.mjs', 'micro', '--size', 'small'], {
    cwd: root,
    encoding: 'utf8',
  });
  const printed = `${run.stdout}${run.stderr}`;
  expect(run.status, printed).toBe(0);
  expect(subjects.filter((subject) => !printed.includes(subject))).toEqual([]);
  expect(printed).toMatch(/ Deframer +\d+\.\d +\d+\.\d × floor/);
});
