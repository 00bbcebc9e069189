import { parseIpv4 } from '@peerloom/wire';

/** A speaker as a collision looks at it. */
export interface Speaker {
  /** BGP Identifier, dotted quad. */
  readonly identifier: string;
  /** AS number, of four octets where it has one. */
  readonly as: number;
}

/** BGP Identifiers compare as unsigned numbers (RFC 4271 §6.8), not as text. */
const identifierNumber = (identifier: string): number => parseIpv4(identifier) ?? 0;

/**
 * Whose connection survives a collision: the one opened by the speaker with the higher BGP Identifier
 * (RFC 4271 §6.8); when they are the same, by the one with the larger AS number (RFC 6286 §2.3).
 * Both sides come to the same answer. Two speakers alike in both cannot have a session (RFC 6286 §2.2).
 */
export function preferredInitiator(local: Speaker, remote: Speaker): 'local' | 'remote' {
  const ours = identifierNumber(local.identifier);
  const theirs = identifierNumber(remote.identifier);
  if (ours !== theirs) return ours > theirs ? 'local' : 'remote';
  return local.as > remote.as ? 'local' : 'remote';
}

/** The same in words, for `collisionResolved`. */
export function collisionReason(local: Speaker, remote: Speaker): string {
  const preferred = preferredInitiator(local, remote);
  const kept = preferred === 'local' ? 'our connection stays' : "the peer's connection stays";
  return identifierNumber(local.identifier) === identifierNumber(remote.identifier)
    ? `${kept}: the identifiers are the same, and the AS of ${local.as} (ours) and ${remote.as} decides`
    : `${kept}: of the identifiers ${local.identifier} (ours) and ${remote.identifier} the higher one decides`;
}
