import { copyOf } from '../copyOf.ts';
import type { NlriCodec } from './codec.ts';
import { Flaw } from './flaw.ts';

import { badValue, requireKind } from './requirement.ts';

/** A family that nothing is known of: its field is one NLRI, whatever stands in it. */
export const wholeFieldCodec: NlriCodec = {
  kind: 'opaque',
  measure: (_bytes, _at, end) => end,
  decode: (bytes, at, next, _context, path) => ({
    kind: 'opaque',
    bytes: copyOf(bytes, at, next),
    ...path,
  }),
  encode: (writer, nlri) => {
    requireKind(nlri, 'opaque');
    writer.bytes(nlri.bytes);
  },
  key: { start: (_bytes, at) => at },
  isWholeField: true,
};

/**
 * A family whose NLRI are not looked into, but begin with a type of `typeOctets` and a 2-octet length of
 * what follows: each is bytes of its own, type and length included, so that tables can hold it.
 */
export function typedOpaqueCodec(typeOctets: number): NlriCodec {
  const headOctets = typeOctets + 2;
  const measure: NlriCodec['measure'] = (bytes, at, end) => {
    if (at + headOctets > end) return Flaw.truncated;
    const lengthAt = at + typeOctets;
    const next = at + headOctets + ((bytes[lengthAt]! << 8) | bytes[lengthAt + 1]!);
    return next > end ? Flaw.truncated : next;
  };
  return {
    kind: 'opaque',
    measure,
    decode: wholeFieldCodec.decode,
    encode: (writer, nlri) => {
      requireKind(nlri, 'opaque');
      if (measure(nlri.bytes, 0, nlri.bytes.length, 'reach') !== nlri.bytes.length) {
        throw badValue(
          'NLRI',
          `of ${nlri.bytes.length} octets`,
          'a type, a length, and as many octets as that says',
        );
      }
      writer.bytes(nlri.bytes);
    },
    key: wholeFieldCodec.key,
  };
}
