/**
 * Why a socket option could not be had; match on these, not on the message.
 *
 * - `ERR_SOCKET_OPTION_PLATFORM`: this operating system is not one whose options we know.
 * - `ERR_SOCKET_OPTION_LIBRARY`: koffi, through which the system is called, is not installed or does not load.
 * - `ERR_SOCKET_OPTION_REFUSED`: the system refused the option; `errno` says how.
 * - `ERR_SOCKET_OPTION_VALUE`: the value is out of range.
 * - `ERR_SOCKET_TTL_TOO_LOW`: an accepted connection was opened from further away than its neighbour may be (RFC 5082).
 */
export type SocketOptionErrorCode =
  | 'ERR_SOCKET_OPTION_PLATFORM'
  | 'ERR_SOCKET_OPTION_LIBRARY'
  | 'ERR_SOCKET_OPTION_REFUSED'
  | 'ERR_SOCKET_OPTION_VALUE'
  | 'ERR_SOCKET_TTL_TOO_LOW';

/** What a {@link SocketOptionError} is made of, beside its code. */
export interface SocketOptionErrorDetails {
  /** Our name of the option: `password`, `ttl`, `minimumTtl`, … */
  readonly option: string;
  /** What was wrong; and what would be right, unless `remedy` says it. */
  readonly text: string;
  readonly remedy?: string;
  /** The system's name of the error (`EINVAL`), where it was the system that refused. */
  readonly errno?: string;
  readonly cause?: unknown;
}

/** A socket option that is not in force. The message says what was wrong, where, and what to do. */
export class SocketOptionError extends Error {
  override readonly name = 'SocketOptionError';
  readonly code: SocketOptionErrorCode;
  readonly option: string;
  readonly errno: string | undefined;
  /** The two halves of the message, where it has two. */
  readonly text: string;
  readonly remedy: string | undefined;

  constructor(code: SocketOptionErrorCode, details: SocketOptionErrorDetails) {
    const { text, remedy, cause } = details;
    const message = remedy === undefined ? text : `${text}; ${remedy}`;
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.option = details.option;
    this.errno = details.errno;
    this.text = text;
    this.remedy = remedy;
  }
}
