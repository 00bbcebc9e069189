import { describe, expect, it } from 'vitest';
import {
  CeaseSubcode,
  decodeKeepalive,
  decodeNotification,
  decodeShutdownCommunication,
  ErrorCode,
  encodeKeepalive,
  encodeNotification,
  encodeShutdownCommunication,
  hardReset,
  hardResetReason,
  notification,
  notificationName,
  notificationOf,
} from '../src/index.ts';
import { concat, hex, rawMessage, toHex } from './bytes.ts';

describe('NOTIFICATION', () => {
  it.for([
    ['without data', '04 00', notification(4)],
    ['with data', '01 02 1001', notification(1, 2, hex('1001'))],
    ['of a code that nobody knows', 'ff fe 00', notification(255, 254, hex('00'))],
  ] as const)('%s', ([_name, body, message]) => {
    const bytes = rawMessage(3, body);
    expect(toHex(encodeNotification(message))).toBe(toHex(bytes));
    const surrounded = concat([9], bytes, [9]);
    expect(decodeNotification(surrounded, 1, 1 + bytes.length)).toEqual({ ok: true, message });
  });

  it('of 20 octets is a bad message length', () => {
    const surrounded = concat([9, 9], rawMessage(3, '06'), [9]);
    expect(decodeNotification(surrounded, 2, 22)).toMatchObject({
      ok: false,
      fault: { code: 1, subcode: 2, data: hex('0014') },
    });
  });

  it('cuts data that would not fit, so that the peer is told in any case (RFC 8654 §5)', () => {
    const long = notification(3, 1, new Uint8Array(60000).fill(7));
    expect(encodeNotification(long).length).toBe(4096);
    expect(encodeNotification(long, 65535).length).toBe(60021);
  });

  it('reports a fault as it stands', () => {
    const fault = {
      action: 'sessionReset',
      code: 3,
      subcode: 5,
      data: hex('40'),
      section: '',
      text: '',
    } as const;
    expect(notificationOf(fault)).toEqual(notification(3, 5, hex('40')));
  });
});

describe('names of NOTIFICATIONs', () => {
  it.for([
    [1, 1, 'Message Header Error/Connection Not Synchronized'],
    [2, 0, 'OPEN Message Error'],
    [2, 6, 'OPEN Message Error/Unacceptable Hold Time'],
    [2, 7, 'OPEN Message Error/Unsupported Capability'],
    [2, 8, 'OPEN Message Error/8'],
    [2, 11, 'OPEN Message Error/Role Mismatch'],
    [3, 11, 'UPDATE Message Error/Malformed AS_PATH'],
    [4, 0, 'Hold Timer Expired'],
    [5, 3, 'Finite State Machine Error/Receive Unexpected Message in Established State'],
    [6, 2, 'Cease/Administrative Shutdown'],
    [6, 9, 'Cease/Hard Reset'],
    [6, 10, 'Cease/BFD Down'],
    [6, 99, 'Cease/99'],
    [7, 1, 'ROUTE-REFRESH Message Error/Invalid Message Length'],
    [8, 0, 'Send Hold Timer Expired'],
    [0, 0, 'Error 0/0'],
    [9, 1, 'Error 9/1'],
  ] as const)('%i/%i is %s', ([code, subcode, name]) => {
    expect(notificationName(code, subcode)).toBe(name);
  });
});

describe('hard reset (RFC 8538 §3.1)', () => {
  const shutdown = notification(
    ErrorCode.cease,
    CeaseSubcode.administrativeShutdown,
    hex('03 627965'),
  );

  it('carries code, subcode and data of its reason', () => {
    const wrapped = hardReset(shutdown);
    expect(wrapped).toEqual(notification(6, 9, hex('06 02 03 627965')));
    expect(hardResetReason(wrapped)).toEqual(shutdown);
  });

  it('may have a reason without data', () => {
    expect(hardResetReason(hardReset(notification(4)))).toEqual(notification(4));
  });

  it('has no reason when it is too short for one, and no other NOTIFICATION has', () => {
    expect(hardResetReason(notification(6, 9, hex('06')))).toBeUndefined();
    expect(hardResetReason(shutdown)).toBeUndefined();
    expect(hardResetReason(notification(3, 9, hex('0602')))).toBeUndefined();
  });
});

describe('shutdown communication (RFC 9003)', () => {
  it.for([
    ['back in 2 hours', '0f 6261636b20696e203220686f757273'],
    ['čau', '04 c48d6175'],
    ['', ''],
  ] as const)('%s', ([text, data]) => {
    expect(toHex(encodeShutdownCommunication(text))).toBe(toHex(hex(data)));
    expect(decodeShutdownCommunication(hex(data))).toBe(text === '' ? undefined : text);
  });

  it('holds up to 255 octets and cuts between characters', () => {
    expect(encodeShutdownCommunication('x'.repeat(255)).length).toBe(256);
    expect(encodeShutdownCommunication('x'.repeat(256))[0]).toBe(255);
    // Two octets each: the 128th would need octet 256.
    expect(encodeShutdownCommunication('č'.repeat(128))[0]).toBe(254);
    expect(encodeShutdownCommunication('a😀', 4)).toEqual(hex('01 61'));
    expect(encodeShutdownCommunication('x'.repeat(200), 128)[0]).toBe(128);
  });

  it.for([
    ['nothing at all', '', undefined],
    ['a length of zero', '00', undefined],
    ['invalid UTF-8', '02 c328', '(malformed: 02c328)'],
    ['overlong UTF-8', '02 c0af', '(malformed: 02c0af)'],
    ['a surrogate', '03 eda080', '(malformed: 03eda080)'],
    ['a length past the end', '05 6162', '(malformed: 056162)'],
    ['a length just past the end', '03 6162', '(malformed: 036162)'],
    ['a length of zero before octets', '00 6162', '(malformed: 006162)'],
    ['octets after the text', '01 61 62', 'a'],
    ['a forged log line', '03 610a62', String.raw`a\u{a}b`],
    ['a terminal escape', '03 1b5b41', String.raw`\u{1b}[A`],
    ['text that runs backwards', '04 e280ae61', String.raw`\u{202e}a`],
  ] as const)('shows %s safely', ([_name, data, text]) => {
    expect(decodeShutdownCommunication(hex(data))).toBe(text);
  });
});

describe('KEEPALIVE', () => {
  it('is a header and nothing else', () => {
    expect(encodeKeepalive()).toEqual(rawMessage(4, ''));
    expect(decodeKeepalive(concat([9], encodeKeepalive(), [9]), 1, 20)).toEqual({
      ok: true,
      message: { kind: 'keepalive' },
    });
  });

  it('of another length is a bad message length', () => {
    expect(decodeKeepalive(rawMessage(4, '00'), 0, 20)).toMatchObject({
      ok: false,
      fault: { code: 1, subcode: 2, data: hex('0014') },
    });
  });
});
