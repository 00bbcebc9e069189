import type { PathAttribute } from '../pathAttribute.ts';
import type { AttributeCodec } from './attributeCodec.ts';
import {
  aggregatorCodec,
  as4AggregatorCodec,
  atomicAggregateCodec,
  clusterListCodec,
  localPreferenceCodec,
  multiExitDiscriminatorCodec,
  nextHopCodec,
  onlyToCustomerCodec,
  originatorIdCodec,
  originCodec,
} from './baseAttributes.ts';
import {
  communitiesCodec,
  extendedCommunitiesCodec,
  ipv6ExtendedCommunitiesCodec,
  largeCommunitiesCodec,
} from './communityAttributes.ts';
import { mpReachNlriCodec, mpUnreachNlriCodec } from './mpCodecs.ts';
import { as4PathCodec, asPathCodec } from './pathCodecs.ts';
import {
  aigpCodec,
  bgpLsCodec,
  pmsiTunnelCodec,
  prefixSidCodec,
  tunnelEncapsulationCodec,
} from './tunnelAttributes.ts';

/** The attributes that have a codec: all but `unknown`. */
export type KnownAttribute = Exclude<PathAttribute, { type: 'unknown' }>;

type Codecs = {
  readonly [T in KnownAttribute['type']]: AttributeCodec<Extract<KnownAttribute, { type: T }>>;
};

/** One line for each type; the compiler asks for all of them. */
const codecByType: Codecs = {
  origin: originCodec,
  asPath: asPathCodec,
  nextHop: nextHopCodec,
  multiExitDiscriminator: multiExitDiscriminatorCodec,
  localPreference: localPreferenceCodec,
  atomicAggregate: atomicAggregateCodec,
  aggregator: aggregatorCodec,
  communities: communitiesCodec,
  originatorId: originatorIdCodec,
  clusterList: clusterListCodec,
  mpReachNlri: mpReachNlriCodec,
  mpUnreachNlri: mpUnreachNlriCodec,
  extendedCommunities: extendedCommunitiesCodec,
  as4Path: as4PathCodec,
  as4Aggregator: as4AggregatorCodec,
  pmsiTunnel: pmsiTunnelCodec,
  tunnelEncapsulation: tunnelEncapsulationCodec,
  aigp: aigpCodec,
  ipv6ExtendedCommunities: ipv6ExtendedCommunitiesCodec,
  bgpLs: bgpLsCodec,
  largeCommunities: largeCommunitiesCodec,
  onlyToCustomer: onlyToCustomerCodec,
  prefixSid: prefixSidCodec,
};

const codecByCode: ReadonlyMap<number, AttributeCodec<KnownAttribute>> = new Map(
  Object.values(codecByType).map((codec) => [codec.code, codec as AttributeCodec<KnownAttribute>]),
);

/** The codec of an attribute type code; `undefined` for one that this codec does not know. */
export function codecOfCode(code: number): AttributeCodec<KnownAttribute> | undefined {
  return codecByCode.get(code);
}

/** The codec of an attribute; `undefined` when its `type` is none, which only plain JavaScript can bring about. */
export function codecOfType(
  type: KnownAttribute['type'],
): AttributeCodec<KnownAttribute> | undefined {
  return codecByType[type] as AttributeCodec<KnownAttribute> | undefined;
}
