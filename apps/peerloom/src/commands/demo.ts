import { type Command, InvalidArgumentError, Option } from 'commander';
import { type LogLevel, logLevels } from '../daemon/logLevel.ts';
import { socketOf, socketOption } from './engineCommand.ts';

/** What runs without a command: an engine with many neighbors on loopback. */
export function addDemo(program: Command): void {
  program
    .option('--duration <seconds>', 'end by itself after so long', numberBetween(0.1, 2_000_000))
    .option('--peers <number>', 'simulated neighbors', wholeBetween(1, 10_000), 200)
    .option('--routes <number>', 'routes that each announces', wholeBetween(0, 5000), 300)
    .option('--workers <number>', 'worker threads of the engine', wholeBetween(0, 256))
    .addOption(socketOption())
    .addOption(new Option('--log-level <level>').choices(logLevels).default('error').hideHelp())
    .action(async () => {
      const options = program.opts<{
        duration?: number;
        peers: number;
        routes: number;
        workers?: number;
        logLevel: LogLevel;
      }>();
      // Loaded only now: the other commands start without the engine's weight.
      const { runDemo } = await import('../demo/demo.ts');
      const { duration, workers } = options;
      await runDemo({ ...options, duration, workers, socket: socketOf(program) });
    });
}

function numberBetween(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`It must be a number from ${minimum} to ${maximum}.`);
  };
}

function wholeBetween(minimum: number, maximum: number): (text: string) => number {
  const read = numberBetween(minimum, maximum);
  return (text) => {
    const value = read(text);
    if (Number.isInteger(value)) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${minimum} to ${maximum}.`);
  };
}
