import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { published, root } from './published.ts';
import { pnpm, run } from './run.ts';

/** The packages as they would go to the registry. */
export interface Tarballs extends Disposable {
  /** A directory for whoever tests them; it goes when the tarballs go. */
  readonly directory: string;
  /** Path of a package's tarball. */
  of(name: string): string;
}

/** What of the checkout decides what is packed. */
const ingredients = [
  'apps',
  'packages',
  'LICENSE',
  'package.json',
  'pnpm-workspace.yaml',
  'tsconfig.base.json',
];

/**
 * Compiles and packs every package in a copy of the checkout, so that nothing of an older compilation
 * gets in, and nobody's `dist` changes under who uses it.
 */
export async function packEverything(): Promise<Tarballs> {
  const directory = mkdtempSync(join(tmpdir(), 'peerloom-packaging-'));
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  try {
    const checkout = join(directory, 'checkout');
    mkdirSync(checkout);
    for (const name of ingredients) {
      cpSync(join(root, name), join(checkout, name), {
        recursive: true,
        // The links of a workspace's node_modules are relative, and lead to their likes in the copy.
        verbatimSymlinks: true,
        filter: (source) => basename(source) !== 'dist',
      });
    }
    symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));

    const tsc = join(root, 'node_modules/.bin/tsc');
    await run(tsc, ['-b', ...published.map(({ folder }) => folder)], checkout);
    const destination = join(directory, 'tarballs');
    const filters = published.map(({ name }) => `--filter=${name}`);
    const pack = [...filters, '-r', 'pack', '--json', '--pack-destination', destination];
    const packed = JSON.parse(await pnpm(pack, checkout)) as { name: string; filename: string }[];
    const files = new Map(packed.map(({ name, filename }) => [name, filename]));
    return { directory, of: (name) => files.get(name)!, [Symbol.dispose]: remove };
  } catch (error) {
    remove();
    throw error;
  }
}
