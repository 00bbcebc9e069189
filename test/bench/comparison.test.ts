import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Comparison, WorkloadResult } from './comparison/comparison.ts';
import { bird, missingOf, oneWorker } from './comparison/devices/devices.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the command as people do, on the compiled code; gives its exit status and what it printed. */
async function bench(...args: string[]): Promise<{ status: number | null; output: string }> {
  const child = spawn(process.execPath, [join(root, '.ci/bench.mjs'), ...args], {
    // The tests' own conditions lead to the sources, and what is measured is the compiled code.
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const status = await new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  return { status, output };
}

const directory = mkdtempSync(join(tmpdir(), 'peerloom-bench-test-'));
const json = join(directory, 'comparison.json');
const html = join(directory, 'comparison.html');
const files = ['--json', json, '--html', html];

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('npm run bench', () => {
  it('says what there is', async () => {
    const { status, output } = await bench('help');
    expect(status).toBe(0);
    for (const mode of ['compare', 'memory', 'micro']) expect(output).toContain(`-- ${mode}`);
  });

  it('compares W1 to W5, and W3L, when asked for nothing else', async () => {
    const { status, output } = await bench('--devices', 'nobody at all', ...files);
    expect(status, output).toBe(0);
    expect(output).toContain('W1, W2, W3, W3L, W4, W5: 3 rounds of nobody');
    expect(output).toContain(`All of it is in ${json}, and as a page in ${html}.`);
    expect(existsSync(json) && existsSync(html)).toBe(true);
  });

  it.for([
    ['weigh', 'bench knows no weigh'],
    ['compare', 'W9', 'there is no workload W9'],
    ['compare', '--rounds', '0', '--rounds must be 1 or more'],
    ['compare', '--size', 'huge', '--size must be full or small'],
  ])('refuses %j', async (words) => {
    const { status, output } = await bench(...words.slice(0, -1));
    expect(status).toBe(2);
    expect(output).toContain(words.at(-1));
  });
});

describe('a comparison at the small size', () => {
  let comparison: Comparison;
  let output: string;
  const devices = [oneWorker, bird].filter((device) => missingOf(device) === undefined);

  beforeAll(async () => {
    const asked = 'compare W1 W1R W3 W3L W3R W5 W5F S1 S2 --size small --rounds 1'.split(' ');
    const result = await bench(...asked, '--devices', 'bird,1 worker', ...files);
    output = result.output;
    expect(result.status, output).toBe(0);
    comparison = JSON.parse(readFileSync(json, 'utf8')) as Comparison;
  }, 240_000);

  const workload = (id: string): WorkloadResult =>
    comparison.workloads.find((one) => one.id === id)!;

  it('says what ran where, and how to run it again', () => {
    expect(comparison).toMatchObject({
      format: 'peerloom-comparison',
      version: 1,
      size: 'small',
      rounds: 1,
      machine: { processors: expect.any(Number), cpuModel: expect.any(String) },
    });
    expect(comparison.command).toContain('compare W1 W1R W3 W3L W3R W5 W5F S1 S2 --size small');
    expect(comparison.devices.map(({ name }) => name)).toEqual([oneWorker.name, bird.name]);
  });

  it('has a figure for every device that is installed, and says which is not', () => {
    const wanted = devices.map(({ name }) => name);
    for (const { id, summaries, failures, targets } of comparison.workloads) {
      expect(failures, id).toEqual([]);
      expect(
        summaries.map(({ device }) => device),
        id,
      ).toEqual(wanted);
      expect(targets, 'targets are meant for the full size').toEqual([]);
    }
    const missing = missingOf(bird);
    if (missing !== undefined) expect(output).toContain(missing);
  });

  it('took the figures of the devices, with everything held', () => {
    for (const run of workload('W1').runs) {
      expect(run).toMatchObject({ sessions: 1, sessionsLost: 0, routes: 20_000 });
      expect(run.updatesSent).toBeGreaterThan(1000);
      expect(run.bytesSent).toBeGreaterThan(100_000);
      expect(run.wallSeconds).toBeGreaterThan(0);
      expect(run.wallSeconds).toBeLessThan(30);
      expect(run.endBytes).toBeGreaterThan(1e6);
      expect(run.peakBytes).toBeGreaterThanOrEqual(run.endBytes);
      expect(run.cpuSeconds).toBeLessThan(30);
    }
    for (const run of [...workload('W3').runs, ...workload('W3L').runs]) {
      expect(run).toMatchObject({ sessions: 100, sessionsLost: 0 });
      expect(run.establishRate).toBeGreaterThan(1);
    }
    const [ours] = workload('W1').runs;
    expect(ours!.cpuSeconds, 'twenty thousand routes are more than a tick').toBeGreaterThan(0.01);
    expect(ours!.start.cpuSeconds, 'and so is a Node.js').toBeGreaterThan(0.05);
  });

  it('has sessions end, with a table or without, and takes the figures of their return alone', () => {
    for (const run of workload('W1R').runs) {
      expect(run).toMatchObject({ sessions: 1, sessionsLost: 0, routes: 20_000 });
      expect(run.bytesSent).toBe(workload('W1').runs[0]!.bytesSent);
    }
    for (const run of workload('W3R').runs) {
      expect(run).toMatchObject({ sessions: 100, sessionsLost: 0 });
      expect(run.establishRate).toBeGreaterThan(1);
    }
  });

  it('measures what churn does to the delays, from inside and from outside', () => {
    for (const run of workload('W5').runs) {
      expect(run.sessionsLost).toBe(0);
      expect(run.keepaliveLate).toBeGreaterThanOrEqual(0);
      expect(run.wallSeconds, 'the churn is counted in').toBeGreaterThan(2);
    }
    expect(workload('W5').runs[0]!.delays!.churn.mailboxP99).toBeGreaterThanOrEqual(0);
  });

  it('floods, and finds sessions and keepalives where they were', () => {
    for (const run of workload('W5F').runs) {
      expect(run.sessionsLost).toBe(0);
      expect(run.keepaliveLate).toBeLessThan(1000);
    }
  });

  it('measures how a table is sent, to one and to many', () => {
    for (const [id, count] of [
      ['S1', 1],
      ['S2', 10],
    ] as const) {
      for (const run of workload(id).runs) {
        expect(run).toMatchObject({ sessions: count, sessionsLost: 0, routes: 20_000 * count });
        expect(run.bytesSent).toBeGreaterThan(100_000 * count);
        expect(run.updatesSent).toBeGreaterThan(1000 * count);
        expect(run.wallSeconds).toBeGreaterThan(0);
        expect(run.fillCpuSeconds).toBeGreaterThanOrEqual(0);
      }
    }
    expect(workload('S1').runs[0]!.fillCpuSeconds, 'announcing is work').toBeGreaterThan(0.01);
  });

  it('makes tables, and a page that needs nothing else', () => {
    expect(output).toContain('### W1: one peer, 20,000 prefixes');
    const page = readFileSync(html, 'utf8');
    expect(page).toContain('<h2>W5:');
    expect(page).toContain('<svg');
    expect(page).not.toMatch(/<(?:script|link|img)\b/);
  });
});
