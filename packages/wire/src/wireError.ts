/**
 * What was wrong with a value that a caller wanted encoded. Match on these; messages may change.
 *
 * - `ERR_WIRE_BAD_VALUE`: a member is out of its range or not in its notation;
 * - `ERR_WIRE_WRONG_FAMILY`: an NLRI of a kind that the address family does not carry;
 * - `ERR_WIRE_TOO_LONG`: something does not fit into its length field or the message.
 */
export type WireErrorCode = 'ERR_WIRE_BAD_VALUE' | 'ERR_WIRE_WRONG_FAMILY' | 'ERR_WIRE_TOO_LONG';

/** Thrown by encoders, and only by them: the value to encode is the caller's own. Decoders return faults. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: WireErrorCode;

  /** `message`: what was wrong, where, and what would be right. */
  constructor(code: WireErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
