import { existsSync, readFileSync } from 'node:fs';

/** A block of TypeScript in a README. */
export interface Example {
  readonly code: string;
  /** What it prints, where the README tells. */
  readonly prints: string | undefined;
}

const block =
  /^```ts\n(?<code>[\s\S]*?)^```$(?:\s+(?:it )?prints\b.*\s+^```text\n(?<prints>[\s\S]*?)^```$)?/gm;

/** The examples of a README: blocks of `ts`, each with the block of `text` that it "prints", if one follows. */
export function examplesOf(readme: string): Example[] {
  const text = existsSync(readme) ? readFileSync(readme, 'utf8') : '';
  return Array.from(text.matchAll(block), ({ groups }) => ({
    code: groups!['code']!,
    prints: groups!['prints'],
  }));
}
