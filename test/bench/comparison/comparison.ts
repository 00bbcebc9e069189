import { availableParallelism, cpus, release, totalmem } from 'node:os';
import type { Run } from './run.ts';
import { type Summary, summaryOf } from './summary.ts';
import { checkTargets, type TargetResult } from './targets.ts';
import type { Size, Workload, WorkloadId } from './workload.ts';

/** Everything that a comparison has found: what `--json` writes. */
export interface Comparison {
  readonly format: 'peerloom-comparison';
  readonly version: 1;
  /** ISO 8601. */
  readonly startedAt: string;
  /** What reproduces it. */
  readonly command: string;
  readonly size: Size;
  readonly rounds: number;
  readonly machine: Machine;
  readonly devices: readonly DeviceInfo[];
  readonly workloads: readonly WorkloadResult[];
}

/** The machine, in general terms. */
export interface Machine {
  readonly processors: number;
  readonly cpuModel: string;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly node: string;
}

/** A device that took part, or why it did not. */
export interface DeviceInfo {
  readonly name: string;
  readonly version?: string;
  readonly missing?: string;
  readonly differences: readonly string[];
}

/** One workload: every run, what they come to, and whether the targets are reached. */
export interface WorkloadResult {
  readonly id: WorkloadId;
  readonly title: string;
  readonly runs: readonly Run[];
  readonly failures: readonly Failure[];
  readonly summaries: readonly Summary[];
  /** None at the small size: they are meant for the full one. */
  readonly targets: readonly TargetResult[];
}

/** A run that came to nothing. */
export interface Failure {
  readonly device: string;
  readonly round: number;
  readonly reason: string;
}

/** What all runs of a workload come to; `before`: the workloads that were measured before it. */
export function resultOf(
  { id, title, peers }: Workload,
  size: Size,
  devices: readonly string[],
  runs: readonly Run[],
  failures: readonly Failure[],
  before: readonly WorkloadResult[],
): WorkloadResult {
  const summaries = devices.flatMap((device) => {
    const own = runs.filter((run) => run.device === device);
    return own.length === 0 ? [] : [summaryOf(device, own, peers)];
  });
  const targets =
    size === 'full'
      ? checkTargets(id, summaries, before.find((one) => one.id === 'W1')?.summaries)
      : [];
  return { id, title, runs, failures, summaries, targets };
}

/** The machine that this runs on. */
export function thisMachine(): Machine {
  return {
    processors: availableParallelism(),
    cpuModel: cpus()[0]?.model ?? 'unknown',
    memoryBytes: totalmem(),
    kernel: release(),
    node: process.version,
  };
}
