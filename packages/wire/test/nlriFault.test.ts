import { describe, expect, test } from 'vitest';
import { parseFamilyName } from '../src/addressFamily.ts';
import { decodeNlri, validateNlri } from '../src/nlri/field.ts';
import { inMultiprotocolAttribute } from '../src/nlri/flaw.ts';
import { hex } from './bytes.ts';

describe('a malformed field', () => {
  const evpn = '0001c00002010007';
  const esi = '00112233445566778899';

  test.each<[family: string, octets: string, section: string]>([
    ['ipv6-unicast', '81', 'RFC 7606 §5.3'],
    ['ipv6-unicast', '20 200100', 'RFC 7606 §5.3'],
    ['ipv4-multicast', '21 0102030400', 'RFC 7606 §5.3'],
    ['ipv4-labeled-unicast', '17 000641', 'RFC 8277 §2.2'],
    ['ipv4-labeled-unicast', '39 000641 0102030400', 'RFC 7606 §5.3'],
    ['ipv4-labeled-unicast', '38 000641 010203', 'RFC 7606 §5.3'],
    ['ipv4-vpn', '57 000641 0000fde800000064', 'RFC 8277 §2.2'],
    ['ipv4-vpn', '79 000641 0000fde800000064 0102030400', 'RFC 7606 §5.3'],
    ['ipv4-flowspec', '00', 'RFC 8955 §4.2'],
    ['ipv4-flowspec', 'f0', 'RFC 7606 §5.3'],
    ['ipv4-flowspec', '04 03 81 06', 'RFC 7606 §5.3'],
    ['ipv4-flowspec', '03 0e 81 06', 'RFC 8955 §4.2'],
    ['ipv4-flowspec', '03 00 81 06', 'RFC 8955 §4.2'],
    ['ipv4-flowspec', '06 0d a1 00000006', 'RFC 8955 §4.2'], // the flow label is IPv6's
    ['ipv4-flowspec', '06 04 81 19 03 81 06', 'RFC 8955 §4.2'],
    ['ipv4-flowspec', '06 03 81 06 03 81 11', 'RFC 8955 §4.2'],
    ['ipv4-flowspec', '03 03 01 06', 'RFC 8955 §4.2'], // no end of list
    ['ipv4-flowspec', '03 04 91 19', 'RFC 8955 §4.2'],
    ['ipv4-flowspec', '01 01', 'RFC 8955 §4.2'],
    ['ipv4-flowspec', '07 01 21 0102030400', 'RFC 8956 §3.1'],
    ['ipv4-flowspec', '04 0b 91 002e', 'RFC 8955 §4.2.2'],
    ['ipv4-flowspec', '04 0c 91 0001', 'RFC 8955 §4.2.2'],
    ['ipv4-flowspec', '06 09 a1 00000002', 'RFC 8955 §4.2.2'],
    ['ipv6-flowspec', '03 01 20 20', 'RFC 8956 §3.1'],
    ['ipv6-flowspec', '03 01 00 01', 'RFC 8956 §3.1'],
    ['ipv6-flowspec', '14 01 81 00 0000000000000000000000000000000000', 'RFC 8956 §3.1'],
    ['ipv6-flowspec', '02 01 20', 'RFC 8955 §4.2'],
    ['ipv4-flowspec-vpn', '08 0000fde800000064', 'RFC 8955 §4.2'],
    ['ipv4-flowspec-vpn', '03 038106', 'RFC 8955 §4.2'],
    ['l2vpn-evpn', '01', 'RFC 7606 §5.3'],
    ['l2vpn-evpn', '09 02 00', 'RFC 7606 §5.3'],
    ['l2vpn-evpn', `01 18 ${evpn} ${esi} 00000000 0000`, 'RFC 7432 §7'],
    ['l2vpn-evpn', `02 1d ${evpn} ${esi} 00000000 30 02005e100001`, 'RFC 7432 §7'],
    ['l2vpn-evpn', `02 21 ${evpn} ${esi} 00000000 20 02005e100001 00 002774`, 'RFC 7432 §7.2'],
    ['l2vpn-evpn', `02 21 ${evpn} ${esi} 00000000 30 02005e100001 18 002774`, 'RFC 7432 §7'],
    ['l2vpn-evpn', `02 21 ${evpn} ${esi} 00000000 30 02005e100001 20 002774`, 'RFC 7432 §7'],
    ['l2vpn-evpn', `02 22 ${evpn} ${esi} 00000000 30 02005e100001 00 00277400`, 'RFC 7432 §7'],
    [
      'l2vpn-evpn',
      `02 27 ${evpn} ${esi} 00000000 30 02005e100001 00 ${'002774'.repeat(3)}`,
      'RFC 7432 §7',
    ],
    ['l2vpn-evpn', `03 11 ${evpn} 00000064 21 c0000201`, 'RFC 7432 §7'],
    ['l2vpn-evpn', `03 12 ${evpn} 00000064 20 c000020100`, 'RFC 7432 §7'],
    ['l2vpn-evpn', `05 22 ${evpn} ${esi} 00000000 21 0a000000 00000000 002774`, 'RFC 9136 §3.1'],
    ['route-target', '1f 0000fde8', 'RFC 4684 §4'],
    ['route-target', '61 0000fde8 0002fde80000000100', 'RFC 4684 §4'],
    ['route-target', '60 0000fde8 0002fde8', 'RFC 7606 §5.3'],
    ['bgp-ls', '0001 00', 'RFC 7606 §5.3'],
    ['bgp-ls', '0001 0003 00ff', 'RFC 7606 §5.3'],
  ])('of %s, %s, disables the family (%s, RFC 4760 §7)', (family, octets, section) => {
    const bytes = hex(octets);
    for (const context of ['reach', 'unreach'] as const) {
      const key = parseFamilyName(family)!;
      expect(decodeNlri(bytes, 0, bytes.length, key, false, context)).toMatchObject({
        ok: false,
        fault: { action: 'afiSafiDisable', code: 3, subcode: 9, section, family: key },
      });
    }
  });

  test.each(['21 0102030400', '20 010203', '08'])(
    'of IPv4 unicast, %s, resets the session with Invalid Network Field',
    (octets) => {
      const bytes = hex(octets);
      expect(decodeNlri(bytes, 0, bytes.length, 257, false, 'reach')).toMatchObject({
        ok: false,
        fault: {
          action: 'sessionReset',
          code: 3,
          subcode: 10,
          data: new Uint8Array(0),
          section: 'RFC 7606 §5.3',
        },
      });
    },
  );

  test('of IPv4 unicast in an attribute is like that of any other family, with the attribute as data', () => {
    const bytes = hex('ff 900e 0008 0001 01 00 00 21 00 ff');
    const fault = validateNlri(bytes, 10, 12, 257, false, 'reach')!;
    expect(inMultiprotocolAttribute(fault, 14, bytes, 1, 12)).toEqual({
      ...fault,
      action: 'afiSafiDisable',
      code: 3,
      subcode: 9,
      data: bytes.slice(1, 12),
      attribute: 14,
    });
  });

  test('with several labels none of which ends the stack', () => {
    const bytes = hex('38 000640 000640 0a');
    const family = parseFamilyName('ipv4-labeled-unicast')!;
    expect(decodeNlri(bytes, 0, bytes.length, family, false, 'reach', true)).toMatchObject({
      ok: false,
      fault: { action: 'afiSafiDisable', section: 'RFC 8277 §2.3' },
    });
  });

  test('is said where it is', () => {
    const bytes = hex('08 0a 18 0a0000 21 0102030400');
    const result = decodeNlri(bytes, 0, bytes.length, 257, false, 'reach');
    expect(result.ok ? '' : result.fault.text).toBe(
      'NLRI of ipv4-unicast at octet 6 of its field: the prefix is longer than an address of the family',
    );
  });

  describe('that can be read (an EVPN prefix with an ESI and a gateway, RFC 9136 §3.2)', () => {
    const route = `05 22 ${evpn} ${esi} 00000000 18 0a000000 c0000209 002774`;
    const family = parseFamilyName('l2vpn-evpn')!;

    test('is treated as withdrawn, and its routes can be had', () => {
      const bytes = hex(`09 00 ${route}`);
      const fault = validateNlri(bytes, 0, bytes.length, family, false, 'reach');
      expect(fault).toMatchObject({
        action: 'treatAsWithdraw',
        section: 'RFC 9136 §3.2',
        text: 'NLRI of l2vpn-evpn at octet 2 of its field: an ESI and a gateway address must not both be given',
      });
      expect(decodeNlri(bytes, 0, bytes.length, family, false, 'reach')).toMatchObject({
        ok: true,
        nlri: [{ route: 'unknown' }, { route: 'ipPrefix', prefix: '10.0.0.0/24' }],
      });
    });

    test('is not forgotten over what follows', () => {
      const bytes = hex(`${route} ${route} 09 00`);
      expect(validateNlri(bytes, 0, bytes.length, family, false, 'reach')).toMatchObject({
        action: 'treatAsWithdraw',
        text: expect.stringContaining('at octet 0 '),
      });
    });

    test('is nothing to a withdrawal', () => {
      const bytes = hex(route);
      expect(validateNlri(bytes, 0, bytes.length, family, false, 'unreach')).toBeUndefined();
    });

    test('gives way to a fault that cannot be read (RFC 7606 §3 h)', () => {
      const bytes = hex(`${route} 01 00`);
      expect(validateNlri(bytes, 0, bytes.length, family, false, 'reach')).toMatchObject({
        action: 'afiSafiDisable',
        section: 'RFC 7432 §7',
      });
    });
  });
});
