import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CommandKind, generatedCodec } from '../src/index.ts';

interface Generator {
  readonly generate: () => Promise<Record<string, string>>;
}

it('holds the codec that protobufjs-cli makes of proto/peerloom.proto today', async () => {
  const script = new URL('../scripts/generate.mjs', import.meta.url).href;
  const { generate } = (await import(script)) as Generator;
  for (const [name, text] of Object.entries(await generate())) {
    const checkedIn = readFileSync(new URL(`../src/generated/${name}`, import.meta.url), 'utf8');
    expect(checkedIn === text, `${name} is out of date: run "pnpm generate" in packages/ipc`).toBe(
      true,
    );
  }
}, 30_000);

it('numbers commands as the .proto does', () => {
  const spelled = Object.entries(CommandKind).map(([name, number]) => [
    name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase(),
    number,
  ]);
  expect(Object.fromEntries(spelled)).toEqual({ ...generatedCodec.CommandKind });
});
