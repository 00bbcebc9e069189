import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root: string = fileURLToPath(new URL('../..', import.meta.url));

/** What is asked of a manifest here. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** A package that goes to the registry. */
export interface PublishedPackage {
  readonly name: string;
  /** Its folder in the checkout: `packages/wire`. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** What can be imported: `@peerloom/mrt`, `@peerloom/mrt/file`; nothing from a package that is a command. */
  readonly entryPoints: readonly string[];
}

/** Every package that goes to the registry, in the order of their folders. */
export const published: readonly PublishedPackage[] = globSync('{packages,apps}/*/package.json', {
  cwd: root,
})
  .toSorted()
  .map((file) => {
    const manifest = JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest;
    const { name, exports = {} } = manifest;
    const entryPoints = Object.keys(exports).map((path) => name + path.slice(1));
    return { name, folder: dirname(file), manifest, entryPoints };
  })
  .filter(({ manifest }) => manifest.private !== true);
