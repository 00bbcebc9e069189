import {
  ErrorCode,
  MessageType,
  type NotificationMessage,
  notificationName,
  type OpenMessage,
  OpenSubcode,
} from '@peerloom/wire';
import { dispatch } from '../dispatch.ts';
import { FsmEvent } from '../event.ts';
import type { DecodeErrorInput, MessageInput } from '../input.ts';
import type { Machine } from '../machine.ts';
import { checkOpen } from '../openMessage.ts';
import type { Track } from '../track.ts';

/** Which event a message is; ROUTE-REFRESH has none of its own, and is as welcome as an UPDATE (RFC 2918, RFC 6608 §4). */
export function routeMessage(machine: Machine, { connection, message }: MessageInput): void {
  const track = machine.trackOf(connection);
  if (track === undefined) return;
  switch (message.kind) {
    case 'open':
      routeOpen(machine, track, message);
      break;
    case 'notification':
      routeNotification(machine, track, message);
      break;
    default: {
      const messageType = MessageType[message.kind];
      const event = message.kind === 'keepalive' ? FsmEvent.keepalive : FsmEvent.update;
      const why = `the peer sent ${names[message.kind]}`;
      dispatch(machine, track, { event, why, messageType });
    }
  }
}

const names = { keepalive: 'a KEEPALIVE', update: 'an UPDATE', routeRefresh: 'a ROUTE-REFRESH' };

function routeOpen(machine: Machine, track: Track, open: OpenMessage): void {
  const messageType = MessageType.open;
  const fault = checkOpen(open, machine.options);
  if (fault !== undefined) {
    const event = FsmEvent.bgpOpenMessageError;
    dispatch(machine, track, { event, why: fault.text, fault, messageType });
    return;
  }
  const isDelayed = track.timers.delayOpen !== 0;
  const event = isDelayed ? FsmEvent.bgpOpenWithDelayOpenTimerRunning : FsmEvent.bgpOpen;
  dispatch(machine, track, { event, why: 'the peer sent an OPEN', open, messageType });
}

function routeNotification(
  machine: Machine,
  track: Track,
  notification: NotificationMessage,
): void {
  const { code, subcode } = notification;
  const isVersionError =
    code === ErrorCode.open && subcode === OpenSubcode.unsupportedVersionNumber;
  const event = isVersionError ? FsmEvent.notificationVersionError : FsmEvent.notification;
  const why = `the peer sent ${notificationName(code, subcode)}`;
  const messageType = MessageType.notification;
  dispatch(machine, track, { event, why, notification, messageType });
}

const faultEvents: Readonly<Record<number, { event: FsmEvent; messageType?: number }>> = {
  [ErrorCode.messageHeader]: { event: FsmEvent.bgpHeaderError },
  [ErrorCode.open]: { event: FsmEvent.bgpOpenMessageError, messageType: MessageType.open },
  [ErrorCode.routeRefresh]: {
    event: FsmEvent.updateMessageError,
    messageType: MessageType.routeRefresh,
  },
};
const updateFault = { event: FsmEvent.updateMessageError, messageType: MessageType.update };

export function routeDecodeError(machine: Machine, { connection, fault }: DecodeErrorInput): void {
  const track = machine.trackOf(connection);
  if (track === undefined) return;
  const kind = faultEvents[fault.code] ?? updateFault;
  dispatch(machine, track, { ...kind, why: fault.text, fault });
}
