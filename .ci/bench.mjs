// What can be measured, each on the compiled code and in a Node.js of its own. Without the name of anything it is the
// comparison with the daemons.

import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const micro = 'test/bench/micro';
const microBenches = globSync('*.bench.ts', { cwd: `${root}/${micro}` }).toSorted();

const usage = `npm run bench                          W1 to W5, and W3L, for Peerloom and for each daemon that is installed: hours
npm run bench -- compare [W1 S1 ...]   the same work for Peerloom, BIRD, FRR, GoBGP, OpenBGPD and ExaBGP; W1 to W5,
                                       and W3L, unless it is said which
    --rounds 3                         each device so often, in turns
    --size full|small                  small: seconds, to see that all works; its figures say nothing
    --devices peerloom,bird            only those whose name contains one of these
    --json FILE, --html FILE           everything that was found; a page with it: .bench/comparison.json and .html
                                       unless it is said where
npm run bench -- kill                  how soon all is back when a worker dies under W2
    --size full|small, --rounds 3, --json FILE
npm run bench -- memory                octets of memory for each prefix and each session
    --size full|small, --json FILE
npm run bench -- micro [FILTER ...]    single parts, beside a floor: those whose name contains a filter
    --size full|small                  small: seconds, to see that all runs and no ratio has run away
    ${microBenches.map((file) => file.replace('.bench.ts', '')).join(', ')}`;

const given = process.argv.slice(2);
const isNamed = given.length > 0 && (isHelp(given[0]) || !given[0].startsWith('--'));
const [what, ...rest] = isNamed ? given : ['compare', ...given];
if (what === 'compare') run('test/bench/comparison/main.ts', rest);
else if (what === 'kill') run('test/bench/kill/main.ts', rest);
else if (what === 'memory') run('test/bench/memory/main.ts', rest);
else if (what === 'micro') runMicro(rest);
else {
  if (!isHelp(what)) console.error(`bench knows no ${what}.`);
  console.log(usage);
  process.exitCode = isHelp(what) ? 0 : 2;
}

function isHelp(word) {
  return word === 'help' || word === '--help';
}

function runMicro(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { size: { type: 'string', default: 'full' } },
  });
  if (!['full', 'small'].includes(values.size)) {
    console.error('--size must be full or small');
    process.exit(2);
  }
  process.env.PEERLOOM_BENCH_SIZE = values.size;
  const config = `${micro}/vitest.config.ts`;
  run('node_modules/vitest/vitest.mjs', ['bench', '--run', '-c', config, ...positionals]);
}

function run(file, args) {
  const { status } = spawnSync(process.execPath, [file, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exitCode = status ?? 1;
}
