import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeUpdate,
  encodeEndOfRib,
  encodePathAttributes,
  encodeUpdate,
  endOfRibFamily,
  endOfRibFamilyOf,
  familyKey,
  type Nlri,
  type PathAttribute,
  splitUpdate,
  type UpdateMessage,
  type UpdateOptions,
  UpdatePacker,
  UpdateView,
} from '../src/index.ts';
import { nlriFamilies, nlriOf } from './arbitraries/nlri.ts';
import { mpReachOf, mpUnreachOf, pathAttributes } from './arbitraries/pathAttribute.ts';
import { updateOptions } from './arbitraries/update.ts';
import { hex, toHex } from './bytes.ts';
import { family, sessionOptions, updateBytes } from './updateBytes.ts';

const mandatory: PathAttribute[] = [
  { type: 'origin', origin: 'igp' },
  { type: 'asPath', segments: [{ kind: 'sequence', asNumbers: [65001] }] },
];
const nextHop: PathAttribute = { type: 'nextHop', nextHop: '192.0.2.1' };
const prefixes = (count: number): Nlri[] =>
  Array.from({ length: count }, (_, at) => ({
    kind: 'prefix',
    prefix: `10.${at >> 8}.${at & 0xff}.0/24`,
  }));
const ipv6Prefixes = (count: number): Nlri[] =>
  Array.from({ length: count }, (_, at) => ({
    kind: 'prefix',
    prefix: at === 0 ? '2001:db8::/64' : `2001:db8:${at.toString(16)}::/64`,
  }));

function decodeEach(messages: readonly Uint8Array[], options: UpdateOptions): UpdateMessage[] {
  return messages.map((bytes) => {
    const result = decodeUpdate(bytes, 0, bytes.length, options);
    expect(result.faults).toEqual([]);
    if (!result.ok) throw new Error(result.fault.text);
    return result.message;
  });
}

/** How many fields of routes a message has (RFC 7606 §5.1 allows one). */
function fieldCount({ withdrawn, attributes, nlri }: UpdateMessage): number {
  const mp = attributes.filter(({ type }) => type === 'mpReachNlri' || type === 'mpUnreachNlri');
  return mp.length + Number(withdrawn.length > 0) + Number(nlri.length > 0);
}

describe('an UPDATE that is too long', () => {
  const options = sessionOptions();

  it('becomes several, with the attributes in each, none above 4096 octets', () => {
    const message: UpdateMessage = {
      kind: 'update',
      withdrawn: [],
      attributes: [...mandatory, nextHop],
      nlri: prefixes(2500),
    };
    const messages = encodeUpdate(message, options);
    // 23 octets around 4 + 9 + 7 of attributes leave room for 1013 prefixes of 4 octets.
    expect(messages.map((bytes) => bytes.length)).toEqual([4095, 4095, 1939]);
    const decoded = decodeEach(messages, options);
    for (const each of decoded) expect(each.attributes).toEqual(message.attributes);
    expect(decoded.flatMap(({ nlri }) => nlri)).toEqual(message.nlri);
  });

  it('fills a message to its last octet', () => {
    // 23 + 20 + 1013 × 4 = 4095; a prefix of no octets makes it 4096, one more makes another message.
    const nlri: Nlri[] = [...prefixes(1013), { kind: 'prefix', prefix: '0.0.0.0/0' }];
    const message: UpdateMessage = {
      kind: 'update',
      withdrawn: [],
      attributes: [...mandatory, nextHop],
      nlri,
    };
    expect(encodeUpdate(message, options).map((bytes) => bytes.length)).toEqual([4096]);
    const more: UpdateMessage = {
      ...message,
      nlri: [...nlri, { kind: 'prefix', prefix: '0.0.0.0/1' }],
    };
    expect(encodeUpdate(more, options)).toHaveLength(2);
  });

  it('is one with Extended Message', () => {
    const message: UpdateMessage = {
      kind: 'update',
      withdrawn: prefixes(2500),
      attributes: [],
      nlri: [],
    };
    expect(encodeUpdate(message, sessionOptions({ maximumSendLength: 65535 }))).toHaveLength(1);
    expect(encodeUpdate(message, options)).toHaveLength(3);
  });

  it('splits routes in MP_REACH_NLRI and MP_UNREACH_NLRI as well', () => {
    const message: UpdateMessage = {
      kind: 'update',
      withdrawn: [],
      attributes: [
        { type: 'mpUnreachNlri', afi: 2, safi: 1, withdrawn: ipv6Prefixes(1000) },
        {
          type: 'mpReachNlri',
          afi: 2,
          safi: 1,
          nextHops: [{ address: '2001:db8::1' }],
          nlri: ipv6Prefixes(1000),
        },
        ...mandatory,
      ],
      nlri: [],
    };
    const messages = encodeUpdate(message, options);
    expect(Math.max(...messages.map((bytes) => bytes.length))).toBeLessThanOrEqual(4096);
    const decoded = decodeEach(messages, options);
    const routes = (type: string): Nlri[] =>
      decoded.flatMap(({ attributes }) =>
        attributes.flatMap((each) => {
          if (each.type !== type) return [];
          if (each.type === 'mpReachNlri') return each.nlri;
          return each.type === 'mpUnreachNlri' ? each.withdrawn : [];
        }),
      );
    expect(routes('mpUnreachNlri')).toEqual(ipv6Prefixes(1000));
    expect(routes('mpReachNlri')).toEqual(ipv6Prefixes(1000));
  });

  it('is refused when attributes and one route do not fit', () => {
    const long: PathAttribute = {
      type: 'unknown',
      code: 99,
      flags: 0xc0,
      value: new Uint8Array(4060),
    };
    const message: UpdateMessage = {
      kind: 'update',
      withdrawn: [],
      attributes: [...mandatory, nextHop, long],
      nlri: prefixes(1),
    };
    expect(() => encodeUpdate(message, options)).toThrow(
      expect.objectContaining({ code: 'ERR_WIRE_TOO_LONG' }),
    );
    expect(() => encodeUpdate({ ...message, nlri: [] }, options)).toThrow(
      expect.objectContaining({ code: 'ERR_WIRE_TOO_LONG' }),
    );
  });
});

it('sends each field of routes in an UPDATE of its own, withdrawals first, nothing lost (RFC 7606 §5.1)', () => {
  const mixed = updateOptions.chain((options) => {
    const anyFamily = fc.constantFrom(...nlriFamilies);
    const ipv4 = (context: 'reach' | 'unreach'): fc.Arbitrary<Nlri[]> =>
      fc.array(nlriOf(family.ipv4Unicast, { addPath: options.addPathSend.size > 0, context }), {
        maxLength: 5,
      });
    return fc.record({
      options: fc.constant(options),
      withdrawn: ipv4('unreach'),
      mpUnreach: fc.array(
        anyFamily.chain((each) => mpUnreachOf(each, options, 4)),
        { maxLength: 2 },
      ),
      mpReach: fc.array(
        anyFamily.chain((each) => mpReachOf(each, options, 4)),
        { maxLength: 2 },
      ),
      others: pathAttributes(options, true),
      nlri: ipv4('reach'),
    });
  });
  fc.assert(
    fc.property(mixed, ({ options, withdrawn, mpUnreach, mpReach, others, nlri }) => {
      const attributes = [...mpUnreach, ...mpReach, ...others];
      const messages = encodeUpdate({ kind: 'update', withdrawn, attributes, nlri }, options);
      const decoded = decodeEach(messages, options);
      for (const each of decoded) expect(fieldCount(each)).toBeLessThanOrEqual(1);
      expect(decoded.flatMap((each) => each.withdrawn)).toEqual(withdrawn);
      expect(decoded.flatMap((each) => each.nlri)).toEqual(nlri);
      const all = decoded.flatMap((each) => each.attributes);
      expect(all.filter(({ type }) => type === 'mpUnreachNlri')).toEqual(mpUnreach);
      expect(all.filter(({ type }) => type === 'mpReachNlri')).toEqual(mpReach);
      for (const other of others) expect(all).toContainEqual(other);
    }),
    { numRuns: 150 },
  );
});

describe('End-of-RIB (RFC 4724 §2)', () => {
  it.each([
    ['IPv4 unicast', family.ipv4Unicast, `${'ff'.repeat(16)}0017020000 0000`],
    ['IPv6 unicast', family.ipv6Unicast, `${'ff'.repeat(16)}001d020000 0006 800f03 000201`],
    ['BGP-LS', familyKey(16388, 71), `${'ff'.repeat(16)}001d020000 0006 800f03 400447`],
  ] as const)('of %s', (_name, key, bytes) => {
    const encoded = encodeEndOfRib(key);
    expect(toHex(encoded)).toBe(bytes.replaceAll(' ', ''));
    const view = new UpdateView();
    expect(splitUpdate(view, encoded, 0, encoded.length)).toBeUndefined();
    expect(endOfRibFamily(view)).toBe(key);
    const result = decodeUpdate(encoded, 0, encoded.length, sessionOptions());
    expect(result.ok && endOfRibFamilyOf(result.message)).toBe(key);
  });

  it.each([
    ['a withdrawn route', updateBytes({ withdrawn: hex('08 0a') })],
    ['an attribute', updateBytes({ attributes: [hex('40 01 01 00')] })],
    [
      'a withdrawn route of another family',
      updateBytes({ attributes: [hex('80 0f 05 000201 08 20')] }),
    ],
    [
      'an attribute beside',
      updateBytes({ attributes: [hex('80 0f 03 000201'), hex('40 01 01 00')] }),
    ],
  ])('is not what has %s', (_what, bytes) => {
    const view = new UpdateView();
    splitUpdate(view, bytes, 0, bytes.length);
    expect(endOfRibFamily(view)).toBeUndefined();
    const result = decodeUpdate(bytes, 0, bytes.length, sessionOptions());
    expect(result.ok && endOfRibFamilyOf(result.message)).toBeUndefined();
  });
});

describe('UpdatePacker', () => {
  const options = sessionOptions();
  const mpReach: PathAttribute = {
    type: 'mpReachNlri',
    afi: 2,
    safi: 1,
    nextHops: [{ address: '2001:db8::1' }],
    nlri: [],
  };

  it('is used again for pack after pack', () => {
    const packer = new UpdatePacker(4096);
    packer.announce(encodePathAttributes([mpReach, ...mandatory], options));
    packer.add(hex('20 20010db8'));
    const [first] = packer.finish();
    packer.withdraw(family.ipv4Unicast);
    packer.add(hex('08 0a'));
    const [second] = packer.finish();
    expect(decodeEach([first!, second!], options)).toEqual([
      {
        kind: 'update',
        withdrawn: [],
        attributes: [
          { ...mpReach, nlri: [{ kind: 'prefix', prefix: '2001:db8::/32' }] },
          ...mandatory,
        ],
        nlri: [],
      },
      {
        kind: 'update',
        withdrawn: [{ kind: 'prefix', prefix: '10.0.0.0/8' }],
        attributes: [],
        nlri: [],
      },
    ]);
  });

  it('drops a pack that was not finished', () => {
    const packer = new UpdatePacker(4096);
    packer.announce(encodePathAttributes([...mandatory, nextHop], options));
    packer.add(hex('08 0a'));
    packer.withdraw(family.ipv6Unicast);
    expect(packer.finish()).toEqual([encodeEndOfRib(family.ipv6Unicast)]);
  });

  it('keeps the pack when one route is too long for it', () => {
    const packer = new UpdatePacker(60);
    packer.announce(encodePathAttributes([...mandatory, nextHop], options));
    packer.add(hex('08 0a'));
    expect(() => packer.add(new Uint8Array(40))).toThrow(
      expect.objectContaining({ code: 'ERR_WIRE_TOO_LONG' }),
    );
    expect(decodeEach(packer.finish(), options)[0]!.nlri).toEqual([
      { kind: 'prefix', prefix: '10.0.0.0/8' },
    ]);
  });

  it.each([255, 256])(
    'writes a value of %i octets with the header that it needs',
    (valueLength) => {
      const packer = new UpdatePacker(4096);
      packer.withdraw(family.ipv6Unicast);
      // Prefixes of two octets each, after three octets of family.
      for (let length = 3; length < valueLength - 3; length += 2) packer.add(hex('08 20'));
      packer.add((valueLength & 1) === 1 ? hex('08 20') : hex('10 2001'));
      const [message] = packer.finish();
      const header = valueLength > 255 ? '900f0100' : '800fff';
      expect(toHex(message!.subarray(23, 23 + header.length / 2))).toBe(header);
    },
  );
});
