/**
 * A copy of `bytes[start, end)`: what a decoder keeps of the bytes that it is given. Not `slice`, which of a
 * Buffer of Node.js makes a view, that changes when the next message is read into it.
 */
export function copyOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(bytes.subarray(start, end));
}
