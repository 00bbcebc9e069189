/** A decimal number 0–`maximum` without sign or leading zeros; `undefined` for any other text. */
export function parseDecimal(text: string, maximum: number): number | undefined {
  if (!/^(?:0|[1-9]\d{0,9})$/.test(text)) return undefined;
  const value = Number(text);
  return value <= maximum ? value : undefined;
}

/** A decimal number or one in hexadecimal after `0x`, 0–`maximum`; `undefined` for any other text. */
export function parseNumber(text: string, maximum: number): number | undefined {
  if (!/^0x[0-9a-f]{1,8}$/i.test(text)) return parseDecimal(text, maximum);
  const value = Number(text);
  return value <= maximum ? value : undefined;
}

/** The big-endian 16-bit number at `offset`. The caller knows that both octets are there. */
export function readU16(bytes: Uint8Array, offset: number): number {
  return (bytes[offset]! << 8) | bytes[offset + 1]!;
}

/** The big-endian 24-bit number at `offset`. */
export function readU24(bytes: Uint8Array, offset: number): number {
  return (bytes[offset]! << 16) | (bytes[offset + 1]! << 8) | bytes[offset + 2]!;
}

/** The big-endian 32-bit number at `offset`, unsigned. */
export function readU32(bytes: Uint8Array, offset: number): number {
  return (
    ((bytes[offset]! << 24) |
      (bytes[offset + 1]! << 16) |
      (bytes[offset + 2]! << 8) |
      bytes[offset + 3]!) >>>
    0
  );
}

/** Stores `value` big-endian in `count` octets (at most 4) at `offset`. */
export function storeNumber(bytes: Uint8Array, offset: number, count: number, value: number): void {
  for (let at = offset + count - 1, rest = value; at >= offset; at -= 1, rest >>>= 8) {
    bytes[at] = rest;
  }
}
