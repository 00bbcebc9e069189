/** What the process says to its caller when it ends. */
export const ExitCode = {
  ok: 0,
  /** Something went wrong that the command line and the configuration are not to blame for. */
  failure: 1,
  /** Wrong use of the command line, or a wrong configuration: nothing was started or changed. */
  usage: 2,
  /** No engine answers at the control socket. */
  unreachable: 3,
} as const;
/** One of the values of `ExitCode`. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** A command that could not be done, told in one or a few sentences that say what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** Stable, for programs. */
  readonly code: string;
  /** What the process exits with. */
  readonly exitCode: ExitCode;

  constructor(code: string, message: string, exitCode: ExitCode = ExitCode.failure) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
  }
}

/** Wrong use of the command line: exit status 2. */
export function usageError(message: string): CommandError {
  return new CommandError('ERR_PEERLOOM_USAGE', message, ExitCode.usage);
}
