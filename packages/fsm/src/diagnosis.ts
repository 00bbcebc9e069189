import {
  CeaseSubcode,
  decodeShutdownCommunication,
  ErrorCode,
  type Fault,
  hardResetReason,
  type NotificationMessage,
  notificationName,
  OpenSubcode,
} from '@peerloom/wire';
import { FsmEvent } from './event.ts';
import type { StopInput } from './input.ts';
import type { Signal } from './signal.ts';
import { FsmState } from './state.ts';
import { StuckCode, type StuckReason } from './stuckReason.ts';
import type { Track } from './track.ts';

const reason = (code: StuckCode, text: string, remedy: string): StuckReason => ({
  code,
  text,
  remedy,
});

/** Nobody has started the peer, or somebody has stopped it. */
export const stopped: StuckReason = reason(
  StuckCode.stopped,
  'the peer is administratively down',
  'start it (no shutdown)',
);

/** The peer was started passively. */
export const waitingForPeer: StuckReason = reason(
  StuckCode.passive,
  'passive: waiting for the peer to connect',
  'check that the peer dials this address from the one that is configured for it here',
);

/** What most likely is behind a dial that the system failed. */
function dialReason(errno: string, why: string): StuckReason {
  switch (errno) {
    case 'ECONNREFUSED':
      return reason(
        StuckCode.refused,
        why,
        'check the address and port of the peer, that BGP runs there, and that it has a neighbor statement for the address that we dial from',
      );
    case 'ETIMEDOUT':
      return noAnswer(why);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return reason(
        StuckCode.unreachable,
        why,
        'check the route to the peer; a peer that is not on a connected network needs multihop',
      );
    case 'EADDRNOTAVAIL':
      return reason(
        StuckCode.sourceAddress,
        why,
        "set the source address (update source) to one of this host's own",
      );
    default:
      return reason(StuckCode.dialFailed, why, 'check the address, port and source address');
  }
}

/** Nothing came back from a dial. */
function noAnswer(why: string): StuckReason {
  return reason(
    StuckCode.noAnswer,
    why,
    'check the route to the peer and back, filters in between, the TTL (multihop), and on both sides the MD5 password',
  );
}

function closedBeforeOpen(why: string): StuckReason {
  return reason(
    StuckCode.closedBeforeOpen,
    `${why}, before the peer had sent an OPEN: most likely it does not know us`,
    'check that the peer has a neighbor statement for the address that we dial from (our update source), and the TTL (multihop)',
  );
}

function sentReason(fault: Fault): StuckReason {
  return fault.code === ErrorCode.open && fault.subcode === OpenSubcode.badPeerAs
    ? reason(
        StuckCode.wrongAs,
        fault.text,
        'correct the remote AS here, or the local AS of the peer',
      )
    : reason(StuckCode.openRejected, fault.text, `see ${fault.section}`);
}

function receivedReason(received: NotificationMessage, track: Track): StuckReason {
  const told = hardResetReason(received) ?? received;
  const name = notificationName(told.code, told.subcode);
  if (told.code === ErrorCode.open) {
    return told.subcode === OpenSubcode.badPeerAs
      ? reason(
          StuckCode.wrongAs,
          'the peer does not accept our AS number',
          'correct the local AS here, or the remote AS that the peer has for us',
        )
      : reason(StuckCode.openRefused, `the peer refused our OPEN: ${name}`, 'compare both sides');
  }
  const words = told.code === ErrorCode.cease ? decodeShutdownCommunication(told.data) : undefined;
  const text = words === undefined ? name : `${name}: ${words}`;
  const when = track.peerOpen === undefined ? 'before its OPEN' : `in ${track.state}`;
  return reason(
    StuckCode.notification,
    `the peer sent ${text} (${when})`,
    'look into the log of the peer',
  );
}

/** Of the stops that nobody asked for, the one that an operator has to do something about. */
function stopReason({ subcode, text, restartAfter }: StopInput): StuckReason | undefined {
  if (subcode !== CeaseSubcode.maximumNumberOfPrefixesReached) return undefined;
  const isForGood = restartAfter === 'never';
  return reason(
    StuckCode.maximumPrefixes,
    text ?? 'the peer has announced more prefixes than it may',
    `let the peer announce less, or raise maximumPrefixes here${isForGood ? '; then clear the peer' : ''}`,
  );
}

/** What an event says about why there is no session; `undefined` when it says nothing new. */
export function diagnose(track: Track, signal: Signal): StuckReason | undefined {
  const { event, why, errno, fault, notification } = signal;
  const { state } = track;
  switch (event) {
    case FsmEvent.manualStop:
      return stopped;
    case FsmEvent.automaticStop:
      return signal.stop && stopReason(signal.stop);
    case FsmEvent.connectRetryTimerExpires:
      return track.dial === 0 ? undefined : noAnswer('the peer does not answer');
    case FsmEvent.tcpConnectionFails:
      if (track.connection === 0) return dialReason(errno ?? '', why);
      if (state === FsmState.established) {
        return reason(StuckCode.sessionLost, why, 'look into the log of the peer');
      }
      return track.peerOpen === undefined ? closedBeforeOpen(why) : undefined;
    case FsmEvent.holdTimerExpires:
      return state === FsmState.openSent
        ? reason(StuckCode.silent, 'the peer sent no OPEN', 'look into the log of the peer')
        : reason(StuckCode.sessionLost, why, 'check the path to the peer, and its load');
    case FsmEvent.sendHoldTimerExpires:
      return reason(StuckCode.sessionLost, why, 'check the path to the peer, and its load');
    case FsmEvent.bgpHeaderError:
    case FsmEvent.bgpOpenMessageError:
    case FsmEvent.updateMessageError:
      return fault && sentReason(fault);
    case FsmEvent.notificationVersionError:
    case FsmEvent.notification:
      return notification && receivedReason(notification, track);
    default:
      return undefined;
  }
}
