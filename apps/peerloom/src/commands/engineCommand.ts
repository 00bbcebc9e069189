import { type Command, Option } from 'commander';
import { ControlClient } from '../control/client.ts';
import { defaultSocketPath } from '../control/socketPath.ts';

/** Arguments of a command line, in the order in which the command declares them. */
export type Words = readonly (string | readonly string[] | undefined)[];

/** What a command does once it is connected; `json`: print JSON. */
export type EngineAction = (client: ControlClient, json: boolean) => Promise<void>;

/** `--socket`, which every command has that talks to an engine or is one. */
export function socketOption(): Option {
  return new Option(
    '--socket <path>',
    `control socket of the engine (default: ${defaultSocketPath()})`,
  ).env('PEERLOOM_SOCKET');
}

/** The socket that was named: among the words, wherever they stood, or else by the environment. */
export function socketOf(command: Command): string | undefined {
  for (const source of ['cli', 'env']) {
    for (let each: Command | null = command; each; each = each.parent) {
      if (each.getOptionValueSource('socket') === source) {
        return each.getOptionValue('socket') as string;
      }
    }
  }
  return undefined;
}

/**
 * Makes a command one that talks to a running engine, with `--socket` and `--json`. `prepare` looks at
 * the words before anybody is talked to, throws a usage error where they are wrong, and gives what to do.
 */
export function talksToEngine(command: Command, prepare: (words: Words) => EngineAction): Command {
  return command
    .option('--json', 'print JSON')
    .addOption(socketOption())
    .action(async (...given: unknown[]) => {
      // Commander appends the options and the command to the arguments.
      const action = prepare(given.slice(0, -2) as Words);
      const { json = false } = command.optsWithGlobals<{ json?: boolean }>();
      using client = await ControlClient.connect(socketOf(command) ?? defaultSocketPath());
      await action(client, json);
    });
}
