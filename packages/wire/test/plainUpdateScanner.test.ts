import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Deframer,
  hashBytes,
  hashPrefix,
  hashSecret,
  ipv4Unicast,
  MessageType,
  PlainUpdateScanner,
  splitUpdate,
  type UpdateOptions,
  UpdateView,
  validateNlri,
} from '../src/index.ts';
import { plainOrAny } from './arbitraries/plainUpdate.ts';
import { concat, hex, rawMessage } from './bytes.ts';
import { asPath, nextHop, origin, prefix, sessionOptions, updateBytes } from './updateBytes.ts';

/** Where a message begins, its Path Attributes, its NLRI, and where it ends. */
type Place = readonly [start: number, attributes: number, nlri: number, end: number];

const scanner = new PlainUpdateScanner();
const attributesSecret = hashSecret();
const prefixesSecret = hashSecret();

/** What the scanner finds in `bytes[start, end)`, with places counted from `start`, and where it stops. */
function walk(
  bytes: Uint8Array,
  maximumLength = 4096,
  start = 0,
  end = bytes.length,
  options: UpdateOptions = sessionOptions(),
): { places: Place[]; sound: boolean[]; stop: number } {
  const addPath = options.addPathReceive.has(ipv4Unicast);
  const count = scanner.scan(
    bytes,
    start,
    end,
    addPath,
    maximumLength,
    options,
    attributesSecret,
    prefixesSecret,
  );
  const sound = Array.from({ length: count }, (_, update) => scanner.areAttributesSound(update));
  const places = Array.from({ length: count }, (_, update): Place => {
    const messageStart = update === 0 ? 0 : scanner.end(update - 1);
    const attributesStart = scanner.attributesStart(update);
    return [messageStart, attributesStart, scanner.nlriStart(update), scanner.end(update)];
  });
  return { places, sound, stop: count === 0 ? 0 : scanner.end(count - 1) };
}

/** The same, by those who look at one message at a time. */
function reference(bytes: Uint8Array, options: UpdateOptions): Place[] {
  const deframer = new Deframer(65535);
  const view = new UpdateView();
  const places: Place[] = [];
  const addPath = options.addPathReceive.has(ipv4Unicast);
  deframer.push(bytes);
  while (deframer.next() && deframer.type === MessageType.update) {
    const { start, end } = deframer;
    splitUpdate(view, deframer.bytes, start, end);
    const { withdrawnStart, withdrawnEnd, attributesStart, nlriStart } = view;
    if (withdrawnEnd > withdrawnStart || nlriStart === view.nlriEnd) break;
    if (validateNlri(bytes, nlriStart, end, ipv4Unicast, addPath, 'reach') !== undefined) break;
    places.push([start, attributesStart, nlriStart, end]);
  }
  return places;
}

const attributes = [origin, asPath, nextHop];
/** The default route, so often. */
const everything = (count: number): Uint8Array =>
  updateBytes({ attributes, nlri: new Uint8Array(count) });
const plain = updateBytes({ attributes, nlri: prefix });

describe('the scanner of plain UPDATEs', () => {
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
    expect(walk(bytes, 4096, length, 2 * length)).toMatchObject({ stop: length });
    expect(walk(bytes, 4096, length, 3 * length - 1).places).toHaveLength(1);
    const behindOthers = concat(rawMessage(4, ''), plain).subarray(19);
    expect(walk(behindOthers)).toMatchObject({ stop: length });
  });

  // biome-ignore format: one line a message
  const others: readonly (readonly [string, Uint8Array])[] = [
    ['a KEEPALIVE', rawMessage(4, '')],
    ['an End-of-RIB', rawMessage(2, '0000 0000')],
    ['a withdrawal', updateBytes({ withdrawn: prefix })],
    ['an announcement that withdraws, too', updateBytes({ withdrawn: prefix, attributes, nlri: prefix })],
    ['attributes without routes', updateBytes({ attributes })],
    ['a prefix of 33 bits', updateBytes({ attributes, nlri: hex('21 0a00000000') })],
    ['a prefix that is cut', updateBytes({ attributes, nlri: hex('18 0a00') })],
    ['attributes that lead past the end', updateBytes({ attributes, nlri: prefix, attributesLength: 100 })],
    ['withdrawn routes that lead past the end', updateBytes({ attributes, nlri: prefix, withdrawnLength: 1000 })],
    ['a message shorter than its length', plain.subarray(0, plain.length - 1)],
    ['a marker with a zero in it', plain.with(9, 0xfe)],
    ['a type that is not there', plain.with(18, 9)],
    ['a length of zero', plain.with(17, 0)],
    ['a length of 22', plain.with(17, 22)],
    ['22 octets that say so', plain.subarray(0, 22).with(17, 22)],
  ];
  it.for(others)('stops before %s', ([, other]) => {
    expect(walk(other)).toEqual({ places: [], sound: [], stop: 0 });
    expect(walk(concat(plain, other))).toMatchObject({ stop: plain.length });
  });

  it('finds, and tells of, one whose attributes others must judge', () => {
    const unknown = updateBytes({ attributes: [...attributes, hex('c0 63 01 00')], nlri: prefix });
    const without = updateBytes({ attributes: [], nlri: prefix });
    const { sound, stop } = walk(concat(plain, unknown, without, plain));
    expect(sound).toEqual([true, false, false, true]);
    expect(stop).toBe(2 * plain.length + unknown.length + without.length);
    expect(scanner.nlriStart(1)).toBe(plain.length + unknown.length - prefix.length);
  });

  it('stops before a message that is longer than the session has them', () => {
    const nlri = concat(...Array.from({ length: 2100 }, () => prefix));
    const long = updateBytes({ attributes, nlri });
    expect(walk(long).places).toHaveLength(0);
    expect(walk(long, long.length - 1).places).toHaveLength(0);
    expect(walk(long, long.length).places).toHaveLength(1);
  });

  // biome-ignore format: one line a field
  const paths: readonly (readonly [string, string, number])[] = [
    ['with Path Identifiers', '00000001 08 0a 00000002 18 c00002', 1],
    ['of a prefix of 9 bits', '00000001 09 0a80 00000001 00', 1],
    ['of 33 bits', '00000001 21 0a00000000', 0],
    ['that is cut', '00000001 18 0a00', 0],
    ['of which the length is not there', '00000001 08 0a 00000002', 0],
    ['of a Path Identifier that is cut', '00000001 08 0a 0000', 0],
  ];
  it.for(paths)('finds prefixes %s: %3$i', ([, field, count]) => {
    const options = sessionOptions({ addPathReceive: new Set([ipv4Unicast]) });
    const bytes = updateBytes({ attributes, nlri: hex(field) });
    expect(walk(bytes, 4096, 0, undefined, options).places).toHaveLength(count);
  });

  it('leaves to others a message of more prefixes than it keeps', () => {
    expect(walk(everything(0x4000), 65535).places).toHaveLength(1);
    expect(walk(everything(0x4001), 65535).places).toHaveLength(0);
    // Of two it keeps the first, and the second is for the next scan.
    const two = concat(everything(9000), everything(9000));
    expect(walk(two, 65535).places).toHaveLength(1);
    expect(walk(two, 65535, two.length / 2).places).toHaveLength(1);
  });

  it('looks at no more octets than it has room for, as many as there is room for', () => {
    const { length } = plain;
    const many = concat(...Array.from({ length: 2000 }, () => plain));
    const { places, stop } = walk(many);
    expect(places).toHaveLength(Math.floor(scanner.capacity / length));
    expect(stop).toBe(places.length * length);
  });

  it('goes by the options of each session', () => {
    const withLocalPreference = updateBytes({
      attributes: [...attributes, hex('40 05 04 00000064')],
      nlri: prefix,
    });
    const external = sessionOptions();
    const internal = sessionOptions({ peerType: 'internal' });
    for (const [options, isSound] of [
      [external, false],
      [internal, true],
      [external, false],
    ] as const) {
      expect(walk(withLocalPreference, 4096, 0, undefined, options).sound).toEqual([isSound]);
    }
  });

  it('tells the prefixes, and the hashes that tables ask for', () => {
    const texts = [
      ['00', 0, 0],
      ['01 ff', 0x8000_0000, 1],
      ['08 0a', 0x0a00_0000, 8],
      ['0f c0a9', 0xc0a8_0000, 15],
      ['18 c0000201', 0xc000_0200, 24],
      ['20 ffffffff', 0xffff_ffff, 32],
    ] as const;
    const nlri = concat(
      ...texts.map(([text, , length]) => hex(text).subarray(0, 1 + Math.ceil(length / 8))),
    );
    // A length of two octets makes an attribute longer by one, so these are of each length modulo 4.
    const messages = [0, 1, 2, 3].map((extended) =>
      updateBytes({
        attributes: attributes.map(([flags, code, length, ...value], index) =>
          index < extended
            ? Uint8Array.of(flags! | 0x10, code!, 0, length!, ...value)
            : Uint8Array.of(flags!, code!, length!, ...value),
        ),
        nlri,
      }),
    );
    const bytes = concat(...messages);
    expect(walk(bytes).places).toHaveLength(messages.length);
    const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    messages.forEach((_, update) => {
      const [start, end] = [scanner.attributesStart(update), scanner.nlriStart(update)];
      const hash = hashBytes(words, start, end, attributesSecret);
      expect(scanner.attributesHash(update)).toBe(hash);
      expect(hashBytes(scanner.words, start, end, attributesSecret)).toBe(hash);
      expect(scanner.prefixesStart(update)).toBe(update * texts.length);
      expect(scanner.prefixesEnd(update)).toBe((update + 1) * texts.length);
      texts.forEach(([, address, length], index) => {
        const number = update * texts.length + index;
        expect(scanner.addresses[number]).toBe(address);
        expect(scanner.lengths[number]).toBe(length);
        expect(scanner.hashes[number]).toBe(hashPrefix(address, length, prefixesSecret));
      });
    });
  });

  it('finds what those find who look at one message at a time, whatever octets come', () => {
    let met = 0;
    fc.assert(
      fc.property(
        plainOrAny,
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 2 }),
        ([options, messages], times, changes) => {
          const bytes = concat(...Array.from({ length: times }, () => messages).flat());
          for (const [at, octet] of changes) bytes[at % bytes.length] = octet;
          const { places, stop } = walk(bytes, 65535, 0, bytes.length, options);
          expect(places).toEqual(reference(bytes, options));
          expect(stop).toBe(places.at(-1)?.[3] ?? 0);
          met += places.length;
        },
      ),
      { numRuns: 2000 },
    );
    // It must find something now and then, or the property holds for nothing.
    expect(met).toBeGreaterThan(500);
  });
});
