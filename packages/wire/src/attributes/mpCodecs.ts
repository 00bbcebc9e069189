import { type FamilyKey, familyKey } from '../addressFamily.ts';
import type { ByteWriter } from '../byteWriter.ts';
import { copyOf } from '../copyOf.ts';
import { requireInteger } from '../integerRange.ts';
import { decodeNlri, encodeNlri } from '../nlri/field.ts';
import {
  AttributeCode,
  type MpReachNlriAttribute,
  type MpUnreachNlriAttribute,
} from '../pathAttribute.ts';
import { readU16 } from '../text/number.ts';
import type { UpdateOptions } from '../updateOptions.ts';
import type { AttributeCodec } from './attributeCodec.ts';
import { decodeNextHops, encodeNextHops } from './mpNextHop.ts';

/**
 * MP_REACH_NLRI (RFC 4760 §3). Its NLRI are read as the session's ADD-PATH would have them, whether or
 * not the family was agreed on; `undefined` when they cannot be read so.
 */
export const mpReachNlriCodec: AttributeCodec<MpReachNlriAttribute> = {
  code: AttributeCode.mpReachNlri,
  decode: (bytes, start, end, options) => {
    const afi = readU16(bytes, start);
    const safi = bytes[start + 2]!;
    const family = familyKey(afi, safi);
    const nextHopStart = start + 4;
    const nextHopEnd = nextHopStart + bytes[start + 3]!;
    if (nextHopEnd + 1 > end) return undefined;
    const nlri = readNlri(bytes, nextHopEnd + 1, end, family, 'reach', options);
    if (nlri === undefined) return undefined;
    const nextHops = decodeNextHops(bytes, nextHopStart, nextHopEnd, family);
    return {
      type: 'mpReachNlri',
      afi,
      safi,
      nextHops: nextHops ?? [],
      ...(nextHops === undefined &&
        nextHopEnd > nextHopStart && { nextHopBytes: copyOf(bytes, nextHopStart, nextHopEnd) }),
      nlri,
    };
  },
  encode: (writer, attribute, options) => {
    encodeMpReachHead(writer, attribute, options);
    for (const nlri of attribute.nlri) {
      const family = familyKey(attribute.afi, attribute.safi);
      const manyLabels = options.multipleLabels?.has(family);
      encodeNlri(writer, nlri, family, options.addPathSend.has(family), 'reach', manyLabels);
    }
  },
};

/** MP_UNREACH_NLRI (RFC 4760 §4), read as MP_REACH_NLRI is. */
export const mpUnreachNlriCodec: AttributeCodec<MpUnreachNlriAttribute> = {
  code: AttributeCode.mpUnreachNlri,
  decode: (bytes, start, end, options) => {
    const afi = readU16(bytes, start);
    const safi = bytes[start + 2]!;
    const withdrawn = readNlri(bytes, start + 3, end, familyKey(afi, safi), 'unreach', options);
    return withdrawn && { type: 'mpUnreachNlri', afi, safi, withdrawn };
  },
  encode: (writer, { afi, safi, withdrawn }, options) => {
    const family = writeFamily(writer, afi, safi);
    const manyLabels = options.multipleLabels?.has(family);
    for (const nlri of withdrawn) {
      encodeNlri(writer, nlri, family, options.addPathSend.has(family), 'unreach', manyLabels);
    }
  },
};

/** Everything of MP_REACH_NLRI that comes before the NLRI: family, next hop, reserved octet. */
function encodeMpReachHead(
  writer: ByteWriter,
  { afi, safi, nextHops, nextHopBytes }: MpReachNlriAttribute,
  options: UpdateOptions,
): void {
  const family = writeFamily(writer, afi, safi);
  const lengthAt = writer.reserve(1);
  if (nextHopBytes !== undefined) writer.bytes(nextHopBytes);
  else encodeNextHops(writer, nextHops, family, options.extendedNextHop.has(family));
  requireInteger('the length of a next hop', writer.length - lengthAt - 1, 0xff);
  writer.patchLength8(lengthAt);
  writer.u8(0);
}

function writeFamily(writer: ByteWriter, afi: number, safi: number): FamilyKey {
  writer.u16(requireInteger('afi', afi, 0xffff));
  writer.u8(requireInteger('safi', safi, 0xff));
  return familyKey(afi, safi);
}

function readNlri(
  bytes: Uint8Array,
  start: number,
  end: number,
  family: FamilyKey,
  context: 'reach' | 'unreach',
  options: UpdateOptions,
): MpReachNlriAttribute['nlri'] | undefined {
  const addPath = options.addPathReceive.has(family);
  const manyLabels = options.multipleLabels?.has(family);
  const result = decodeNlri(bytes, start, end, family, addPath, context, manyLabels);
  return result.ok ? result.nlri : undefined;
}
