import { describe, expect, test } from 'vitest';
import { parseFamilyName } from '../src/addressFamily.ts';
import { ByteWriter } from '../src/byteWriter.ts';
import { encodeNlri } from '../src/nlri/field.ts';

function protocol(value: number) {
  return { type: 'protocol', terms: [{ and: false, operator: '=', value }] } as const;
}

function flow(...components: unknown[]) {
  return { kind: 'flowspec', components };
}

describe('what cannot be encoded', () => {
  const prefix = { kind: 'prefix', prefix: '10.0.0.0/8' } as const;
  const labeled = { kind: 'labeled', prefix: '10.0.0.0/8' } as const;

  test.each<[reason: string, family: string, nlri: unknown, code: string]>([
    ['another kind', 'ipv4-unicast', { ...labeled, labels: [3] }, 'ERR_WIRE_WRONG_FAMILY'],
    ['another kind', 'l2vpn-evpn', prefix, 'ERR_WIRE_WRONG_FAMILY'],
    ['another kind', 'afi-25-safi-65', prefix, 'ERR_WIRE_WRONG_FAMILY'],
    ['a prefix of the other version', 'ipv6-unicast', prefix, 'ERR_WIRE_BAD_VALUE'],
    ['no prefix', 'ipv4-unicast', { kind: 'prefix', prefix: 'ten' }, 'ERR_WIRE_BAD_VALUE'],
    ['a needless path id', 'ipv4-unicast', { ...prefix, pathId: 1 }, 'ERR_WIRE_BAD_VALUE'],
    ['no label', 'ipv4-labeled-unicast', { ...labeled, labels: [] }, 'ERR_WIRE_BAD_VALUE'],
    [
      'a label too many',
      'ipv4-labeled-unicast',
      { ...labeled, labels: [3, 4] },
      'ERR_WIRE_BAD_VALUE',
    ],
    [
      'a label out of range',
      'ipv4-labeled-unicast',
      { ...labeled, labels: [0x100000] },
      'ERR_WIRE_BAD_VALUE',
    ],
    [
      'no distinguisher',
      'ipv4-vpn',
      { ...labeled, kind: 'vpn', labels: [3], routeDistinguisher: '?' },
      'ERR_WIRE_BAD_VALUE',
    ],
    ['no component', 'ipv4-flowspec', flow(), 'ERR_WIRE_BAD_VALUE'],
    ['a component twice', 'ipv4-flowspec', flow(protocol(6), protocol(17)), 'ERR_WIRE_BAD_VALUE'],
    ['no term', 'ipv4-flowspec', flow({ type: 'port', terms: [] }), 'ERR_WIRE_BAD_VALUE'],
    ['a fraction', 'ipv4-flowspec', flow(protocol(1.5)), 'ERR_WIRE_BAD_VALUE'],
    ['a negative value', 'ipv4-flowspec', flow(protocol(-1)), 'ERR_WIRE_BAD_VALUE'],
    [
      'a flag that is not defined',
      'ipv4-flowspec',
      flow({ type: 'fragment', terms: [{ and: false, not: false, match: false, value: 16 }] }),
      'ERR_WIRE_BAD_VALUE',
    ],
    [
      'too many terms',
      'ipv4-flowspec',
      flow({ type: 'port', terms: Array.from({ length: 2048 }, () => protocol(6).terms[0]) }),
      'ERR_WIRE_TOO_LONG',
    ],
    [
      'a distinguisher in SAFI 133',
      'ipv4-flowspec',
      { ...flow(protocol(6)), routeDistinguisher: '1:1' },
      'ERR_WIRE_BAD_VALUE',
    ],
    ['none in SAFI 134', 'ipv4-flowspec-vpn', flow(protocol(6)), 'ERR_WIRE_BAD_VALUE'],
    [
      'a known route as unknown',
      'l2vpn-evpn',
      { kind: 'evpn', route: 'unknown', routeType: 3, bytes: new Uint8Array(17) },
      'ERR_WIRE_BAD_VALUE',
    ],
    [
      '256 octets of EVPN',
      'l2vpn-evpn',
      { kind: 'evpn', route: 'unknown', routeType: 6, bytes: new Uint8Array(256) },
      'ERR_WIRE_TOO_LONG',
    ],
    [
      'an ESI and a gateway',
      'l2vpn-evpn',
      {
        kind: 'evpn',
        route: 'ipPrefix',
        routeDistinguisher: '1:1',
        esi: '00:11:22:33:44:55:66:77:88:99',
        ethernetTag: 0,
        prefix: '10.0.0.0/8',
        gateway: '192.0.2.9',
        label: 0,
      },
      'ERR_WIRE_BAD_VALUE',
    ],
    [
      'a route target of 31 bits',
      'route-target',
      { kind: 'routeTarget', prefixLength: 31, originAs: 1 },
      'ERR_WIRE_BAD_VALUE',
    ],
    [
      'a route target too many',
      'route-target',
      { kind: 'routeTarget', prefixLength: 32, originAs: 1, routeTarget: 'target:1:1' },
      'ERR_WIRE_BAD_VALUE',
    ],
    [
      'half an NLRI of BGP-LS',
      'bgp-ls',
      { kind: 'opaque', bytes: new Uint8Array(3) },
      'ERR_WIRE_BAD_VALUE',
    ],
  ])('%s in %s', (_reason, family, nlri, code) => {
    const key = parseFamilyName(family)!;
    expect(() => encodeNlri(new ByteWriter(), nlri as never, key, false, 'reach')).toThrow(
      expect.objectContaining({ name: 'WireError', code }),
    );
  });

  test('a missing path id', () => {
    expect(() => encodeNlri(new ByteWriter(), prefix, 257, true, 'reach')).toThrow(
      'Path Identifier undefined: must be 0–4294967295 where ADD-PATH is in use',
    );
  });

  test('more labels than 255 bits hold', () => {
    const nlri = { ...labeled, labels: Array.from({ length: 11 }, () => 3) };
    const family = parseFamilyName('ipv4-labeled-unicast')!;
    expect(() => encodeNlri(new ByteWriter(), nlri, family, false, 'reach', true)).toThrow(
      expect.objectContaining({ code: 'ERR_WIRE_TOO_LONG' }),
    );
  });
});
