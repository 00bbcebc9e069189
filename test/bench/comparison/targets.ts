import { bird, frr, oneWorker } from './devices/devices.ts';
import type { Summary } from './summary.ts';
import type { WorkloadId } from './workload.ts';

/** What must be reached, and what was. */
export interface TargetResult {
  readonly text: string;
  readonly limit: number;
  /** `undefined`: there was nothing to measure it against. */
  readonly value?: number;
  /** `undefined` with it. */
  readonly passed?: boolean;
}

interface Target {
  readonly text: string;
  readonly limit: number;
  readonly atLeast?: true;
  /** From the medians of Peerloom with one worker, and those of what it is measured against. */
  readonly value: (ours: Summary, other: Summary) => number | undefined;
  /** A daemon, or Peerloom itself with one worker in W1; absent: nothing. */
  readonly against?: string;
}

const W1 = 'W1';

const noneLost: Target = {
  text: 'sessions lost: none',
  limit: 0,
  value: ({ sessionsLost }) => sessionsLost,
};

/** Of W3, whether the neighbours are listed or not. */
const setUp: readonly Target[] = [
  {
    text: 'sessions/s ≥ 5 × FRR',
    limit: 5,
    atLeast: true,
    against: frr.name,
    value: (ours, other) => ours.establishRate / other.establishRate,
  },
  noneLost,
];

/** Of W5, whether somebody floods or not. */
const w5: readonly Target[] = [
  noneLost,
  {
    text: 'mailbox delay p99 while the tables come ≤ 50 ms',
    limit: 50,
    value: ({ mailboxP99 }) => mailboxP99?.table,
  },
  {
    text: 'mailbox delay p99 under churn ≤ 50 ms',
    limit: 50,
    value: ({ mailboxP99 }) => mailboxP99?.churn,
  },
  {
    text: 'keepalives late by ≤ 1000 ms',
    limit: 1000,
    value: ({ keepaliveLate }) => keepaliveLate,
  },
];

const targets: Readonly<Record<WorkloadId, readonly Target[]>> = {
  W1: [
    {
      text: 'CPU ≤ 0.45 × BIRD',
      limit: 0.45,
      against: bird.name,
      value: (ours, other) => ours.cpuSeconds / other.cpuSeconds,
    },
    {
      text: 'RSS at the end ≤ 1.1 × BIRD',
      limit: 1.1,
      against: bird.name,
      value: (ours, other) => ours.endBytes / other.endBytes,
    },
  ],
  W1R: [],
  W2: [
    {
      text: 'CPU ≤ 0.08 × BIRD',
      limit: 0.08,
      against: bird.name,
      value: (ours, other) => ours.cpuSeconds / other.cpuSeconds,
    },
    {
      text: 'RSS at the end ≤ 0.6 × BIRD',
      limit: 0.6,
      against: bird.name,
      value: (ours, other) => ours.endBytes / other.endBytes,
    },
  ],
  W3: setUp,
  W3L: setUp,
  W3R: [noneLost],
  W4: [
    {
      text: 'KB a session above the empty engine ≤ 12',
      limit: 12,
      value: ({ bytesPerSession }) => bytesPerSession / 1000,
    },
    {
      text: '% of a core while held ≤ 3',
      limit: 3,
      value: ({ holdShare }) => (holdShare === undefined ? undefined : holdShare * 100),
    },
    noneLost,
  ],
  S1: [
    {
      text: 'CPU ≤ that of receiving the table (W1)',
      limit: 1,
      against: W1,
      value: (ours, receiving) => ours.cpuSeconds / receiving.cpuSeconds,
    },
  ],
  S2: [
    {
      text: 'CPU of each peer ≤ that of receiving the table (W1)',
      limit: 1,
      against: W1,
      value: (ours, receiving) => ours.cpuSeconds / 200 / receiving.cpuSeconds,
    },
  ],
  W5: w5,
  W5F: w5,
};

/**
 * Holds the medians against the targets of a workload.
 *
 * @param receiving - the medians of W1, if that was measured
 */
export function checkTargets(
  id: WorkloadId,
  summaries: readonly Summary[],
  receiving: readonly Summary[] = [],
): TargetResult[] {
  const of = (name: string): Summary | undefined => summaries.find(({ device }) => device === name);
  const ours = of(oneWorker.name);
  return targets[id].map(({ text, limit, atLeast, value, against }) => {
    const other =
      against === W1
        ? receiving.find(({ device }) => device === oneWorker.name)
        : against === undefined
          ? ours
          : of(against);
    const measured = ours && other && value(ours, other);
    if (measured === undefined || !Number.isFinite(measured)) return { text, limit };
    const passed = atLeast === true ? measured >= limit : measured <= limit;
    return { text, limit, value: measured, passed };
  });
}

/** By how much a target is missed, as a share of it: 0.2 is 20 % off. */
export function shortfall({ limit, value }: TargetResult): number | undefined {
  if (value === undefined || limit === 0) return undefined;
  return Math.abs(value - limit) / limit;
}
