/** The six states of RFC 4271 §8.2.2, under the names that people read in `show ip bgp summary`. */
export const FsmState = {
  /** Refuses every connection; nothing is allocated. */
  idle: 'Idle',
  /** Waits for a TCP connection that is being dialled. */
  connect: 'Connect',
  /** Listens, and dials again when the ConnectRetryTimer runs out. */
  active: 'Active',
  /** Has sent its OPEN and waits for the peer's. */
  openSent: 'OpenSent',
  /** Has accepted the peer's OPEN and waits for its KEEPALIVE. */
  openConfirm: 'OpenConfirm',
  /** Exchanges routes. */
  established: 'Established',
} as const;
/** One of the values of `FsmState`. */
export type FsmState = (typeof FsmState)[keyof typeof FsmState];

/** All states, from the least to the most advanced. */
export const fsmStates: readonly FsmState[] = Object.values(FsmState);

/** How far a state has come, 0 (Idle) – 5 (Established): what a peer with two connections is reported by. */
export function stateRank(state: FsmState): number {
  return fsmStates.indexOf(state);
}
