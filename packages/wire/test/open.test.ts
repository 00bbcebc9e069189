import { describe, expect, it } from 'vitest';
import { type Capability, decodeOpen, encodeOpen, type OpenMessage } from '../src/index.ts';
import { concat, hex, rawMessage, toHex } from './bytes.ts';

/** Version 4, AS 65001, hold time 90 s, identifier 192.0.2.1. */
const fixed = '04 fde9 005a c0000201';
const plain: OpenMessage = {
  kind: 'open',
  version: 4,
  myAs: 65001,
  holdTime: 90,
  bgpIdentifier: '192.0.2.1',
  capabilities: [],
};
const ipv4: Capability = { type: 'multiprotocol', afi: 1, safi: 1 };
const ipv6: Capability = { type: 'multiprotocol', afi: 2, safi: 1 };
const fourOctetAs: Capability = { type: 'fourOctetAs', as: 65001 };

function decode(bytes: Uint8Array): ReturnType<typeof decodeOpen> {
  return decodeOpen(bytes, 0, bytes.length);
}

/** An OPEN with one capability whose value has `length` octets. */
function withValueOf(length: number): Uint8Array {
  return encodeOpen({
    ...plain,
    capabilities: [{ type: 'unknown', code: 200, value: new Uint8Array(length) }],
  });
}

describe('OPEN', () => {
  it.for<readonly [string, string, Partial<OpenMessage>]>([
    ['without parameters', '00', {}],
    [
      'with capabilities in one parameter',
      '0e 02 0c 0104 0001 00 01 4104 0000fde9',
      { capabilities: [ipv4, fourOctetAs] },
    ],
    [
      'with a parameter of another type',
      '07 02 02 0200 fe 01 aa',
      {
        capabilities: [{ type: 'routeRefresh' }],
        otherParameters: [{ type: 254, value: Uint8Array.of(0xaa) }],
      },
    ],
  ])('%s', ([_name, parameters, members]) => {
    const bytes = rawMessage(1, fixed + parameters);
    expect(decode(bytes)).toEqual({ ok: true, message: { ...plain, ...members } });
    expect(toHex(encodeOpen({ ...plain, ...members }))).toBe(toHex(bytes));
  });

  it.for<readonly [string, string, Partial<OpenMessage>]>([
    [
      'capabilities in several parameters (RFC 5492 §4)',
      '14 02 06 0104 0001 00 01 02 00 02 08 0104 0002 00 01 0200',
      { capabilities: [ipv4, ipv6, { type: 'routeRefresh' }] },
    ],
    [
      'the extended form though it is not needed (RFC 9072 §2)',
      'ff ff 0009 02 0006 0104 0001 00 01',
      { capabilities: [ipv4] },
    ],
    [
      'the extended form with a short length that is not 255 (RFC 9072 §3)',
      '01 ff 0009 02 0006 0104 0001 00 01',
      { capabilities: [ipv4] },
    ],
    ['the extended form with nothing in it', 'ff ff 0000', {}],
    [
      'parameter 255 inside the extended form, which is unrecognized (RFC 9072 §3)',
      'ff ff 0003 ff 0000',
      { otherParameters: [{ type: 255, value: new Uint8Array(0) }] },
    ],
    [
      'parameter 255 that is not the first',
      '04 02 00 ff 00',
      { otherParameters: [{ type: 255, value: new Uint8Array(0) }] },
    ],
  ])('is read with %s', ([_name, parameters, members]) => {
    expect(decode(rawMessage(1, fixed + parameters))).toEqual({
      ok: true,
      message: { ...plain, ...members },
    });
  });

  it('uses the extended form exactly when the parameters need more than 255 octets', () => {
    // Two octets for the parameter, two for the capability.
    const longestShort = withValueOf(251);
    expect(toHex(longestShort.subarray(28, 33))).toBe('ff02fdc8fb');
    const shortestExtended = withValueOf(252);
    expect(toHex(shortestExtended.subarray(28, 37))).toBe('ffff01010200fec8fc');
    for (const bytes of [longestShort, shortestExtended]) {
      expect(decode(bytes)).toMatchObject({ ok: true });
    }
  });

  it('is at most 4096 octets long', () => {
    const capability: Capability = { type: 'unknown', code: 200, value: new Uint8Array(255) };
    const filled = (count: number): OpenMessage => ({
      ...plain,
      capabilities: Array.from({ length: count }, () => capability),
    });
    expect(encodeOpen(filled(15)).length).toBe(29 + 3 + 3 + 15 * 257);
    expect(() => encodeOpen(filled(16))).toThrow(
      expect.objectContaining({ code: 'ERR_WIRE_TOO_LONG' }),
    );
  });

  it.for<readonly [string, Partial<OpenMessage>]>([
    ['an AS that needs four octets', { myAs: 65536 }],
    ['a hold time of 65536 s', { holdTime: 65536 }],
    ['version 256', { version: 256 }],
    ['an identifier that is no dotted quad', { bgpIdentifier: '192.0.2' }],
    ['an IPv6 address as identifier', { bgpIdentifier: '::1' }],
    ['capabilities as another parameter', { otherParameters: [{ type: 2, value: hex('') }] }],
    ['the reserved parameter 255', { otherParameters: [{ type: 255, value: hex('') }] }],
  ])('cannot be encoded with %s', ([_name, members]) => {
    expect(() => encodeOpen({ ...plain, ...members })).toThrow(
      expect.objectContaining({ code: 'ERR_WIRE_BAD_VALUE' }),
    );
  });
});

describe('faults of OPEN', () => {
  it.for([
    ['28 octets', rawMessage(1, fixed), 1, 2, '001c', 'RFC 4271 §6.1'],
    ['version 3', rawMessage(1, '03 fde9 005a c0000201 00'), 2, 1, '0004', 'RFC 4271 §6.2'],
    [
      'version 5, whatever its layout is',
      rawMessage(1, '05 fde9 005a c0000201 ff 00'),
      2,
      1,
      '0004',
      'RFC 4271 §6.2',
    ],
    ['parameters that are missing', rawMessage(1, `${fixed} 08`), 2, 0, '', 'RFC 4271 §6.2'],
    [
      'parameters that are cut off',
      rawMessage(1, `${fixed} 08 02 06 0104 0001`),
      2,
      0,
      '',
      'RFC 4271 §6.2',
    ],
    [
      'octets after the parameters',
      rawMessage(1, `${fixed} 02 02 00 00`),
      2,
      0,
      '',
      'RFC 4271 §6.2',
    ],
    ['octets after no parameters', rawMessage(1, `${fixed} 00 00`), 2, 0, '', 'RFC 4271 §6.2'],
    ['a parameter without a length', rawMessage(1, `${fixed} 01 02`), 2, 0, '', 'RFC 4271 §6.2'],
    [
      'a parameter whose value is all missing',
      rawMessage(1, `${fixed} 02 fe 03`),
      2,
      0,
      '',
      'RFC 4271 §6.2',
    ],
    [
      'a parameter that goes past the end',
      rawMessage(1, `${fixed} 04 fe 03 0000`),
      2,
      0,
      '',
      'RFC 4271 §6.2',
    ],
    [
      'a capability without a length',
      rawMessage(1, `${fixed} 03 02 01 01`),
      2,
      0,
      '',
      'RFC 5492 §4',
    ],
    [
      'a capability that goes past its parameter, though not past the OPEN',
      rawMessage(1, `${fixed} 08 02 02 0104 fe 02 0001`),
      2,
      0,
      '',
      'RFC 5492 §4',
    ],
    [
      'an extended length that is cut off',
      rawMessage(1, `${fixed} ff ff 00`),
      2,
      0,
      '',
      'RFC 9072 §2',
    ],
    [
      'an extended length that is too great',
      rawMessage(1, `${fixed} ff ff 0004 02 0000`),
      2,
      0,
      '',
      'RFC 4271 §6.2',
    ],
    [
      'an extended length that is too small',
      rawMessage(1, `${fixed} ff ff 0002 02 0000`),
      2,
      0,
      '',
      'RFC 4271 §6.2',
    ],
    [
      'an extended parameter whose length is cut off',
      rawMessage(1, `${fixed} ff ff 0002 02 00`),
      2,
      0,
      '',
      'RFC 4271 §6.2',
    ],
  ] as const)('%s', ([_name, bytes, code, subcode, data, section]) => {
    // What follows in the buffer is another message's, and would make some of these right.
    const surrounded = concat(hex('00'), bytes, hex('06 0104 0001 00 01 00 00'));
    expect(decodeOpen(surrounded, 1, 1 + bytes.length)).toMatchObject({
      ok: false,
      fault: { action: 'sessionReset', code, subcode, data: hex(data), section },
    });
  });
});
