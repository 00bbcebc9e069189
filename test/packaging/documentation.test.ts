import { join } from 'node:path';
import {
  API,
  type Checker,
  type Project,
  type Symbol,
  SymbolFlags,
} from 'typescript/unstable/sync';
import { afterAll, describe, expect, it } from 'vitest';
import { published, root } from './published.ts';

/** Packages whose members, too, are what an embedder holds in the hand. */
const withMembers: readonly string[] = ['@peerloom/supervisor', '@peerloom/ipc'];

const libraries = published.filter(({ entryPoints }) => entryPoints.length > 0);
const configOf = (folder: string): string => join(root, folder, 'tsconfig.json');

const api = new API({ cwd: root });
afterAll(() => api.close());
const snapshot = api.updateSnapshot({
  openProjects: libraries.map(({ folder }) => configOf(folder)),
});

describe.for(libraries)('$name', ({ name, folder, entryPoints }) => {
  const project = snapshot.getProject(configOf(folder))!;

  it.for(entryPoints)('says of each name that %s exports what it is', (entryPoint) => {
    const names = exportsOf(project, join(root, folder, sourceOf(name, entryPoint)));
    expect(names).not.toEqual([]);
    const bare = names.filter(([, symbol]) => !isDocumented(symbol, project.checker));
    expect(bare.map(([each]) => each)).toEqual([]);
  });

  if (!withMembers.includes(name)) return;
  it.for(entryPoints)('says the same of the members of what %s exports', (entryPoint) => {
    const bare = exportsOf(project, join(root, folder, sourceOf(name, entryPoint))).flatMap(
      ([owner, symbol]) =>
        membersOf(symbol)
          .filter((member) => !isDocumented(member, project.checker))
          .filter((member) => !isDiscriminant(member, project.checker))
          .map((member) => `${owner}.${member.name}`),
    );
    expect(bare).toEqual([]);
  });
});

/** Where an entry point is written: `@peerloom/mrt/file` in `src/file.ts`. */
function sourceOf(name: string, entryPoint: string): string {
  return `src/${entryPoint.slice(name.length + 1) || 'index'}.ts`;
}

/** What a module exports, what it passes on from others included. */
function exportsOf({ program, checker }: Project, file: string): [name: string, symbol: Symbol][] {
  const source = program.getSourceFile(file);
  if (source === undefined) throw new Error(`${file} is no source of its package`);
  return checker
    .getExportsOfModule(checker.getSymbolAtLocation(source)!)
    .map((each) => [
      each.name,
      (each.flags & SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(each) : each,
    ]);
}

function isDocumented(symbol: Symbol, checker: Checker): boolean {
  return symbol.getDocumentationComment(checker) !== '';
}

/** Properties and methods of a class, an interface or an object type that others may use. */
function membersOf(symbol: Symbol): Symbol[] {
  return [...symbol.getMembers().values(), ...symbol.getExports().values()].filter(
    ({ name, flags }) =>
      (flags & (SymbolFlags.Property | SymbolFlags.Method | SymbolFlags.Accessor)) !== 0 &&
      // Private, or a symbol of the language's own, whose meaning is known: `__#1@#x`, `__@dispose`.
      !name.startsWith('__') &&
      name !== 'prototype',
  );
}

/** `kind: 'update'` and its like say what they say. */
function isDiscriminant(symbol: Symbol, checker: Checker): boolean {
  return symbol.name === 'kind' && checker.getTypeOfSymbol(symbol)?.isStringLiteralType() === true;
}
