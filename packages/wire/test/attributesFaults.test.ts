import { expect, it } from 'vitest';
import { decodeUpdate, type UpdateOptions } from '../src/index.ts';
import {
  aigp,
  bad,
  badPath,
  flagsOf,
  holdRows,
  internal,
  length,
  old,
  oldRoute,
  one,
  optional,
  type Row,
  route,
  routeWith,
} from './faultTable.ts';
import { attribute, sessionOptions, updateBytes } from './updateBytes.ts';

const flags: readonly Row[] = flagsOf.flatMap(([right, code, value, options]) =>
  [0x00, 0x40, 0x80, 0xc0]
    .filter((wrong) => wrong !== right)
    .map((wrong): Row => {
      const attributeBytes = attribute(wrong, code, value);
      const isMandatory = code <= 3;
      const sound = options?.fourOctetAs === false ? oldRoute : route;
      return {
        rule: `attribute ${code} with flags 0x${wrong.toString(16)}`,
        update: isMandatory ? routeWith(code as 1 | 2 | 3, attributeBytes) : sound(attributeBytes),
        ...(options && { options }),
        faults: one(attributeBytes, 'treatAsWithdraw', 4, 'RFC 7606 §3 (c)'),
      };
    }),
);

// biome-ignore format: one line a rule
const otherFlags: readonly Row[] = [
  bad('AIGP that is optional and transitive', attribute(0xc0, 26, aigp), 'attributeDiscard', 4, 'RFC 7311 §3.2', internal),
  bad('AIGP that is well-known', attribute(0x40, 26, aigp), 'attributeDiscard', 4, 'RFC 7311 §3.2', internal),
  bad('AIGP that is neither', attribute(0x00, 26, aigp), 'treatAsWithdraw', 4, 'RFC 7606 §3 (c)', internal),
  bad('an unknown well-known attribute', attribute(0x40, 99, '00'), 'sessionReset', 2, 'RFC 4271 §6.3'),
  bad('type code 0 as well-known', attribute(0x40, 0, ''), 'sessionReset', 2, 'RFC 4271 §6.3'),
];

// biome-ignore format: one line a rule
const lengths: readonly Row[] = [
  { rule: 'ORIGIN empty', update: routeWith(1, attribute(0x40, 1, '')), faults: one(attribute(0x40, 1, ''), 'treatAsWithdraw', length, 'RFC 7606 §7.1') },
  { rule: 'ORIGIN of two', update: routeWith(1, attribute(0x40, 1, '0000')), faults: one(attribute(0x40, 1, '0000'), 'treatAsWithdraw', length, 'RFC 7606 §7.1') },
  { rule: 'NEXT_HOP of three', update: routeWith(3, attribute(0x40, 3, 'c00002')), faults: one(attribute(0x40, 3, 'c00002'), 'treatAsWithdraw', length, 'RFC 7606 §7.3') },
  { rule: 'NEXT_HOP of sixteen', update: routeWith(3, attribute(0x40, 3, '20010db8000000000000000000000001')), faults: one(attribute(0x40, 3, '20010db8000000000000000000000001'), 'treatAsWithdraw', length, 'RFC 7606 §7.3') },
  bad('MULTI_EXIT_DISC of three', attribute(0x80, 4, '000064'), 'treatAsWithdraw', length, 'RFC 7606 §7.4'),
  bad('MULTI_EXIT_DISC empty', attribute(0x80, 4, ''), 'treatAsWithdraw', length, 'RFC 7606 §7.4'),
  bad('LOCAL_PREF of five', attribute(0x40, 5, '0000006400'), 'treatAsWithdraw', length, 'RFC 7606 §7.5', internal),
  bad('ATOMIC_AGGREGATE of one', attribute(0x40, 6, '00'), 'attributeDiscard', length, 'RFC 7606 §7.6'),
  bad('AGGREGATOR of six with 4-octet AS numbers', attribute(0xc0, 7, 'fde9c0000201'), 'attributeDiscard', length, 'RFC 7606 §7.7'),
  bad('AGGREGATOR of eight without', attribute(0xc0, 7, '0000fde9c0000201'), 'attributeDiscard', length, 'RFC 7606 §7.7', old),
  bad('COMMUNITIES empty', attribute(0xc0, 8, ''), 'treatAsWithdraw', length, 'RFC 7606 §7.8'),
  bad('COMMUNITIES of six', attribute(0xc0, 8, 'fde900640000'), 'treatAsWithdraw', length, 'RFC 7606 §7.8'),
  bad('ORIGINATOR_ID of three', attribute(0x80, 9, 'c00002'), 'treatAsWithdraw', length, 'RFC 7606 §7.9', internal),
  bad('CLUSTER_LIST empty', attribute(0x80, 10, ''), 'treatAsWithdraw', length, 'RFC 7606 §7.10', internal),
  bad('CLUSTER_LIST of five', attribute(0x80, 10, 'c000020100'), 'treatAsWithdraw', length, 'RFC 7606 §7.10', internal),
  bad('EXTENDED COMMUNITIES empty', attribute(0xc0, 16, ''), 'treatAsWithdraw', length, 'RFC 7606 §7.14'),
  bad('EXTENDED COMMUNITIES of nine', attribute(0xc0, 16, '0002fde90000006400'), 'treatAsWithdraw', length, 'RFC 7606 §7.14'),
  bad('AS4_PATH empty', attribute(0xc0, 17, ''), 'attributeDiscard', length, 'RFC 6793 §6', old),
  bad('AS4_PATH of four', attribute(0xc0, 17, '02010001'), 'attributeDiscard', length, 'RFC 6793 §6', old),
  bad('AS4_PATH of seven', attribute(0xc0, 17, '02010001117000'), 'attributeDiscard', length, 'RFC 6793 §6', old),
  bad('AS4_AGGREGATOR of six', attribute(0xc0, 18, 'fde9c0000201'), 'attributeDiscard', length, 'RFC 6793 §6', old),
  bad('PMSI_TUNNEL of four', attribute(0xc0, 22, '00000000'), 'treatAsWithdraw', length, 'RFC 6514 §5'),
  bad('Tunnel Encapsulation empty', attribute(0xc0, 23, ''), 'treatAsWithdraw', length, 'RFC 9012 §13'),
  bad('IPv6 extended communities of eight', attribute(0xc0, 25, '0002fde900000064'), 'treatAsWithdraw', length, 'RFC 7606 §7.15'),
  bad('AIGP empty', attribute(0x80, 26, ''), 'attributeDiscard', length, 'RFC 7311 §3.2', internal),
  bad('BGP-LS empty', attribute(0x80, 29, ''), 'attributeDiscard', length, 'RFC 9552 §8.2.2'),
  bad('LARGE_COMMUNITY empty', attribute(0xc0, 32, ''), 'treatAsWithdraw', length, 'RFC 8092 §6'),
  bad('LARGE_COMMUNITY of eight', attribute(0xc0, 32, '0000fde900000001'), 'treatAsWithdraw', length, 'RFC 8092 §6'),
  bad('ONLY_TO_CUSTOMER of two', attribute(0xc0, 35, 'fde9'), 'treatAsWithdraw', length, 'RFC 9234 §5'),
  bad('BGP Prefix-SID of two', attribute(0xc0, 40, '0100'), 'attributeDiscard', length, 'RFC 8669 §6'),
];

// biome-ignore format: one line a rule
const values: readonly Row[] = [
  { rule: 'ORIGIN 3', update: routeWith(1, attribute(0x40, 1, '03')), faults: one(attribute(0x40, 1, '03'), 'treatAsWithdraw', 6, 'RFC 7606 §7.1') },
  { rule: 'NEXT_HOP 0.0.0.0', update: routeWith(3, attribute(0x40, 3, '00000000')), faults: one(attribute(0x40, 3, '00000000'), 'treatAsWithdraw', 8, 'RFC 7606 §7.3') },
  { rule: 'NEXT_HOP 224.0.0.5', update: routeWith(3, attribute(0x40, 3, 'e0000005')), faults: one(attribute(0x40, 3, 'e0000005'), 'treatAsWithdraw', 8, 'RFC 7606 §7.3') },
  { rule: 'NEXT_HOP 255.255.255.255', update: routeWith(3, attribute(0x40, 3, 'ffffffff')), faults: one(attribute(0x40, 3, 'ffffffff'), 'treatAsWithdraw', 8, 'RFC 7606 §7.3') },
  badPath('AS_PATH with a segment of type 0', '0001 0000fde9'),
  badPath('AS_PATH with a segment of type 5', '0501 0000fde9'),
  badPath('AS_PATH with an empty segment', '0200'),
  badPath('AS_PATH with an empty segment after a sound one', '0201 0000fde9 0100'),
  badPath('AS_PATH with a segment that overruns', '0202 0000fde9'),
  badPath('AS_PATH with a single octet at its end', '0201 0000fde9 02'),
  badPath('AS_PATH in two octets on a 4-octet session', '0201 fde9'),
  badPath('AS_PATH with AS 0', '0202 0000fde9 00000000', 'RFC 7607 §2'),
  badPath('a confederation segment from outside', '0301 0000fde9', 'RFC 5065 §5'),
  badPath('a confederation set behind', '0201 0000fde9 0401 0000fdea', 'RFC 5065 §5'),
  badPath('no confederation segment from a member', '0201 0000fde9', 'RFC 5065 §5', {
    confederationPeer: true,
  }),
  badPath('an empty path from a member', '', 'RFC 5065 §5', { confederationPeer: true }),
  badPath('a confederation set first from a member', '0401 0000fde9', 'RFC 5065 §5', {
    confederationPeer: true,
  }),
  bad('AGGREGATOR with AS 0', attribute(0xc0, 7, '00000000c0000201'), 'attributeDiscard', optional, 'RFC 7607 §2'),
  bad('AGGREGATOR with AS 0 in two octets', attribute(0xc0, 7, '0000c0000201'), 'attributeDiscard', optional, 'RFC 7607 §2', old),
  bad('AS4_PATH with a segment of type 9', attribute(0xc0, 17, '090100011170'), 'attributeDiscard', optional, 'RFC 6793 §6', old),
  bad('AS4_PATH with an empty segment', attribute(0xc0, 17, '020100011170 0200'), 'attributeDiscard', optional, 'RFC 6793 §6', old),
  bad('AS4_PATH that overruns', attribute(0xc0, 17, '020200011170'), 'attributeDiscard', optional, 'RFC 6793 §6', old),
  bad('AS4_PATH with AS 0', attribute(0xc0, 17, '020100000000'), 'attributeDiscard', optional, 'RFC 7607 §2', old),
  bad('AS4_AGGREGATOR with AS 0', attribute(0xc0, 18, '00000000c0000201'), 'attributeDiscard', optional, 'RFC 7607 §2', old),
  bad('PMSI_TUNNEL of type 12', attribute(0xc0, 22, '00 0c 000000 c0000201'), 'treatAsWithdraw', optional, 'RFC 6514 §5'),
  bad('PMSI_TUNNEL, Partial, of type 127', attribute(0xe0, 22, '00 7f 000000'), 'treatAsWithdraw', optional, 'RFC 6514 §5'),
  bad('no tunnel, yet an identifier', attribute(0xc0, 22, '00 00 000000 c0000201'), 'treatAsWithdraw', optional, 'RFC 6514 §5'),
  bad('RSVP-TE with an identifier of four', attribute(0xc0, 22, '00 01 000000 c0000201'), 'treatAsWithdraw', optional, 'RFC 6514 §5'),
  bad('mLDP too short for the length of its root', attribute(0xc0, 22, '00 02 000000 06 0001'), 'treatAsWithdraw', optional, 'RFC 6514 §5'),
  bad('mLDP too short for its root', attribute(0xc0, 22, '00 07 000000 06 0001 04 c00002'), 'treatAsWithdraw', optional, 'RFC 6514 §5'),
  bad('mLDP too short for the length of its opaque value', attribute(0xc0, 22, '00 02 000000 06 0001 04 c0000201 00'), 'treatAsWithdraw', optional, 'RFC 6514 §5'),
  bad('mLDP with octets left over', attribute(0xc0, 22, '00 02 000000 06 0001 04 c0000201 0001 01 00'), 'treatAsWithdraw', optional, 'RFC 6514 §5'),
  bad('mLDP with an opaque value that overruns', attribute(0xc0, 22, '00 02 000000 06 0001 04 c0000201 0002 01'), 'treatAsWithdraw', optional, 'RFC 6514 §5'),
  bad('PIM-SSM with one address', attribute(0xc0, 22, '00 03 000000 c0000201'), 'treatAsWithdraw', optional, 'RFC 6514 §5'),
  bad('ingress replication with five octets', attribute(0xc0, 22, '00 06 000000 c000020100'), 'treatAsWithdraw', optional, 'RFC 6514 §5'),
  bad('BIER without a prefix', attribute(0xc0, 22, '00 0b 000000 01 0002'), 'treatAsWithdraw', optional, 'RFC 6514 §5'),
  bad('composite ingress replication', attribute(0xc0, 22, '00 86 000000 000010 c0000201'), 'treatAsWithdraw', optional, 'RFC 6514 §5'),
  bad('composite PIM-SSM without its label', attribute(0xc0, 22, '00 83 000000 c0000201 e8000001'), 'treatAsWithdraw', optional, 'RFC 6514 §5'),
  bad('a tunnel TLV that overruns', attribute(0xc0, 23, '0008 0005 0104 00'), 'treatAsWithdraw', optional, 'RFC 9012 §13'),
  bad('a tunnel TLV header that is cut', attribute(0xc0, 23, '0008 0000 0008'), 'treatAsWithdraw', optional, 'RFC 9012 §13'),
  bad('a sub-TLV beyond its TLV', attribute(0xc0, 23, '0008 0003 010200'), 'treatAsWithdraw', optional, 'RFC 9012 §13'),
  bad('a sub-TLV header that is cut', attribute(0xc0, 23, '0008 0002 8000'), 'treatAsWithdraw', optional, 'RFC 9012 §13'),
  bad('an AIGP TLV shorter than itself', attribute(0x80, 26, '02 0002 00'), 'attributeDiscard', optional, 'RFC 7311 §3.2', internal),
  bad('an AIGP TLV that overruns', attribute(0x80, 26, '02 0005 00'), 'attributeDiscard', optional, 'RFC 7311 §3.2', internal),
  bad('an AIGP metric of four octets', attribute(0x80, 26, '01 0007 00000064'), 'attributeDiscard', optional, 'RFC 7311 §3.2', internal),
  bad('the largest AIGP metric', attribute(0x80, 26, '01 000b ffffffffffffffff'), 'attributeDiscard', optional, 'RFC 7311 §3.2', internal),
  bad('BGP-LS TLVs that do not add up', attribute(0x80, 29, '0400 0002 00'), 'attributeDiscard', optional, 'RFC 9552 §8.2.2'),
  bad('BGP-LS with octets left over', attribute(0x80, 29, '0400 0001 00 0400'), 'attributeDiscard', optional, 'RFC 9552 §8.2.2'),
  bad('a Prefix-SID TLV that overruns', attribute(0xc0, 40, '09 0004 00'), 'attributeDiscard', optional, 'RFC 8669 §6'),
  bad('a label index of six octets', attribute(0xc0, 40, '01 0006 00 0000 000001'), 'attributeDiscard', optional, 'RFC 8669 §6'),
  bad('an SRGB without a range', attribute(0xc0, 40, '03 0002 0000'), 'attributeDiscard', optional, 'RFC 8669 §6'),
  bad('an SRv6 service TLV that overruns', attribute(0xc0, 40, '05 0009 00'), 'treatAsWithdraw', optional, 'RFC 9252 §7'),
  bad('an SRv6 service TLV that is empty', attribute(0xc0, 40, '06 0000'), 'treatAsWithdraw', optional, 'RFC 9252 §7'),
  bad('an SRv6 SID information of twenty octets', attribute(0xc0, 40, `05 0018 00 01 0014 ${'00'.repeat(20)}`), 'treatAsWithdraw', optional, 'RFC 9252 §7'),
  bad('an SRv6 sub-sub-TLV that overruns', attribute(0xc0, 40, `05 001d 00 01 0019 ${'00'.repeat(21)} 01 0002 00`), 'treatAsWithdraw', optional, 'RFC 9252 §7'),
  bad('a label index of six octets and a broken SRv6 service: the stronger', attribute(0xc0, 40, '01 0006 00 0000 000001 06 0000'), 'treatAsWithdraw', optional, 'RFC 9252 §7'),
];

/** Accepted on some sessions only; subcode 0, for the message is not in error. */
function refused(
  rule: string,
  attributeBytes: Uint8Array,
  section: string,
  options?: Partial<UpdateOptions>,
): Row {
  return {
    rule,
    update: route(attributeBytes),
    ...(options && { options }),
    faults: [['attributeDiscard', 0, '', section, attributeBytes[1]!]],
  };
}

const refusals: readonly Row[] = [
  refused('LOCAL_PREF from an external peer', attribute(0x40, 5, '00000064'), 'RFC 7606 §7.5'),
  refused(
    'LOCAL_PREF of a wrong length from an external peer',
    attribute(0x40, 5, '00'),
    'RFC 7606 §7.5',
  ),
  refused('ORIGINATOR_ID from an external peer', attribute(0x80, 9, 'c0000201'), 'RFC 7606 §7.9'),
  refused('CLUSTER_LIST from an external peer', attribute(0x80, 10, 'c0000201'), 'RFC 7606 §7.10'),
  refused('AS4_PATH on a 4-octet session', attribute(0xc0, 17, '020100011170'), 'RFC 6793 §6'),
  refused(
    'AS4_AGGREGATOR on a 4-octet session',
    attribute(0xc0, 18, '00011170c0000201'),
    'RFC 6793 §6',
  ),
  refused('AIGP from an external peer', attribute(0x80, 26, aigp), 'RFC 7311 §3.3'),
  refused('AIGP where it is switched off', attribute(0x80, 26, aigp), 'RFC 7311 §3.3', {
    ...internal,
    aigpSession: false,
  }),
];

holdRows('flags (RFC 7606 §3 c)', [...flags, ...otherFlags]);
holdRows('attribute lengths (RFC 7606 §4 and §7)', lengths);
holdRows('attribute values', values);
holdRows('attributes not accepted on a session', refusals);

it.each([
  ['00', 'has 1 octet; it must be empty'],
  ['0000', 'has 2 octets; it must be empty'],
])('a length is told in words that go with it: %s', (value, words) => {
  const update = updateBytes(route(attribute(0x40, 6, value)));
  const { faults } = decodeUpdate(update, 0, update.length, sessionOptions());
  expect(faults[0]?.text).toContain(words);
});
