/**
 * What must not reach a terminal or a log as it is: control characters, line and paragraph
 * separators, and the marks that reorder text on display.
 */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff]/gu;

/** Text from a peer, made safe to show: each unsafe character becomes `\u{…}` (RFC 9003 §6). */
export function printableText(text: string): string {
  return text.replaceAll(unsafe, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of `bytes[start, end)`, or `undefined` when it is not well-formed UTF-8, shortest form (RFC 3629). */
export function decodeUtf8(
  bytes: Uint8Array,
  start: number = 0,
  end: number = bytes.length,
): string | undefined {
  try {
    return strictUtf8.decode(bytes.subarray(start, end));
  } catch {
    return undefined;
  }
}
