import {
  type Comparison,
  compareResults,
  comparisonPage,
  differencesOf,
  measureText,
  readResult,
  verdictOf,
} from '@peerloom/load';
import { writeJson, writeLines } from '../output.ts';
import { type Column, tableLines } from '../print/table.ts';
import { inOurWords } from './loadCommand.ts';
import { checkOutputs, writeFile } from './outputFiles.ts';

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

/** Prints two lots of results side by side, and writes the page of the comparison. */
export async function compareCommand(
  a: readonly string[],
  b: readonly string[],
  { json, html }: { readonly json: boolean; readonly html: string | undefined },
): Promise<void> {
  const inputs = [...a, ...b].map((file) => ['one of the results', file] as const);
  checkOutputs([['--html', html]], inputs);
  const [left, right] = await inOurWords(() => [a.map(readResult), b.map(readResult)]);
  const comparisons = compareResults(left, right);
  const differences = differencesOf(left, right);
  if (html !== undefined) writeFile(html, comparisonPage(comparisons, a, b, differences));
  if (json) return await writeJson(comparisons);
  const head = `A: median of ${a.length}, B: median of ${b.length}`;
  const few = a.length < 4 || b.length < 4;
  await writeLines([
    ...(differences.length === 0 ? [] : [`The runs differ in: ${differences.join(', ')}`]),
    few ? `${head}; with four or more a side, chance could be told from difference` : head,
    '',
    ...tableLines(columns, comparisons),
  ]);
  return undefined;
}
