// Compiles assembly/plainUpdates.ts to WebAssembly, and writes the octets to src/generated/plainUpdatesModule.ts, so that
// nobody else needs the compiler, which is fetched for it:
//
//   node scripts/generate.mjs          writes the file
//   node scripts/generate.mjs --check  fails if it is not what would be written

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const compiler = 'assemblyscript@0.28.20';
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const target = here('../src/generated/plainUpdatesModule.ts');
const octetsALine = 24;

function compile() {
  const folder = mkdtempSync(join(tmpdir(), 'peerloom-wire-'));
  try {
    const out = join(folder, 'plainUpdates.wasm');
    const options = ['-O3', '--noAssert', '--converge', '--runtime', 'stub', '-o', out];
    const { status, error } = spawnSync(
      'npx',
      ['-y', '-p', compiler, 'asc', here('../assembly/plainUpdates.ts'), ...options],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    if (status !== 0) throw new Error(`the compiler failed: ${error?.message ?? status}`);
    return readFileSync(out);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function textOf(octets) {
  const lines = [];
  for (let at = 0; at < octets.length; at += octetsALine) {
    lines.push(`  ${[...octets.subarray(at, at + octetsALine)].join(', ')},\n`);
  }
  return `// Generated from assembly/plainUpdates.ts by \`pnpm generate\`. Do not edit.

/** A WebAssembly module. */
export const plainUpdatesModule: Uint8Array<ArrayBuffer> = Uint8Array.of(
${lines.join('')});
`;
}

const text = textOf(compile());
if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  console.error(`${target} is not what its source compiles to: run \`pnpm generate\` there`);
  process.exitCode = 1;
}
