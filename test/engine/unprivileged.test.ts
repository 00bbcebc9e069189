import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('./programs/unprivileged.ts', import.meta.url));

/** The first port that anybody may listen on. */
function firstFreePort(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
  } catch {
    return 1024;
  }
}

it.skipIf(process.getuid?.() !== 0 || firstFreePort() <= 179)(
  'port 179 without the right to it: the error says so, with the remedy',
  { timeout: 20_000 },
  () => {
    const output = execFileSync(process.execPath, ['--conditions=peerloom-source', program], {
      encoding: 'utf8',
    });
    const { code, message } = JSON.parse(output) as Record<string, string>;
    expect(code).toBe('ERR_PEERLOOM_NOT_PERMITTED');
    expect(message).toContain('cannot listen on 127.0.0.1:179');
    expect(message).toContain('setcap cap_net_bind_service=+ep');
  },
);
