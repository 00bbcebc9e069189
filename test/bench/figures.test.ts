import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { bird, frr, oneWorker } from './comparison/devices/devices.ts';
import { ProcessTree } from './comparison/processTree.ts';
import { targetText } from './comparison/report/table.ts';
import { median, type Summary } from './comparison/summary.ts';
import { checkTargets } from './comparison/targets.ts';

describe('the median', () => {
  it.for([
    [[3], 3],
    [[9, 1, 5], 5],
    [[1, 2, 3, 10], 2.5],
  ] as const)('of %j is %d', ([values, expected]) => {
    expect(median(values)).toBe(expected);
  });
});

const summary = (device: string, figures: Partial<Summary>): Summary => ({
  device,
  runs: 1,
  cpuSeconds: 1,
  cpuRange: [1, 1],
  startCpuSeconds: 0,
  wallSeconds: 1,
  peakBytes: 100,
  endBytes: 100,
  emptyBytes: 0,
  bytesPerSession: 0,
  establishRate: 1,
  bytesSent: 1,
  sessionsLost: 0,
  mainThread: { bytesPerSecond: 1, sessionsPerSecond: 1 },
  otherCpuSeconds: 0,
  ...figures,
});
const ours = oneWorker.name;

/** The targets of a workload as they are printed. */
function texts(id: Parameters<typeof checkTargets>[0], ...summaries: Summary[]): string[] {
  return checkTargets(id, summaries).map(targetText);
}

describe('a target', () => {
  it('is reached or missed by the ratio to the daemon, and a miss says by how much', () => {
    const fast = summary(ours, { cpuSeconds: 0.4, endBytes: 121 });
    expect(texts('W1', fast, summary(bird.name, {}))).toEqual([
      '✓ CPU ≤ 0.45 × BIRD: 0.400',
      '✗ RSS at the end ≤ 1.1 × BIRD: 1.210 (10 % off)',
    ]);
  });

  it('may be a least', () => {
    const [rate] = texts('W3', summary(ours, { establishRate: 4 }), summary(frr.name, {}));
    expect(rate).toBe('✗ sessions/s ≥ 5 × FRR: 4.000 (20 % off)');
  });

  it('of setting up sessions is the same whether the daemons list their neighbours or not', () => {
    const [rate] = texts('W3L', summary(ours, { establishRate: 6 }), summary(frr.name, {}));
    expect(rate).toBe('✓ sessions/s ≥ 5 × FRR: 6.000');
  });

  it('counts every lost session', () => {
    const [, lost] = texts('W3', summary(ours, { sessionsLost: 2 }), summary(frr.name, {}));
    expect(lost).toBe('✗ sessions lost: none: 2.000');
  });

  it('of sending is held against receiving the same table', () => {
    const sent = summary(ours, { cpuSeconds: 0.5 });
    const received = summary(ours, { cpuSeconds: 2 });
    expect(checkTargets('S1', [sent], [received]).map(targetText)).toEqual([
      '✓ CPU ≤ that of receiving the table (W1): 0.250',
    ]);
    expect(texts('S1', sent)).toEqual(['? CPU ≤ that of receiving the table (W1): not measured']);
  });

  it('is open where the daemon it is measured against is not there', () => {
    expect(texts('W2', summary(ours, {}))).toEqual([
      '? CPU ≤ 0.08 × BIRD: not measured',
      '? RSS at the end ≤ 0.6 × BIRD: not measured',
    ]);
  });
});

describe('what a process tree has used', () => {
  it('has the CPU of children that have ended, and the memory of those that run', async () => {
    // By CPU and not by the clock: a busy machine takes longer.
    const busy = `while (process.cpuUsage().user < 300_000);`;
    const child = spawn('/bin/sh', ['-c', `"${process.execPath}" -e '${busy}'; exec sleep 60`], {
      env: {},
      stdio: 'ignore',
    });
    try {
      const tree = new ProcessTree(child.pid!);
      await vi.waitFor(() => expect(tree.usage().cpuSeconds).toBeGreaterThan(0.1), {
        timeout: 20_000,
      });
      await delay(1100);
      const { cpuSeconds, residentBytes } = tree.usage();
      expect(cpuSeconds).toBeGreaterThan(0.1);
      expect(residentBytes).toBeGreaterThan(0);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
