import {
  distributionNames,
  type LoadResult,
  type Measure,
  measureText,
  statusText,
} from '@peerloom/load';
import { type Column, tableLines } from '../print/table.ts';

/** Distributions have their row in the first table; these figures make the second one. */
const figures: readonly (readonly [string, string])[] = [
  ['sessions', 'sessions.established'],
  ['sessions lost', 'sessions.lost'],
  ['set-up rate', 'establish.rate'],
  ['set-up of all', 'establish.duration'],
  ['table written', 'announce.written'],
  ['first route at the slowest sink', 'announce.first'],
  ['50 % of the routes', 'announce.half'],
  ['99 % of the routes', 'announce.most'],
  ['all routes', 'announce.all'],
  ['paths held (ADD-PATH)', 'announce.paths'],
  ['table taken in', 'announce.duration'],
  ['routes a second', 'announce.rate'],
  ['churn', 'churn.rate'],
  ['flap and back', 'flap.duration'],
  ['withdraw convergence', 'withdraw.duration'],
  ['table restored', 'restore.duration'],
  ['routes missing', 'oracle.missing'],
  ['routes extra', 'oracle.extra'],
  ['routes with wrong attributes', 'oracle.wrong'],
  ['messages sent', 'messages.sent'],
  ['messages received', 'messages.received'],
  ['octets sent', 'bytes.sent'],
  ['octets received', 'bytes.received'],
  ['NOTIFICATIONs from the device', 'notifications.received'],
  ['CPU of the device', 'device.cpu'],
  ['memory of the device', 'device.rss'],
  ['CPU of the tester', 'tester.cpu'],
  ['memory of the tester', 'tester.rss'],
  ['CPU of everything else', 'other.cpu'],
];

/** Lines about faulty sinks that are printed at the most. */
const mostOracleLines = 40;
/** Notes that are printed at the most. */
const mostNotes = 10;

const distributionTitles: Readonly<Record<string, string>> = {
  connect: 'TCP connect',
  open: 'OPEN received',
  established: 'Established',
  'announce.latency': 'route latency, announce',
  'churn.latency': 'route latency, churn',
  lateness: 'tester late by',
  'flap.established': 'Established after a flap',
  'restore.latency': 'route latency, restore',
};

/** A result as two small tables, then thresholds, oracle and verdict. */
export function summaryLines(result: LoadResult): string[] {
  const { measures, phases, routes, environment, scenario } = result;
  const { target } = scenario;
  const lines = [
    `${target.address} port ${target.port}: ${measures['sessions.wanted']?.value ?? 0} speakers, ${routes.prefixes} prefixes in ${routes.updates} UPDATEs (${environment.cores} cores, Node.js ${environment.node})`,
    '',
    ...distributionTable(result),
    '',
    ...figureTable(measures),
  ];
  const cut = phases.filter(({ ended }) => ended === 'timeout');
  for (const { phase } of cut) lines.push(`The phase ${phase} did not come to its end in time.`);
  lines.push(...noteLines(result), ...oracleLines(result), ...thresholdLines(result));
  lines.push('', ...verdictLines(result));
  return lines;
}

function distributionTable({ measures }: LoadResult): readonly string[] {
  const rows = distributionNames.filter((name) => `${name}.count` in measures);
  const cell = (part: string): Column<string> => ({
    title: part,
    align: 'right',
    text: (name) => text(measures[`${name}.${part}`]),
  });
  const columns: Column<string>[] = [
    { title: 'latency', align: 'left', text: (name) => distributionTitles[name] ?? name },
    ...['p50', 'p90', 'p99', 'p99.9', 'max', 'count'].map(cell),
  ];
  return rows.length === 0 ? [] : tableLines(columns, rows);
}

function figureTable(measures: LoadResult['measures']): readonly string[] {
  const rows = figures.filter(([, name]) => name in measures);
  return tableLines(
    [
      { title: 'measure', align: 'left', text: ([title]) => title },
      { title: 'value', align: 'right', text: ([, name]) => text(measures[name]) },
    ],
    rows,
  );
}

function noteLines({ notes, notifications }: LoadResult): string[] {
  const lines = Object.entries(notes).map(([note, count]) => `  ${count} × ${note}`);
  for (const [name, count] of Object.entries(notifications.received)) {
    lines.push(`  ${count} × the device sent ${name}`);
  }
  if (lines.length === 0) return [];
  const more = lines.length - mostNotes;
  const rest = more > 0 ? [`  and ${more} more (--json and --html have all of them)`] : [];
  return ['', 'Worth knowing:', ...lines.slice(0, mostNotes), ...rest];
}

/** Each faulty sink has its line, and each fault is shown once, however many sinks and phases have it. */
function oracleLines({ oracle }: LoadResult): string[] {
  const lines: string[] = [];
  const shown = new Set<string>();
  let more = 0;
  for (const { phase, sinks } of oracle) {
    for (const { sink, missing, extra, wrong, findings } of sinks) {
      if (missing + extra + wrong === 0) continue;
      if (lines.length >= mostOracleLines) {
        more++;
        continue;
      }
      lines.push(
        `✗ after ${phase}, sink ${sink + 1}: ${missing} missing, ${extra} extra, ${wrong} with wrong attributes`,
      );
      const words = findings.map((one) => `    ${one.prefix} ${one.kind}: ${one.text}`);
      lines.push(...words.filter((line) => !shown.has(line)));
      for (const line of words) shown.add(line);
    }
  }
  if (more > 0) lines.push(`✗ and ${more} more (--json and --html have all of them)`);
  if (oracle.length > 0 && lines.length === 0) {
    const phases = oracle.map(({ phase }) => phase).join(', ');
    const isKnown = oracle.every(({ sinks }) => sinks.every((sink) => sink.isKnown));
    const isEmpty = oracle.every(({ sinks }) =>
      sinks.every(({ expected, held }) => expected + held === 0),
    );
    const what = isKnown ? 'what it must' : 'nothing wrong';
    lines.push(
      isEmpty
        ? `there was nothing that a sink had to hold after ${phases}`
        : `✓ every sink held ${what} after ${phases}`,
    );
  }
  return lines.length === 0 ? [] : ['', ...lines];
}

function thresholdLines({ thresholds, measures }: LoadResult): string[] {
  if (thresholds.length === 0) return [];
  const lines = thresholds.map(({ text: condition, passed, measure }) => {
    const value = measures[measure];
    const was = value === undefined ? 'was not measured' : `was ${measureText(value)}`;
    return `${passed ? '✓' : '✗'} ${condition} (${was})`;
  });
  return ['', ...lines];
}

function verdictLines(result: LoadResult): string[] {
  const { reasons, bottleneck, phases } = result.verdict;
  const lines = [statusText(result)];
  lines.push(...reasons.map((reason) => `  ${reason}`));
  const words = {
    device: 'The device was the bottleneck.',
    tester: 'The tester was the bottleneck.',
    machine: 'The machine was the bottleneck.',
    neither: 'Neither the device nor the tester was at its limit.',
    unknown: 'What the bottleneck was cannot be told.',
  };
  lines.push(words[bottleneck]);
  for (const { phase, bottleneck: which, evidence } of phases) {
    lines.push(`  ${phase}: ${which}: ${evidence}`);
  }
  return lines;
}

function text(measure: Measure | undefined): string {
  return measure === undefined ? '' : measureText(measure);
}
