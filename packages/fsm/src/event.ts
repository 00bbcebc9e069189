/**
 * The 28 events of RFC 4271 §8.1 under their numbers, and the one that RFC 9687 §4.2 adds.
 * The keys are the RFC's names, written as this project writes names.
 */
export const FsmEvent = {
  manualStart: 1,
  manualStop: 2,
  automaticStart: 3,
  manualStartWithPassiveTcpEstablishment: 4,
  automaticStartWithPassiveTcpEstablishment: 5,
  automaticStartWithDampPeerOscillations: 6,
  automaticStartWithDampPeerOscillationsAndPassiveTcpEstablishment: 7,
  automaticStop: 8,
  connectRetryTimerExpires: 9,
  holdTimerExpires: 10,
  keepaliveTimerExpires: 11,
  delayOpenTimerExpires: 12,
  idleHoldTimerExpires: 13,
  tcpConnectionValid: 14,
  tcpConnectionRequestInvalid: 15,
  tcpConnectionRequestAcked: 16,
  tcpConnectionConfirmed: 17,
  tcpConnectionFails: 18,
  bgpOpen: 19,
  bgpOpenWithDelayOpenTimerRunning: 20,
  bgpHeaderError: 21,
  bgpOpenMessageError: 22,
  openCollisionDump: 23,
  notificationVersionError: 24,
  notification: 25,
  keepalive: 26,
  update: 27,
  updateMessageError: 28,
  /** RFC 9687 §4.2. */
  sendHoldTimerExpires: 29,
} as const;
/** One of the values of `FsmEvent`: 1–29. */
export type FsmEvent = (typeof FsmEvent)[keyof typeof FsmEvent];

/** All events in the order of their numbers. */
export const fsmEvents: readonly FsmEvent[] = Object.values(FsmEvent);

/** By number. The spelling is the RFC's own, odd as it is: it is what people search for. */
const names: readonly string[] = [
  '',
  'ManualStart',
  'ManualStop',
  'AutomaticStart',
  'ManualStart_with_PassiveTcpEstablishment',
  'AutomaticStart_with_PassiveTcpEstablishment',
  'AutomaticStart_with_DampPeerOscillations',
  'AutomaticStart_with_DampPeerOscillations_and_PassiveTcpEstablishment',
  'AutomaticStop',
  'ConnectRetryTimer_Expires',
  'HoldTimer_Expires',
  'KeepaliveTimer_Expires',
  'DelayOpenTimer_Expires',
  'IdleHoldTimer_Expires',
  'TcpConnection_Valid',
  'Tcp_CR_Invalid',
  'Tcp_CR_Acked',
  'TcpConnectionConfirmed',
  'TcpConnectionFails',
  'BGPOpen',
  'BGPOpen with DelayOpenTimer running',
  'BGPHeaderErr',
  'BGPOpenMsgErr',
  'OpenCollisionDump',
  'NotifMsgVerErr',
  'NotifMsg',
  'KeepAliveMsg',
  'UpdateMsg',
  'UpdateMsgErr',
  'SendHoldTimer_Expires',
];

/** The RFC's name of an event: `eventName(17)` is `TcpConnectionConfirmed`. */
export function eventName(event: FsmEvent): string {
  return names[event]!;
}
