import { type DecodeResult, decodeOpen, type OpenMessage } from '@peerloom/wire';

/**
 * Reads OPENs, and knows the last one again: a device tells thousands of speakers the same. What it gives is
 * shared, and not to be changed.
 */
export class OpenReader {
  #bytes: Uint8Array = new Uint8Array(0);
  #result: DecodeResult<OpenMessage> | undefined;

  /** The same as `decodeOpen`. */
  read(bytes: Uint8Array, start: number, end: number): DecodeResult<OpenMessage> {
    if (this.#result === undefined || !this.#isLast(bytes, start, end)) {
      // `slice` of a `Buffer` would be a view of what is read into anew.
      this.#bytes = new Uint8Array(bytes.subarray(start, end));
      this.#result = decodeOpen(this.#bytes, 0, end - start);
    }
    return this.#result;
  }

  #isLast(bytes: Uint8Array, start: number, end: number): boolean {
    const last = this.#bytes;
    if (last.length !== end - start) return false;
    for (let i = 0; i < last.length; i++) if (last[i] !== bytes[start + i]) return false;
    return true;
  }
}
