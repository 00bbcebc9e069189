import { checkAs4Path, checkAsPath } from '../asPathRule.ts';
import { AttributeCode, AttributeFlag } from '../pathAttribute.ts';
import {
  aigpSession,
  checkAggregator,
  checkNextHop,
  checkOrigin,
  onlyFromInternal,
  onlyFromOldSpeaker,
} from './attributeChecks.ts';
import {
  type AttributeRule,
  anyLength,
  atLeast,
  exactly,
  type LengthRule,
  nonZeroMultipleOf,
} from './attributeRule.ts';
import { checkPmsiTunnel, pmsiTunnelFixedLength } from './pmsiTunnelRule.ts';
import { checkAigp, checkBgpLs, checkPrefixSid, checkTunnelEncapsulation } from './tlvRules.ts';

const wellKnown = AttributeFlag.transitive;
const optionalTransitive = AttributeFlag.optional | AttributeFlag.transitive;
const optionalNonTransitive = AttributeFlag.optional;

/** An AS number as wide as the session has them, and an IPv4 address (RFC 7606 §7.7). */
const aggregatorLength: LengthRule = {
  ...exactly(8),
  lessWithTwoOctetAs: 2,
  words: '8 octets long on a session with 4-octet AS numbers, 6 on one without',
};

/** A rule without what does not apply to its attribute. */
type WrittenRule = Omit<AttributeRule, 'value' | 'transitiveConflict' | 'refused'> &
  Partial<Pick<AttributeRule, 'value' | 'transitiveConflict' | 'refused'>>;

/** One line for each attribute type that this codec knows. */
const rules: readonly WrittenRule[] = [
  {
    code: AttributeCode.origin,
    name: 'ORIGIN',
    flags: wellKnown,
    length: exactly(1),
    malformed: 'treatAsWithdraw',
    section: 'RFC 7606 §7.1',
    value: checkOrigin,
  },
  {
    code: AttributeCode.asPath,
    name: 'AS_PATH',
    flags: wellKnown,
    // What it may not hold is Malformed AS_PATH, not a length error (RFC 4271 §6.3).
    length: anyLength,
    malformed: 'treatAsWithdraw',
    section: 'RFC 7606 §7.2',
    value: checkAsPath,
  },
  {
    code: AttributeCode.nextHop,
    name: 'NEXT_HOP',
    flags: wellKnown,
    length: exactly(4),
    malformed: 'treatAsWithdraw',
    section: 'RFC 7606 §7.3',
    value: checkNextHop,
  },
  {
    code: AttributeCode.multiExitDiscriminator,
    name: 'MULTI_EXIT_DISC',
    flags: optionalNonTransitive,
    length: exactly(4),
    malformed: 'treatAsWithdraw',
    section: 'RFC 7606 §7.4',
  },
  {
    code: AttributeCode.localPreference,
    name: 'LOCAL_PREF',
    flags: wellKnown,
    length: exactly(4),
    malformed: 'treatAsWithdraw',
    section: 'RFC 7606 §7.5',
    refused: onlyFromInternal('RFC 7606 §7.5', true),
  },
  {
    code: AttributeCode.atomicAggregate,
    name: 'ATOMIC_AGGREGATE',
    flags: wellKnown,
    length: exactly(0),
    malformed: 'attributeDiscard',
    section: 'RFC 7606 §7.6',
  },
  {
    code: AttributeCode.aggregator,
    name: 'AGGREGATOR',
    flags: optionalTransitive,
    length: aggregatorLength,
    malformed: 'attributeDiscard',
    section: 'RFC 7606 §7.7',
    value: checkAggregator,
  },
  {
    code: AttributeCode.communities,
    name: 'COMMUNITIES',
    flags: optionalTransitive,
    length: nonZeroMultipleOf(4),
    malformed: 'treatAsWithdraw',
    section: 'RFC 7606 §7.8',
  },
  {
    code: AttributeCode.originatorId,
    name: 'ORIGINATOR_ID',
    flags: optionalNonTransitive,
    length: exactly(4),
    malformed: 'treatAsWithdraw',
    section: 'RFC 7606 §7.9',
    refused: onlyFromInternal('RFC 7606 §7.9', false),
  },
  {
    code: AttributeCode.clusterList,
    name: 'CLUSTER_LIST',
    flags: optionalNonTransitive,
    length: nonZeroMultipleOf(4),
    malformed: 'treatAsWithdraw',
    section: 'RFC 7606 §7.10',
    refused: onlyFromInternal('RFC 7606 §7.10', false),
  },
  // Both MP attributes are checked as soon as they are met, in `mpAttributes.ts`, since without them the
  // routes of the message cannot be told.
  {
    code: AttributeCode.mpReachNlri,
    name: 'MP_REACH_NLRI',
    flags: optionalNonTransitive,
    length: atLeast(5),
    malformed: 'afiSafiDisable',
    section: 'RFC 7606 §5.3',
  },
  {
    code: AttributeCode.mpUnreachNlri,
    name: 'MP_UNREACH_NLRI',
    flags: optionalNonTransitive,
    length: atLeast(3),
    malformed: 'afiSafiDisable',
    section: 'RFC 7606 §5.3',
  },
  {
    code: AttributeCode.extendedCommunities,
    name: 'EXTENDED COMMUNITIES',
    flags: optionalTransitive,
    length: nonZeroMultipleOf(8),
    malformed: 'treatAsWithdraw',
    section: 'RFC 7606 §7.14',
  },
  {
    code: AttributeCode.as4Path,
    name: 'AS4_PATH',
    flags: optionalTransitive,
    length: {
      ...atLeast(6),
      multipleOf: 2,
      words: 'an even number of octets long, and at least 6',
    },
    malformed: 'attributeDiscard',
    section: 'RFC 6793 §6',
    value: checkAs4Path,
    refused: onlyFromOldSpeaker,
  },
  {
    code: AttributeCode.as4Aggregator,
    name: 'AS4_AGGREGATOR',
    flags: optionalTransitive,
    length: exactly(8),
    malformed: 'attributeDiscard',
    section: 'RFC 6793 §6',
    value: checkAggregator,
    refused: onlyFromOldSpeaker,
  },
  {
    code: AttributeCode.pmsiTunnel,
    name: 'PMSI_TUNNEL',
    flags: optionalTransitive,
    length: atLeast(pmsiTunnelFixedLength),
    malformed: 'treatAsWithdraw',
    section: 'RFC 6514 §5',
    value: checkPmsiTunnel,
  },
  {
    code: AttributeCode.tunnelEncapsulation,
    name: 'Tunnel Encapsulation',
    flags: optionalTransitive,
    // One tunnel TLV at the least: an attribute without any is malformed.
    length: atLeast(4),
    malformed: 'treatAsWithdraw',
    section: 'RFC 9012 §13',
    value: checkTunnelEncapsulation,
  },
  {
    code: AttributeCode.ipv6ExtendedCommunities,
    name: 'IPv6 Address Specific Extended Community',
    flags: optionalTransitive,
    length: nonZeroMultipleOf(20),
    malformed: 'treatAsWithdraw',
    section: 'RFC 7606 §7.15',
  },
  {
    code: AttributeCode.aigp,
    name: 'AIGP',
    flags: optionalNonTransitive,
    length: atLeast(3),
    malformed: 'attributeDiscard',
    section: 'RFC 7311 §3.2',
    value: checkAigp,
    transitiveConflict: { action: 'attributeDiscard', section: 'RFC 7311 §3.2' },
    refused: aigpSession,
  },
  {
    code: AttributeCode.bgpLs,
    name: 'BGP-LS Attribute',
    flags: optionalNonTransitive,
    length: atLeast(4),
    malformed: 'attributeDiscard',
    section: 'RFC 9552 §8.2.2',
    value: checkBgpLs,
  },
  {
    code: AttributeCode.largeCommunities,
    name: 'LARGE_COMMUNITY',
    flags: optionalTransitive,
    length: nonZeroMultipleOf(12),
    malformed: 'treatAsWithdraw',
    section: 'RFC 8092 §6',
  },
  {
    code: AttributeCode.onlyToCustomer,
    name: 'ONLY_TO_CUSTOMER',
    flags: optionalTransitive,
    length: exactly(4),
    malformed: 'treatAsWithdraw',
    section: 'RFC 9234 §5',
  },
  {
    code: AttributeCode.prefixSid,
    name: 'BGP Prefix-SID',
    flags: optionalTransitive,
    length: atLeast(3),
    malformed: 'attributeDiscard',
    section: 'RFC 8669 §6',
    value: checkPrefixSid,
  },
];

/** All of one shape: who reads them does so for every attribute that comes. */
const ruleByCode: readonly (AttributeRule | undefined)[] = Array.from(
  { length: 256 },
  (_, code) => {
    const written = rules.find((rule) => rule.code === code);
    if (written === undefined) return undefined;
    const { name, flags, length, malformed, section, value, transitiveConflict, refused } = written;
    return { code, name, flags, length, malformed, section, value, transitiveConflict, refused };
  },
);

/** The rule of an attribute type; `undefined` for one that this codec does not know. */
export function attributeRule(code: number): AttributeRule | undefined {
  return ruleByCode[code];
}

/** The name of an attribute type as the RFCs write it, or `attribute 99`. */
export function attributeName(code: number): string {
  return ruleByCode[code]?.name ?? `attribute ${code}`;
}
