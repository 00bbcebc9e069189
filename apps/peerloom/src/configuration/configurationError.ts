import { printableText } from '@peerloom/wire';
import { CommandError, ExitCode } from '../exitCode.ts';

/** One thing that is wrong with a configuration, and where. */
export interface ConfigurationProblem {
  /** Counted from 1, as in editors. */
  readonly line: number;
  readonly column: number;
  /** For example `neighbors[1].remoteAs`; empty where the text as a whole is meant. */
  readonly key: string;
  /** What is wrong and what would be right; it goes on from the key: `is missing; …`. */
  readonly text: string;
}

const mostShown = 20;

/**
 * A configuration file that cannot be used. The message has one line for each problem, in the form
 * that compilers use and editors follow: `peers.yaml:7:5: neighbors[1].holdTime is 2; it must be …`.
 */
export class ConfigurationError extends CommandError {
  readonly file: string;
  /** In the order of the file. */
  readonly problems: readonly ConfigurationProblem[];

  constructor(file: string, problems: readonly ConfigurationProblem[]) {
    const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
    const lines = sorted
      .slice(0, mostShown)
      .map(
        ({ line, column, key, text }) =>
          `${file}:${line}:${column}: ${key === '' ? '' : `${key} `}${printableText(text)}`,
      );
    if (sorted.length > mostShown) lines.push(`and ${sorted.length - mostShown} more`);
    super('ERR_PEERLOOM_CONFIGURATION', lines.join('\n'), ExitCode.usage);
    this.file = file;
    this.problems = sorted;
  }
}
