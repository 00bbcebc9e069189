/**
 * A longer array with the same numbers at its beginning. The memory of the old one, which is of no more use, is
 * freed at once, and not when it is next collected: what a table outgrows while it fills is as much as the table.
 */
export function grownArray(
  array: Uint32Array<ArrayBuffer>,
  length: number,
): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(Math.max(length, Math.ceil(array.length * 1.5)));
  longer.set(array);
  array.buffer.transfer(0);
  return longer;
}
