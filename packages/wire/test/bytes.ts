/** Octets from hexadecimal digits; spaces are for the reader. */
export function hex(text: string): Uint8Array {
  const digits = text.replaceAll(/\s/g, '');
  if (!/^(?:[0-9a-f]{2})*$/i.test(digits)) throw new Error(`not hexadecimal: ${text}`);
  return Uint8Array.from(digits.match(/../g) ?? [], (octet) => Number.parseInt(octet, 16));
}

/** Octets as hexadecimal digits, so that a failed expectation can be read. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => octet.toString(16).padStart(2, '0')).join('');
}

/** A whole message: marker, length (that of the body unless given), type, body. */
export function rawMessage(type: number, body: Uint8Array | string, length?: number): Uint8Array {
  const octets = typeof body === 'string' ? hex(body) : body;
  const total = length ?? 19 + octets.length;
  return concat(new Uint8Array(16).fill(0xff), [total >> 8, total & 0xff, type], octets);
}

/** All parts, one after another. */
export function concat(...parts: readonly ArrayLike<number>[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
