import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DecodedMessage,
  Deframer,
  decodeMessage,
  encodeMessage,
  formatMessage,
  type Message,
  toJson,
  type UpdateOptions,
} from '../src/index.ts';
import {
  keepaliveMessage,
  notificationMessage,
  openMessage,
  routeRefreshMessage,
} from './arbitraries/message.ts';
import { optionsAndUpdate, updateOptions } from './arbitraries/update.ts';
import { concat, rawMessage, toHex } from './bytes.ts';

const kinds: readonly (readonly [string, fc.Arbitrary<readonly [UpdateOptions, Message]>])[] = [
  ['OPEN', fc.tuple(updateOptions, openMessage)],
  ['UPDATE', optionsAndUpdate],
  ['NOTIFICATION', fc.tuple(updateOptions, notificationMessage)],
  ['KEEPALIVE', fc.tuple(updateOptions, keepaliveMessage)],
  ['ROUTE-REFRESH', fc.tuple(updateOptions, routeRefreshMessage)],
];
const anyMessage = fc.oneof(...kinds.map(([, message]) => message));

describe.for(kinds)('%s', ([_name, arbitrary]) => {
  it('is deframed and decoded as it was encoded', () => {
    fc.assert(
      fc.property(arbitrary, ([options, message]) => {
        const [bytes, ...more] = encodeMessage(message, options);
        expect(more).toEqual([]);
        const deframer = new Deframer(options.maximumReceiveLength);
        deframer.push(bytes!);
        expect(deframer.next()).toBe(true);
        expect([deframer.start, deframer.end]).toEqual([0, bytes!.length]);
        const result = decodeMessage(deframer.bytes, deframer.start, deframer.end, options);
        expect(result).toMatchObject({ ok: true });
        expect(result.ok && result.message).toEqual(message);
      }),
    );
  });

  it('stays as it was decoded when the buffer that it came in is used again', () => {
    fc.assert(
      fc.property(arbitrary, ([options, message]) => {
        // Of a Buffer, `slice` makes a view.
        const buffer = Buffer.from(encodeMessage(message, options)[0]!);
        const result = decodeMessage(buffer, 0, buffer.length, options);
        buffer.fill(0xff);
        expect(result.ok && result.message).toEqual(message);
      }),
    );
  });

  it('can be said in words and in JSON', () => {
    fc.assert(
      fc.property(arbitrary, ([, message]) => {
        expect(formatMessage(message)).toMatch(/^[A-Z]/);
        // Line ends are ours alone: nothing that a peer sent may forge a line.
        expect(formatMessage(message).replaceAll('\n  ', '')).not.toMatch(/\p{Cc}/u);
        const json = toJson(message);
        expect(JSON.parse(JSON.stringify(json))).toEqual(json);
      }),
    );
  });
});

/** Messages that are nearly right: a header in order around octets in which lengths often make sense. */
const plausibleOctet = fc.oneof(
  fc.integer({ min: 0, max: 255 }),
  fc.constantFrom(0, 1, 2, 4, 8, 16, 24, 32, 64, 128, 255),
);
const plausibleMessage = fc
  .tuple(
    fc.integer({ min: 0, max: 6 }),
    fc.array(plausibleOctet, { maxLength: 120, size: 'max' }).map((list) => Uint8Array.from(list)),
  )
  .map(([type, body]) => rawMessage(type, body));

/** A right message with some of its octets changed, or its end cut off and the length set right again. */
const damagedMessage = fc
  .tuple(
    anyMessage,
    fc.array(fc.tuple(fc.nat(), plausibleOctet), { maxLength: 3 }),
    fc.option(fc.nat()),
  )
  .map(([[options, message], changes, cut]) => {
    const whole = encodeMessage(message, options)[0]!;
    const bytes = whole.slice(0, cut === null ? whole.length : 19 + (cut % (whole.length - 18)));
    for (const [at, octet] of changes) bytes[19 + (at % Math.max(1, bytes.length - 19))] = octet;
    bytes[16] = bytes.length >> 8;
    bytes[17] = bytes.length & 0xff;
    return bytes;
  });

describe('bytes from anywhere', () => {
  it('are decoded or refused, never thrown at, and nothing around them is looked at', () => {
    fc.assert(
      fc.property(
        fc.oneof(plausibleMessage, damagedMessage, fc.uint8Array({ maxLength: 200 })),
        updateOptions,
        (bytes, options) => {
          const decodeAmong = (before: Uint8Array, after: Uint8Array): DecodedMessage =>
            decodeMessage(
              concat(before, bytes, after),
              before.length,
              before.length + bytes.length,
              options,
            );
          const alone = decodeMessage(bytes, 0, bytes.length, options);
          const zeros = new Uint8Array(300);
          const ones = new Uint8Array(301).fill(0xff);
          expect(decodeAmong(zeros, zeros)).toEqual(alone);
          expect(decodeAmong(ones, ones)).toEqual(alone);
          if (!alone.ok) expect(isSound(alone.fault)).toBe(true);
        },
      ),
      { numRuns: 1500 },
    );
  });
});

/** A fault that can be sent and shown. */
function isSound({
  code,
  subcode,
  section,
  text,
}: Extract<DecodedMessage, { ok: false }>['fault']): boolean {
  return code >= 1 && code <= 8 && subcode >= 0 && subcode <= 11 && section !== '' && text !== '';
}

describe('a stream', () => {
  it('is cut into the same messages, and ends with the same fault, however it arrives', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(plausibleMessage, damagedMessage), { maxLength: 6 }),
        fc.uint8Array({ maxLength: 60 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.constantFrom(60, 4096, 65535),
        (messages, rest, cuts, maximumLength) => {
          const stream = concat(...messages, rest);
          const whole = deframe([stream], maximumLength);
          const places = cuts.map((cut) => cut % (stream.length + 1)).toSorted((a, b) => a - b);
          const pieces = [0, ...places].map((from, i) =>
            stream.slice(from, places[i] ?? stream.length),
          );
          expect(deframe(pieces, maximumLength)).toEqual(whole);
          const octets = Array.from(stream, (octet) => Uint8Array.of(octet));
          expect(deframe(octets, maximumLength)).toEqual(whole);
        },
      ),
    );
  });
});

/** What a deframer makes of `chunks`, each of which is overwritten once it has been read. */
function deframe(chunks: readonly Uint8Array[], maximumLength: number): unknown {
  const deframer = new Deframer(maximumLength);
  const messages: string[] = [];
  for (const chunk of chunks) {
    const buffer = chunk.slice();
    deframer.push(buffer);
    while (deframer.next()) {
      const { type, bytes, start, end } = deframer;
      messages.push(`${type} ${toHex(bytes.subarray(start, end))}`);
    }
    buffer.fill(0xaa);
  }
  return { messages, fault: deframer.fault };
}
