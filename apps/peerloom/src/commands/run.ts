import { type Command, Option } from 'commander';
import { type LogFormat, type LogLevel, logLevels } from '../daemon/logLevel.ts';
import { socketOf, socketOption } from './engineCommand.ts';

/** `run -c peers.yaml`: an engine in the foreground, until SIGINT or SIGTERM. */
export function addRun(program: Command): void {
  const run = program
    .command('run')
    .requiredOption('-c, --config <file>', 'configuration, YAML or JSON')
    .option('--check', 'only check the configuration')
    .addOption(socketOption())
    .addOption(
      new Option('--log-level <level>', 'how much is told').choices(logLevels).default('info'),
    )
    .addOption(
      new Option('--log-format <format>', 'lines for people or JSON')
        .choices(['text', 'json'])
        .default('text'),
    )
    .description('run an engine in the foreground')
    .addHelpText(
      'after',
      `
SIGHUP, or peerloom reload, reads the configuration again; neighbors that are the same keep their
session, and a file with an error changes nothing. SIGINT and SIGTERM shut every session with
Cease/Administrative Shutdown. The log goes to standard error.`,
    )
    .action(async () => {
      const options = run.opts<{
        config: string;
        check?: boolean;
        logLevel: LogLevel;
        logFormat: LogFormat;
      }>();
      // Loaded only now: the other commands start without the engine's weight.
      const { checkFile, runDaemon } = await import('../daemon/runDaemon.ts');
      if (options.check === true) await checkFile(options.config);
      else await runDaemon({ ...options, socket: socketOf(run) });
    });
}
