// The attributes of RFC 4271, without AS_PATH; those of RFC 4456 and RFC 9234, which are as simple.

import { asTrans } from '../asPath.ts';
import { requireInteger } from '../integerRange.ts';
import {
  type AggregatorAttribute,
  type As4AggregatorAttribute,
  type AtomicAggregateAttribute,
  AttributeCode,
  type ClusterListAttribute,
  type LocalPreferenceAttribute,
  type MultiExitDiscriminatorAttribute,
  type NextHopAttribute,
  type OnlyToCustomerAttribute,
  type Origin,
  type OriginAttribute,
  type OriginatorIdAttribute,
} from '../pathAttribute.ts';
import { formatIpv4 } from '../text/ipv4.ts';
import { readU16, readU32 } from '../text/number.ts';
import { WireError } from '../wireError.ts';
import type { AttributeCodec } from './attributeCodec.ts';
import { requireSome, writeIpv4, writeU32 } from './encodeValues.ts';

const origins: readonly Origin[] = ['igp', 'egp', 'incomplete'];

export const originCodec: AttributeCodec<OriginAttribute> = {
  code: AttributeCode.origin,
  decode: (bytes, start) => {
    const origin = origins[bytes[start]!];
    return origin === undefined ? undefined : { type: 'origin', origin };
  },
  encode: (writer, { origin }) => {
    const value = origins.indexOf(origin);
    if (value < 0) {
      throw new WireError(
        'ERR_WIRE_BAD_VALUE',
        `origin is '${origin}'; it must be igp, egp or incomplete`,
      );
    }
    writer.u8(value);
  },
};

export const nextHopCodec: AttributeCodec<NextHopAttribute> = {
  code: AttributeCode.nextHop,
  decode: (bytes, start) => ({ type: 'nextHop', nextHop: formatIpv4(readU32(bytes, start)) }),
  encode: (writer, { nextHop }) => writeIpv4(writer, 'nextHop', nextHop),
};

export const multiExitDiscriminatorCodec: AttributeCodec<MultiExitDiscriminatorAttribute> = {
  code: AttributeCode.multiExitDiscriminator,
  decode: (bytes, start) => ({ type: 'multiExitDiscriminator', value: readU32(bytes, start) }),
  encode: (writer, { value }) => writeU32(writer, 'multiExitDiscriminator', value),
};

export const localPreferenceCodec: AttributeCodec<LocalPreferenceAttribute> = {
  code: AttributeCode.localPreference,
  decode: (bytes, start) => ({ type: 'localPreference', value: readU32(bytes, start) }),
  encode: (writer, { value }) => writeU32(writer, 'localPreference', value),
};

export const atomicAggregateCodec: AttributeCodec<AtomicAggregateAttribute> = {
  code: AttributeCode.atomicAggregate,
  decode: () => ({ type: 'atomicAggregate' }),
  encode: () => undefined,
};

/** In two octets where the session has no more; AS_TRANS stands for what does not fit (RFC 6793 §4.2.2). */
export const aggregatorCodec: AttributeCodec<AggregatorAttribute> = {
  code: AttributeCode.aggregator,
  decode: (bytes, start, end) => ({
    type: 'aggregator',
    as: end - start === 8 ? readU32(bytes, start) : readU16(bytes, start),
    address: formatIpv4(readU32(bytes, end - 4)),
  }),
  encode: (writer, { as, address }, { fourOctetAs }) => {
    requireAs('the AS of aggregator', as);
    if (fourOctetAs) writer.u32(as);
    else writer.u16(as > 0xffff ? asTrans : as);
    writeIpv4(writer, 'the address of aggregator', address);
  },
};

export const as4AggregatorCodec: AttributeCodec<As4AggregatorAttribute> = {
  code: AttributeCode.as4Aggregator,
  decode: (bytes, start) => ({
    type: 'as4Aggregator',
    as: readU32(bytes, start),
    address: formatIpv4(readU32(bytes, start + 4)),
  }),
  encode: (writer, { as, address }) => {
    requireAs('the AS of as4Aggregator', as);
    writer.u32(as);
    writeIpv4(writer, 'the address of as4Aggregator', address);
  },
};

export const originatorIdCodec: AttributeCodec<OriginatorIdAttribute> = {
  code: AttributeCode.originatorId,
  decode: (bytes, start) => ({
    type: 'originatorId',
    originatorId: formatIpv4(readU32(bytes, start)),
  }),
  encode: (writer, { originatorId }) => writeIpv4(writer, 'originatorId', originatorId),
};

export const clusterListCodec: AttributeCodec<ClusterListAttribute> = {
  code: AttributeCode.clusterList,
  decode: (bytes, start, end) => {
    const clusterIds: string[] = [];
    for (let at = start; at < end; at += 4) clusterIds.push(formatIpv4(readU32(bytes, at)));
    return { type: 'clusterList', clusterIds };
  },
  encode: (writer, { clusterIds }) => {
    requireSome('clusterIds', clusterIds);
    for (const clusterId of clusterIds) writeIpv4(writer, 'a cluster identifier', clusterId);
  },
};

export const onlyToCustomerCodec: AttributeCodec<OnlyToCustomerAttribute> = {
  code: AttributeCode.onlyToCustomer,
  decode: (bytes, start) => ({ type: 'onlyToCustomer', as: readU32(bytes, start) }),
  encode: (writer, { as }) => writeU32(writer, 'the AS of onlyToCustomer', as),
};

/** AS 0 must never be sent (RFC 7607 §2). */
function requireAs(what: string, as: number): void {
  if (as === 0)
    throw new WireError('ERR_WIRE_BAD_VALUE', `${what} is 0; 1 to 4294967295 are AS numbers`);
  requireInteger(what, as, 0xffffffff);
}
