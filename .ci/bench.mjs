// Runs the benchmarks, one after another, each in a Node.js of its own and on the compiled code:
// every `test/bench/**/*.bench.ts`. Arguments choose those whose path contains one of them.

import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const chosen = process.argv.slice(2);
const all = globSync(['{packages,apps}/*/test/bench/**/*.bench.ts', 'test/bench/**/*.bench.ts'], {
  cwd: root,
});
const benches = all
  .filter((file) => chosen.length === 0 || chosen.some((part) => file.includes(part)))
  .toSorted();

if (benches.length === 0) {
  console.error(
    `No benchmark matches "${chosen.join(' ')}". There are: ${all.join(', ') || 'none'}`,
  );
  process.exit(1);
}
for (const file of benches) {
  console.log(`\n# ${file}`);
  const { status } = spawnSync(process.execPath, [file], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
