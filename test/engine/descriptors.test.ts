import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('./programs/fewDescriptors.ts', import.meta.url));
const soon = { timeout: 10_000 };

interface Line {
  readonly port?: number;
  readonly connections?: number;
  readonly refused?: number;
  readonly text?: string;
}

it('an engine that runs out of file descriptors refuses, says so, and goes on', {
  timeout: 30_000,
}, async () => {
  const limited = `ulimit -n 120 && exec "$0" --conditions=peerloom-source "$1"`;
  const child = spawn('sh', ['-c', limited, process.execPath, program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines: Line[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(JSON.parse(line) as Line));
  const latest = (): Line | undefined =>
    lines.findLast(({ connections }) => connections !== undefined);
  const callers: Socket[] = [];
  try {
    await expect.poll(() => lines[0]?.port, soon).toBeGreaterThan(0);
    for (let each = 0; each < 150; each += 1) {
      const socket = connect({
        host: '127.0.0.1',
        port: lines[0]!.port!,
        localAddress: `127.4.0.${each + 1}`,
      });
      socket.on('error', () => {});
      callers.push(socket);
    }
    // Every caller was either taken or refused: none was dropped without a word.
    await expect
      .poll(() => (latest()?.connections ?? 0) + (latest()?.refused ?? 0), soon)
      .toBe(callers.length);
    const { connections, refused } = latest()!;
    expect(connections).toBeGreaterThan(20);
    expect(refused).toBeGreaterThan(20);
    expect(lines.find(({ text }) => text !== undefined)?.text).toContain('raise ulimit -n');

    // Room again: the next one is taken.
    for (const socket of callers) socket.destroy();
    await expect.poll(() => latest()?.connections, soon).toBe(0);
    const late = connect({ host: '127.0.0.1', port: lines[0]!.port!, localAddress: '127.4.1.1' });
    callers.push(late);
    await expect.poll(() => latest()?.connections, soon).toBe(1);
    child.stdin.write('stop\n');
    expect(await once(child, 'exit')).toEqual([0, null]);
  } finally {
    child.kill('SIGKILL');
    for (const socket of callers) socket.destroy();
  }
});
