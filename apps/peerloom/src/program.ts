import { Command, CommanderError } from 'commander';
import { addDecode } from './commands/decode.ts';
import { addDemo } from './commands/demo.ts';
import { addLoad } from './commands/load.ts';
import { addMrt } from './commands/mrt.ts';
import { addOperate } from './commands/operate.ts';
import { addReplay } from './commands/replay.ts';
import { addRouteCommands } from './commands/route.ts';
import { addRun } from './commands/run.ts';
import { addShow } from './commands/show.ts';
import { CommandError, ExitCode } from './exitCode.ts';
import { note, OutputClosed } from './output.ts';
import { version } from './version.ts';
import { completeWords } from './words.ts';

/** Runs a command line, without the name of the program, and gives what the process is to exit with. */
export async function runProgram(words: readonly string[]): Promise<number> {
  try {
    const program = makeProgram();
    await program.parseAsync(completeWords(program, words), { from: 'user' });
    return Number(process.exitCode ?? ExitCode.ok);
  } catch (error) {
    return report(error);
  }
}

/** The tree of commands. */
export function makeProgram(): Command {
  const program = new Command('peerloom')
    .description(
      'A BGP-4 speaker with many peers. Without a command: a demonstration, 200 neighbors on loopback.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help for a command')
    .helpCommand('help [command]', 'the same')
    .configureHelp({ showGlobalOptions: false, subcommandTerm: (command) => command.name() })
    .addHelpText('after', overview)
    // Options of the demonstration and of the commands have the same names.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  addDemo(program);
  addRun(program);
  addShow(program);
  addOperate(program);
  addRouteCommands(program);
  addDecode(program);
  addReplay(program);
  addLoad(program);
  addMrt(program);
  return program;
}

const overview = `
An engine of your own:
  peerloom run -c peers.yaml
What it is doing (add --json for programs):
  peerloom show ip bgp summary
  peerloom show ip bgp neighbors [A]
  peerloom show ip bgp neighbors A received-routes | advertised-routes
  peerloom show ip bgp [PREFIX [longer-prefixes]]
  peerloom show bgp ipv6 unicast [PREFIX [longer-prefixes]]
  peerloom show tcp brief
  peerloom show metrics
  peerloom show bgp events [--follow]
  peerloom show bgp recorder A
Tell it what to do:
  peerloom neighbor A shutdown [TEXT]
  peerloom neighbor A no shutdown
  peerloom clear ip bgp A|'*' [soft [in|out]]
  peerloom announce route PREFIX [next-hop A] [community C ...] [...]
  peerloom withdraw route PREFIX
  peerloom reload
Without an engine:
  peerloom decode HEX
  peerloom replay FILE
  peerloom load --target ADDRESS:PORT [--peers N] [--prefixes N] [...]
  peerloom load report FILE | load compare A B
  peerloom mrt show FILE

Commands can be shortened: sh ip b s. Exit status: 0 done, 1 failed, 2 wrong use or
configuration, 3 no engine answers.`;

/** Tells the user of an error, and gives the exit status that it means. */
function report(error: unknown): number {
  if (error instanceof OutputClosed) return ExitCode.ok;
  if (error instanceof CommandError) {
    for (const line of error.message.split('\n')) note(`peerloom: ${line}`);
    return error.exitCode;
  }
  if (error instanceof CommanderError) {
    // Help and version have been printed, and are no error.
    if (error.exitCode === 0) return ExitCode.ok;
    if (error.code !== 'commander.help') {
      note(`peerloom: ${error.message.replace(/^error: /, '')}; see peerloom --help`);
    }
    return ExitCode.usage;
  }
  const { message, code, stack } = error as NodeJS.ErrnoException;
  // Errors with a code of ours or of the system were foreseen and say what to do; others are bugs.
  note(`peerloom: ${typeof code === 'string' ? message : (stack ?? String(error))}`);
  return ExitCode.failure;
}
