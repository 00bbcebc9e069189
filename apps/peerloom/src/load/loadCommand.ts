import {
  checkRecordings,
  checkScenario,
  LoadError,
  type LoadResult,
  resultPage,
  runLoad,
  type Scenario,
} from '@peerloom/load';
import { untilStopSignal } from '../daemon/stopSignal.ts';
import { CommandError, ExitCode } from '../exitCode.ts';
import { note, writeJson, writeLines } from '../output.ts';
import { type LoadOptions, scenarioOf } from './loadOptions.ts';
import { LoadProgressBar } from './loadProgress.ts';
import { summaryLines } from './loadSummary.ts';
import { checkOutputs, writeFile } from './outputFiles.ts';

/** Runs a load test, and sets the exit status that its verdict means. */
export async function loadCommand(options: LoadOptions): Promise<void> {
  const { config, json, html } = options;
  const outputs = [
    ['--json', json === true ? undefined : json],
    ['--html', html],
  ] as const;
  checkOutputs(outputs, [['the scenario', config]]);
  const scenario = await inOurWords(() => checkedScenario(options));
  if (options.check === true) {
    await inOurWords(() => checkRecordings(scenario));
    note('peerloom: the scenario is in order');
    return;
  }
  // Until the result is written: the second delivery of one Ctrl-C must not cut it short.
  const over = new AbortController();
  try {
    const result = await inOurWords(() => runUntilSignal(scenario, options, over.signal));
    // The files first: whoever reads our output may have gone.
    writeFiles(result, options);
    if (json === true) await writeJson(result);
    else await writeLines(summaryLines(result));
    process.exitCode = exitCodeOf(result);
  } finally {
    over.abort();
  }
}

function checkedScenario(options: LoadOptions): Scenario {
  const scenario = scenarioOf(options);
  checkScenario(scenario);
  return scenario;
}

/** Runs a scenario; a signal ends it with the results so far. `over`: signals are listened to no longer. */
async function runUntilSignal(
  scenario: Scenario,
  { quiet }: LoadOptions,
  over: AbortSignal,
): Promise<LoadResult> {
  const stop = new AbortController();
  void untilStopSignal(over, ['SIGINT', 'SIGTERM', 'SIGHUP']).then((signal) => {
    note(`peerloom: ${signal}: ending the test, with the results so far`);
    stop.abort();
  });
  const bar = new LoadProgressBar(quiet === true ? { write: () => true } : process.stderr);
  try {
    return await runLoad(scenario, {
      signal: stop.signal,
      onProgress: (progress) => bar.show(progress),
      onStep: (text) => bar.step(text),
    });
  } finally {
    bar.end();
  }
}

/** What a result means to whoever started the test. */
export function exitCodeOf({ interrupted, verdict }: LoadResult): number {
  if (interrupted) return 130;
  return verdict.status === 'fail' ? ExitCode.failure : ExitCode.ok;
}

function writeFiles(result: LoadResult, { json, html }: LoadOptions): void {
  if (typeof json === 'string') writeFile(json, `${JSON.stringify(result)}\n`);
  if (html !== undefined) writeFile(html, resultPage(result));
}

/** Errors of the load tester as errors of a command, with the exit status that each means. */
export async function inOurWords<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    const exitCode = error.code === 'ERR_LOAD_UNREACHABLE' ? ExitCode.unreachable : ExitCode.usage;
    throw new CommandError(error.code, error.message, exitCode);
  }
}
