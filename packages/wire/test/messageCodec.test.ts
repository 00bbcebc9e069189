import { describe, expect, it } from 'vitest';
import {
  baseSessionOptions,
  decodeMessage,
  encodeMessage,
  type Message,
  notification,
} from '../src/index.ts';
import { concat, hex, rawMessage } from './bytes.ts';

describe('any message', () => {
  it.for<readonly [string, Uint8Array, Message]>([
    [
      'OPEN',
      rawMessage(1, '04 fde9 005a c0000201 00'),
      {
        kind: 'open',
        version: 4,
        myAs: 65001,
        holdTime: 90,
        bgpIdentifier: '192.0.2.1',
        capabilities: [],
      },
    ],
    [
      'UPDATE',
      rawMessage(2, '0000 0000'),
      { kind: 'update', withdrawn: [], attributes: [], nlri: [] },
    ],
    ['NOTIFICATION', rawMessage(3, '0400'), notification(4)],
    ['KEEPALIVE', rawMessage(4, ''), { kind: 'keepalive' }],
    [
      'ROUTE-REFRESH',
      rawMessage(5, '0001 00 01'),
      { kind: 'routeRefresh', afi: 1, safi: 1, subtype: 0 },
    ],
  ])('%s', ([_name, bytes, message]) => {
    expect(encodeMessage(message, baseSessionOptions)).toEqual([bytes]);
    const surrounded = concat([1], bytes, [2]);
    expect(decodeMessage(surrounded, 1, 1 + bytes.length, baseSessionOptions)).toMatchObject({
      ok: true,
      message,
    });
  });

  const keepalive = rawMessage(4, '');
  it.for([
    ['less than a header', keepalive.subarray(0, 18), 1, 2, '0012'],
    ['a bad marker', concat([0], keepalive.subarray(1)), 1, 1, ''],
    ['a length below that of a header', rawMessage(4, '', 18), 1, 2, '0012'],
    ['a length that is not that of the bytes', rawMessage(2, '0000 0000', 24), 1, 2, '0018'],
    ['a type that nobody knows', rawMessage(6, ''), 1, 3, '06'],
    ['a message above the maximum', rawMessage(2, new Uint8Array(4078)), 1, 2, '1001'],
    ['an UPDATE that does not add up', rawMessage(2, '0000 0001'), 3, 1, ''],
    ['an OPEN of another version', rawMessage(1, '03 fde9 005a c0000201 00'), 2, 1, '0004'],
  ] as const)('with %s is a fault', ([_name, bytes, code, subcode, data]) => {
    expect(decodeMessage(bytes, 0, bytes.length, baseSessionOptions)).toMatchObject({
      ok: false,
      fault: { code, subcode, data: hex(data) },
    });
  });

  it('above 4096 octets is read when Extended Message was announced', () => {
    const bytes = rawMessage(3, concat([6, 5], new Uint8Array(5000)));
    const options = { ...baseSessionOptions, maximumReceiveLength: 65535 };
    expect(decodeMessage(bytes, 0, bytes.length, options).ok).toBe(true);
  });

  it('is no longer than the peer can receive', () => {
    const long = notification(6, 5, new Uint8Array(5000));
    expect(encodeMessage(long, baseSessionOptions)[0]!.length).toBe(4096);
    const extended = { ...baseSessionOptions, maximumSendLength: 65535 };
    expect(encodeMessage(long, extended)[0]!.length).toBe(5021);
  });

  it('has the length fault of RFC 7313 §5 only in a session with Enhanced Route Refresh', () => {
    const bytes = rawMessage(5, '0001 01 01 00');
    const decode = (enhancedRouteRefresh: boolean): unknown =>
      decodeMessage(bytes, 0, bytes.length, { ...baseSessionOptions, enhancedRouteRefresh });
    expect(decode(true)).toMatchObject({ ok: false, fault: { code: 7, subcode: 1 } });
    expect(decode(false)).toMatchObject({ ok: true });
  });
});
