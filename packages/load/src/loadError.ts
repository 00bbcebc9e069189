/**
 * What kept a run from being what was asked for. Match on these; messages may change.
 *
 * - `ERR_LOAD_SCENARIO`: the scenario contradicts itself or this machine;
 * - `ERR_LOAD_PREFLIGHT`: file descriptors, ports or source addresses do not suffice;
 * - `ERR_LOAD_UNREACHABLE`: the target refuses connections or does not answer;
 * - `ERR_LOAD_ROUTES`: the file with the routes cannot be used;
 * - `ERR_LOAD_RESULT`: the file is no result of a run;
 * - `ERR_LOAD_THRESHOLD`: the text is no threshold.
 */
export type LoadErrorCode =
  | 'ERR_LOAD_SCENARIO'
  | 'ERR_LOAD_PREFLIGHT'
  | 'ERR_LOAD_UNREACHABLE'
  | 'ERR_LOAD_ROUTES'
  | 'ERR_LOAD_RESULT'
  | 'ERR_LOAD_THRESHOLD';

/** A run that cannot begin, or a file that cannot be read; says what would be right. */
export class LoadError extends Error {
  override readonly name = 'LoadError';
  readonly code: LoadErrorCode;

  constructor(code: LoadErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
