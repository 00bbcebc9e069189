/** The six timers of a peer (RFC 4271 §8.1, §10; RFC 9687 §4.1). */
export const FsmTimer = {
  /** The peer's: how long until the next dial. */
  connectRetry: 'connectRetry',
  /** The peer's: how long it is held in Idle. */
  idleHold: 'idleHold',
  /** A connection's: how long it waits for the peer to speak first. */
  delayOpen: 'delayOpen',
  /** A connection's: how long the peer may be silent. */
  hold: 'hold',
  /** A connection's: when to send the next KEEPALIVE. */
  keepalive: 'keepalive',
  /** A connection's: how long the peer may take nothing from us. */
  sendHold: 'sendHold',
} as const;
/** One of the values of `FsmTimer`. */
export type FsmTimer = (typeof FsmTimer)[keyof typeof FsmTimer];
