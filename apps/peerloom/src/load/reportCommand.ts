import { readResult, resultPage } from '@peerloom/load';
import { writeLines } from '../output.ts';
import { inOurWords } from './loadCommand.ts';
import { summaryLines } from './loadSummary.ts';
import { checkOutputs, writeFile } from './outputFiles.ts';

/** Prints the tables of an earlier run, and writes its page. */
export async function reportCommand(file: string, html: string | undefined): Promise<void> {
  checkOutputs([['--html', html]], [['the result', file]]);
  const result = await inOurWords(() => readResult(file));
  if (html !== undefined) writeFile(html, resultPage(result));
  await writeLines(summaryLines(result));
}
