import { MessageType } from '@peerloom/wire';
import type { ReceivedMessage } from './input.ts';

const messages: { readonly [type: number]: ReceivedMessage } = {
  [MessageType.update]: { kind: 'update' },
  [MessageType.keepalive]: { kind: 'keepalive' },
  [MessageType.routeRefresh]: { kind: 'routeRefresh' },
};

/**
 * A message of which the FSM wants to know no more than that it came, by its type (RFC 4271 §4.1);
 * `undefined` for one that must be decoded, and for one that nobody knows. The same object each time.
 */
export function bareMessage(type: number): ReceivedMessage | undefined {
  return messages[type];
}
