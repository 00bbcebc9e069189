/**
 * What was wrong with a call. Match on these; messages may change.
 *
 * - `ERR_RIB_NO_SESSION`: it needs a session, and none is up;
 * - `ERR_RIB_WRONG_FAMILY`: the family does not take what was given;
 * - `ERR_RIB_BAD_ROUTE`: a route that cannot be announced.
 */
export type RibErrorCode = 'ERR_RIB_NO_SESSION' | 'ERR_RIB_WRONG_FAMILY' | 'ERR_RIB_BAD_ROUTE';

/** Thrown for mistakes of the caller, never for what a peer sends. */
export class RibError extends Error {
  override readonly name = 'RibError';
  readonly code: RibErrorCode;

  /** `message`: what was wrong, where, and what would be right. */
  constructor(code: RibErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
