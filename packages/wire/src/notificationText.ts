import type { NotificationMessage } from './message.ts';
import { hardResetReason } from './notification.ts';
import { CeaseSubcode, ErrorCode, notificationName } from './notificationCode.ts';
import { decodeShutdownCommunication } from './shutdownCommunication.ts';
import { formatHex } from './text/hex.ts';

/**
 * A NOTIFICATION in one line, safe to show: its name, and what its data says where that is text or
 * another NOTIFICATION (`Cease/Hard Reset (Cease/Administrative Shutdown: maintenance)`); other data
 * in hexadecimal.
 */
export function formatNotification(message: NotificationMessage): string {
  const name = notificationName(message.code, message.subcode);
  const reason = hardResetReason(message);
  // The reason is told without looking for one inside it, so that no peer can nest them without end.
  if (reason !== undefined) return `${name} (${nameAndData(reason)})`;
  return nameAndData(message);
}

function nameAndData({ code, subcode, data }: NotificationMessage): string {
  const name = notificationName(code, subcode);
  const hasText =
    code === ErrorCode.cease &&
    (subcode === CeaseSubcode.administrativeShutdown ||
      subcode === CeaseSubcode.administrativeReset);
  if (hasText) {
    const text = decodeShutdownCommunication(data);
    return text === undefined ? name : `${name}: ${text}`;
  }
  return data.length === 0 ? name : `${name}, data 0x${formatHex(data)}`;
}
