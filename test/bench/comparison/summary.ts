import type { Run } from './run.ts';

/** The medians of a device's runs of one workload. */
export interface Summary {
  readonly device: string;
  readonly runs: number;
  readonly cpuSeconds: number;
  /** The least and the most of the runs. */
  readonly cpuRange: readonly [number, number];
  readonly startCpuSeconds: number;
  /** Until it held what it was then to send. */
  readonly fillCpuSeconds?: number;
  readonly wallSeconds: number;
  readonly peakBytes: number;
  readonly endBytes: number;
  /** Resident before any neighbour came. */
  readonly emptyBytes: number;
  /** What each session has added to that. */
  readonly bytesPerSession: number;
  readonly establishRate: number;
  /** Octets that the tester sent; of a workload that is about sending, that the peers were sent. */
  readonly bytesSent: number;
  /** The worst run. */
  readonly sessionsLost: number;
  /** What the main thread of its first process could do at most, were that all it had. */
  readonly mainThread: { readonly bytesPerSecond: number; readonly sessionsPerSecond: number };
  readonly holdShare?: number;
  /** Milliseconds; the worst run. */
  readonly keepaliveLate?: number;
  /** Milliseconds; the worst run. */
  readonly mailboxP99?: { readonly table: number; readonly churn: number };
  /** What neither the device nor the tester used while it ran: what disturbed it. */
  readonly otherCpuSeconds: number;
}

/** Puts the runs of one device together. */
export function summaryOf(device: string, runs: readonly Run[], peers: number): Summary {
  const of = (value: (run: Run) => number): number => median(runs.map(value));
  const worst = (value: (run: Run) => number | undefined): number | undefined => {
    const known = runs.map(value).filter((one) => one !== undefined);
    return known.length === 0 ? undefined : Math.max(...known);
  };
  const cpu = runs.map(({ cpuSeconds }) => cpuSeconds);
  const late = worst(({ keepaliveLate, delays }) =>
    keepaliveLate === undefined
      ? undefined
      : Math.max(keepaliveLate, delays?.table.timerWorst ?? 0, delays?.churn.timerWorst ?? 0),
  );
  const table = worst(({ delays }) => delays?.table.mailboxP99);
  const churn = worst(({ delays }) => delays?.churn.mailboxP99);
  const holdShare = worst((run) => run.holdShare);
  return {
    device,
    runs: runs.length,
    cpuSeconds: median(cpu),
    cpuRange: [Math.min(...cpu), Math.max(...cpu)],
    startCpuSeconds: of(({ start }) => start.cpuSeconds),
    ...(runs[0]!.fillCpuSeconds !== undefined && {
      fillCpuSeconds: of((run) => run.fillCpuSeconds ?? 0),
    }),
    wallSeconds: of((run) => run.wallSeconds),
    peakBytes: of((run) => run.peakBytes),
    endBytes: of((run) => run.endBytes),
    emptyBytes: of(({ start }) => start.residentBytes),
    bytesPerSession: of(({ endBytes, start }) => (endBytes - start.residentBytes) / peers),
    establishRate: of((run) => run.establishRate),
    bytesSent: of((run) => run.bytesSent),
    sessionsLost: Math.max(...runs.map(({ sessionsLost }) => sessionsLost)),
    mainThread: {
      bytesPerSecond: of((run) => run.bytesSent / Math.max(run.mainThreadSeconds, 0.01)),
      sessionsPerSecond: of((run) => run.sessions / Math.max(run.mainThreadSeconds, 0.01)),
    },
    ...(holdShare !== undefined && { holdShare }),
    ...(late !== undefined && { keepaliveLate: late }),
    ...(table !== undefined && churn !== undefined && { mailboxP99: { table, churn } }),
    otherCpuSeconds: of((run) => run.otherCpuSeconds),
  };
}

/** The value in the middle; the mean of the two in the middle where their number is even. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]!
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}
