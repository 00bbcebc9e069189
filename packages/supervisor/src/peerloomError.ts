import type { OptionIssue } from './optionRule.ts';

/**
 * What went wrong; match on these, messages may change.
 *
 * - `ERR_PEERLOOM_OPTIONS`: an option is missing, unknown or out of range; `issues` has each of them.
 * - `ERR_PEERLOOM_ROUTE`: what is to be announced or withdrawn is no route: a key is missing or unknown, or a value
 *   of the wrong kind; `issues` has what is wrong with the first that is none. Nothing has been announced or withdrawn.
 * - `ERR_PEERLOOM_PEER_EXISTS`, `ERR_PEERLOOM_NO_PEER`: a peer that is there already, or is not there.
 * - `ERR_PEERLOOM_ADDRESS_IN_USE`: another process listens on the address and port.
 * - `ERR_PEERLOOM_NOT_PERMITTED`: the port needs a right that this process has not.
 * - `ERR_PEERLOOM_ADDRESS_NOT_AVAILABLE`: this machine has no such address.
 * - `ERR_PEERLOOM_LISTEN`: listening failed for another reason.
 * - `ERR_PEERLOOM_SOCKET_OPTION`: MD5 or TTL cannot be set; `cause` says why.
 * - `ERR_PEERLOOM_WORKER`: a worker thread did not start, or died before it answered; also one that hung, and was
 *   ended for it.
 * - `ERR_PEERLOOM_HANDLER`: the handler module does not load.
 * - `ERR_PEERLOOM_CLOSED`: the engine is closed.
 * - `ERR_PEERLOOM_HOST`: an actor host refused what it was asked.
 */
export type PeerloomErrorCode =
  | 'ERR_PEERLOOM_OPTIONS'
  | 'ERR_PEERLOOM_ROUTE'
  | 'ERR_PEERLOOM_PEER_EXISTS'
  | 'ERR_PEERLOOM_NO_PEER'
  | 'ERR_PEERLOOM_ADDRESS_IN_USE'
  | 'ERR_PEERLOOM_NOT_PERMITTED'
  | 'ERR_PEERLOOM_ADDRESS_NOT_AVAILABLE'
  | 'ERR_PEERLOOM_LISTEN'
  | 'ERR_PEERLOOM_SOCKET_OPTION'
  | 'ERR_PEERLOOM_WORKER'
  | 'ERR_PEERLOOM_HANDLER'
  | 'ERR_PEERLOOM_CLOSED'
  | 'ERR_PEERLOOM_HOST';

/** An error of the engine. The message says what was wrong, where, and what would be right. */
export class PeerloomError extends Error {
  /** Always the same, for logs. */
  override readonly name = 'PeerloomError';
  /** To match on. */
  readonly code: PeerloomErrorCode;
  /** With `ERR_PEERLOOM_OPTIONS`: everything that is wrong, not the first alone; with `ERR_PEERLOOM_ROUTE`, of one route. */
  readonly issues: readonly OptionIssue[];

  constructor(
    code: PeerloomErrorCode,
    message: string,
    details: { readonly cause?: unknown; readonly issues?: readonly OptionIssue[] } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.issues = details.issues ?? [];
  }
}

/** The `code` that Node.js gives to errors of the system (`ECONNREFUSED`), or `fallback`. */
export function errorCode(error: unknown, fallback = ''): string {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : fallback;
}

/** The words of whatever was thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
