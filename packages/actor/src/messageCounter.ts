import type { MessageCounts } from '@peerloom/ipc';
import { headerLength, MessageType } from '@peerloom/wire';

/** How many UPDATEs a shared buffer consists of. */
const packed = new WeakMap<SharedArrayBuffer, number>();

/** Messages of one direction, by type. Adding to it allocates nothing. */
export class MessageCounter {
  #open = 0;
  #update = 0;
  #notification = 0;
  #keepalive = 0;
  #routeRefresh = 0;
  #bytes = 0;

  /** Counts one message; `bytes`: its octets, header included. */
  add(type: number, bytes: number): void {
    this.#bytes += bytes;
    if (type === MessageType.update) this.#update++;
    else if (type === MessageType.keepalive) this.#keepalive++;
    else if (type === MessageType.open) this.#open++;
    else if (type === MessageType.notification) this.#notification++;
    else if (type === MessageType.routeRefresh) this.#routeRefresh++;
  }

  /** Counts so many UPDATEs, of so many octets together. */
  addUpdates(count: number, bytes: number): void {
    this.#update += count;
    this.#bytes += bytes;
  }

  /** Counts the whole messages of which `bytes` consists. */
  addAll(bytes: Uint8Array): void {
    const { buffer, length } = bytes;
    if (!(buffer instanceof SharedArrayBuffer) || buffer.byteLength !== length) {
      this.#walk(bytes);
      return;
    }
    // What is shared are UPDATEs, and they go to many peers: counted once.
    let updates = packed.get(buffer);
    if (updates === undefined) {
      const before = this.#update;
      this.#walk(bytes);
      updates = this.#update - before;
      packed.set(buffer, updates);
    } else {
      this.addUpdates(updates, length);
    }
  }

  #walk(bytes: Uint8Array): void {
    for (let at = 0; at + headerLength <= bytes.length; ) {
      // RFC 4271 §4.1: marker 16 octets, length 2, type 1.
      const length = (bytes[at + 16]! << 8) | bytes[at + 17]!;
      this.add(bytes[at + 18]!, length);
      at += Math.max(length, headerLength);
    }
  }

  /** The counts as they stand. */
  snapshot(): MessageCounts {
    const [open, update, notification] = [this.#open, this.#update, this.#notification];
    const [keepalive, routeRefresh] = [this.#keepalive, this.#routeRefresh];
    const total = open + update + notification + keepalive + routeRefresh;
    return { open, update, notification, keepalive, routeRefresh, total, bytes: this.#bytes };
  }
}
