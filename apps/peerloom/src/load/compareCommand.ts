import {
  type Comparison,
  compareResults,
  comparisonPage,
  differencesOf,
  measureText,
  type NamedResult,
  readResult,
  verdictOf,
  warningsOf,
} from '@peerloom/load';
import { usageError } from '../exitCode.ts';
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
  if ([...a, ...b].includes('')) {
    throw usageError(
      'a file has no name; give those of a side with commas and without spaces, as in a1.json,a2.json b1.json,b2.json',
    );
  }
  const inputs = [...a, ...b].map((file) => ['one of the results', file] as const);
  checkOutputs([['--html', html]], inputs);
  const [left, right] = await inOurWords(() => [a.map(named), b.map(named)] as const);
  const [ofA, ofB] = [left.map(({ result }) => result), right.map(({ result }) => result)];
  const comparisons = compareResults(ofA, ofB);
  if (html !== undefined) writeFile(html, comparisonPage(comparisons, left, right));
  if (json) {
    const differences = differencesOf(ofA, ofB);
    await writeJson({ a: left.map(runOf), b: right.map(runOf), differences, comparisons });
    return;
  }
  const few = a.length < 4 || b.length < 4;
  await writeLines([
    `A: median of ${a.length}: ${a.join(', ')}`,
    `B: median of ${b.length}: ${b.join(', ')}`,
    ...(few ? ['With four or more a side, chance could be told from difference.'] : []),
    ...warningsOf(left, right),
    '',
    ...tableLines(columns, comparisons),
  ]);
}

function named(file: string): NamedResult {
  return { name: file, result: readResult(file) };
}

/** What a program must know of a run that is compared. */
function runOf({ name, result: { interrupted, verdict } }: NamedResult): object {
  return { file: name, status: verdict.status, interrupted, reasons: verdict.reasons };
}
