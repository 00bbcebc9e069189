// What can be measured, each on the compiled code and in a Node.js of its own. Without arguments it says
// what there is.

import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const microBenches = globSync('{packages,apps}/*/test/bench/**/*.bench.ts', {
  cwd: root,
}).toSorted();

const usage = `npm run bench -- compare [W1 W2 ...]   the same work for Peerloom, BIRD, FRR, GoBGP, OpenBGPD and ExaBGP
    --rounds 3                         each device so often, in turns
    --size full|small                  small: seconds, to see that all works; its figures say nothing
    --devices peerloom,bird            only those whose name contains one of these
    --json FILE, --html FILE           everything that was found; a page with it
npm run bench -- memory                octets of memory for each prefix and each session
    --size full|small, --json FILE
npm run bench -- micro [FILTER ...]    single parts, beside a floor: those whose path contains a filter
${microBenches.map((file) => `    ${file}`).join('\n')}`;

const [what, ...rest] = process.argv.slice(2);
if (what === 'compare') run('test/bench/comparison/main.ts', rest);
else if (what === 'memory') run('test/bench/memory/main.ts', rest);
else if (what === 'micro') micro(rest);
else {
  const isHelp = what === undefined || what === 'help' || what === '--help';
  if (!isHelp) console.error(`bench knows no ${what}.`);
  console.log(usage);
  process.exitCode = isHelp ? 0 : 2;
}

function micro(filters) {
  const chosen = microBenches.filter(
    (file) => filters.length === 0 || filters.some((part) => file.includes(part)),
  );
  if (chosen.length === 0) {
    console.error(
      `No benchmark matches "${filters.join(' ')}". There are:\n${microBenches.join('\n')}`,
    );
    process.exitCode = 1;
  }
  for (const file of chosen) {
    console.log(`\n# ${file}`);
    run(file, [], ['--expose-gc']);
  }
}

function run(file, args, options = []) {
  const { status } = spawnSync(process.execPath, [...options, file, ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = status ?? 1;
}
