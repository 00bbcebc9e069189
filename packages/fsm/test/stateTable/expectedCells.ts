import type { FsmEvent, FsmProfile } from '../../src/index.ts';

/**
 * All pairs of state and event, as RFC 4271 §8.2.2 and the RFCs that change it want them. A cell is
 * the next state, and what is done:
 *
 *   dial, abort      a TCP connection is initiated; a dial is given up
 *   OPEN, KEEPALIVE, 6/2 (or another NOTIFICATION, with its data in hex) are sent
 *   drop             the TCP connection is closed, and all of its timers are stopped
 *   refuse           the new connection is closed
 *   retry+ retry-    the ConnectRetryTimer is (re)started, or stopped
 *   delay+ delay-    the same for the DelayOpenTimer, keep+ for the KeepaliveTimer,
 *   hold:240         send+ for the SendHoldTimer; the HoldTimer with its seconds
 *   count+ count0    the ConnectRetryCounter is incremented, or set to zero
 *   damp             it counts as a failure for damping (the first: back at once)
 *   soon, later      it does not, and the peer comes back at once, or after the ConnectRetryTime
 *   up, down         the session begins, or ends
 *   second           what follows is done for a second connection
 *
 * `Connect` and `Active` stand for a dial in flight and for no dial; `… delayed` for a TCP connection
 * on which the DelayOpenTimer is running. The table gives `rfc4271`; `classic` changes come below it.
 */
const rfc4271: Record<string, Partial<Record<FsmEvent, string>> & { otherwise: string }> = {
  Idle: {
    1: 'Connect: count0 retry+ dial',
    3: 'Connect: count0 retry+ dial',
    4: 'Active: count0 retry+',
    5: 'Active: count0 retry+',
    6: 'Connect: count0 retry+ dial',
    7: 'Active: count0 retry+',
    13: 'Connect: retry+ dial',
    16: 'Idle: refuse',
    17: 'Idle: refuse',
    otherwise: 'Idle:',
  },
  Connect: {
    1: 'Connect:',
    2: 'Idle: abort count0 retry-',
    3: 'Connect:',
    4: 'Connect:',
    5: 'Connect:',
    6: 'Connect:',
    7: 'Connect:',
    9: 'Connect: retry+ abort dial',
    12: 'Connect:',
    14: 'Connect:',
    15: 'Connect:',
    16: 'OpenSent: retry- OPEN hold:240',
    17: 'OpenSent: retry- second OPEN hold:240',
    18: 'Idle: retry- later',
    20: 'Connect:',
    29: 'Connect:',
    otherwise: 'Idle: abort retry- count+ damp',
  },
  'Connect delayed': {
    1: 'Connect:',
    2: 'Idle: drop count0',
    3: 'Connect:',
    4: 'Connect:',
    5: 'Connect:',
    6: 'Connect:',
    7: 'Connect:',
    9: 'Connect: retry+ drop dial',
    12: 'OpenSent: OPEN delay- hold:240',
    14: 'Connect:',
    15: 'Connect:',
    16: 'Connect: second delay+',
    17: 'Connect: second delay+',
    18: 'Active: delay- retry+',
    20: 'OpenConfirm: delay- OPEN KEEPALIVE keep+ hold:90',
    21: 'Idle: 1/2 drop count+ damp',
    22: 'Idle: 2/6 drop count+ damp',
    24: 'Idle: drop later',
    29: 'Connect:',
    otherwise: 'Idle: drop count+ damp',
  },
  Active: {
    1: 'Active:',
    2: 'Idle: count0 retry-',
    3: 'Active:',
    4: 'Active:',
    5: 'Active:',
    6: 'Active:',
    7: 'Active:',
    9: 'Connect: retry+ dial',
    12: 'Active:',
    14: 'Active:',
    15: 'Active:',
    16: 'OpenSent: retry- OPEN hold:240',
    17: 'OpenSent: retry- OPEN hold:240',
    18: 'Idle: retry- count+ damp',
    20: 'Active:',
    29: 'Active:',
    otherwise: 'Idle: retry- count+ damp',
  },
  'Active delayed': {
    1: 'Active:',
    2: 'Idle: 6/2 drop count0',
    3: 'Active:',
    4: 'Active:',
    5: 'Active:',
    6: 'Active:',
    7: 'Active:',
    9: 'Connect: retry+ drop dial',
    12: 'OpenSent: delay- OPEN hold:240',
    14: 'Active:',
    15: 'Active:',
    16: 'Active: second delay+',
    17: 'Active: second delay+',
    18: 'Idle: delay- count+ damp',
    20: 'OpenConfirm: delay- OPEN KEEPALIVE keep+ hold:90',
    21: 'Idle: 1/2 drop count+ damp',
    22: 'Idle: 2/6 drop count+ damp',
    24: 'Idle: drop later',
    29: 'Active:',
    otherwise: 'Idle: drop count+ damp',
  },
  OpenSent: {
    1: 'OpenSent:',
    2: 'Idle: 6/2 drop count0',
    3: 'OpenSent:',
    4: 'OpenSent:',
    5: 'OpenSent:',
    6: 'OpenSent:',
    7: 'OpenSent:',
    8: 'Idle: 6/2 drop count+ damp',
    10: 'Idle: 4/0 drop count+ damp',
    14: 'OpenSent:',
    15: 'OpenSent:',
    16: 'OpenSent: second OPEN hold:240',
    17: 'OpenSent: second OPEN hold:240',
    18: 'Active: hold- retry+',
    19: 'OpenConfirm: KEEPALIVE keep+ hold:90',
    21: 'Idle: 1/2 drop count+ damp',
    22: 'Idle: 2/6 drop count+ damp',
    23: 'Idle: 6/7 drop count+ damp',
    24: 'Idle: drop later',
    // RFC 6608: subcode 1, and the type of the message.
    20: 'Idle: 5/1:01 drop count+ damp',
    25: 'Idle: 5/1:03 drop count+ damp',
    26: 'Idle: 5/1:04 drop count+ damp',
    27: 'Idle: 5/1:02 drop count+ damp',
    28: 'Idle: 5/1:02 drop count+ damp',
    29: 'OpenSent:',
    otherwise: 'Idle: 5/0 drop count+ damp',
  },
  OpenConfirm: {
    1: 'OpenConfirm:',
    2: 'Idle: 6/2 drop count0',
    3: 'OpenConfirm:',
    4: 'OpenConfirm:',
    5: 'OpenConfirm:',
    6: 'OpenConfirm:',
    7: 'OpenConfirm:',
    8: 'Idle: 6/2 drop count+ damp',
    10: 'Idle: 4/0 drop count+ damp',
    11: 'OpenConfirm: KEEPALIVE keep+',
    14: 'OpenConfirm:',
    15: 'OpenConfirm:',
    // A connection of our own that comes so late is not opened.
    16: 'OpenConfirm: second drop',
    17: 'OpenConfirm: second OPEN hold:240',
    18: 'Idle: hold- keep- count+ damp',
    // A second OPEN on the same connection collides with nothing: RFC 6608, as in 20, 27, 28.
    19: 'Idle: 5/2:01 drop count+ damp',
    20: 'Idle: 5/2:01 drop count+ damp',
    21: 'Idle: 1/2 drop count+ damp',
    22: 'Idle: 2/6 drop count+ damp',
    23: 'Idle: 6/7 drop count+ damp',
    24: 'Idle: drop later',
    25: 'Idle: drop count+ damp',
    26: 'Established: hold:90 send+ up',
    27: 'Idle: 5/2:02 drop count+ damp',
    28: 'Idle: 5/2:02 drop count+ damp',
    29: 'OpenConfirm:',
    otherwise: 'Idle: 5/0 drop count+ damp',
  },
  Established: {
    1: 'Established:',
    2: 'Idle: 6/2 down drop count0',
    3: 'Established:',
    4: 'Established:',
    5: 'Established:',
    6: 'Established:',
    7: 'Established:',
    8: 'Idle: 6/2 down drop count+ damp',
    10: 'Idle: 4/0 down drop count+ damp',
    11: 'Established: KEEPALIVE keep+',
    14: 'Established:',
    15: 'Established:',
    16: 'Established: second drop',
    17: 'Established: second OPEN hold:240',
    18: 'Idle: hold- keep- send- down count+ soon',
    19: 'Idle: 5/3:01 down drop count+ damp',
    20: 'Idle: 5/3:01 down drop count+ damp',
    // RFC 4271 §6.1, against the FSM error of §8.2.2.
    21: 'Idle: 1/2 down drop count+ damp',
    22: 'Idle: 5/3:01 down drop count+ damp',
    // CollisionDetectEstablishedState is FALSE.
    23: 'Established:',
    24: 'Idle: down drop count+ soon',
    25: 'Idle: down drop count+ soon',
    26: 'Established:',
    27: 'Established:',
    28: 'Idle: 3/1 down drop count+ damp',
    // RFC 9687 §4.3.
    29: 'Idle: down drop count+ damp',
    otherwise: 'Idle: 5/0 down drop count+ damp',
  },
};

/** What deployed routers do instead. */
const classic: Record<string, Partial<Record<FsmEvent, string>>> = {
  Idle: {},
  Connect: {
    // "If the ConnectRetryTimer runs out in Connect: dial again, reset the timer, go to Active."
    9: 'Active: retry+ abort dial',
    // "Not up: keep listening, restart the ConnectRetryTimer, go to Active."
    18: 'Active: retry+',
  },
  'Connect delayed': {
    9: 'Active: retry+ drop dial',
    24: 'Idle: drop count+ damp',
  },
  Active: {
    // "A failed attempt: reset the timer, back to Connect."
    18: 'Connect: retry+ dial',
  },
  'Active delayed': {
    18: 'Connect: delay- retry+ dial',
    24: 'Idle: drop count+ damp',
  },
  OpenSent: {
    24: 'Idle: drop count+ damp',
    // A NOTIFICATION is not answered.
    25: 'Idle: drop count+ damp',
  },
  OpenConfirm: {
    24: 'Idle: drop count+ damp',
  },
  // "When an error throws a peer back to Idle a second time, it must wait."
  Established: {
    18: 'Idle: hold- keep- send- down count+ damp',
    24: 'Idle: down drop count+ damp',
    25: 'Idle: down drop count+ damp',
  },
};

/** The states of the table, with their variants. */
export const rows: readonly string[] = Object.keys(rfc4271);

/** The next state, and the actions in alphabetical order. */
export function expectedCell(
  profile: FsmProfile,
  state: string,
  event: FsmEvent,
): { state: string; actions: string[] } {
  const row = rfc4271[state]!;
  const override = profile === 'classic' ? classic[state]![event] : undefined;
  const cell = override ?? row[event] ?? row.otherwise;
  const colon = cell.indexOf(':');
  return {
    state: cell.slice(0, colon),
    actions: cell
      .slice(colon + 1)
      .split(' ')
      .filter((action) => action !== '')
      .toSorted(),
  };
}
