import {
  CeaseSubcode,
  ErrorCode,
  encodeShutdownCommunication,
  FsmSubcode,
  hardReset,
  type NotificationMessage,
  notification,
  notificationOf,
} from '@peerloom/wire';
import type { StopInput } from './input.ts';
import { suggestsHardReset } from './retention.ts';
import type { Signal } from './signal.ts';
import { FsmState } from './state.ts';
import type { Track } from './track.ts';

/** The Cease for a stop: with the operator's words (RFC 9003), and as a Hard Reset where it shall be one (RFC 8538 §3.1). */
export function ceaseOf(stop: StopInput | undefined, track: Track): NotificationMessage {
  const subcode = stop?.subcode ?? CeaseSubcode.administrativeShutdown;
  const speaks =
    subcode === CeaseSubcode.administrativeShutdown || subcode === CeaseSubcode.administrativeReset;
  const data = stop?.data ?? encodeShutdownCommunication((speaks && stop?.text) || '');
  const cease = notification(ErrorCode.cease, subcode, data);
  const isHard = stop?.hard ?? suggestsHardReset(subcode);
  const exchangedN = track.negotiated?.gracefulRestart?.notification ?? false;
  return isHard && exchangedN ? hardReset(cease) : cease;
}

/** The Cease for the loser of a collision (RFC 4486 §4). */
export const collisionCease: NotificationMessage = notification(
  ErrorCode.cease,
  CeaseSubcode.connectionCollisionResolution,
);

/** Whether the peer has decided a collision against this connection. */
export function isCollisionCease(message: NotificationMessage | undefined): boolean {
  return message?.code === collisionCease.code && message.subcode === collisionCease.subcode;
}

/** RFC 4271 §6.5. */
export const holdTimerExpired: NotificationMessage = notification(ErrorCode.holdTimerExpired);

const unexpectedMessageIn: Partial<Record<FsmState, FsmSubcode>> = {
  [FsmState.openSent]: FsmSubcode.unexpectedMessageInOpenSent,
  [FsmState.openConfirm]: FsmSubcode.unexpectedMessageInOpenConfirm,
  [FsmState.established]: FsmSubcode.unexpectedMessageInEstablished,
};

/** Finite State Machine Error; for a message its subcode tells the state, its data the message type (RFC 6608 §4). */
export function fsmErrorOf(track: Track, { messageType }: Signal): NotificationMessage {
  return messageType === undefined
    ? notification(ErrorCode.finiteStateMachine)
    : notification(
        ErrorCode.finiteStateMachine,
        unexpectedMessageIn[track.state] ?? FsmSubcode.unspecified,
        Uint8Array.of(messageType),
      );
}

/** The NOTIFICATION for what was found in received bytes. */
export function faultNotification(track: Track, signal: Signal): NotificationMessage {
  return signal.fault === undefined ? fsmErrorOf(track, signal) : notificationOf(signal.fault);
}
