import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { CommandError, ExitCode, usageError } from '../exitCode.ts';
import { writeJson, writeLines } from '../output.ts';

/** `replay FILE`: a flight recording, step by step. Needs no engine. */
export function addReplay(program: Command): void {
  const replay = program
    .command('replay')
    .argument('<file>', 'what show bgp recorder printed; - for standard input')
    .option('--json', 'print JSON')
    .description('play the recording of a neighbor again, step by step')
    .addHelpText(
      'after',
      `
The state machine is run again on what it took in. Exit status 1: it now gives out something
else than it did then.

Example:
  peerloom show bgp recorder 192.0.2.2 > flight.json
  peerloom replay flight.json`,
    )
    .action(async (file: string) => {
      // Loaded only now: no other command needs the state machine.
      const { replayText } = await import('../replay/replayText.ts');
      const { replayLines, replayJson } = await import('../print/replayed.ts');
      const steps = replayText(readInput(file), file);
      const json = replay.optsWithGlobals<{ json?: boolean }>().json === true;
      await (json ? writeJson(steps.map(replayJson)) : writeLines(steps.flatMap(replayLines)));
      const different = steps.filter(({ recorded }) => recorded !== undefined).length;
      if (different > 0) {
        throw new CommandError(
          'ERR_PEERLOOM_REPLAY',
          `${different} of ${steps.length} steps now give out something else than was recorded`,
          ExitCode.failure,
        );
      }
    });
}

function readInput(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw usageError(`cannot read the recording: ${(error as Error).message}`);
  }
}
