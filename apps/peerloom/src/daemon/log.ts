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
  const tell = (line: string): void => {
    if (target.writableLength > mostWaiting) {
      dropped++;
      return;
    }
    if (dropped > 0) target.write(`${dropped} log lines are missing here: nobody took them\n`);
    dropped = 0;
    target.write(line);
  };
  // pino writes JSON: lines for people leave before it has.
  const hooks =
    format === 'json'
      ? {}
      : {
          logMethod: (words: readonly unknown[], _method: unknown, rank: number): void =>
            tell(textLine(pino.levels.labels[rank]!, words)),
        };
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks,
    },
    { write: tell },
  );
}

/** `2026-01-02T03:04:05.678Z warn  192.0.2.1: …` of what a log is told: a text, or what it is about and a text. */
function textLine(level: string, [first, second]: readonly unknown[]): string {
  const { neighbor = '' } = first as { readonly neighbor?: string };
  const about = neighbor === '' ? '' : `${neighbor}: `;
  return `${new Date().toISOString()} ${level.padEnd(5)} ${about}${String(second ?? first)}\n`;
}
