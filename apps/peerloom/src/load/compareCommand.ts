import { type Comparison, compareResults, measureText, readResult } from '@peerloom/load';
import { writeJson, writeLines } from '../output.ts';
import { type Column, tableLines } from '../print/table.ts';
import { inOurWords } from './loadCommand.ts';

/** Below this probability of chance a difference is taken for one. */
const significant = 0.05;

const columns: readonly Column<Comparison>[] = [
  { title: 'measure', align: 'left', text: ({ measure }) => measure },
  { title: 'A', align: 'right', text: ({ a, unit }) => measureText({ value: a, unit }) },
  { title: 'B', align: 'right', text: ({ b, unit }) => measureText({ value: b, unit }) },
  {
    title: 'B/A',
    align: 'right',
    text: ({ ratio }) => (ratio === undefined ? '' : ratio.toFixed(2)),
  },
  { title: 'chance', align: 'right', text: ({ chance }) => chance?.toFixed(3) ?? '' },
  { title: '', align: 'left', text: verdictOf },
];

/** Prints two lots of results side by side. */
export async function compareCommand(
  a: readonly string[],
  b: readonly string[],
  json: boolean,
): Promise<void> {
  const comparisons = await inOurWords(() => compareResults(a.map(readResult), b.map(readResult)));
  if (json) return await writeJson(comparisons);
  const head = `A: median of ${a.length}, B: median of ${b.length}`;
  const few = a.length < 3 || b.length < 3;
  await writeLines([
    few ? `${head}; with three or more a side, chance could be told from difference` : head,
    '',
    ...tableLines(columns, comparisons),
  ]);
  return undefined;
}

function verdictOf({ a, b, chance, ratio }: Comparison): string {
  if (a === b) return 'same';
  if (chance === undefined || ratio === undefined) return '';
  return chance > significant ? 'may be chance' : b < a ? 'less' : 'more';
}
