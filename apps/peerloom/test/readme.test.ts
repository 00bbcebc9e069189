import { readFileSync } from 'node:fs';
import { peerOptionDefaults } from '@peerloom/ipc';
import { describe, expect, it } from 'vitest';
import { parseConfiguration } from '../src/configuration/configuration.ts';
import { inProcess } from './commandLine.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it('has a configuration that is right', () => {
    const [, yaml] = /```yaml\n([\s\S]*?)```/.exec(readme)!;
    expect(parseConfiguration(yaml!, 'README.md').engine.neighbors).toHaveLength(2);
  });

  it('explains every option of a peer', () => {
    const { capabilities, dynamic: _, ...settings } = peerOptionDefaults;
    const missing = [...Object.keys(settings), ...Object.keys(capabilities)].filter(
      (key) => !readme.includes(`\`${key}\``),
    );
    expect(missing).toEqual([]);
  });

  it('shows what decode says', async () => {
    const [, hex, output] = /\$ peerloom decode ([0-9a-f]+)\n(.*\n)/.exec(readme)!;
    expect(await inProcess('decode', hex!)).toMatchObject({ status: 0, stdout: output });
  });
});
