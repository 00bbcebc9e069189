/** What most likely keeps a peer from being Established. Stable names, for programs. */
export const StuckCode = {
  /** Nobody has started it, or somebody has stopped it. */
  stopped: 'stopped',
  /** Waits for the peer to connect, as it was told to. */
  passive: 'passive',
  /** The peer's address refuses: no BGP there, or not for us. */
  refused: 'refused',
  /** Nothing answers. */
  noAnswer: 'noAnswer',
  /** The system knows no way to the address. */
  unreachable: 'unreachable',
  /** The local address to dial from is not one of this host's. */
  sourceAddress: 'sourceAddress',
  /** The system failed the dial for another reason. */
  dialFailed: 'dialFailed',
  /** The connection that we dialled is closed before the peer has said a word. */
  closedBeforeOpen: 'closedBeforeOpen',
  /** The connection is closed between the OPENs and the KEEPALIVE. */
  closedAfterOpen: 'closedAfterOpen',
  /** The peer has connected, and closed the connection before it had said a word. */
  connectedAndClosed: 'connectedAndClosed',
  /** The connection stands, but the peer sends no OPEN. */
  silent: 'silent',
  /** The peer has sent an OPEN, and no KEEPALIVE to confirm ours. */
  unconfirmed: 'unconfirmed',
  /** The two ends disagree about an AS number. */
  wrongAs: 'wrongAs',
  /** The peer's OPEN is not acceptable to us. */
  openRejected: 'openRejected',
  /** The peer does not accept our OPEN. */
  openRefused: 'openRefused',
  /** The peer has ended it with a NOTIFICATION. */
  notification: 'notification',
  /** The peer has announced more prefixes than it may (RFC 4486 §4). */
  maximumPrefixes: 'maximumPrefixes',
  /** The peer connects, and its connections are refused here. */
  refusedHere: 'refusedHere',
  /** The session was lost. */
  sessionLost: 'sessionLost',
} as const;
/** One of the values of `StuckCode`. */
export type StuckCode = (typeof StuckCode)[keyof typeof StuckCode];

/** Why a peer is not Established. */
export interface StuckReason {
  readonly code: StuckCode;
  /** What was seen, and what it most likely means: one or two sentences. */
  readonly text: string;
  /** What to check or change. */
  readonly remedy: string;
}
