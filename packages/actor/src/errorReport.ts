import type { ErrorReport } from '@peerloom/ipc';
import {
  CeaseSubcode,
  decodeShutdownCommunication,
  ErrorCode,
  hardResetReason,
  type NotificationMessage,
  notificationName,
} from '@peerloom/wire';

/** A NOTIFICATION as people read it; `why` is what the FSM had to say. */
export function notificationReport(
  notification: NotificationMessage,
  direction: 'sent' | 'received',
  time: number,
  why: string,
): ErrorReport {
  const { code, subcode, data } = notification;
  const inner = hardResetReason(notification);
  const name = notificationName(code, subcode);
  return {
    time,
    direction,
    code,
    subcode,
    name: inner === undefined ? name : `${name} (${notificationName(inner.code, inner.subcode)})`,
    ...(data.length > 0 && { data: Buffer.from(data).toString('hex') }),
    text: communication(inner ?? notification) ?? why,
  };
}

/** The shutdown communication, of the subcodes that carry one (RFC 9003 §2). */
function communication({ code, subcode, data }: NotificationMessage): string | undefined {
  const carries =
    subcode === CeaseSubcode.administrativeShutdown || subcode === CeaseSubcode.administrativeReset;
  return code === ErrorCode.cease && carries ? decodeShutdownCommunication(data) : undefined;
}

/** The end of a session, or of an attempt, that no NOTIFICATION told of. */
export function localReport(time: number, name: string, text: string): ErrorReport {
  return { time, direction: 'local', name, text };
}
