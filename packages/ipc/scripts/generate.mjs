// Generates the static protobuf codec from proto/peerloom.proto into src/generated:
//
//   peerloom.ts       the codec, as protobufjs-cli writes it, behind its types
//   peerloomTypes.ts  its types
//
// protobufjs-cli writes JavaScript and a declaration file. Node.js strips types but resolves no
// declarations, and tsc copies neither file to dist, so both are turned into modules that type
// stripping and tsc accept. `generate()` returns the text of both, for the test that compares.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pbjs } from 'protobufjs-cli';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const header = '// Generated from proto/peerloom.proto by `pnpm generate`. Do not edit.\n';

async function run(folder, name, options) {
  const out = join(folder, name);
  const shape = '-t static-module -w esm -r @peerloom/ipc --alt-comment';
  const without = '--no-verify --no-convert --no-typeurl --no-delimited --no-create';
  await promisify(pbjs.main)([
    ...`${shape} ${without} --dependency protobufjs/minimal.js`.split(' '),
    ...options,
    '-o',
    out,
    here('../proto/peerloom.proto'),
  ]);
  return out;
}

/** The generated files, by name. */
export async function generate() {
  const folder = mkdtempSync(join(tmpdir(), 'peerloom-ipc-'));
  try {
    const code = readFileSync(await run(folder, 'code.js', ['--no-comments']), 'utf8');
    await run(folder, 'types.js', ['-d']);
    const types = readFileSync(join(folder, 'types.d.ts'), 'utf8');
    return {
      'peerloom.ts': `${header}// @ts-nocheck\nimport type { peerloom as Types } from './peerloomTypes.ts';\n${code
        .replace(/^\/\*eslint-disable[^\n]*\n/, '')
        .replace('export const peerloom = ', 'export const peerloom: typeof Types = ')
        .replace(/\nexport \{\s*\$root as default\s*\};\n*/, '\n')
        .trimEnd()}\n`,
      'peerloomTypes.ts': `${header}${types
        .replace('import * as $protobuf', 'import type * as $protobuf')
        .replace('import Long = require("long");\n', '')
        .replace('export namespace peerloom', 'export declare namespace peerloom')
        .trimEnd()}\n`,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of Object.entries(await generate())) {
    writeFileSync(here(`../src/generated/${name}`), text);
  }
}
