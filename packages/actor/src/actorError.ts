/**
 * What can be asked of a host in vain. Match on these; messages may change.
 *
 * - `ERR_PEERLOOM_NO_PEER`: the host has no peer of that number;
 * - `ERR_PEERLOOM_PEER_EXISTS`: it has one already;
 * - `ERR_PEERLOOM_FAMILY`: no address family of that name;
 * - `ERR_PEERLOOM_ROUTE`: an announcement or withdrawal that cannot be encoded;
 * - `ERR_PEERLOOM_QUERY`: a routes query that makes no sense;
 * - `ERR_PEERLOOM_HANDLER`: a handler module that cannot be loaded or has the wrong shape;
 * - `ERR_PEERLOOM_STOPPED`: the host has been stopped.
 */
export type ActorErrorCode =
  | 'ERR_PEERLOOM_NO_PEER'
  | 'ERR_PEERLOOM_PEER_EXISTS'
  | 'ERR_PEERLOOM_FAMILY'
  | 'ERR_PEERLOOM_ROUTE'
  | 'ERR_PEERLOOM_QUERY'
  | 'ERR_PEERLOOM_HANDLER'
  | 'ERR_PEERLOOM_STOPPED';

/** Thrown by the control interface of a host: what was wrong, where, and what would be right. */
export class ActorError extends Error {
  override readonly name = 'ActorError';
  readonly code: ActorErrorCode;

  constructor(code: ActorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
