import { readFileSync, statSync } from 'node:fs';
import { CommandError, ExitCode } from '../exitCode.ts';
import { type Configuration, parseConfiguration } from './configuration.ts';

/** Far above any file that people write; below it nothing is read that is no configuration (`/dev/zero`). */
const largestFile = 256 << 20;

/**
 * The configuration in a YAML or JSON file. Throws a `CommandError` where the file cannot be read, or a
 * `ConfigurationError` with everything that is wrong with it; both mean exit status 2.
 */
export function readConfiguration(file: string): Configuration {
  return parseConfiguration(readText(file), file);
}

/** The text of a configuration file. Throws a `CommandError` that says why it cannot be read. */
export function readText(file: string): string {
  try {
    const stat = statSync(file);
    // A pipe is welcome: `-c <(generate-peers)`.
    if (stat.isCharacterDevice() || stat.isBlockDevice() || stat.size > largestFile) {
      throw unreadable(file, `it is no text of up to ${largestFile} octets`);
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw unreadable(file, reasonOf(error as NodeJS.ErrnoException));
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOENT':
      return 'there is no such file; check the path given with -c';
    case 'EACCES':
      return 'permission denied; make it readable to the user who runs peerloom';
    case 'EISDIR':
      return 'it is a directory; name the YAML or JSON file in it';
    default:
      return message;
  }
}

function unreadable(file: string, why: string): CommandError {
  return new CommandError(
    'ERR_PEERLOOM_CONFIGURATION_FILE',
    `cannot read ${file}: ${why}`,
    ExitCode.usage,
  );
}
