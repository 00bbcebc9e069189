import { describe, expect, it } from 'vitest';
import { decodeRouteRefresh, encodeRouteRefresh, type RouteRefreshMessage } from '../src/index.ts';
import { concat, hex, rawMessage, toHex } from './bytes.ts';

const request: RouteRefreshMessage = { kind: 'routeRefresh', afi: 2, safi: 1, subtype: 0 };

describe('ROUTE-REFRESH', () => {
  it.for<readonly [string, string, RouteRefreshMessage]>([
    ['a request', '0002 00 01', request],
    ['BoRR', '0002 01 01', { ...request, subtype: 1 }],
    ['EoRR', '0002 02 01', { ...request, subtype: 2 }],
    ['a subtype that nobody knows', '0002 ff 01', { ...request, subtype: 255 }],
    ['a request with filters', '0002 00 01 01 80 0000', { ...request, orf: hex('01800000') }],
  ])('%s', ([_name, body, message]) => {
    const bytes = rawMessage(5, body);
    expect(toHex(encodeRouteRefresh(message))).toBe(toHex(bytes));
    const surrounded = concat([9], bytes, [9]);
    expect(decodeRouteRefresh(surrounded, 1, 1 + bytes.length)).toEqual({ ok: true, message });
  });

  it.for([
    ['BoRR with an octet too many', '0001 01 01 00', '0018'],
    ['EoRR with an octet too many', '0001 02 01 00', '0018'],
    ['BoRR with an octet too few', '0001 01', '0016'],
  ] as const)('%s is 7/1 with the whole message (RFC 7313 §5)', ([_name, body]) => {
    const bytes = rawMessage(5, body);
    const surrounded = concat([9], bytes, [1, 1, 1]);
    expect(decodeRouteRefresh(surrounded, 1, 1 + bytes.length)).toMatchObject({
      ok: false,
      fault: {
        action: 'sessionReset',
        code: 7,
        subcode: 1,
        data: bytes,
        section: 'RFC 7313 §5',
      },
    });
  });

  it('has no such fault when the peer did not announce Enhanced Route Refresh', () => {
    const bytes = rawMessage(5, '0001 01 01 00');
    expect(decodeRouteRefresh(bytes, 0, bytes.length, false)).toEqual({
      ok: true,
      message: { ...request, afi: 1, subtype: 1, orf: hex('00') },
    });
  });

  it.for([
    ['no body', '', true],
    ['one octet', '00', true],
    ['two octets, what follows the message looking like a subtype', '0001', true],
    ['a request with an octet too few', '0001 00', true],
    ['an unknown subtype with an octet too few', '0001 07', true],
    ['BoRR with an octet too few, not announced', '0001 01', false],
  ] as const)('%s is a bad message length', ([_name, body, enhanced]) => {
    const bytes = rawMessage(5, body);
    const surrounded = concat(bytes, [1, 1, 1, 1]);
    expect(decodeRouteRefresh(surrounded, 0, bytes.length, enhanced)).toMatchObject({
      ok: false,
      fault: { code: 1, subcode: 2, data: Uint8Array.of(0, bytes.length) },
    });
  });

  it.for([
    ['afi', { ...request, afi: 65536 }],
    ['safi', { ...request, safi: 256 }],
    ['subtype', { ...request, subtype: -1 }],
  ] as const)('cannot be encoded with %s out of its range', ([what, message]) => {
    expect(() => encodeRouteRefresh(message)).toThrow(what);
  });
});
