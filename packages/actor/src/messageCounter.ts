import type { MessageCounts } from '@peerloom/ipc';
import { MessageType } from '@peerloom/wire';

/** Messages of one direction, by type. Adding to it allocates nothing. */
export class MessageCounter {
  #open = 0;
  #update = 0;
  #notification = 0;
  #keepalive = 0;
  #routeRefresh = 0;
  #bytes = 0;

  /** Counts messages of one type; `bytes`: octets of all of them, headers included. */
  add(type: number, bytes: number, messages: number = 1): void {
    this.#bytes += bytes;
    if (type === MessageType.update) this.#update += messages;
    else if (type === MessageType.keepalive) this.#keepalive += messages;
    else if (type === MessageType.open) this.#open += messages;
    else if (type === MessageType.notification) this.#notification += messages;
    else if (type === MessageType.routeRefresh) this.#routeRefresh += messages;
  }

  /** The counts as they stand. */
  snapshot(): MessageCounts {
    const [open, update, notification] = [this.#open, this.#update, this.#notification];
    const [keepalive, routeRefresh] = [this.#keepalive, this.#routeRefresh];
    const total = open + update + notification + keepalive + routeRefresh;
    return { open, update, notification, keepalive, routeRefresh, total, bytes: this.#bytes };
  }
}
