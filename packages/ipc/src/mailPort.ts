/** A host's end of the channel that batches cross: a `MessagePort`, or its like within a thread. */
export interface MailPort {
  /**
   * Sends a batch; its buffer is transferred and no longer usable here. Or hands a shared buffer over, for
   * `SendShared` to name.
   */
  postMessage(
    mail: Uint8Array<ArrayBuffer> | SharedArrayBuffer,
    transfer?: readonly ArrayBuffer[],
  ): void;
  /** Receives batches. */
  on(event: 'message', listener: (batch: Uint8Array) => void): unknown;
  /** Ends the channel, for the other end too. */
  close(): void;
}

/**
 * Milliseconds for which the supervisor may keep back what can be no more than a KEEPALIVE, so that several
 * cross together: whoever measures how long a peer has been silent allows for it.
 */
export const mailPatience = 20;
