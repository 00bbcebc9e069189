/**
 * What was wrong with MRT input. Match on these; messages may change.
 *
 * - `ERR_MRT_TRUNCATED`: the input ends in the middle of a record;
 * - `ERR_MRT_RECORD_TOO_LONG`: a record says it is longer than the reader's limit: not MRT, most likely;
 * - `ERR_MRT_MALFORMED`: a record's fields do not fit its length or each other;
 * - `ERR_MRT_COMPRESSION`: the file is named or begins like gzip or bzip2 and cannot be decompressed.
 */
export type MrtErrorCode =
  | 'ERR_MRT_TRUNCATED'
  | 'ERR_MRT_RECORD_TOO_LONG'
  | 'ERR_MRT_MALFORMED'
  | 'ERR_MRT_COMPRESSION';

/** Thrown by readers: an MRT file is the caller's own, not a peer's. */
export class MrtError extends Error {
  override readonly name = 'MrtError';
  readonly code: MrtErrorCode;
  /** Where in the (decompressed) input the record at fault begins, in octets. */
  readonly offset: number;

  /** `message`: what was wrong and what would be right; the offset is added to it. */
  constructor(code: MrtErrorCode, message: string, offset: number, options?: ErrorOptions) {
    super(`${message} (at octet ${offset})`, options);
    this.code = code;
    this.offset = offset;
  }
}
