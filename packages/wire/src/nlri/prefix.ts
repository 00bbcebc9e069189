import type { NlriCodec } from './codec.ts';
import { Flaw } from './flaw.ts';
import { copyPrefixBits, octetsOf, readPrefixText, writePrefixBits } from './prefixBits.ts';
import { requireKind, requirePrefix } from './requirement.ts';

/** `<length, prefix>` of IPv4 or IPv6 unicast and multicast (RFC 4271 §4.3, RFC 4760 §5). `addressBits`: 32 or 128. */
export function prefixCodec(addressBits: number): NlriCodec {
  return {
    kind: 'prefix',
    measure: (bytes, at, end) => measurePrefix(bytes, at, end, addressBits),
    decode: (bytes, at, _next, _context, path) => ({
      kind: 'prefix',
      prefix: readPrefixText(bytes, at + 1, bytes[at]!, addressBits),
      ...path,
    }),
    encode: (writer, nlri) => {
      requireKind(nlri, 'prefix');
      const prefix = requirePrefix(nlri.prefix, addressBits);
      writer.u8(prefix.length);
      writePrefixBits(writer, prefix);
    },
    key: {
      write: (bytes, at, _next, _context, key) => {
        key[0] = bytes[at]!;
        return copyPrefixBits(bytes, at + 1, bytes[at]!, key, 1);
      },
    },
  };
}

/** The offset after the prefix at `at`, or the flaw of it. A function of its own, since the table cursor calls it too. */
export function measurePrefix(
  bytes: Uint8Array,
  at: number,
  end: number,
  addressBits: number,
): number {
  if (at >= end) return Flaw.truncated;
  const length = bytes[at]!;
  if (length > addressBits) return Flaw.prefixTooLong;
  const next = at + 1 + octetsOf(length);
  return next > end ? Flaw.truncated : next;
}
