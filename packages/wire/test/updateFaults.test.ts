import { describe, expect, it } from 'vitest';
import { decodeUpdate } from '../src/index.ts';
import { concat, hex } from './bytes.ts';
import { holdRows, type Row, route } from './faultTable.ts';
import {
  asPath,
  attribute,
  family,
  mpReach,
  mpUnreach,
  nextHop,
  origin,
  prefix,
  sessionOptions,
  updateBytes,
} from './updateBytes.ts';

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
    rule: 'attributes of high type codes three times: told once for each',
    update: route(...Array.from({ length: 6 }, (_, n) => attribute(0xc0, 250 + (n % 2), ''))),
    faults: [
      ['attributeDiscard', 1, '', 'RFC 7606 §3 (g)', 250],
      ['attributeDiscard', 1, '', 'RFC 7606 §3 (g)', 251],
    ],
  },
  {
    rule: 'as many attributes as fit into a message',
    update: route(...Array.from({ length: 21_000 }, () => attribute(0xc0, 99, ''))),
    options: { maximumReceiveLength: 65535 },
    faults: [['attributeDiscard', 1, '', 'RFC 7606 §3 (g)', 99]],
  },
  {
    rule: 'an MP_UNREACH_NLRI without a family, over and over',
    update: route(...Array.from({ length: 21_000 }, () => attribute(0x80, 15, ''))),
    options: { maximumReceiveLength: 65535 },
    faults: [
      ['sessionReset', 9, '800f00', 'RFC 7606 §5.3', 15],
      ['sessionReset', 1, '', 'RFC 7606 §3 (g)', 15],
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
    faults: [['sessionReset', 9, '800e050002011000', 'RFC 7606 §7.11 and RFC 7606 §5.2', 14]],
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

holdRows('section lengths (RFC 4271 §6.3)', sections);
holdRows('attributes that do not fit (RFC 7606 §4)', attributeLengths);
holdRows('attributes twice (RFC 7606 §3 g)', duplicates);
holdRows('missing attributes (RFC 7606 §3 d)', missing);
holdRows('fields of routes (RFC 7606 §5.3)', fields);
holdRows('errors without reachable NLRI (RFC 7606 §5.2)', withoutRoutes);

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
