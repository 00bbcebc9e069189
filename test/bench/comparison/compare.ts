import {
  type Comparison,
  type Failure,
  resultOf,
  thisMachine,
  type WorkloadResult,
} from './comparison.ts';
import type { Device } from './devices/device.ts';
import { allDevices, missingOf } from './devices/devices.ts';
import { type Run, runOnce } from './run.ts';
import { type Size, type WorkloadId, workloads } from './workload.ts';

/** What is to be compared. */
export interface CompareOptions {
  /** Which; at least one. */
  readonly workloads: readonly WorkloadId[];
  readonly rounds: number;
  readonly size: Size;
  /** Devices whose name contains one of these, whatever the case; all when empty. */
  readonly devices: readonly string[];
  /** The command that asked for it. */
  readonly command: string;
  /** Told what is being done, and what came of it. */
  readonly onStep?: (text: string) => void;
  /** Told all that is known so far after each round of a workload. */
  readonly onResult?: (comparison: Comparison) => void;
}

/**
 * Gives every workload to every device, each started fresh. Devices take turns, round by round, so that
 * what disturbs the machine for a while disturbs them all.
 */
export async function compare(options: CompareOptions): Promise<Comparison> {
  const { rounds, size, command, onStep, onResult } = options;
  const wanted = allDevices.filter(({ name }) => asked(name, options.devices));
  const present = wanted.filter((device) => missingOf(device) === undefined);
  for (const device of wanted) {
    const missing = missingOf(device);
    if (missing !== undefined) onStep?.(missing);
  }
  const names = present.map(({ name }) => name);
  onStep?.(`${options.workloads.join(', ')}: ${rounds} rounds of ${names.join('; ') || 'nobody'}`);
  const comparison: Comparison = {
    format: 'peerloom-comparison',
    version: 1,
    startedAt: new Date().toISOString(),
    command,
    size,
    rounds,
    machine: thisMachine(),
    devices: await Promise.all(wanted.map(infoOf)),
    workloads: [],
  };
  const results: WorkloadResult[] = [];
  for (const workload of workloads(size).filter(({ id }) => options.workloads.includes(id))) {
    const runs: Run[] = [];
    const failures: Failure[] = [];
    const found = [workload, size, names, runs, failures, results] as const;
    for (let round = 1; round <= rounds; round++) {
      for (const device of present) {
        if (workload.sinks > 0 && device.sends === undefined) continue;
        if (device.only?.includes(workload.id) === false) continue;
        // What a device cannot do once, it is not asked again: each time would cost its whole patience.
        if (failures.some((failure) => failure.device === device.name)) continue;
        const name = `${workload.id}, round ${round}, ${device.name}`;
        try {
          const run = await runOnce(device, workload, round);
          runs.push(run);
          onStep?.(`${name}: ${stepText(run)}`);
        } catch (error) {
          const reason = (error as Error).message;
          failures.push({ device: device.name, round, reason });
          onStep?.(`${name}: ${reason}`);
        }
      }
      onResult?.({ ...comparison, workloads: [...results, resultOf(...found)] });
    }
    results.push(resultOf(...found));
  }
  return { ...comparison, workloads: results };
}

/** Whether a name is among those asked for. */
function asked(name: string, parts: readonly string[]): boolean {
  return (
    parts.length === 0 || parts.some((part) => name.toLowerCase().includes(part.toLowerCase()))
  );
}

async function infoOf(device: Device): Promise<Comparison['devices'][number]> {
  const { name, differences } = device;
  const missing = missingOf(device);
  return missing === undefined
    ? { name, differences, version: await device.version() }
    : { name, differences, missing };
}

function stepText({ cpuSeconds, wallSeconds, endBytes, establishRate }: Run): string {
  return `CPU ${cpuSeconds.toFixed(2)} s, wall ${wallSeconds.toFixed(2)} s, RSS ${(endBytes / 1e6).toFixed(0)} MB, ${establishRate.toFixed(0)} sessions/s`;
}
