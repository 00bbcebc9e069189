import { ByteWriter } from '@peerloom/wire';
import { GrowingUint32, sharedBytes } from './growing.ts';

/** Encoded UPDATEs one after the other, in shared memory. */
export interface MessageStream {
  readonly bytes: Uint8Array;
  /** Where each message begins, and, last, where the stream ends. */
  readonly offsets: Uint32Array;
  /** From the start of each message to the first AS of its AS_PATH; 0 where there is none. */
  readonly asAt: Uint32Array;
  /** The same for the four octets of NEXT_HOP. */
  readonly nextHop4At: Uint32Array;
  /** The same for the sixteen octets of an IPv6 next hop in MP_REACH_NLRI. */
  readonly nextHop6At: Uint32Array;
}

/** A `MessageStream` in the making. */
export class StreamBuilder {
  /** Of the message in hand, from its start; 0 where it has none. */
  as = 0;
  nextHop4 = 0;
  nextHop6 = 0;
  readonly #bytes = new ByteWriter(1 << 16);
  readonly #offsets = new GrowingUint32();
  readonly #asAt = new GrowingUint32();
  readonly #nextHop4At = new GrowingUint32();
  readonly #nextHop6At = new GrowingUint32();

  /** Messages so far. */
  get count(): number {
    return this.#offsets.length;
  }

  /** A message begins. */
  begin(): void {
    this.as = 0;
    this.nextHop4 = 0;
    this.nextHop6 = 0;
  }

  /** It ends, and is this. */
  end(message: Uint8Array): void {
    this.#offsets.push(this.#bytes.length);
    this.#asAt.push(this.as);
    this.#nextHop4At.push(this.nextHop4);
    this.#nextHop6At.push(this.nextHop6);
    this.#bytes.bytes(message);
  }

  /** The stream. */
  finish(): MessageStream {
    this.#offsets.push(this.#bytes.length);
    return {
      bytes: sharedBytes(this.#bytes.view()),
      offsets: this.#offsets.share(),
      asAt: this.#asAt.share(),
      nextHop4At: this.#nextHop4At.share(),
      nextHop6At: this.#nextHop6At.share(),
    };
  }
}
