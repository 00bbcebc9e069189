import { cpSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { findPackageJSON, stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Manifest, published, root } from './published.ts';
import { pnpm, run } from './run.ts';
import type { Tarballs } from './tarballs.ts';

/**
 * Makes a project that has nothing but every package, installed from its tarball, and the programs of
 * `./programs`, as TypeScript and as the JavaScript that is left without the types.
 */
export async function installEverything(tarballs: Tarballs): Promise<string> {
  const project = join(tarballs.directory, 'project');
  mkdirSync(project);
  const packages = Object.fromEntries(
    published.map(({ name }) => [name, `file:${tarballs.of(name)}`]),
  );
  const manifest = {
    private: true,
    type: 'module',
    dependencies: packages,
    // As every project has that compiles TypeScript for Node.js.
    devDependencies: {
      '@types/node': read(find('@types/node', join(root, 'package.json'))!).version,
    },
  };
  const settings = {
    overrides: { ...packages, ...pins() },
    allowBuilds: { koffi: false },
    // A package that leans on what it does not name must fall.
    hoist: false,
  };
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
  // YAML has JSON in it.
  writeFileSync(join(project, 'pnpm-workspace.yaml'), JSON.stringify(settings));
  await pnpm(['install', '--prefer-offline', '--ignore-scripts'], project);

  cpSync(join(import.meta.dirname, 'programs'), project, { recursive: true });
  for (const program of ['twoEngines', 'handler', 'anywhere']) {
    const source = readFileSync(join(project, `${program}.ts`), 'utf8');
    writeFileSync(join(project, `${program}.js`), stripTypeScriptTypes(source));
  }
  return project;
}

/** Checks the types of some files of a project, those of the libraries they use included. */
export async function checkTypes(
  project: string,
  files: readonly string[],
  compilerOptions: Readonly<Record<string, unknown>>,
): Promise<void> {
  const config = join(project, 'tsconfig.json');
  const strict = { strict: true, skipLibCheck: false, noEmit: true };
  writeFileSync(
    config,
    JSON.stringify({ compilerOptions: { ...strict, ...compilerOptions }, files }),
  );
  await run(join(root, 'node_modules/.bin/tsc'), ['-p', config, '--pretty', 'false'], project);
}

/**
 * What others have written is installed in the versions that this workspace has: a release of theirs
 * must not decide whether a change of ours passes.
 */
function pins(): Record<string, string> {
  const pinned: Record<string, string> = {};
  const visit = (file: string): void => {
    const { name: parent, dependencies, optionalDependencies } = read(file);
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const key = `${parent}>${name}`;
      if (key in pinned || published.some((each) => each.name === name)) continue;
      const found = find(name, file);
      // Optional, and made for another system.
      if (found === undefined) continue;
      pinned[key] = read(found).version;
      visit(found);
    }
  };
  for (const { folder } of published) visit(join(root, folder, 'package.json'));
  return pinned;
}

/** Manifest of a package as the code of another one finds it, whose manifest is `from`. */
function find(name: string, from: string): string | undefined {
  try {
    return realpathSync(findPackageJSON(name, pathToFileURL(from))!);
  } catch {
    return undefined;
  }
}

function read(file: string): Manifest {
  return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
}
