import { readConfiguration } from '../configuration/read.ts';
import { writeLines } from '../output.ts';
import { countText } from '../print/count.ts';
import { endText } from '../print/tcp.ts';
import { Daemon } from './daemon.ts';
import { gatheredStandardError } from './gatheredTarget.ts';
import { openLog } from './log.ts';
import type { LogFormat, LogLevel } from './logLevel.ts';
import { untilStopSignal } from './stopSignal.ts';

/** `run --check`: says that a configuration is right, or throws what is wrong with it. */
export async function checkFile(file: string): Promise<void> {
  const { engine } = readConfiguration(file);
  const { neighbors = [], ranges = [], announce = [] } = engine;
  await writeLines([
    `${file} is right: ${countText(neighbors.length, 'neighbor')}, ${countText(ranges.length, 'range')}, ${countText(announce.length, 'route')}`,
  ]);
}

/** `run`: an engine from a file, until a signal ends it. */
export async function runDaemon(options: {
  readonly config: string;
  readonly socket: string | undefined;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
}): Promise<void> {
  const { config, socket, logLevel, logFormat } = options;
  const read = (): ReturnType<typeof readConfiguration> => readConfiguration(config);
  const configuration = read();
  const log = openLog(logFormat, logLevel, gatheredStandardError());
  // From the first moment: a signal while starting must not end us without a word to the neighbors.
  const stopped = untilStopSignal();
  await using daemon = await Daemon.start({ configuration, read, socket, log });

  process.on('SIGHUP', () => {
    daemon.reload().catch((error: Error) => {
      for (const line of error.message.split('\n')) log.error(line);
      log.error('the configuration in force stays as it was');
    });
  });
  const { engine } = daemon;
  const listening = engine.addresses.map(({ address, port }) => endText(address, port));
  log.info(
    `local AS ${engine.options.localAs}, router ID ${engine.options.routerId}: ${countText(engine.peers.length, 'neighbor')}; listening on ${listening.join(', ') || 'nothing'}; commands at ${daemon.socket}`,
  );
  const signal = await stopped;
  log.info(`${signal}: shutting down every session (Cease/Administrative Shutdown)`);
  await daemon.close();
  log.info('every session is shut down');
}
