import { decodeUtf8, printableText } from './printableText.ts';
import { formatHex } from './text/hex.ts';

/** Longest Shutdown Communication (RFC 9003 §2), in octets of UTF-8. */
export const maximumShutdownCommunication = 255;

const utf8 = new TextEncoder();

/**
 * The data field of a Cease/Administrative Shutdown or Administrative Reset that tells the peer why
 * (RFC 9003 §2): a length octet and UTF-8. Text that does not fit `maximum` octets (0–255) is cut
 * between two characters. Speakers that know only RFC 8203 log an error above 128 octets. An empty
 * text gives the empty data field, which says the same in less.
 */
export function encodeShutdownCommunication(
  text: string,
  maximum: number = maximumShutdownCommunication,
): Uint8Array {
  if (text === '') return new Uint8Array(0);
  const room = Math.min(Math.max(maximum, 0), maximumShutdownCommunication);
  const data = new Uint8Array(1 + room);
  const { written } = utf8.encodeInto(text, data.subarray(1));
  data[0] = written;
  return data.slice(0, 1 + written);
}

/**
 * The text in the data field of a Cease/Administrative Shutdown or Reset, safe to show: control
 * characters are escaped, and what is not a length octet followed by well-formed UTF-8 is not
 * interpreted but given as `(malformed: ff00)` in hexadecimal (RFC 9003 §2, §4). `undefined` when
 * the peer said nothing.
 */
export function decodeShutdownCommunication(data: Uint8Array): string | undefined {
  const length = data[0];
  if (length === undefined || (length === 0 && data.length === 1)) return undefined;
  const text = length < data.length ? decodeUtf8(data, 1, 1 + length) : undefined;
  if (text === undefined || length === 0) return `(malformed: ${formatHex(data)})`;
  return printableText(text);
}
