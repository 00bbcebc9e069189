import { describe, expect, it } from 'vitest';
import { decodeCapability } from '../src/capabilityCodec.ts';
import { type Capability, encodeCapabilities } from '../src/index.ts';
import { concat, hex, toHex } from './bytes.ts';

function decode(code: number, text: string): Capability {
  return decodeCapability(code, hex(text), 0, hex(text).length);
}

/** A capability and its code, length and value. */
const table: readonly (readonly [string, Capability])[] = [
  ['01 04 0002 00 01', { type: 'multiprotocol', afi: 2, safi: 1 }],
  ['02 00', { type: 'routeRefresh' }],
  [
    '05 0c 0001 0001 0002 0001 0080 0002',
    {
      type: 'extendedNextHop',
      tuples: [
        { afi: 1, safi: 1, nextHopAfi: 2 },
        { afi: 1, safi: 128, nextHopAfi: 2 },
      ],
    },
  ],
  ['06 00', { type: 'extendedMessage' }],
  ['09 01 03', { type: 'role', role: 3 }],
  ['09 01 ff', { type: 'role', role: 255 }],
  [
    '40 02 0078',
    {
      type: 'gracefulRestart',
      restarting: false,
      notification: false,
      restartTime: 120,
      families: [],
    },
  ],
  [
    '40 0a cfff 0001 01 80 0002 01 00',
    {
      type: 'gracefulRestart',
      restarting: true,
      notification: true,
      restartTime: 4095,
      families: [
        { afi: 1, safi: 1, forwarding: true },
        { afi: 2, safi: 1, forwarding: false },
      ],
    },
  ],
  ['41 04 fffffffe', { type: 'fourOctetAs', as: 4294967294 }],
  [
    '45 08 0001 01 03 0019 46 01',
    {
      type: 'addPath',
      families: [
        { afi: 1, safi: 1, sendReceive: 3 },
        { afi: 25, safi: 70, sendReceive: 1 },
      ],
    },
  ],
  ['46 00', { type: 'enhancedRouteRefresh' }],
  ['47 00', { type: 'longLivedGracefulRestart', families: [] }],
  [
    '47 07 0002 01 00 000001',
    {
      type: 'longLivedGracefulRestart',
      families: [{ afi: 2, safi: 1, forwarding: false, staleTime: 1 }],
    },
  ],
  [
    '47 07 0001 01 80 ffffff',
    {
      type: 'longLivedGracefulRestart',
      families: [{ afi: 1, safi: 1, forwarding: true, staleTime: 16777215 }],
    },
  ],
  ['49 0d 03 723165 08 6e6574c3a92e6672', { type: 'fqdn', hostname: 'r1e', domain: 'neté.fr' }],
  ['49 02 00 00', { type: 'fqdn', hostname: '', domain: '' }],
  ['4b 04 03 782f31', { type: 'softwareVersion', version: 'x/1' }],
  ['4b 02 01 78', { type: 'softwareVersion', version: 'x' }],
  ['4c 05 0001 01 0010', { type: 'pathsLimit', families: [{ afi: 1, safi: 1, limit: 16 }] }],
  ['43 03 010203', { type: 'unknown', code: 67, value: Uint8Array.of(1, 2, 3) }],
  ['00 00', { type: 'unknown', code: 0, value: new Uint8Array(0) }],
];

describe('capabilities', () => {
  it.for(table)('%s', ([text, capability]) => {
    const bytes = hex(text);
    expect(toHex(encodeCapabilities([capability]))).toBe(toHex(bytes));
    expect(decodeCapability(bytes[0]!, bytes, 2, bytes.length)).toEqual(capability);
  });

  it('ignore reserved bits and octets', () => {
    expect(decode(1, '0001 ff 01')).toEqual({ type: 'multiprotocol', afi: 1, safi: 1 });
    expect(decode(64, '3078 0001 01 7f')).toMatchObject({
      restarting: false,
      restartTime: 120,
      families: [{ forwarding: false }],
    });
    expect(decode(71, '0001 01 7f 000001')).toMatchObject({ families: [{ forwarding: false }] });
  });
});

describe('a known capability whose value is not what its document says', () => {
  it.for([
    ['multiprotocol of 3 octets', 1, '0001 00'],
    ['multiprotocol of 5 octets', 1, '0001 00 01 00'],
    ['route refresh with a value', 2, '00'],
    ['enhanced route refresh with a value', 70, '00'],
    ['extended message with a value', 6, '00'],
    ['extended next hop with a torn tuple', 5, '0001 0001 00'],
    ['extended next hop with a SAFI above 255', 5, '0001 0101 0002'],
    ['role of 0 octets', 9, ''],
    ['role of 2 octets', 9, '0000'],
    ['graceful restart of 1 octet', 64, '00'],
    ['graceful restart with a torn tuple', 64, '0000 0001 01'],
    ['4-octet AS of 2 octets', 65, '0001'],
    ['4-octet AS of 5 octets', 65, '00000001 00'],
    ['ADD-PATH with a torn tuple', 69, '0001 01'],
    ['ADD-PATH with Send/Receive 0 (RFC 7911 §4)', 69, '0001 01 03 0002 01 00'],
    ['ADD-PATH with Send/Receive 4 (RFC 7911 §4)', 69, '0001 01 04'],
    ['long-lived graceful restart with a torn tuple', 71, '0001 01 80 0000'],
    ['FQDN of 0 octets', 73, ''],
    ['FQDN without a domain length', 73, '01 61'],
    ['FQDN whose hostname goes past the end', 73, '05 61 00'],
    ['FQDN whose domain goes past the end', 73, '01 61 02 62'],
    ['FQDN with octets left over', 73, '01 61 01 62 63'],
    ['FQDN that is not UTF-8', 73, '01 ff 00'],
    ['an empty software version', 75, '00'],
    ['a software version of another length', 75, '03 6162'],
    ['a software version in overlong UTF-8', 75, '02 c0af'],
    ['paths-limit with a torn tuple', 76, '0001 01 00'],
  ] as const)('is kept as bytes: %s', ([_name, code, value]) => {
    // What stands after the value would make some of these right, if it were read.
    const bytes = concat(hex(value), [0, 1, 1, 1, 1, 1, 1]);
    expect(decodeCapability(code, bytes, 0, hex(value).length)).toEqual({
      type: 'unknown',
      code,
      value: hex(value),
    });
  });
});

describe('what cannot be encoded', () => {
  const tooMany = Array.from({ length: 64 }, () => ({ afi: 1, safi: 1, forwarding: true }));
  it.for<readonly [string, Capability, string]>([
    ['an AFI of 65536', { type: 'multiprotocol', afi: 65536, safi: 1 }, 'ERR_WIRE_BAD_VALUE'],
    ['a SAFI of 256', { type: 'multiprotocol', afi: 1, safi: 256 }, 'ERR_WIRE_BAD_VALUE'],
    ['a SAFI of 1.5', { type: 'multiprotocol', afi: 1, safi: 1.5 }, 'ERR_WIRE_BAD_VALUE'],
    ['a negative AS', { type: 'fourOctetAs', as: -1 }, 'ERR_WIRE_BAD_VALUE'],
    ['an AS of 2^32', { type: 'fourOctetAs', as: 2 ** 32 }, 'ERR_WIRE_BAD_VALUE'],
    [
      'a restart time of 4096',
      {
        type: 'gracefulRestart',
        restarting: false,
        notification: false,
        restartTime: 4096,
        families: [],
      },
      'ERR_WIRE_BAD_VALUE',
    ],
    [
      '64 families of graceful restart',
      {
        type: 'gracefulRestart',
        restarting: false,
        notification: false,
        restartTime: 0,
        families: tooMany,
      },
      'ERR_WIRE_TOO_LONG',
    ],
    [
      'a version of 255 octets',
      { type: 'softwareVersion', version: 'x'.repeat(255) },
      'ERR_WIRE_TOO_LONG',
    ],
    [
      'a value of 256 octets',
      { type: 'unknown', code: 200, value: new Uint8Array(256) },
      'ERR_WIRE_TOO_LONG',
    ],
  ])('%s', ([_name, capability, code]) => {
    expect(() => encodeCapabilities([capability])).toThrow(expect.objectContaining({ code }));
  });
});
