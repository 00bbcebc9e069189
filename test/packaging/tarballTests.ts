import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { describe, expect, it } from 'vitest';
import { type PublishedPackage, published, root } from './published.ts';
import type { Tarballs } from './tarballs.ts';

/** Resolutions that a package of ES modules alone has no answer for (attw calls the rest `esm-only`). */
const commonJs: readonly string[] = ['node10', 'node16-cjs'];

/** Tests each tarball by itself. */
export function testTarballs(tarballs: () => Tarballs): void {
  describe.for(published)('the tarball of $name', (each) => testTarball(each, tarballs));
}

function testTarball(
  { name, folder, entryPoints }: PublishedPackage,
  tarballs: () => Tarballs,
): void {
  const open = () => {
    const data = new Uint8Array(readFileSync(tarballs().of(name)));
    const content = createPackageFromTarballData(data);
    const home = `/node_modules/${name}/`;
    return {
      data,
      content,
      files: content.listFiles().map((file) => file.slice(home.length)),
      read: (file: string) => content.readFile(home + file),
    };
  };

  it('holds what was compiled from each source, and what belongs beside it', () => {
    // Declarations are for those who import; nobody imports a command.
    const kinds = entryPoints.length > 0 ? ['.d.ts', '.js', '.js.map'] : ['.js', '.js.map'];
    const modules = globSync('src/**/*.ts', { cwd: join(root, folder) })
      .filter((file) => !file.endsWith('.d.ts'))
      .map((file) => file.replace(/^src/, 'dist').replace(/\.ts$/, ''));
    const expected = [
      'LICENSE',
      'README.md',
      'package.json',
      ...globSync('bin/*', { cwd: join(root, folder) }),
      ...modules.flatMap((module) => kinds.map((kind) => module + kind)),
    ];
    expect(open().files.toSorted()).toEqual(expected.toSorted());
  });

  it('has source maps that need no other file', () => {
    const { files, read } = open();
    const incomplete = files
      .filter((file) => file.endsWith('.map'))
      .filter((file) => {
        const { sources, sourcesContent } = JSON.parse(read(file)) as Record<string, unknown[]>;
        return sourcesContent?.length !== sources!.length || sourcesContent.includes(null);
      });
    expect(incomplete).toEqual([]);
  });

  it('has a manifest that means the same outside of this workspace', () => {
    const text = open().read('package.json');
    expect(text).not.toMatch(/workspace:|catalog:|link:|file:/);
    expect(text).not.toContain('peerloom-source');
    expect(text).not.toContain('src/');
    const ours = Object.entries(
      (JSON.parse(text) as { dependencies?: Record<string, string> }).dependencies ?? {},
    ).filter(([dependency]) => published.some((each) => each.name === dependency));
    for (const [, version] of ours) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('leaves publint nothing to say', async () => {
    const { buffer: tarball } = open().data;
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  if (entryPoints.length === 0) return;
  it('leaves attw nothing to say', async () => {
    const analysis = await checkPackage(open().content);
    if (!analysis.types) throw new Error('there are no declarations');
    expect(Object.keys(analysis.entrypoints).map((path) => name + path.slice(1))).toEqual(
      entryPoints,
    );
    const problems = analysis.problems.filter(
      (problem) => !('resolutionKind' in problem && commonJs.includes(problem.resolutionKind)),
    );
    expect(problems).toEqual([]);
  });
}
