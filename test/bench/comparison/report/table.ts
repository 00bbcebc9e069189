import type { Comparison, WorkloadResult } from '../comparison.ts';
import { oneWorker } from '../devices/devices.ts';
import type { Summary } from '../summary.ts';
import { shortfall, type TargetResult } from '../targets.ts';

/** A column of a workload's table: what it is called, and what stands in it. */
interface Column {
  readonly title: string;
  readonly cell: (summary: Summary, ours: Summary | undefined) => string;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
const seconds = (value: number): string => value.toFixed(2);
const rate = (value: number): string => Math.round(value).toLocaleString('en-US');

const cpu: readonly Column[] = [
  { title: 'CPU s', cell: ({ cpuSeconds }) => seconds(cpuSeconds) },
  {
    title: 'min–max',
    cell: ({ cpuRange: [least, most] }) => `${seconds(least)}–${seconds(most)}`,
  },
  {
    title: 'CPU Peerloom/it',
    cell: ({ cpuSeconds }, ours) =>
      ours === undefined || cpuSeconds === 0 ? '–' : (ours.cpuSeconds / cpuSeconds).toFixed(3),
  },
  { title: 'start CPU s', cell: ({ startCpuSeconds }) => seconds(startCpuSeconds) },
  { title: 'wall s', cell: ({ wallSeconds }) => seconds(wallSeconds) },
];
const memory: readonly Column[] = [
  { title: 'RSS peak', cell: ({ peakBytes }) => megabytes(peakBytes) },
  { title: 'RSS end', cell: ({ endBytes }) => megabytes(endBytes) },
  {
    title: 'RSS Peerloom/it',
    cell: ({ endBytes }, ours) =>
      ours === undefined ? '–' : (ours.endBytes / endBytes).toFixed(2),
  },
];
const sending: readonly Column[] = [
  ...cpu.slice(0, 3),
  {
    title: 'table in, CPU s',
    cell: ({ fillCpuSeconds = Number.NaN }) => seconds(fillCpuSeconds),
  },
  { title: 'wall s', cell: ({ wallSeconds }) => seconds(wallSeconds) },
  {
    title: 'MB/s of CPU',
    cell: ({ bytesSent, cpuSeconds }) => (bytesSent / 1e6 / cpuSeconds).toFixed(0),
  },
];
const sessions: readonly Column[] = [
  { title: 'sessions/s', cell: ({ establishRate }) => rate(establishRate) },
  {
    title: 'rate Peerloom/it',
    cell: ({ establishRate }, ours) =>
      ours === undefined ? '–' : (ours.establishRate / establishRate).toFixed(2),
  },
  { title: 'lost', cell: ({ sessionsLost }) => String(sessionsLost) },
];
const perSession: Column = {
  title: 'KB a session',
  cell: ({ bytesPerSession }) => (bytesPerSession / 1000).toFixed(1),
};

const w5: readonly Column[] = [
  ...cpu.slice(0, 3),
  ...memory,
  { title: 'lost', cell: ({ sessionsLost }) => String(sessionsLost) },
  {
    title: 'keepalive late ms',
    cell: ({ keepaliveLate = Number.NaN }) => keepaliveLate.toFixed(0),
  },
  {
    title: 'mailbox p99 ms, table / churn',
    cell: ({ mailboxP99 }) =>
      mailboxP99 === undefined
        ? '–'
        : `${mailboxP99.table.toFixed(0)} / ${mailboxP99.churn.toFixed(0)}`,
  },
];

const setUp: readonly Column[] = [
  ...sessions,
  ...cpu.slice(0, 4),
  ...memory.slice(0, 2),
  perSession,
];

const columns: Readonly<Record<string, readonly Column[]>> = {
  W1: [...cpu, ...memory],
  W1R: [...cpu, ...memory],
  W2: [...cpu, ...memory],
  S1: [...sending, ...memory],
  S2: [...sending, ...memory],
  W3: setUp,
  W3L: setUp,
  W3R: setUp,
  W4: [
    ...sessions,
    {
      title: '% of a core held',
      cell: ({ holdShare = Number.NaN }) => (holdShare * 100).toFixed(1),
    },
    ...memory.slice(0, 2),
    perSession,
  ],
  W5: w5,
  W5F: w5,
};

/** A workload's table, headings first, a row a device. */
export function rowsOf({ id, summaries }: WorkloadResult): string[][] {
  const ours = summaries.find(({ device }) => device === oneWorker.name);
  const chosen = columns[id]!;
  return [
    ['device', ...chosen.map(({ title }) => title)],
    ...summaries.map((summary) => [
      summary.device,
      ...chosen.map(({ cell }) => cell(summary, ours)),
    ]),
  ];
}

/** `✓ CPU ≤ 0.45 × BIRD: 0.41`. */
export function targetText(target: TargetResult): string {
  const { text, value, passed } = target;
  if (value === undefined) return `? ${text}: not measured`;
  const shown = value.toFixed(value < 10 && value !== 0 ? 3 : 0);
  const off = passed === true ? undefined : shortfall(target);
  return `${passed === true ? '✓' : '✗'} ${text}: ${shown}${off === undefined ? '' : ` (${(off * 100).toFixed(0)} % off)`}`;
}

/** What Peerloom's main thread, the supervisor, could route at most, were it alone. */
export function ceilingText({ summaries, id }: WorkloadResult): string | undefined {
  const ours = summaries.find(({ device }) => device === oneWorker.name);
  if (ours === undefined) return undefined;
  const { bytesPerSecond, sessionsPerSecond } = ours.mainThread;
  if (id === 'W1' || id === 'W2') {
    return `The supervisor's thread alone: ${(bytesPerSecond / 1e6).toFixed(0)} MB of BGP for each second of its CPU.`;
  }
  return id === 'W3'
    ? `The supervisor's thread alone: ${rate(sessionsPerSecond)} sessions set up for each second of its CPU.`
    : undefined;
}

/** The machine and the run in a line. */
export function headline({ startedAt, rounds, size, machine }: Comparison): string {
  const { processors, cpuModel, memoryBytes, kernel, node } = machine;
  return `${startedAt.slice(0, 10)}, ${rounds} round${rounds === 1 ? '' : 's'}, size ${size}; ${processors} × ${cpuModel}, ${(memoryBytes / 2 ** 30).toFixed(0)} GiB, Linux ${kernel}, Node.js ${node}`;
}

/** How the figures are to be read. */
export const legend: readonly string[] = [
  'Medians of the rounds. CPU: user and system of the whole process tree, ended children included, from ready to quiet (less than 5 % of a core for a second, with every route held); what it took to start is in a column of its own.',
  'RSS: resident set size of all processes added up; at the end: 5 s after quiet. Peerloom/it: Peerloom with one worker divided by the device.',
  'Wall: from the first UPDATE (W1, W2) or the first dial until the device had done its last work. W5 counts its churn in.',
  'W3L: every neighbour is in the device’s configuration by its address, and what it takes for them before they come is part of its start; elsewhere, but for ExaBGP, neighbours are accepted by a range.',
  'W1R, W3R: the device holds the table, or the sessions, and is quiet; then its neighbours end their sessions, and come again with the same. CPU is from that end on, the peak of the memory from the beginning.',
  'S1, S2: the device holds the table, and is quiet; then the peers connect. CPU and wall are from there until the last of them holds everything; what taking the table in has cost is in a column of its own.',
];
