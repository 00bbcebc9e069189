import {
  type DecodedUpdate,
  decodeUpdate,
  type SessionOptions,
  type UpdateMessage,
} from '@peerloom/wire';

/** An UPDATE as it was received. It is decoded when it is first asked for, and by whoever asks. */
export class ReceivedUpdate {
  readonly kind = 'update';
  /** The whole message, header included; a copy of its own. */
  readonly bytes: Uint8Array;
  /** An RFC 7606 action has changed what the message means: see `decoded`. */
  readonly postFault: boolean;

  readonly #options: SessionOptions;
  #decoded: DecodedUpdate | undefined;

  /** Updates are made by their session. */
  constructor(bytes: Uint8Array, options: SessionOptions, postFault: boolean) {
    this.bytes = bytes;
    this.#options = options;
    this.postFault = postFault;
  }

  /** What the message holds, and each fault in it (RFC 7606). */
  get decoded(): DecodedUpdate {
    this.#decoded ??= decodeUpdate(this.bytes, 0, this.bytes.length, this.#options);
    return this.#decoded;
  }

  /** What is to be done with it: the message, without what its faults have taken away. */
  get message(): UpdateMessage {
    const { decoded } = this;
    return decoded.ok ? decoded.message : (decoded.remaining ?? nothing);
  }
}

const nothing: UpdateMessage = { kind: 'update', withdrawn: [], attributes: [], nlri: [] };
