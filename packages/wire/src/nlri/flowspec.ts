import { ByteWriter } from '../byteWriter.ts';
import { formatRouteDistinguisher } from '../text/routeDistinguisher.ts';
import { WireError } from '../wireError.ts';
import type { NlriCodec } from './codec.ts';
import { Flaw } from './flaw.ts';
import { measureFlowspecComponents } from './flowspecMeasure.ts';
import { readFlowspecComponents } from './flowspecReader.ts';
import { writeFlowspecComponents } from './flowspecWriter.ts';
import { badValue, requireKind, requireRouteDistinguisher } from './requirement.ts';

const longestOneOctetLength = 0xef;
const longest = 0xfff;
const distinguisherOctets = 8;

/**
 * `<length, [route distinguisher,] component…>` (RFC 8955 §4 and §8, RFC 8956). A rule that cannot be
 * understood cannot be applied even in part, and an unknown component makes it so (RFC 8955 §4.2): all of
 * it is checked here, whether it is announced or withdrawn.
 */
export function flowspecCodec(addressBits: number, hasDistinguisher: boolean): NlriCodec {
  const distinguisherLength = hasDistinguisher ? distinguisherOctets : 0;
  return {
    kind: 'flowspec',
    measure: (bytes, at, end) => {
      if (at >= end) return Flaw.truncated;
      const start = valueStart(bytes, at);
      if (start > end) return Flaw.truncated;
      const next = start + valueOctets(bytes, at);
      if (next > end) return Flaw.truncated;
      return measureFlowspecComponents(bytes, start + distinguisherLength, next, addressBits);
    },
    decode: (bytes, at, next, _context, path) => {
      const start = valueStart(bytes, at);
      return {
        kind: 'flowspec',
        ...(hasDistinguisher && { routeDistinguisher: formatRouteDistinguisher(bytes, start) }),
        components: readFlowspecComponents(bytes, start + distinguisherLength, next, addressBits),
        ...path,
      };
    },
    encode: (writer, nlri) => {
      requireKind(nlri, 'flowspec');
      if (hasDistinguisher !== (nlri.routeDistinguisher !== undefined)) {
        throw badValue(
          'route distinguisher',
          nlri.routeDistinguisher,
          hasDistinguisher ? 'given in SAFI 134' : 'absent in SAFI 133',
        );
      }
      const value = new ByteWriter();
      if (nlri.routeDistinguisher !== undefined) {
        value.bytes(requireRouteDistinguisher(nlri.routeDistinguisher));
      }
      writeFlowspecComponents(value, nlri.components, addressBits);
      if (value.length > longest) {
        throw new WireError(
          'ERR_WIRE_TOO_LONG',
          `flow specification of ${value.length} octets: at most ${longest} fit (RFC 8955 §4.1)`,
        );
      }
      if (value.length > longestOneOctetLength) writer.u16(0xf000 | value.length);
      else writer.u8(value.length);
      writer.bytes(value.view());
    },
    // After the length, which may be written in one octet or two.
    key: { start: valueStart },
  };
}

function valueStart(bytes: Uint8Array, at: number): number {
  return bytes[at]! > longestOneOctetLength ? at + 2 : at + 1;
}

function valueOctets(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  return first > longestOneOctetLength ? ((first & 0x0f) << 8) | bytes[at + 1]! : first;
}
