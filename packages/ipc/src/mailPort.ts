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
