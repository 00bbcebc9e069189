import { describe, expect, it } from 'vitest';
import { Deframer } from '../src/index.ts';
import { concat, hex, rawMessage, toHex } from './bytes.ts';

const keepalive = rawMessage(4, '');
const emptyUpdate = rawMessage(2, '0000 0000');
const cease = rawMessage(3, '06 02 03 627965');

interface Seen {
  readonly type: number;
  readonly bytes: string;
}

/** Everything that a deframer gives for `chunks`, read the way a session reads it. */
function deframe(deframer: Deframer, ...chunks: readonly Uint8Array[]): Seen[] {
  const seen: Seen[] = [];
  for (const chunk of chunks) {
    deframer.push(chunk);
    while (deframer.next()) {
      const { type, bytes, start, end } = deframer;
      seen.push({ type, bytes: toHex(bytes.subarray(start, end)) });
    }
  }
  return seen;
}

describe('a stream of messages', () => {
  it('gives each message with its type and bounds', () => {
    expect(deframe(new Deframer(), concat(keepalive, emptyUpdate, cease))).toEqual([
      { type: 4, bytes: toHex(keepalive) },
      { type: 2, bytes: toHex(emptyUpdate) },
      { type: 3, bytes: toHex(cease) },
    ]);
  });

  it('gives the same messages wherever the stream is cut in two', () => {
    const stream = concat(emptyUpdate, cease, keepalive);
    const whole = deframe(new Deframer(), stream);
    for (let cut = 0; cut <= stream.length; cut += 1) {
      const pieces = [stream.subarray(0, cut), stream.subarray(cut)];
      expect(deframe(new Deframer(), ...pieces), `cut at ${cut}`).toEqual(whole);
    }
  });

  it('gives the same messages when the octets come one by one', () => {
    const stream = concat(emptyUpdate, cease, keepalive);
    const octets = Array.from(stream, (octet) => Uint8Array.of(octet));
    expect(deframe(new Deframer(), ...octets)).toEqual(deframe(new Deframer(), stream));
  });

  it('does not copy a message that lies wholly in a chunk', () => {
    const deframer = new Deframer();
    const chunk = concat(keepalive, cease);
    deframer.push(chunk);
    deframer.next();
    expect(deframer.next()).toBe(true);
    expect(deframer.bytes).toBe(chunk);
    expect([deframer.start, deframer.end]).toEqual([19, chunk.length]);
  });

  it('keeps its own copy of a cut message, so that a chunk may be overwritten', () => {
    const chunk = concat(cease.subarray(0, 21));
    const deframer = new Deframer();
    expect(deframe(deframer, chunk)).toEqual([]);
    chunk.fill(0);
    expect(deframe(deframer, cease.subarray(21))).toEqual([{ type: 3, bytes: toHex(cease) }]);
  });

  it('reads a range of a larger buffer', () => {
    const buffer = concat([1, 2, 3], keepalive, [4, 5]);
    const deframer = new Deframer();
    deframer.push(buffer, 3, 22);
    expect(deframer.next()).toBe(true);
    expect([deframer.start, deframer.end]).toEqual([3, 22]);
    expect(deframer.next()).toBe(false);
  });

  it('lets go of a chunk that has been read', () => {
    const deframer = new Deframer();
    deframe(deframer, keepalive);
    expect([deframer.bytes.length, deframer.start, deframer.end]).toEqual([0, 0, 0]);
  });

  it('refuses a chunk while the one before is unread, since octets would be lost', () => {
    const deframer = new Deframer();
    deframer.push(concat(keepalive, keepalive));
    deframer.next();
    expect(() => deframer.push(keepalive)).toThrow('19 octets of the chunk before');
  });
});

describe('header faults', () => {
  const badMarker = concat([0xfe], keepalive.subarray(1));
  const badMarkerEnd = concat(keepalive.subarray(0, 15), [0x7f], keepalive.subarray(16));
  it.for([
    ['a marker whose first octet is not all ones', badMarker, 1, ''],
    ['a marker whose last octet is not all ones', badMarkerEnd, 1, ''],
    ['something that is not BGP', new TextEncoder().encode('GET / HTTP/1.1\r\nHost: x'), 1, ''],
    ['length 0', rawMessage(4, '', 0), 2, '0000'],
    ['length 18', rawMessage(4, '', 18), 2, '0012'],
    ['length 4097', rawMessage(2, '0000 0000', 4097), 2, '1001'],
    ['length 65535', rawMessage(2, '0000 0000', 65535), 2, 'ffff'],
    ['an OPEN of 28', rawMessage(1, '', 28), 2, '001c'],
    ['an UPDATE of 22', rawMessage(2, '', 22), 2, '0016'],
    ['a NOTIFICATION of 20', rawMessage(3, '', 20), 2, '0014'],
    ['a KEEPALIVE of 20', rawMessage(4, '', 20), 2, '0014'],
    ['type 0', rawMessage(0, ''), 3, '00'],
    ['type 6', rawMessage(6, ''), 3, '06'],
    ['type 255', rawMessage(255, ''), 3, 'ff'],
    [
      'a length that is too great before a type that is not known',
      rawMessage(9, '', 5000),
      2,
      '1388',
    ],
    ['a marker before a length and a type', concat(badMarker.subarray(0, 16), [0, 0, 9]), 1, ''],
  ] as const)('%s', ([_name, stream, subcode, data]) => {
    const deframer = new Deframer();
    expect(deframe(deframer, keepalive, stream)).toHaveLength(1);
    expect(deframer.fault).toMatchObject({
      action: 'sessionReset',
      code: 1,
      subcode,
      data: hex(data),
      section: 'RFC 4271 §6.1',
    });
  });

  it('are found in every octet of the marker', () => {
    for (let at = 0; at < 16; at += 1) {
      const stream = keepalive.slice();
      stream[at] = 0xef;
      const deframer = new Deframer();
      expect(deframe(deframer, stream)).toEqual([]);
      expect(deframer.fault?.subcode, `octet ${at}`).toBe(1);
    }
  });

  it.for([
    [rawMessage(4, '', 20), 'the length field says 20; KEEPALIVE is exactly 19 octets long here'],
    [
      rawMessage(2, '', 22),
      'the length field says 22; message type 2 is 23 to 4096 octets long here',
    ],
    [rawMessage(9, ''), 'message type 9 is not known; types 1 to 5 are'],
  ] as const)('say what would be right: %#', ([stream, text]) => {
    const deframer = new Deframer();
    deframe(deframer, stream);
    expect(deframer.fault?.text).toBe(text);
  });

  it.for([
    ['an OPEN of 29', rawMessage(1, new Uint8Array(10))],
    ['an OPEN of 4096', rawMessage(1, new Uint8Array(4077))],
    ['an UPDATE of 23', emptyUpdate],
    ['an UPDATE of 4096', rawMessage(2, new Uint8Array(4077))],
    ['a NOTIFICATION of 21', rawMessage(3, '0400')],
    ['a ROUTE-REFRESH of 23', rawMessage(5, '0001 0001')],
    ['a ROUTE-REFRESH that is too short, which its decoder reports', rawMessage(5, '')],
  ] as const)('none: %s', ([_name, stream]) => {
    const deframer = new Deframer();
    expect(deframe(deframer, stream)).toHaveLength(1);
    expect(deframer.fault).toBeUndefined();
  });

  it('are found as soon as the header is there, without waiting for the body', () => {
    const deframer = new Deframer();
    deframe(deframer, rawMessage(2, '', 5000));
    expect(deframer.fault?.subcode).toBe(2);
  });

  it('end the stream: nothing that follows is read', () => {
    const deframer = new Deframer();
    expect(deframe(deframer, concat(badMarker, keepalive), keepalive)).toEqual([]);
  });
});

describe('extended messages (RFC 8654)', () => {
  const long = rawMessage(2, new Uint8Array(5000));

  it('are accepted once the maximum is raised, even within a chunk', () => {
    const deframer = new Deframer();
    deframer.push(concat(keepalive, long));
    expect(deframer.next()).toBe(true);
    deframer.maximumLength = 65535;
    expect(deframer.next()).toBe(true);
    expect(deframer.end - deframer.start).toBe(5019);
  });

  it('may be 65535 octets long', () => {
    const longest = rawMessage(3, new Uint8Array(65535 - 19));
    const deframer = new Deframer(65535);
    expect(deframe(deframer, longest.subarray(0, 30000), longest.subarray(30000))).toHaveLength(1);
  });

  it.for([
    ['OPEN', rawMessage(1, new Uint8Array(4078)), '1001'],
    ['KEEPALIVE', rawMessage(4, new Uint8Array(1)), '0014'],
  ] as const)('never lengthen an %s', ([_name, stream, data]) => {
    const deframer = new Deframer(65535);
    expect(deframe(deframer, stream)).toEqual([]);
    expect(deframer.fault).toMatchObject({ code: 1, subcode: 2, data: hex(data) });
  });
});

describe('what is left of a chunk', () => {
  it('is there for others to read, who tell how far they have come', () => {
    const deframer = new Deframer();
    const chunk = concat(keepalive, emptyUpdate, emptyUpdate, cease);
    expect(deframer.unread).toBe(0);
    deframer.push(chunk, 0, chunk.length - 1);
    expect(deframer.next()).toBe(true);
    expect(deframer.chunk).toBe(chunk);
    expect([deframer.offset, deframer.unread]).toEqual([19, chunk.length - 20]);
    deframer.skip(emptyUpdate.length);
    expect(deframer.next()).toBe(true);
    expect([deframer.type, deframer.start]).toEqual([2, 19 + emptyUpdate.length]);
    expect(deframer.next()).toBe(false);
    expect([deframer.unread, deframer.chunk.length]).toEqual([0, 0]);
  });

  it('is nothing while the rest of a message is waited for', () => {
    const deframer = new Deframer();
    deframer.push(cease.subarray(0, 20));
    expect(deframer.next()).toBe(false);
    deframer.push(concat(cease.subarray(20), keepalive));
    expect(deframer.unread).toBe(0);
    deframer.skip(3);
    expect(deframer.next()).toBe(true);
    expect(toHex(deframer.bytes.subarray(deframer.start, deframer.end))).toBe(toHex(cease));
    expect(deframer.unread).toBe(keepalive.length);
    deframer.skip(1000);
    expect(deframer.next()).toBe(false);
  });
});
