import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Deframer,
  encodeUpdate,
  ipv4Unicast,
  MessageType,
  PlainUpdateCursor,
  splitUpdate,
  UpdateView,
  validateNlri,
} from '../src/index.ts';
import { optionsAndUpdate } from './arbitraries/update.ts';
import { concat, hex, rawMessage } from './bytes.ts';
import { asPath, nextHop, origin, prefix, updateBytes } from './updateBytes.ts';

/** Where a message begins, its Path Attributes, its NLRI, and where it ends. */
type Place = readonly [start: number, attributes: number, nlri: number, end: number];

/** What the cursor meets in `bytes[start, end)`, and where it stops. */
function walk(
  bytes: Uint8Array,
  addPath = false,
  maximumLength = 4096,
  start = 0,
  end = bytes.length,
): { places: Place[]; stop: number } {
  const cursor = new PlainUpdateCursor();
  const places: Place[] = [];
  cursor.reset(bytes, start, end, addPath, maximumLength);
  while (cursor.next()) {
    places.push([cursor.start, cursor.attributesStart, cursor.nlriStart, cursor.end]);
  }
  return { places, stop: cursor.start };
}

/** The same, by those who look at one message at a time. */
function reference(bytes: Uint8Array, addPath: boolean): { places: Place[]; stop: number } {
  const deframer = new Deframer(65535);
  const view = new UpdateView();
  const places: Place[] = [];
  let stop = 0;
  deframer.push(bytes);
  while (deframer.next() && deframer.type === MessageType.update) {
    const { start, end } = deframer;
    splitUpdate(view, deframer.bytes, start, end);
    const { withdrawnStart, withdrawnEnd, attributesStart, nlriStart } = view;
    if (withdrawnEnd > withdrawnStart || nlriStart === view.nlriEnd) break;
    if (validateNlri(bytes, nlriStart, end, ipv4Unicast, addPath, 'reach') !== undefined) break;
    places.push([start, attributesStart, nlriStart, end]);
    stop = end;
  }
  return { places, stop };
}

const plain = updateBytes({ attributes: [origin, asPath, nextHop], nlri: prefix });

describe('the cursor over plain UPDATEs', () => {
  it('tells where the parts of each message stand', () => {
    const { places, stop } = walk(concat(plain, plain));
    const length = plain.length;
    expect(places).toEqual([
      [0, 23, length - 2, length],
      [length, length + 23, 2 * length - 2, 2 * length],
    ]);
    expect(stop).toBe(2 * length);
  });

  it('reads nothing but the run of octets that it is given', () => {
    const bytes = concat(plain, plain, plain);
    const { length } = plain;
    expect(walk(bytes, false, 4096, length, 2 * length)).toMatchObject({ stop: 2 * length });
    expect(walk(bytes, false, 4096, length, 3 * length - 1).places).toHaveLength(1);
    const behindOthers = concat(rawMessage(4, ''), plain).subarray(19);
    expect(walk(behindOthers)).toMatchObject({ stop: length });
  });

  // biome-ignore format: one line a message
  const others: readonly (readonly [string, Uint8Array])[] = [
    ['a KEEPALIVE', rawMessage(4, '')],
    ['an End-of-RIB', rawMessage(2, '0000 0000')],
    ['a withdrawal', updateBytes({ withdrawn: prefix })],
    ['an announcement that withdraws, too', updateBytes({ withdrawn: prefix, attributes: [origin, asPath, nextHop], nlri: prefix })],
    ['attributes without routes', updateBytes({ attributes: [origin, asPath, nextHop] })],
    ['a prefix of 33 bits', updateBytes({ attributes: [origin], nlri: hex('21 0a00000000') })],
    ['a prefix that is cut', updateBytes({ attributes: [origin], nlri: hex('18 0a00') })],
    ['attributes that lead past the end', updateBytes({ attributes: [origin], nlri: prefix, attributesLength: 100 })],
    ['withdrawn routes that lead past the end', updateBytes({ attributes: [origin], nlri: prefix, withdrawnLength: 1000 })],
    ['a message shorter than its length', plain.subarray(0, plain.length - 1)],
    ['a marker with a zero in it', plain.with(9, 0xfe)],
    ['a type that is not there', plain.with(18, 9)],
    ['a length of zero', plain.with(17, 0)],
    ['a length of 22', plain.with(17, 22)],
    ['22 octets that say so', plain.subarray(0, 22).with(17, 22)],
  ];
  it.for(others)('stops before %s', ([, other]) => {
    expect(walk(other)).toEqual({ places: [], stop: 0 });
    expect(walk(concat(plain, other))).toMatchObject({ stop: plain.length });
  });

  it('stops before a message that is longer than the session has them', () => {
    const nlri = concat(...Array.from({ length: 2100 }, () => prefix));
    const long = updateBytes({ attributes: [origin], nlri });
    expect(walk(long).places).toHaveLength(0);
    expect(walk(long, false, 65535).places).toHaveLength(1);
  });

  it('meets what those meet who look at one message at a time, whatever octets come', () => {
    let met = 0;
    fc.assert(
      fc.property(
        optionsAndUpdate,
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 2 }),
        ([options, message], times, changes) => {
          const messages = encodeUpdate(message, options);
          const bytes = concat(...Array.from({ length: times }, () => messages).flat());
          for (const [at, octet] of changes) bytes[at % bytes.length] = octet;
          const addPath = options.addPathReceive.has(ipv4Unicast);
          const walked = walk(bytes, addPath, 65535);
          expect(walked).toEqual(reference(bytes, addPath));
          met += walked.places.length;
        },
      ),
      { numRuns: 2000 },
    );
    // It must meet something now and then, or the property holds for nothing.
    expect(met).toBeGreaterThan(500);
  });
});
