import { globSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Every workspace that ships, with the workspaces that it may lean on. */
const arrows: Record<string, readonly string[]> = {
  'packages/wire': [],
  'packages/fsm': ['@peerloom/wire'],
  'packages/rib': ['@peerloom/wire'],
  'packages/mrt': ['@peerloom/wire'],
  'packages/ipc': [],
  'packages/actor': ['@peerloom/wire', '@peerloom/fsm', '@peerloom/rib', '@peerloom/ipc'],
  'packages/sockets': [],
  'packages/supervisor': [
    '@peerloom/ipc',
    '@peerloom/sockets',
    '@peerloom/actor',
    '@peerloom/wire',
  ],
  'packages/load': [
    '@peerloom/wire',
    '@peerloom/fsm',
    '@peerloom/mrt',
    '@peerloom/actor',
    '@peerloom/sockets',
  ],
  'apps/peerloom': [
    '@peerloom/wire',
    '@peerloom/mrt',
    '@peerloom/load',
    '@peerloom/fsm',
    '@peerloom/rib',
    '@peerloom/ipc',
    '@peerloom/actor',
    '@peerloom/sockets',
    '@peerloom/supervisor',
  ],
};

/** Those that run wherever ECMAScript does. */
const withoutNode = ['packages/wire', 'packages/fsm', 'packages/rib'];

const longestFile = 400;

interface Manifest {
  readonly name: string;
  readonly files?: readonly string[];
  readonly exports?: Record<string, Record<string, string>>;
  readonly publishConfig?: { readonly exports?: Record<string, Record<string, string>> };
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(read(`${folder}/package.json`)) as Manifest;

const sourcesOf = (folder: string): string[] =>
  globSync(`${folder}/src/**/*.{ts,js}`, { cwd: root }).filter(
    (file) => !file.includes('/src/generated/'),
  );

/** What a source file imports, statically, dynamically or for its types alone. */
function importsOf(file: string): string[] {
  const withoutComments = read(file).replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const clause = /(?:\bfrom|\bimport|\brequire|\.resolve)\s*\(?\s*(['"`])([^'"`\n]+)\1/g;
  return [...withoutComments.matchAll(clause)].map((match) => match[2]!);
}

/** `@scope/name/sub/path` → `@scope/name`. */
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const isBare = (specifier: string): boolean => /^[@a-z]/i.test(specifier) && !isBuiltin(specifier);

it('keeps the top level to what belongs there', () => {
  const allowed = new Set([
    'apps',
    'LICENSE',
    'node_modules',
    'package.json',
    'packages',
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'README.md',
    'test',
    'tsconfig.base.json',
  ]);
  const strangers = readdirSync(root).filter((name) => !name.startsWith('.') && !allowed.has(name));
  expect(strangers).toEqual([]);
});

it('knows every workspace that ships', () => {
  expect(globSync('{packages,apps}/*', { cwd: root }).toSorted()).toEqual(
    Object.keys(arrows).toSorted(),
  );
});

describe.for(Object.entries(arrows))('%s', ([folder, allowed]) => {
  const manifest = manifestOf(folder);
  const declared = Object.keys({
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
  });
  const sources = sourcesOf(folder);

  it('has sources and a README', () => {
    expect(sources).not.toEqual([]);
    expect(read(`${folder}/README.md`)).not.toBe('');
  });

  it('leans only on the workspaces that it may', () => {
    const ours = declared.filter((name) => name.startsWith('@peerloom/') || name === 'peerloom');
    expect(ours.filter((name) => !allowed.includes(name))).toEqual([]);
  });

  it('compiles after the workspaces that it leans on', () => {
    const config = JSON.parse(read(`${folder}/tsconfig.json`)) as {
      references?: { path: string }[];
    };
    const referenced = (config.references ?? []).map(
      ({ path }) => manifestOf(join(folder, path)).name,
    );
    const ours = declared.filter((name) => name.startsWith('@peerloom/'));
    expect(referenced.toSorted()).toEqual(ours.toSorted());
  });

  it('imports only what it declares, and by its public name', () => {
    const undeclared = sources.flatMap((file) =>
      importsOf(file)
        .filter((specifier) =>
          isBare(specifier)
            ? !declared.includes(packageOf(specifier)) && packageOf(specifier) !== manifest.name
            : /^(?:\.\.\/)+(?:packages|apps|[a-z-]+\/src)\//.test(specifier),
        )
        .map((specifier) => `${file} imports ${specifier}`),
    );
    expect(undeclared).toEqual([]);
  });

  it('has no source file that is too long to be one thing', () => {
    const tooLong = sources
      .map((file) => ({ file, lines: read(file).trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > longestFile);
    expect(tooLong).toEqual([]);
  });

  it('publishes what it compiled, and nothing else', () => {
    const shipped = folder.startsWith('apps/')
      ? ['bin', 'dist', 'README.md']
      : ['dist', 'README.md'];
    expect(manifest.files?.filter((entry) => !entry.startsWith('!'))).toEqual(shipped);
    expect(JSON.stringify(manifest.publishConfig?.exports ?? {})).not.toContain('src/');
  });

  it('publishes the entry points that it develops with', () => {
    const published = Object.fromEntries(
      Object.entries(manifest.exports ?? {}).map(([path, targets]) => [
        path,
        Object.fromEntries(
          Object.entries(targets).filter(([condition]) => condition !== 'peerloom-source'),
        ),
      ]),
    );
    expect(manifest.publishConfig?.exports ?? {}).toEqual(published);
  });
});

describe.for(withoutNode)('%s', (folder) => {
  it('imports no module of Node.js', () => {
    const builtins = sourcesOf(folder).flatMap((file) =>
      importsOf(file)
        .filter((specifier) => isBuiltin(specifier))
        .map((specifier) => `${file} imports ${specifier}`),
    );
    expect(builtins).toEqual([]);
  });

  it('is compiled without the types of Node.js, or of any other host', () => {
    const { compilerOptions } = JSON.parse(read(`${folder}/tsconfig.json`)) as {
      compilerOptions: Record<string, unknown>;
    };
    expect(compilerOptions).not.toHaveProperty('types');
    expect(compilerOptions).not.toHaveProperty('lib');
  });
});

it('packages/wire has no dependency at all', () => {
  const { dependencies, optionalDependencies, peerDependencies } = manifestOf('packages/wire');
  expect({ ...dependencies, ...optionalDependencies, ...peerDependencies }).toEqual({});
});
