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
import type { RefusedInput, StopInput } from './input.ts';
import type { Machine } from './machine.ts';
import type { Signal } from './signal.ts';
import { FsmState } from './state.ts';
import { StuckCode, type StuckReason } from './stuckReason.ts';
import type { Track } from './track.ts';

const peersLog = 'look into the log of the peer';

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

/** The peer was started passively, and nothing has gone wrong. */
const waitingForPeer: StuckReason = reason(
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

/** Who dials us knows us: only of a peer that we dialled is that the likeliest. */
function closedBeforeOpen(why: string, { initiator }: Track): StuckReason {
  return initiator === 'remote'
    ? reason(
        StuckCode.connectedAndClosed,
        `the peer has connected, but no OPEN came: ${why}`,
        peersLog,
      )
    : reason(
        StuckCode.closedBeforeOpen,
        `${why}, before the peer had sent an OPEN: most likely it does not know us`,
        'check that the peer has a neighbor statement for the address that we dial from (our update source), and the TTL (multihop)',
      );
}

/** A NOTIFICATION would have said why. */
function closedAfterOpen(why: string): StuckReason {
  return reason(
    StuckCode.closedAfterOpen,
    `${why}, after the OPENs and before a KEEPALIVE: most likely the peer does not accept ours`,
    `compare both sides, and ${peersLog}`,
  );
}

/** A connection of the peer's never got as far as to its state machine. */
export function refusedHere({ text, remedy }: RefusedInput): StuckReason {
  return reason(StuckCode.refusedHere, text, remedy);
}

function sentReason({ code, subcode, text, section }: Fault): StuckReason {
  switch (code === ErrorCode.open ? subcode : undefined) {
    case OpenSubcode.badPeerAs:
      return reason(
        StuckCode.wrongAs,
        text,
        'correct the remote AS here, or the local AS of the peer',
      );
    case OpenSubcode.unsupportedCapability:
      return reason(
        StuckCode.openRejected,
        text,
        `configure on both sides what they are to have in common (${section})`,
      );
    default:
      return reason(StuckCode.openRejected, text, `see ${section}`);
  }
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
  return reason(StuckCode.notification, `the peer sent ${text} (${when})`, peersLog);
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
        return reason(StuckCode.sessionLost, why, peersLog);
      }
      return track.peerOpen === undefined ? closedBeforeOpen(why, track) : closedAfterOpen(why);
    case FsmEvent.holdTimerExpires:
      if (state === FsmState.established) {
        return reason(StuckCode.sessionLost, why, 'check the path to the peer, and its load');
      }
      return track.peerOpen === undefined
        ? reason(StuckCode.silent, 'the peer sent no OPEN', peersLog)
        : reason(StuckCode.unconfirmed, 'the peer sent no KEEPALIVE to confirm our OPEN', peersLog);
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

/** Attempts that come to nothing, and why is anybody's guess. */
const wordless: ReadonlySet<StuckCode> = new Set([
  StuckCode.refused,
  StuckCode.noAnswer,
  StuckCode.closedBeforeOpen,
  StuckCode.closedAfterOpen,
  StuckCode.connectedAndClosed,
]);

/** What is known, not guessed: the peer has said it, or has been found at fault. */
const known: ReadonlySet<StuckCode> = new Set([
  StuckCode.wrongAs,
  StuckCode.openRejected,
  StuckCode.openRefused,
  StuckCode.notification,
  StuckCode.maximumPrefixes,
  StuckCode.refusedHere,
]);

/**
 * Whether what was found now takes the place of the reason that is told. A peer that has been shut
 * down, or is at fault, refuses or hangs up for a while, so that this says nothing new: what it said
 * last stays. And nobody who is refused here is heard.
 */
export function tellsMore(found: StuckReason, told: StuckReason | undefined): boolean {
  if (told === undefined) return true;
  const isMute = found.code === StuckCode.silent || found.code === StuckCode.unconfirmed;
  if (isMute) return told.code !== StuckCode.refusedHere;
  return !(wordless.has(found.code) && known.has(told.code));
}

/**
 * Why there is no session at this moment: what was told last, and what the peer is being waited for. The
 * latter is asked for, not told: most connections are past it in no time.
 */
export function stuckNow({
  state,
  primary,
  second,
  stuckReason,
  options,
}: Machine): StuckReason | undefined {
  if (stuckReason?.code === StuckCode.refusedHere) return stuckReason;
  switch (state) {
    case FsmState.openSent: {
      const { initiator } = second?.state === state ? second : primary;
      const connected =
        initiator === 'remote' ? 'the peer has connected' : 'the peer has accepted our connection';
      return reason(StuckCode.silent, `${connected}, and has sent no OPEN yet`, peersLog);
    }
    case FsmState.openConfirm:
      return reason(
        StuckCode.unconfirmed,
        'the peer has sent an OPEN, and no KEEPALIVE yet to confirm ours',
        peersLog,
      );
    case FsmState.active:
      // With DelayOpen there may be a connection already, on which the peer is to be the first.
      if (!options.passive || primary.connection !== 0) return stuckReason;
      if (stuckReason === undefined) return waitingForPeer;
      return { ...stuckReason, text: `${stuckReason.text}; waiting for the peer to connect again` };
    default:
      return stuckReason;
  }
}
