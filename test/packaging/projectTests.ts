import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { exampleDump } from './exampleDump.ts';
import { examplesOf } from './examples.ts';
import { checkTypes, installEverything } from './project.ts';
import { published, root } from './published.ts';
import { run } from './run.ts';
import type { Tarballs } from './tarballs.ts';

const entryPoints = published.flatMap((each) => each.entryPoints);

/** READMEs, and their examples, each in a folder of the project. */
const readmes = [
  ...published.map(({ name, folder }) => ({ name, file: join(root, folder, 'README.md') })),
  { name: 'the workspace', file: join(root, 'README.md') },
].map(({ name, file }) => ({
  name,
  examples: examplesOf(file).map((example, index) => ({
    ...example,
    folder: `${name.replaceAll(/\W/g, '')}${index + 1}`,
  })),
}));

/** Tests all packages in a project that has them from their tarballs. */
export function testProject(tarballs: () => Tarballs): void {
  let project: string;
  beforeAll(async () => {
    project = await installEverything(tarballs());
    for (const { folder, code } of readmes.flatMap(({ examples }) => examples)) {
      mkdirSync(join(project, folder));
      writeFileSync(join(project, folder, 'example.ts'), code);
    }
    const imports = entryPoints.map((each, index) => `export * as m${index} from '${each}';\n`);
    writeFileSync(join(project, 'everything.ts'), imports.join(''));
  }, 60_000);

  // Two workers have types stripped: see `kept` in the launcher.
  const node = (...args: readonly string[]): Promise<string> =>
    run(process.execPath, ['--no-wasm-code-gc', ...args], project);
  const peerloom = (...args: readonly string[]): Promise<string> =>
    run(join(project, 'node_modules/.bin/peerloom'), args, project);

  it('gives every entry point to who imports it', async () => {
    await node('everything.ts');
  });

  describe('types', () => {
    it.for([
      ['Node.js itself resolves', { module: 'NodeNext', lib: ['ES2025', 'ESNext.Disposable'] }],
      ['a bundler resolves', { module: 'ESNext', moduleResolution: 'bundler' }],
    ] as const)('are right where %s them', async ([, options]) => {
      const examples = readmes.flatMap((each) => each.examples);
      const files = [
        'everything.ts',
        'twoEngines.ts',
        'handler.ts',
        ...examples.map(({ folder }) => `${folder}/example.ts`),
      ];
      await checkTypes(project, files, { target: 'ES2024', types: ['node'], ...options });
    });

    it('need no host where the package needs none', async () => {
      const options = { module: 'NodeNext', target: 'ES2024', lib: ['ES2025'], types: [] };
      await checkTypes(project, ['anywhere.ts'], options);
    });
  });

  it.for(readmes.filter(({ name }) => name !== 'peerloom'))(
    'shows how to use $name in a README',
    ({ examples }) => {
      expect(examples).not.toEqual([]);
    },
  );

  it.for(readmes.flatMap(({ examples }) => examples))(
    'runs the example $folder of a README',
    async ({ folder, code, prints }) => {
      const cwd = join(project, folder);
      const dump = /readMrtFile\('([^']+)'\)/.exec(code)?.[1];
      if (dump !== undefined) writeFileSync(join(cwd, dump), exampleDump());
      const printed = await run(process.execPath, ['example.ts'], cwd);
      if (prints !== undefined) expect(printed).toBe(prints);
    },
  );

  describe.for(['ts', 'js'])('two engines in a program of .%s', (extension) => {
    it.for([
      [0, '192.0.2'],
      [1, '198.18.0'],
    ])('meet, and exchange routes, with workers: %i', async ([workers, network]) => {
      expect(JSON.parse(await node(`twoEngines.${extension}`, `${workers}`))).toEqual({
        left: [`${network}.2/32`, '203.0.113.0/24'],
        right: [`${network}.1/32`, '198.51.100.0/24'],
      });
    });
  });

  it('runs codec, state machine, tables and dumps where there is only ECMAScript', async () => {
    const printed = await node('--experimental-vm-modules', 'bareWorld.ts', 'anywhere.js');
    expect(JSON.parse(printed)).toEqual({
      states: ['Established', 'Established'],
      message:
        'UPDATE\n  ORIGIN igp\n  AS_PATH 65001 4200000000\n  NEXT_HOP 192.0.2.1\n  route 203.0.113.0/24',
      routes: ['203.0.113.0/24'],
      dump: ['203.0.113.0/24'],
    });
  });

  it('has the command', async () => {
    expect(await peerloom('--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
    const keepalive = 'ffffffffffffffffffffffffffffffff001304';
    expect(await peerloom('decode', keepalive)).toContain('KEEPALIVE');
  });

  it('has the demonstration, which ends well with a Ctrl-C', async () => {
    const size = ['--peers', '2', '--routes', '2', '--workers', '1'];
    const path = join(project, 'node_modules/.bin/peerloom');
    expect(await run(path, size, project, 'established 2')).toContain('prefixes received 4');
  });
}
