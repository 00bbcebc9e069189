// Evaluates a module, with all that it imports, in a world that has ECMAScript, TextEncoder and
// TextDecoder, and prints what it exports as `outcome`. Wants `node --experimental-vm-modules`.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { createContext, SourceTextModule } from 'node:vm';

const world = createContext({ TextEncoder, TextDecoder });
const modules = new Map<string, SourceTextModule>();

function load(path: string): SourceTextModule {
  let module = modules.get(path);
  if (module === undefined) {
    module = new SourceTextModule(readFileSync(path, 'utf8'), { context: world, identifier: path });
    modules.set(path, module);
  }
  return module;
}

const main = load(resolve(process.argv[2]!));
await main.link((specifier, { identifier }) =>
  load(
    specifier.startsWith('.')
      ? join(dirname(identifier), specifier)
      : createRequire(identifier).resolve(specifier),
  ),
);
await main.evaluate();
console.log((main.namespace as { readonly outcome: string }).outcome);
