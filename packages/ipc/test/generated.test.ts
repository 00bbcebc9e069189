import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CommandKind, generatedCodec, PeerState, peerStateNames } from '../src/index.ts';

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

it.each([
  ['commands', CommandKind, generatedCodec.CommandKind],
  ['states', PeerState, generatedCodec.PeerState],
])('numbers %s as the .proto does', (_, ours, generated) => {
  const spelled = Object.entries(ours).map(([name, number]) => [
    name.replaceAll(/(?<=.)[A-Z]/g, (letter) => `_${letter}`).toUpperCase(),
    number,
  ]);
  expect(Object.fromEntries(spelled)).toEqual({ ...generated });
});

it('names states by their numbers', () => {
  for (const [number, name] of peerStateNames.entries()) expect(PeerState[name]).toBe(number);
});
