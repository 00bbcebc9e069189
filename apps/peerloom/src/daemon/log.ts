import pino, { type Logger } from 'pino';
import type { LogFormat, LogLevel } from './logLevel.ts';

/** What a log is written to: standard error, most often. */
export interface LogTarget {
  write(text: string): unknown;
  /** Characters that wait to be taken. */
  readonly writableLength: number;
}

/** A pipe that nobody empties must not fill our memory: past this, lines are dropped and counted. */
const mostWaiting = 1 << 20;

/** A log to `target`. */
export function openLog(format: LogFormat, level: LogLevel, target: LogTarget): Logger {
  let dropped = 0;
  const write = (line: string): void => {
    if (target.writableLength > mostWaiting) {
      dropped++;
      return;
    }
    if (dropped > 0) target.write(`${dropped} log lines are missing here: nobody took them\n`);
    dropped = 0;
    target.write(format === 'json' ? line : textLine(line));
  };
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  );
}

/** `2026-01-02T03:04:05.678Z warn  192.0.2.1: …` */
function textLine(json: string): string {
  const { time, level, neighbor, msg } = JSON.parse(json) as {
    readonly time: string;
    readonly level: string;
    readonly neighbor?: string;
    readonly msg: string;
  };
  return `${time} ${level.padEnd(5)} ${neighbor === undefined ? '' : `${neighbor}: `}${msg}\n`;
}
