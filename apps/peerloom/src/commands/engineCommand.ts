import { type Command, Option } from 'commander';
import { ControlClient } from '../control/client.ts';
import { defaultSocketPath } from '../control/socketPath.ts';

/** What every command that talks to a running engine can be told. */
export interface EngineOptions {
  readonly json: boolean;
}

/** Arguments of a command line, in the order in which the command declares them. */
export type Words = readonly (string | readonly string[] | undefined)[];

/** `--socket`, which every command has that talks to an engine or is one. */
export function socketOption(): Option {
  return new Option(
    '--socket <path>',
    `control socket of the engine (default: ${defaultSocketPath()})`,
  ).env('PEERLOOM_SOCKET');
}

/**
 * Makes a command one that talks to a running engine: it gets `--socket` and `--json`, and `action` a
 * connection that ends with it.
 */
export function talksToEngine(
  command: Command,
  action: (client: ControlClient, words: Words, options: EngineOptions) => Promise<void>,
): Command {
  return command
    .option('--json', 'print JSON')
    .addOption(socketOption())
    .action(async (...actionArguments: unknown[]) => {
      // Commander appends the options and the command to the arguments.
      const words = actionArguments.slice(0, -2) as Words;
      const { json = false, socket } = command.optsWithGlobals<{
        json?: boolean;
        socket?: string;
      }>();
      using client = await ControlClient.connect(socket ?? defaultSocketPath());
      await action(client, words, { json });
    });
}
