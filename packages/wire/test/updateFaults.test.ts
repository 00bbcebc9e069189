import { describe, expect, it } from 'vitest';
import { decodeUpdate, type FaultAction, type UpdateOptions } from '../src/index.ts';
import { concat, hex, toHex } from './bytes.ts';
import {
  asPath,
  asPath2,
  attribute,
  family,
  mpReach,
  mpUnreach,
  nextHop,
  origin,
  prefix,
  sessionOptions,
  type UpdateParts,
  updateBytes,
} from './updateBytes.ts';

interface Row {
  readonly rule: string;
  readonly update: UpdateParts;
  readonly options?: Partial<UpdateOptions>;
  /** Each fault: action, subcode of UPDATE Message Error, data in hexadecimal, section, attribute type. */
  readonly faults: readonly (readonly [FaultAction, number, string, string, number?])[];
}

/** Routes in the NLRI field, with sound mandatory attributes and the given ones. */
function route(...more: readonly Uint8Array[]): UpdateParts {
  return { attributes: [origin, asPath, nextHop, ...more], nlri: prefix };
}

/** As `route`, from a speaker with 2-octet AS numbers. */
function oldRoute(...more: readonly Uint8Array[]): UpdateParts {
  return { attributes: [origin, asPath2, nextHop, ...more], nlri: prefix };
}

/** Routes in the NLRI field whose ORIGIN, AS_PATH and NEXT_HOP are sound but for the one given. */
function routeWith(code: 1 | 2 | 3, bad: Uint8Array): UpdateParts {
  const sound = [origin, asPath, nextHop];
  sound[code - 1] = bad;
  return { attributes: sound, nlri: prefix };
}

const internal = { peerType: 'internal' } as const;
const old = { fourOctetAs: false } as const;

/** One fault, of the attribute given, with the attribute as data. */
function one(
  bad: Uint8Array,
  action: FaultAction,
  subcode: number,
  section: string,
): Row['faults'] {
  return [[action, subcode, toHex(bad), section, bad[1]!]];
}

const length = 5;
const optional = 9;

/** A bad attribute in an UPDATE with routes, and the one fault that it is. */
function bad(
  rule: string,
  attributeBytes: Uint8Array,
  action: FaultAction,
  subcode: number,
  section: string,
  options?: Partial<UpdateOptions>,
): Row {
  const update = options?.fourOctetAs === false ? oldRoute(attributeBytes) : route(attributeBytes);
  return {
    rule,
    update,
    ...(options && { options }),
    faults: one(attributeBytes, action, subcode, section),
  };
}

/** A bad AS_PATH: Malformed AS_PATH has no data (RFC 4271 §6.3). */
function badPath(
  rule: string,
  value: string,
  section: string = 'RFC 7606 §7.2',
  options?: Partial<UpdateOptions>,
): Row {
  return {
    rule,
    update: routeWith(2, attribute(0x40, 2, value)),
    ...(options && { options }),
    faults: [['treatAsWithdraw', 11, '', section, 2]],
  };
}

const sections: readonly Row[] = [
  {
    rule: 'Withdrawn Routes Length beyond the message',
    update: { withdrawn: prefix, withdrawnLength: 3 },
    faults: [['sessionReset', 1, '', 'RFC 4271 §6.3']],
  },
  {
    rule: 'Withdrawn Routes Length that leaves no room for Total Path Attribute Length',
    update: { withdrawn: prefix, withdrawnLength: 4 },
    faults: [['sessionReset', 1, '', 'RFC 4271 §6.3']],
  },
  {
    rule: 'Total Path Attribute Length beyond the message',
    update: { attributes: [origin], attributesLength: 5 },
    faults: [['sessionReset', 1, '', 'RFC 4271 §6.3']],
  },
];

const attributeLengths: readonly Row[] = [
  {
    rule: 'one octet left over',
    update: route(hex('40')),
    faults: [['treatAsWithdraw', 1, '', 'RFC 7606 §4', 0]],
  },
  {
    rule: 'two octets left over',
    update: route(hex('c0 08')),
    faults: [['treatAsWithdraw', 1, '', 'RFC 7606 §4', 8]],
  },
  {
    rule: 'three octets left over, with Extended Length',
    update: route(hex('d0 08 00')),
    faults: [['treatAsWithdraw', 1, '', 'RFC 7606 §4', 8]],
  },
  {
    rule: 'a length beyond Total Path Attribute Length',
    update: route(hex('c0 08 05 00000000')),
    faults: [['treatAsWithdraw', 1, '', 'RFC 7606 §4', 8]],
  },
  {
    rule: 'an overrun that hides a mandatory attribute is only an overrun',
    update: { attributes: [origin, hex('40 02 0a 00')], nlri: prefix },
    faults: [['treatAsWithdraw', 1, '', 'RFC 7606 §4', 2]],
  },
  {
    rule: 'an overrun of MP_REACH_NLRI hides its routes',
    update: route(hex('80 0e 40 000201')),
    faults: [['sessionReset', 1, '', 'RFC 7606 §3 (j)', 14]],
  },
  {
    rule: 'an overrun of MP_UNREACH_NLRI hides its routes',
    update: route(hex('80 0f 40 000201')),
    faults: [['sessionReset', 1, '', 'RFC 7606 §3 (j)', 15]],
  },
];

const duplicates: readonly Row[] = [
  {
    rule: 'a known attribute twice: the first is kept',
    update: route(attribute(0x40, 1, '07')),
    faults: [['attributeDiscard', 1, '', 'RFC 7606 §3 (g)', 1]],
  },
  {
    rule: 'an unknown attribute twice',
    update: route(attribute(0xc0, 99, '00'), attribute(0xc0, 99, '01')),
    faults: [['attributeDiscard', 1, '', 'RFC 7606 §3 (g)', 99]],
  },
  {
    rule: 'an attribute of a high type code three times',
    update: route(attribute(0xc0, 250, ''), attribute(0xc0, 250, ''), attribute(0xc0, 250, '')),
    faults: [
      ['attributeDiscard', 1, '', 'RFC 7606 §3 (g)', 250],
      ['attributeDiscard', 1, '', 'RFC 7606 §3 (g)', 250],
    ],
  },
  {
    rule: 'MP_REACH_NLRI twice',
    update: { attributes: [mpReach, origin, asPath, mpReach] },
    faults: [['sessionReset', 1, '', 'RFC 7606 §3 (g)', 14]],
  },
  {
    rule: 'MP_UNREACH_NLRI twice',
    update: { attributes: [mpUnreach, mpUnreach] },
    faults: [['sessionReset', 1, '', 'RFC 7606 §3 (g)', 15]],
  },
];

const missing: readonly Row[] = [
  {
    rule: 'NLRI without any attribute',
    update: { nlri: prefix },
    faults: [
      ['treatAsWithdraw', 3, '01', 'RFC 7606 §3 (d)', 1],
      ['treatAsWithdraw', 3, '02', 'RFC 7606 §3 (d)', 2],
      ['treatAsWithdraw', 3, '03', 'RFC 7606 §3 (d)', 3],
    ],
  },
  {
    rule: 'NLRI without NEXT_HOP',
    update: { attributes: [origin, asPath], nlri: prefix },
    faults: [['treatAsWithdraw', 3, '03', 'RFC 7606 §3 (d)', 3]],
  },
  {
    rule: 'MP_REACH_NLRI does not make up for NEXT_HOP of the NLRI field',
    update: { attributes: [mpReach, origin, asPath], nlri: prefix },
    faults: [['treatAsWithdraw', 3, '03', 'RFC 7606 §3 (d)', 3]],
  },
  {
    rule: 'MP_REACH_NLRI without ORIGIN',
    update: { attributes: [mpReach, asPath] },
    faults: [['treatAsWithdraw', 3, '01', 'RFC 7606 §3 (d)', 1]],
  },
];

/** Every attribute type with a rule: its right flags, and a sound value. */
const flagsOf: readonly (readonly [number, number, string, Partial<UpdateOptions>?])[] = [
  [0x40, 1, '00'],
  [0x40, 2, '0201 0000fde9'],
  [0x40, 3, 'c0000201'],
  [0x80, 4, '00000064'],
  [0x40, 5, '00000064', internal],
  [0x40, 6, ''],
  [0xc0, 7, '0000fde9 c0000201'],
  [0xc0, 8, 'fde90064'],
  [0x80, 9, 'c0000201', internal],
  [0x80, 10, 'c0000201', internal],
  [0xc0, 16, '0002fde900000064'],
  [0xc0, 17, '0201 00011170', old],
  [0xc0, 18, '00011170 c0000201', old],
  [0xc0, 22, '00 06 000000 c0000201'],
  [0xc0, 23, '0008 0000'],
  [0xc0, 25, '0002 20010db8000000000000000000000001 0064'],
  [0x80, 29, '0400 0001 00'],
  [0xc0, 32, '0000fde9 00000001 00000002'],
  [0xc0, 35, '0000fde9'],
  [0xc0, 40, '01 0007 00 0000 00000001'],
];

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

const aigp = '01 000b 0000000000000064';
const otherFlags: readonly Row[] = [
  bad(
    'AIGP that is optional and transitive',
    attribute(0xc0, 26, aigp),
    'attributeDiscard',
    4,
    'RFC 7311 §3.2',
    internal,
  ),
  bad(
    'AIGP that is well-known',
    attribute(0x40, 26, aigp),
    'attributeDiscard',
    4,
    'RFC 7311 §3.2',
    internal,
  ),
  bad(
    'AIGP that is neither',
    attribute(0x00, 26, aigp),
    'treatAsWithdraw',
    4,
    'RFC 7606 §3 (c)',
    internal,
  ),
  bad(
    'an unknown well-known attribute',
    attribute(0x40, 99, '00'),
    'sessionReset',
    2,
    'RFC 4271 §6.3',
  ),
  bad('type code 0 as well-known', attribute(0x40, 0, ''), 'sessionReset', 2, 'RFC 4271 §6.3'),
];

const lengths: readonly Row[] = [
  {
    rule: 'ORIGIN empty',
    update: routeWith(1, attribute(0x40, 1, '')),
    faults: one(attribute(0x40, 1, ''), 'treatAsWithdraw', length, 'RFC 7606 §7.1'),
  },
  {
    rule: 'ORIGIN of two',
    update: routeWith(1, attribute(0x40, 1, '0000')),
    faults: one(attribute(0x40, 1, '0000'), 'treatAsWithdraw', length, 'RFC 7606 §7.1'),
  },
  {
    rule: 'NEXT_HOP of three',
    update: routeWith(3, attribute(0x40, 3, 'c00002')),
    faults: one(attribute(0x40, 3, 'c00002'), 'treatAsWithdraw', length, 'RFC 7606 §7.3'),
  },
  {
    rule: 'NEXT_HOP of sixteen',
    update: routeWith(3, attribute(0x40, 3, '20010db8000000000000000000000001')),
    faults: one(
      attribute(0x40, 3, '20010db8000000000000000000000001'),
      'treatAsWithdraw',
      length,
      'RFC 7606 §7.3',
    ),
  },
  bad(
    'MULTI_EXIT_DISC of three',
    attribute(0x80, 4, '000064'),
    'treatAsWithdraw',
    length,
    'RFC 7606 §7.4',
  ),
  bad('MULTI_EXIT_DISC empty', attribute(0x80, 4, ''), 'treatAsWithdraw', length, 'RFC 7606 §7.4'),
  bad(
    'LOCAL_PREF of five',
    attribute(0x40, 5, '0000006400'),
    'treatAsWithdraw',
    length,
    'RFC 7606 §7.5',
    internal,
  ),
  bad(
    'ATOMIC_AGGREGATE of one',
    attribute(0x40, 6, '00'),
    'attributeDiscard',
    length,
    'RFC 7606 §7.6',
  ),
  bad(
    'AGGREGATOR of six with 4-octet AS numbers',
    attribute(0xc0, 7, 'fde9c0000201'),
    'attributeDiscard',
    length,
    'RFC 7606 §7.7',
  ),
  bad(
    'AGGREGATOR of eight without',
    attribute(0xc0, 7, '0000fde9c0000201'),
    'attributeDiscard',
    length,
    'RFC 7606 §7.7',
    old,
  ),
  bad('COMMUNITIES empty', attribute(0xc0, 8, ''), 'treatAsWithdraw', length, 'RFC 7606 §7.8'),
  bad(
    'COMMUNITIES of six',
    attribute(0xc0, 8, 'fde900640000'),
    'treatAsWithdraw',
    length,
    'RFC 7606 §7.8',
  ),
  bad(
    'ORIGINATOR_ID of three',
    attribute(0x80, 9, 'c00002'),
    'treatAsWithdraw',
    length,
    'RFC 7606 §7.9',
    internal,
  ),
  bad(
    'CLUSTER_LIST empty',
    attribute(0x80, 10, ''),
    'treatAsWithdraw',
    length,
    'RFC 7606 §7.10',
    internal,
  ),
  bad(
    'CLUSTER_LIST of five',
    attribute(0x80, 10, 'c000020100'),
    'treatAsWithdraw',
    length,
    'RFC 7606 §7.10',
    internal,
  ),
  bad(
    'EXTENDED COMMUNITIES empty',
    attribute(0xc0, 16, ''),
    'treatAsWithdraw',
    length,
    'RFC 7606 §7.14',
  ),
  bad(
    'EXTENDED COMMUNITIES of nine',
    attribute(0xc0, 16, '0002fde90000006400'),
    'treatAsWithdraw',
    length,
    'RFC 7606 §7.14',
  ),
  bad('AS4_PATH empty', attribute(0xc0, 17, ''), 'attributeDiscard', length, 'RFC 6793 §6', old),
  bad(
    'AS4_PATH of four',
    attribute(0xc0, 17, '02010001'),
    'attributeDiscard',
    length,
    'RFC 6793 §6',
    old,
  ),
  bad(
    'AS4_PATH of seven',
    attribute(0xc0, 17, '02010001117000'),
    'attributeDiscard',
    length,
    'RFC 6793 §6',
    old,
  ),
  bad(
    'AS4_AGGREGATOR of six',
    attribute(0xc0, 18, 'fde9c0000201'),
    'attributeDiscard',
    length,
    'RFC 6793 §6',
    old,
  ),
  bad(
    'PMSI_TUNNEL of four',
    attribute(0xc0, 22, '00000000'),
    'treatAsWithdraw',
    length,
    'RFC 6514 §5',
  ),
  bad(
    'Tunnel Encapsulation empty',
    attribute(0xc0, 23, ''),
    'treatAsWithdraw',
    length,
    'RFC 9012 §13',
  ),
  bad(
    'IPv6 extended communities of eight',
    attribute(0xc0, 25, '0002fde900000064'),
    'treatAsWithdraw',
    length,
    'RFC 7606 §7.15',
  ),
  bad('AIGP empty', attribute(0x80, 26, ''), 'attributeDiscard', length, 'RFC 7311 §3.2', internal),
  bad('BGP-LS empty', attribute(0x80, 29, ''), 'attributeDiscard', length, 'RFC 9552 §8.2.2'),
  bad('LARGE_COMMUNITY empty', attribute(0xc0, 32, ''), 'treatAsWithdraw', length, 'RFC 8092 §6'),
  bad(
    'LARGE_COMMUNITY of eight',
    attribute(0xc0, 32, '0000fde900000001'),
    'treatAsWithdraw',
    length,
    'RFC 8092 §6',
  ),
  bad(
    'ONLY_TO_CUSTOMER of two',
    attribute(0xc0, 35, 'fde9'),
    'treatAsWithdraw',
    length,
    'RFC 9234 §5',
  ),
  bad(
    'BGP Prefix-SID of two',
    attribute(0xc0, 40, '0100'),
    'attributeDiscard',
    length,
    'RFC 8669 §6',
  ),
];

const values: readonly Row[] = [
  {
    rule: 'ORIGIN 3',
    update: routeWith(1, attribute(0x40, 1, '03')),
    faults: one(attribute(0x40, 1, '03'), 'treatAsWithdraw', 6, 'RFC 7606 §7.1'),
  },
  {
    rule: 'NEXT_HOP 0.0.0.0',
    update: routeWith(3, attribute(0x40, 3, '00000000')),
    faults: one(attribute(0x40, 3, '00000000'), 'treatAsWithdraw', 8, 'RFC 7606 §7.3'),
  },
  {
    rule: 'NEXT_HOP 224.0.0.5',
    update: routeWith(3, attribute(0x40, 3, 'e0000005')),
    faults: one(attribute(0x40, 3, 'e0000005'), 'treatAsWithdraw', 8, 'RFC 7606 §7.3'),
  },
  {
    rule: 'NEXT_HOP 255.255.255.255',
    update: routeWith(3, attribute(0x40, 3, 'ffffffff')),
    faults: one(attribute(0x40, 3, 'ffffffff'), 'treatAsWithdraw', 8, 'RFC 7606 §7.3'),
  },
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
  bad(
    'AGGREGATOR with AS 0',
    attribute(0xc0, 7, '00000000c0000201'),
    'attributeDiscard',
    optional,
    'RFC 7607 §2',
  ),
  bad(
    'AGGREGATOR with AS 0 in two octets',
    attribute(0xc0, 7, '0000c0000201'),
    'attributeDiscard',
    optional,
    'RFC 7607 §2',
    old,
  ),
  bad(
    'AS4_PATH with a segment of type 9',
    attribute(0xc0, 17, '090100011170'),
    'attributeDiscard',
    optional,
    'RFC 6793 §6',
    old,
  ),
  bad(
    'AS4_PATH with an empty segment',
    attribute(0xc0, 17, '020100011170 0200'),
    'attributeDiscard',
    optional,
    'RFC 6793 §6',
    old,
  ),
  bad(
    'AS4_PATH that overruns',
    attribute(0xc0, 17, '020200011170'),
    'attributeDiscard',
    optional,
    'RFC 6793 §6',
    old,
  ),
  bad(
    'AS4_PATH with AS 0',
    attribute(0xc0, 17, '020100000000'),
    'attributeDiscard',
    optional,
    'RFC 7607 §2',
    old,
  ),
  bad(
    'AS4_AGGREGATOR with AS 0',
    attribute(0xc0, 18, '00000000c0000201'),
    'attributeDiscard',
    optional,
    'RFC 7607 §2',
    old,
  ),
  bad(
    'PMSI_TUNNEL of type 12',
    attribute(0xc0, 22, '00 0c 000000 c0000201'),
    'treatAsWithdraw',
    optional,
    'RFC 6514 §5',
  ),
  bad(
    'PMSI_TUNNEL, Partial, of type 127',
    attribute(0xe0, 22, '00 7f 000000'),
    'treatAsWithdraw',
    optional,
    'RFC 6514 §5',
  ),
  bad(
    'no tunnel, yet an identifier',
    attribute(0xc0, 22, '00 00 000000 c0000201'),
    'treatAsWithdraw',
    optional,
    'RFC 6514 §5',
  ),
  bad(
    'RSVP-TE with an identifier of four',
    attribute(0xc0, 22, '00 01 000000 c0000201'),
    'treatAsWithdraw',
    optional,
    'RFC 6514 §5',
  ),
  bad(
    'mLDP with an opaque value that overruns',
    attribute(0xc0, 22, '00 02 000000 06 0001 04 c0000201 0002 01'),
    'treatAsWithdraw',
    optional,
    'RFC 6514 §5',
  ),
  bad(
    'PIM-SSM with one address',
    attribute(0xc0, 22, '00 03 000000 c0000201'),
    'treatAsWithdraw',
    optional,
    'RFC 6514 §5',
  ),
  bad(
    'ingress replication with five octets',
    attribute(0xc0, 22, '00 06 000000 c000020100'),
    'treatAsWithdraw',
    optional,
    'RFC 6514 §5',
  ),
  bad(
    'BIER without a prefix',
    attribute(0xc0, 22, '00 0b 000000 01 0002'),
    'treatAsWithdraw',
    optional,
    'RFC 6514 §5',
  ),
  bad(
    'composite ingress replication',
    attribute(0xc0, 22, '00 86 000000 000010 c0000201'),
    'treatAsWithdraw',
    optional,
    'RFC 6514 §5',
  ),
  bad(
    'composite PIM-SSM without its label',
    attribute(0xc0, 22, '00 83 000000 c0000201 e8000001'),
    'treatAsWithdraw',
    optional,
    'RFC 6514 §5',
  ),
  bad(
    'a tunnel TLV that overruns',
    attribute(0xc0, 23, '0008 0005 0104 00'),
    'treatAsWithdraw',
    optional,
    'RFC 9012 §13',
  ),
  bad(
    'a tunnel TLV header that is cut',
    attribute(0xc0, 23, '0008 0000 0008'),
    'treatAsWithdraw',
    optional,
    'RFC 9012 §13',
  ),
  bad(
    'a sub-TLV beyond its TLV',
    attribute(0xc0, 23, '0008 0003 010200'),
    'treatAsWithdraw',
    optional,
    'RFC 9012 §13',
  ),
  bad(
    'a sub-TLV header that is cut',
    attribute(0xc0, 23, '0008 0002 8000'),
    'treatAsWithdraw',
    optional,
    'RFC 9012 §13',
  ),
  bad(
    'an AIGP TLV shorter than itself',
    attribute(0x80, 26, '02 0002 00'),
    'attributeDiscard',
    optional,
    'RFC 7311 §3.2',
    internal,
  ),
  bad(
    'an AIGP TLV that overruns',
    attribute(0x80, 26, '02 0005 00'),
    'attributeDiscard',
    optional,
    'RFC 7311 §3.2',
    internal,
  ),
  bad(
    'an AIGP metric of four octets',
    attribute(0x80, 26, '01 0007 00000064'),
    'attributeDiscard',
    optional,
    'RFC 7311 §3.2',
    internal,
  ),
  bad(
    'the largest AIGP metric',
    attribute(0x80, 26, '01 000b ffffffffffffffff'),
    'attributeDiscard',
    optional,
    'RFC 7311 §3.2',
    internal,
  ),
  bad(
    'BGP-LS TLVs that do not add up',
    attribute(0x80, 29, '0400 0002 00'),
    'attributeDiscard',
    optional,
    'RFC 9552 §8.2.2',
  ),
  bad(
    'BGP-LS with octets left over',
    attribute(0x80, 29, '0400 0001 00 0400'),
    'attributeDiscard',
    optional,
    'RFC 9552 §8.2.2',
  ),
  bad(
    'a Prefix-SID TLV that overruns',
    attribute(0xc0, 40, '09 0004 00'),
    'attributeDiscard',
    optional,
    'RFC 8669 §6',
  ),
  bad(
    'a label index of six octets',
    attribute(0xc0, 40, '01 0006 00 0000 000001'),
    'attributeDiscard',
    optional,
    'RFC 8669 §6',
  ),
  bad(
    'an SRGB without a range',
    attribute(0xc0, 40, '03 0002 0000'),
    'attributeDiscard',
    optional,
    'RFC 8669 §6',
  ),
  bad(
    'an SRv6 service TLV that overruns',
    attribute(0xc0, 40, '05 0009 00'),
    'treatAsWithdraw',
    optional,
    'RFC 9252 §7',
  ),
  bad(
    'an SRv6 service TLV that is empty',
    attribute(0xc0, 40, '06 0000'),
    'treatAsWithdraw',
    optional,
    'RFC 9252 §7',
  ),
  bad(
    'an SRv6 SID information of twenty octets',
    attribute(0xc0, 40, `05 0018 00 01 0014 ${'00'.repeat(20)}`),
    'treatAsWithdraw',
    optional,
    'RFC 9252 §7',
  ),
  bad(
    'an SRv6 sub-sub-TLV that overruns',
    attribute(0xc0, 40, `05 001d 00 01 0019 ${'00'.repeat(21)} 01 0002 00`),
    'treatAsWithdraw',
    optional,
    'RFC 9252 §7',
  ),
  bad(
    'a label index of six octets and a broken SRv6 service: the stronger',
    attribute(0xc0, 40, '01 0006 00 0000 000001 06 0000'),
    'treatAsWithdraw',
    optional,
    'RFC 9252 §7',
  ),
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

/** A bad MP_REACH_NLRI in an UPDATE that is sound otherwise and has routes in the NLRI field. */
function mp(
  rule: string,
  attributeBytes: Uint8Array,
  action: FaultAction,
  section: string,
  options?: Partial<UpdateOptions>,
): Row {
  return {
    rule,
    update: { attributes: [attributeBytes, origin, asPath, nextHop], nlri: prefix },
    ...(options && { options }),
    faults: [[action, optional, toHex(attributeBytes), section, attributeBytes[1]!]],
  };
}

const v6 = '20010db8000000000000000000000001';
const rd = '0000000000000000';
const multiprotocol: readonly Row[] = [
  mp(
    'MP_REACH_NLRI without a family',
    attribute(0x80, 14, '0002'),
    'sessionReset',
    'RFC 7606 §5.3',
  ),
  mp('MP_UNREACH_NLRI without a family', attribute(0x80, 15, ''), 'sessionReset', 'RFC 7606 §5.3'),
  mp(
    'MP_REACH_NLRI of four octets',
    attribute(0x80, 14, '000201 00'),
    'afiSafiDisable',
    'RFC 7606 §5.3',
  ),
  mp(
    'MP_REACH_NLRI with a next hop that overruns',
    attribute(0x80, 14, `000201 11 ${v6}`),
    'afiSafiDisable',
    'RFC 7606 §7.11',
  ),
  mp(
    'MP_REACH_NLRI that is transitive',
    attribute(0xc0, 14, `000201 10 ${v6} 00 2020010db8`),
    'afiSafiDisable',
    'RFC 7606 §5.3',
  ),
  mp(
    'MP_UNREACH_NLRI that is well-known',
    attribute(0x40, 15, '000201 2020010db8'),
    'afiSafiDisable',
    'RFC 7606 §5.3',
  ),
  mp(
    'IPv6 with a next hop of four',
    attribute(0x80, 14, '000201 04 c0000201 00 2020010db8'),
    'afiSafiDisable',
    'RFC 7606 §7.11',
  ),
  mp(
    'IPv6 with a next hop of twenty-four',
    attribute(0x80, 14, `000201 18 ${rd}${v6} 00 2020010db8`),
    'afiSafiDisable',
    'RFC 7606 §7.11',
  ),
  mp(
    'IPv6 without a next hop',
    attribute(0x80, 14, '000201 00 00 2020010db8'),
    'afiSafiDisable',
    'RFC 7606 §7.11',
  ),
  mp(
    'IPv4 with a next hop of sixteen that was not agreed on',
    attribute(0x80, 14, `000101 10 ${v6} 00 080a`),
    'afiSafiDisable',
    'RFC 7606 §7.11',
  ),
  mp(
    'VPN-IPv4 with a next hop of four',
    attribute(0x80, 14, `000180 04 c0000201 00 70 000641 ${rd} 0a0000`),
    'afiSafiDisable',
    'RFC 7606 §7.11',
  ),
  mp(
    'VPN-IPv4 with a next hop of sixteen, RFC 5549 style',
    attribute(0x80, 14, `000180 10 ${v6} 00 70 000641 ${rd} 0a0000`),
    'afiSafiDisable',
    'RFC 7606 §7.11',
    { extendedNextHop: new Set([family.ipv4Vpn]) },
  ),
  mp(
    'VPN-IPv6 with a next hop of sixteen',
    attribute(0x80, 14, `000280 10 ${v6} 00 78 000641 ${rd} 20010db8`),
    'afiSafiDisable',
    'RFC 7606 §7.11',
  ),
  mp(
    'EVPN with a next hop of twelve',
    attribute(0x80, 14, `001946 0c ${rd}c0000201 00`),
    'afiSafiDisable',
    'RFC 7606 §7.11',
  ),
  mp(
    'an IPv6 prefix of 129 bits',
    attribute(0x80, 14, `000201 10 ${v6} 00 81 ${v6}80`),
    'afiSafiDisable',
    'RFC 7606 §5.3',
  ),
  mp(
    'an IPv6 prefix that overruns',
    attribute(0x80, 14, `000201 10 ${v6} 00 20 20010d`),
    'afiSafiDisable',
    'RFC 7606 §5.3',
  ),
  mp(
    'a withdrawn IPv6 prefix that overruns',
    attribute(0x80, 15, '000201 20 20010d'),
    'afiSafiDisable',
    'RFC 7606 §5.3',
  ),
  mp(
    'an IPv4 prefix of 33 bits in MP_REACH_NLRI',
    attribute(0x80, 14, '000101 04 c0000201 00 21 0a00000080'),
    'afiSafiDisable',
    'RFC 7606 §5.3',
  ),
];

const fields: readonly Row[] = [
  {
    rule: 'a prefix of 33 bits in the NLRI field',
    update: { attributes: [origin, asPath, nextHop], nlri: hex('21 0a00000000') },
    faults: [['sessionReset', 10, '', 'RFC 7606 §5.3']],
  },
  {
    rule: 'a prefix that overruns the NLRI field',
    update: { attributes: [origin, asPath, nextHop], nlri: hex('08 0a 18 c000') },
    faults: [['sessionReset', 10, '', 'RFC 7606 §5.3']],
  },
  {
    rule: 'a prefix that overruns the Withdrawn Routes field',
    update: { withdrawn: hex('18 c000') },
    faults: [['sessionReset', 10, '', 'RFC 7606 §5.3']],
  },
  {
    rule: 'a Path Identifier that is cut',
    update: { withdrawn: hex('00000001 08 0a 000000') },
    options: { addPathReceive: new Set([family.ipv4Unicast]) },
    faults: [['sessionReset', 10, '', 'RFC 7606 §5.3']],
  },
];

const withoutRoutes: readonly Row[] = [
  {
    rule: 'a malformed attribute and no NLRI',
    update: { attributes: [attribute(0x40, 1, '03')] },
    faults: [['sessionReset', 6, '40010103', 'RFC 7606 §7.1 and RFC 7606 §5.2', 1]],
  },
  {
    rule: 'a malformed attribute and only withdrawn routes',
    update: { withdrawn: prefix, attributes: [attribute(0xc0, 8, '00')] },
    faults: [['sessionReset', 5, 'c0080100', 'RFC 7606 §7.8 and RFC 7606 §5.2', 8]],
  },
  {
    rule: 'an overrun and no NLRI',
    update: { attributes: [mpUnreach, hex('40 01 02 00')] },
    faults: [['sessionReset', 1, '', 'RFC 7606 §4 and RFC 7606 §5.2', 1]],
  },
  {
    rule: 'an MP_REACH_NLRI whose routes cannot be found',
    update: { attributes: [attribute(0x80, 14, '000201 10 00'), origin, asPath] },
    faults: [['sessionReset', 9, '800e05000201' + '1000', 'RFC 7606 §7.11 and RFC 7606 §5.2', 14]],
  },
  {
    rule: 'what is discarded stays discarded',
    update: { attributes: [attribute(0x40, 6, '00')] },
    faults: [['attributeDiscard', 5, '40060100', 'RFC 7606 §7.6', 6]],
  },
  {
    rule: 'a malformed MP_UNREACH_NLRI alone disables its family',
    update: { attributes: [attribute(0x80, 15, '000201 ff')] },
    faults: [['afiSafiDisable', 9, '800f04000201ff', 'RFC 7606 §5.3', 15]],
  },
  {
    rule: 'a malformed MP_UNREACH_NLRI beside another attribute',
    update: { attributes: [attribute(0x80, 15, '000201 ff'), origin] },
    faults: [['sessionReset', 9, '800f04000201ff', 'RFC 7606 §5.3 and RFC 7606 §5.2', 15]],
  },
];

const tables: Record<string, readonly Row[]> = {
  'section lengths (RFC 4271 §6.3)': sections,
  'attributes that do not fit (RFC 7606 §4)': attributeLengths,
  'attributes twice (RFC 7606 §3 g)': duplicates,
  'missing attributes (RFC 7606 §3 d)': missing,
  'flags (RFC 7606 §3 c)': [...flags, ...otherFlags],
  'attribute lengths (RFC 7606 §4 and §7)': lengths,
  'attribute values': values,
  'attributes not accepted on a session': refusals,
  'MP attributes (RFC 7606 §5.3 and §7.11)': multiprotocol,
  'fields of routes (RFC 7606 §5.3)': fields,
  'errors without reachable NLRI (RFC 7606 §5.2)': withoutRoutes,
};

describe.for(Object.entries(tables))('%s', ([, rows]) => {
  it.for(rows.map((row) => [row.rule, row] as const))('%s', ([, row]) => {
    const bytes = updateBytes(row.update);
    const result = decodeUpdate(bytes, 0, bytes.length, sessionOptions(row.options));
    expect(
      result.faults.map((fault) => [
        fault.action,
        fault.code,
        fault.subcode,
        toHex(fault.data),
        fault.section,
        fault.attribute,
      ]),
    ).toEqual(
      row.faults.map(([action, subcode, data, section, code]) => [
        action,
        3,
        subcode,
        data,
        section,
        code,
      ]),
    );
    expect(result.ok).toBe(row.faults.every(([action]) => action === 'attributeDiscard'));
  });
});

describe('what is no fault', () => {
  const sound: readonly (readonly [string, UpdateParts, Partial<UpdateOptions>?])[] = [
    [
      'a route with all there is',
      route(
        ...flagsOf
          .filter(([, code, , options]) => code > 3 && options === undefined)
          .map(([right, code, value]) => attribute(right, code, value)),
      ),
    ],
    [
      'what only internal peers may send',
      route(
        attribute(0x40, 5, '00000064'),
        attribute(0x80, 9, 'c0000201'),
        attribute(0x80, 10, 'c0000201'),
        attribute(0x80, 26, aigp),
      ),
      internal,
    ],
    [
      'AS4_PATH and AS4_AGGREGATOR from an old speaker',
      oldRoute(
        attribute(0xc0, 17, '020100011170'),
        attribute(0xc0, 7, '5ba0c0000201'),
        attribute(0xc0, 18, '00011170c0000201'),
      ),
      old,
    ],
    [
      'confederation segments in AS4_PATH, which are just taken out',
      oldRoute(attribute(0xc0, 17, '0301 00011170 0201 00011170')),
      old,
    ],
    ['an empty AS_PATH', routeWith(2, attribute(0x40, 2, '')), internal],
    [
      'an AS_PATH of sets and sequences',
      routeWith(2, attribute(0x40, 2, '0202 0000fde9 0000fdea 0101 0000fdeb')),
    ],
    [
      'confederation segments from an internal peer',
      routeWith(2, attribute(0x40, 2, '0301 0000fde9 0401 0000fdea')),
      internal,
    ],
    [
      'what a member of the confederation sends',
      {
        attributes: [
          origin,
          attribute(0x40, 2, '0301 0000fde9'),
          nextHop,
          attribute(0x40, 5, '00000064'),
          attribute(0x80, 26, aigp),
        ],
        nlri: prefix,
      },
      { confederationPeer: true },
    ],
    ['AIGP where it is switched on', route(attribute(0x80, 26, aigp)), { aigpSession: true }],
    [
      'AIGP with unknown TLVs and a second metric',
      route(attribute(0x80, 26, `02 0003 ${aigp} 01 000b ffffffffffffffff`)),
      internal,
    ],
    ['a NEXT_HOP on loopback', routeWith(3, attribute(0x40, 3, '7f000001'))],
    [
      'the Partial bit and the unused bits',
      {
        attributes: [
          attribute(0x6f, 1, '00'),
          attribute(0x40, 2, '02010000fde9'),
          nextHop,
          attribute(0xe3, 8, 'fde90064'),
        ],
        nlri: prefix,
      },
    ],
    [
      'Extended Length where it is not needed',
      { attributes: [hex('50 01 0001 00'), asPath, nextHop], nlri: prefix },
    ],
    [
      'unknown optional attributes, empty or not',
      route(attribute(0xc0, 99, ''), attribute(0x80, 98, '00'), attribute(0xe0, 255, '0102')),
    ],
    ['attributes without routes', { attributes: [origin, asPath] }],
    ['withdrawn routes alone', { withdrawn: prefix }],
    ['MP_REACH_NLRI without NEXT_HOP', { attributes: [mpReach, origin, asPath] }],
    [
      'MP_REACH_NLRI with a NEXT_HOP that means nothing',
      { attributes: [mpReach, origin, asPath, attribute(0x40, 3, '00000000')] },
    ],
    [
      'MP attributes in any place',
      {
        attributes: [origin, mpUnreach, asPath, nextHop, mpReach],
        nlri: prefix,
        withdrawn: hex('10 c0a8'),
      },
    ],
    ['an empty MP_REACH_NLRI', { attributes: [attribute(0x80, 14, `000201 10 ${v6} 00`)] }],
    [
      'IPv6 with a link-local next hop',
      { attributes: [attribute(0x80, 14, `000201 20 ${v6}${v6} 00 2020010db8`), origin, asPath] },
    ],
    [
      'VPN-IPv4',
      {
        attributes: [
          attribute(0x80, 14, `000180 0c ${rd}c0000201 00 70 000641 ${rd} 0a0000`),
          origin,
          asPath,
        ],
      },
    ],
    [
      'VPN-IPv4 with an IPv6 next hop that was agreed on',
      {
        attributes: [
          attribute(0x80, 14, `000180 18 ${rd}${v6} 00 70 000641 ${rd} 0a0000`),
          origin,
          asPath,
        ],
      },
      { extendedNextHop: new Set([family.ipv4Vpn]) },
    ],
    [
      'VPN-IPv6 with a link-local next hop',
      {
        attributes: [
          attribute(0x80, 14, `000280 30 ${rd}${v6}${rd}${v6} 00 78 000641 ${rd} 20010db8`),
          origin,
          asPath,
        ],
      },
    ],
    [
      'IPv4 with an IPv6 next hop that was agreed on',
      { attributes: [attribute(0x80, 14, `000101 10 ${v6} 00 080a`), origin, asPath] },
      { extendedNextHop: new Set([family.ipv4Unicast]) },
    ],
    [
      'Flowspec without a next hop',
      { attributes: [attribute(0x80, 14, '000185 00 00 03 01 08 0a'), origin, asPath] },
    ],
    [
      'Flowspec with a next hop, which is ignored',
      { attributes: [attribute(0x80, 14, '000185 04 c0000201 00 03 01 08 0a'), origin, asPath] },
    ],
    [
      'routes of a family that was not agreed on, whatever they are',
      {
        attributes: [
          attribute(0x80, 14, '000201 05 0000000000 00 ffff'),
          origin,
          asPath,
          attribute(0x80, 15, '000201 ff'),
        ],
      },
      { families: new Set([family.ipv4Unicast]) },
    ],
    [
      'mLDP, BIER and composite tunnels',
      route(attribute(0xc0, 22, '00 02 000000 06 0001 04 c0000201 0001 01')),
    ],
    ['a BIER tunnel', route(attribute(0xc0, 22, '00 0b 000000 01 0002 c0000201'))],
    [
      'a composite PIM-SSM tunnel',
      route(attribute(0xc0, 22, '00 83 000000 000010 c0000201 e8000001')),
    ],
    [
      'sub-TLVs with one and two octets of length',
      route(attribute(0xc0, 23, '0008 0009 0102 0000 800002 0000')),
    ],
    [
      'an SRv6 service with its SID',
      route(attribute(0xc0, 40, `05 001c 00 01 0018 ${'00'.repeat(21)} 01 0000`)),
    ],
  ];
  it.for(sound.map((row) => [row[0], row] as const))('%s', ([, [, update, options]]) => {
    const bytes = updateBytes(update);
    const result = decodeUpdate(bytes, 0, bytes.length, sessionOptions(options));
    expect(result.faults).toEqual([]);
    expect(result.ok).toBe(true);
  });
});

describe('several faults (RFC 7606 §3 h)', () => {
  it('takes the strongest action, and the first of equals', () => {
    const bytes = updateBytes({
      attributes: [
        attribute(0x40, 6, '00'),
        origin,
        attribute(0x40, 2, '0200'),
        nextHop,
        attribute(0x80, 4, '00'),
      ],
      nlri: prefix,
    });
    const result = decodeUpdate(bytes, 0, bytes.length, sessionOptions());
    expect(result.faults.map(({ action, attribute: code }) => [action, code])).toEqual([
      ['attributeDiscard', 6],
      ['treatAsWithdraw', 2],
      ['treatAsWithdraw', 4],
    ]);
    expect(result).toMatchObject({ ok: false, fault: { action: 'treatAsWithdraw', attribute: 2 } });
  });

  it('names every family that is to be disabled', () => {
    const bytes = updateBytes({
      attributes: [
        attribute(0x80, 14, '000201 04 c0000201 00 2020010db8'),
        attribute(0x80, 15, '000180 ff'),
        origin,
        asPath,
      ],
    });
    const result = decodeUpdate(bytes, 0, bytes.length, sessionOptions());
    expect(result.faults.map((fault) => [fault.action, fault.family])).toEqual([
      ['afiSafiDisable', family.ipv6Unicast],
      ['afiSafiDisable', family.ipv4Vpn],
    ]);
  });
});

it('refuses a message that is too short to be an UPDATE', () => {
  const bytes = concat(new Uint8Array(16).fill(0xff), [0, 22, 2, 0, 0, 0]);
  const result = decodeUpdate(bytes, 0, bytes.length, sessionOptions());
  expect(result).toMatchObject({
    ok: false,
    fault: { action: 'sessionReset', code: 1, subcode: 2, data: Uint8Array.of(0, 22) },
  });
});
