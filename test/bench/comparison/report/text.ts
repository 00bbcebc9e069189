import type { Comparison, WorkloadResult } from '../comparison.ts';
import { ceilingText, headline, legend, rowsOf, targetText } from './table.ts';

/** A comparison as lines for people; tables are also valid Markdown. */
export function comparisonLines(comparison: Comparison): string[] {
  return [
    headline(comparison),
    `Command: ${comparison.command}`,
    '',
    ...comparison.workloads.flatMap((workload) => [...workloadLines(workload), '']),
    ...legend,
    '',
    ...comparison.devices.flatMap(({ name, version, missing, differences }) =>
      missing === undefined
        ? [`- ${name} (${version}): ${differences.join('; ')}.`]
        : [`- ${missing}`],
    ),
  ];
}

/** One workload: its table, its targets, and what went wrong. */
export function workloadLines(workload: WorkloadResult): string[] {
  const ceiling = ceilingText(workload);
  return [
    `### ${workload.id}: ${workload.title}`,
    '',
    ...markdownTable(rowsOf(workload)),
    '',
    ...workload.targets.map((target) => `- ${targetText(target)}`),
    ...(ceiling === undefined ? [] : [`- ${ceiling}`]),
    ...workload.failures.map(
      ({ device, round, reason }) => `- ${device}, round ${round}, came to nothing: ${reason}`,
    ),
  ];
}

/** Aligned, so that it can be read as it is. */
export function markdownTable(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(rows[0]!), line(rule), ...rows.slice(1).map(line)];
}
