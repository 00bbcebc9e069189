// Makes a checkout ready to run: installs the dependencies and compiles, each only if it must.
// Everything else starts with this, so it runs on whatever Node.js the system has (20 or newer).
// The lockfile decides what is installed: whoever changes a package.json brings it up to date with
// `npx -y pnpm@12 install`.
//
//   node .ci/setup.mjs             install and compile
//   node .ci/setup.mjs --no-build  install only

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = join(root, 'node_modules/.peerloom-installed');

/** Runs one step quietly. A step that fails shows all it had to say, and ends the set-up. */
function step(what, command, args) {
  const began = performance.now();
  const { status, signal, error, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CI: 'true' },
  });
  if (status !== 0) {
    console.error(`peerloom: ${what} failed. The command was: ${command} ${args.join(' ')}`);
    console.error([stdout, stderr].filter(Boolean).join('\n').trim());
    console.error(
      error?.message ?? (signal ? `It was ended by ${signal}.` : `It exited with ${status}.`),
    );
    process.exit(1);
  }
  return ((performance.now() - began) / 1000).toFixed(1);
}

/** Whatever decides what is installed: the lockfile, pnpm's settings and every manifest. */
function installKey() {
  const hash = createHash('sha256');
  const folders = ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
  );
  const manifests = ['.', 'test', ...folders].map((folder) => join(root, folder, 'package.json'));
  for (const file of [
    join(root, 'pnpm-lock.yaml'),
    join(root, 'pnpm-workspace.yaml'),
    ...manifests,
  ]) {
    if (existsSync(file)) hash.update(`${file}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

const key = installKey();
if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== key) {
  const size = existsSync(join(root, 'node_modules')) ? '' : ' (some 140 MB, the first time only)';
  console.error(`peerloom: installing dependencies${size} ...`);
  const seconds = step('installing dependencies', 'npx', [
    '-y',
    'pnpm@12',
    'install',
    '--frozen-lockfile',
  ]);
  writeFileSync(stampFile, key);
  console.error(`peerloom: installed in ${seconds} s`);
}

if (!process.argv.includes('--no-build')) {
  const compiledBefore = existsSync(join(root, 'apps/peerloom/dist/main.js'));
  if (!compiledBefore) console.error('peerloom: compiling ...');
  const seconds = step('compiling', join(root, 'node_modules/.bin/tsc'), ['-b', 'apps/peerloom']);
  if (!compiledBefore) console.error(`peerloom: compiled in ${seconds} s`);
}
