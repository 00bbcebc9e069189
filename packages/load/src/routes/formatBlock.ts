import { baseSessionOptions, decodePathAttributes, formatAttribute } from '@peerloom/wire';

const options = { ...baseSessionOptions, fourOctetAs: true };

/** An attribute block in words, as sinks and the oracle show it. */
export function formatBlock(block: Uint8Array): string {
  return decodePathAttributes(block, options).map(formatAttribute).join(', ');
}
