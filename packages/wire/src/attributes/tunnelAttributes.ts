import { copyOf } from '../copyOf.ts';
// PMSI_TUNNEL, AIGP, and the attributes that are carried as bytes.

import { requireInteger } from '../integerRange.ts';
import {
  type AigpAttribute,
  type AigpTlv,
  AttributeCode,
  type BgpLsAttribute,
  type PmsiTunnelAttribute,
  type PrefixSidAttribute,
  type TunnelEncapsulationAttribute,
} from '../pathAttribute.ts';
import { readU16, readU24, readU32 } from '../text/number.ts';
import { WireError } from '../wireError.ts';
import type { AttributeCodec } from './attributeCodec.ts';
import { pmsiTunnelFixedLength } from './pmsiTunnelRule.ts';
import { aigpTlvLength, aigpTlvType } from './tlvRules.ts';

/** RFC 6514 §5. */
export const pmsiTunnelCodec: AttributeCodec<PmsiTunnelAttribute> = {
  code: AttributeCode.pmsiTunnel,
  decode: (bytes, start, end) => ({
    type: 'pmsiTunnel',
    flags: bytes[start]!,
    tunnelType: bytes[start + 1]!,
    label: readU24(bytes, start + 2),
    identifier: copyOf(bytes, start + pmsiTunnelFixedLength, end),
  }),
  encode: (writer, { flags, tunnelType, label, identifier }) => {
    writer.u8(requireInteger('the flags of pmsiTunnel', flags, 0xff));
    writer.u8(requireInteger('the tunnelType of pmsiTunnel', tunnelType, 0xff));
    writer.u24(requireInteger('the label of pmsiTunnel', label, 0xffffff));
    writer.bytes(identifier);
  },
};

const highestMetric = 0xffff_ffff_ffff_ffffn;

/** RFC 7311 §3. */
export const aigpCodec: AttributeCodec<AigpAttribute> = {
  code: AttributeCode.aigp,
  decode: (bytes, start, end) => {
    let metric: bigint | undefined;
    const otherTlvs: AigpTlv[] = [];
    for (let at = start; at < end; ) {
      const length = end - at < 3 ? 0 : readU16(bytes, at + 1);
      if (length < 3 || at + length > end) return undefined;
      const type = bytes[at]!;
      if (type === aigpTlvType && length === aigpTlvLength && metric === undefined) {
        metric = (BigInt(readU32(bytes, at + 3)) << 32n) | BigInt(readU32(bytes, at + 7));
      } else otherTlvs.push({ type, value: copyOf(bytes, at + 3, at + length) });
      at += length;
    }
    return {
      type: 'aigp',
      ...(metric !== undefined && { metric }),
      ...(otherTlvs.length > 0 && { otherTlvs }),
    };
  },
  encode: (writer, { metric, otherTlvs = [] }) => {
    if (metric === undefined && otherTlvs.length === 0) {
      throw new WireError('ERR_WIRE_BAD_VALUE', 'aigp has neither a metric nor TLVs; leave it out');
    }
    if (metric !== undefined) {
      if (metric < 0n || metric > highestMetric) {
        throw new WireError(
          'ERR_WIRE_BAD_VALUE',
          `the metric of aigp is ${metric}; it must have 64 bits`,
        );
      }
      writer.u8(aigpTlvType);
      writer.u16(aigpTlvLength);
      writer.u32(Number(metric >> 32n));
      writer.u32(Number(metric & 0xffffffffn));
    }
    for (const { type, value } of otherTlvs) {
      writer.u8(requireInteger('the type of an AIGP TLV', type, 0xff));
      writer.u16(requireInteger('the length of an AIGP TLV', value.length + 3, 0xffff));
      writer.bytes(value);
    }
  },
};

export const tunnelEncapsulationCodec: AttributeCodec<TunnelEncapsulationAttribute> = {
  code: AttributeCode.tunnelEncapsulation,
  decode: (bytes, start, end) => ({
    type: 'tunnelEncapsulation',
    value: copyOf(bytes, start, end),
  }),
  encode: (writer, { value }) => writer.bytes(value),
};

export const bgpLsCodec: AttributeCodec<BgpLsAttribute> = {
  code: AttributeCode.bgpLs,
  decode: (bytes, start, end) => ({ type: 'bgpLs', value: copyOf(bytes, start, end) }),
  encode: (writer, { value }) => writer.bytes(value),
};

export const prefixSidCodec: AttributeCodec<PrefixSidAttribute> = {
  code: AttributeCode.prefixSid,
  decode: (bytes, start, end) => ({ type: 'prefixSid', value: copyOf(bytes, start, end) }),
  encode: (writer, { value }) => writer.bytes(value),
};
