const digits: readonly string[] = Array.from({ length: 256 }, (_, octet) =>
  octet.toString(16).padStart(2, '0'),
);

/** Octets `[start, end)` in hexadecimal, lower case, with `separator` between them. */
export function formatHex(
  bytes: Uint8Array,
  start: number = 0,
  end: number = bytes.length,
  separator: string = '',
): string {
  let text = '';
  for (let at = start; at < end; at += 1) {
    text += at === start ? digits[bytes[at]!]! : separator + digits[bytes[at]!]!;
  }
  return text;
}

/** The octets of a text with two hexadecimal digits for each; `undefined` for anything else. */
export function parseHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at += 1) {
    bytes[at] = Number.parseInt(text.slice(at * 2, at * 2 + 2), 16);
  }
  return bytes;
}

/** Exactly `count` octets, each two hexadecimal digits, all joined by `:` or all by `-`. */
function parseOctets(text: string, count: number): Uint8Array | undefined {
  const parts = text.split(text.includes('-') ? '-' : ':', count + 1);
  return parts.length === count && parts.every((part) => part.length === 2)
    ? parseHex(parts.join(''))
    : undefined;
}

/** A MAC address, six octets from `offset` on: `02:00:5e:10:00:01`. */
export function formatMac(bytes: Uint8Array, offset: number = 0): string {
  return formatHex(bytes, offset, offset + 6, ':');
}

/** The six octets of a MAC address written with `:` or `-`; `undefined` for anything else. */
export function parseMac(text: string): Uint8Array | undefined {
  return parseOctets(text, 6);
}

/** An Ethernet Segment Identifier (RFC 7432 §5), ten octets from `offset` on: `00:11:22:33:44:55:66:77:88:99`. */
export function formatEsi(bytes: Uint8Array, offset: number = 0): string {
  return formatHex(bytes, offset, offset + 10, ':');
}

/** The ten octets of an Ethernet Segment Identifier written with `:` or `-`, or `0` for the reserved all-zero one; `undefined` for anything else. */
export function parseEsi(text: string): Uint8Array | undefined {
  return text === '0' ? new Uint8Array(10) : parseOctets(text, 10);
}
