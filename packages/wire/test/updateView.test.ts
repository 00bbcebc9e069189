import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DecodedUpdate,
  decodeUpdate,
  encodeUpdate,
  type Fault,
  splitUpdate,
  strongestFault,
  type UpdateOptions,
  UpdateView,
  validateAttributes,
  validateNlriFields,
} from '../src/index.ts';
import { updateMessage, updateOptions } from './arbitraries/update.ts';
import { concat, hex, toHex } from './bytes.ts';
import {
  asPath,
  attribute,
  family,
  mpReach,
  mpUnreach,
  nextHop,
  origin,
  prefix,
  sessionOptions,
  updateBytes,
} from './updateBytes.ts';

interface Change {
  readonly what: 'set' | 'flip' | 'remove' | 'insert';
  readonly at: number;
  readonly octet: number;
}

const change: fc.Arbitrary<Change> = fc.record({
  what: fc.constantFrom('set', 'flip', 'remove', 'insert'),
  at: fc.nat(400),
  octet: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 2, 14, 15, 0x40, 0x80, 0xc0, 0xff)),
});

/** The message with octets after its header changed, and its own length put right. */
function damaged(bytes: Uint8Array, changes: readonly Change[]): Uint8Array {
  const octets = [...bytes];
  for (const { what, at, octet } of changes) {
    const index = 19 + (at % Math.max(1, octets.length - 19));
    if (what === 'set') octets[index] = octet;
    else if (what === 'flip') octets[index] = (octets[index] ?? 0) ^ (1 << (octet & 7));
    else if (what === 'remove' && octets.length > 23) octets.splice(index, 1);
    else octets.splice(index, 0, octet);
  }
  octets[16] = octets.length >> 8;
  octets[17] = octets.length & 0xff;
  return Uint8Array.from(octets);
}

/** Options, and an UPDATE with a few octets changed. */
const damagedUpdate = updateOptions.chain((options) =>
  fc
    .tuple(updateMessage(options, 4), fc.array(change, { maxLength: 4 }))
    .map(([message, changes]) => {
      const [bytes] = encodeUpdate(message, options);
      return [options, damaged(bytes!, changes)] as const;
    }),
);

/** What the quick way finds, in a view that has served other messages before. */
function quickFaults(
  view: UpdateView,
  bytes: Uint8Array,
  start: number,
  end: number,
  options: UpdateOptions,
): Fault[] {
  const first = splitUpdate(view, bytes, start, end);
  expect(first).toBe(strongestFault(view.faults));
  return [
    ...(view.faults ?? []),
    ...(validateAttributes(view, options) ?? []),
    ...(validateNlriFields(view, options) ?? []),
  ];
}

describe('the quick way and the readable one', () => {
  it('find the same faults in any damaged message, whatever the view held before', () => {
    const view = new UpdateView();
    const met = new Map<string, number>();
    fc.assert(
      fc.property(damagedUpdate, ([options, bytes]) => {
        const { faults, ok } = decodeUpdate(bytes, 0, bytes.length, options);
        expect(quickFaults(view, bytes, 0, bytes.length, options)).toEqual(faults);
        const name = ok ? 'sound' : strongestFault(faults)!.action;
        met.set(name, (met.get(name) ?? 0) + 1);
      }),
      { numRuns: 600 },
    );
    // The damage is neither so small nor so large that one answer is all that is ever seen.
    expect([...met.keys()].toSorted()).toEqual(
      ['afiSafiDisable', 'sessionReset', 'sound', 'treatAsWithdraw'].toSorted(),
    );
  });

  it('never throw, and never look outside the message', () => {
    const anyBody = fc.uint8Array({ maxLength: 120 });
    const bytes = fc.oneof(
      anyBody.map((body) => concat(new Uint8Array(16).fill(0xff), [0, 19 + body.length, 2], body)),
      damagedUpdate.map(([, each]) => each),
    );
    fc.assert(
      fc.property(updateOptions, bytes, fc.nat(30), (options, message, before) => {
        const results = [0x00, 0xff].map((octet): DecodedUpdate => {
          const surroundings = new Uint8Array(before + message.length + 300).fill(octet);
          surroundings.set(message, before);
          return decodeUpdate(surroundings, before, before + message.length, options);
        });
        expect(results[0]).toEqual(results[1]);
        expect(results[0]).toEqual(decodeUpdate(message, 0, message.length, options));
      }),
      { numRuns: 400 },
    );
  });

  it('allocate no fault and no list for a sound message', () => {
    const view = new UpdateView();
    const bytes = updateBytes({ attributes: [origin, asPath, nextHop], nlri: prefix });
    expect(splitUpdate(view, bytes, 0, bytes.length)).toBeUndefined();
    expect(view.faults).toBeUndefined();
    expect(validateAttributes(view, sessionOptions())).toBeUndefined();
    expect(validateNlriFields(view, sessionOptions())).toBeUndefined();
  });
});

it('notes where everything stands', () => {
  const bytes = updateBytes({
    withdrawn: hex('10 c0a8'),
    attributes: [mpReach, origin, asPath, mpUnreach, nextHop, attribute(0xc0, 99, '07')],
    nlri: prefix,
  });
  const buffer = concat([1, 2, 3], bytes, [4, 5]);
  const view = new UpdateView();
  expect(splitUpdate(view, buffer, 3, 3 + bytes.length)).toBeUndefined();
  const cut = (start: number, end: number): string => toHex(buffer.subarray(start, end));
  expect(cut(view.withdrawnStart, view.withdrawnEnd)).toBe('10c0a8');
  expect(cut(view.nlriStart, view.nlriEnd)).toBe('080a');
  expect(view.mpReachFamily).toBe(family.ipv6Unicast);
  expect(cut(view.mpReachAttributeStart, view.mpReachAttributeEnd)).toBe(toHex(mpReach));
  expect(cut(view.mpReachNextHopStart, view.mpReachNextHopEnd)).toBe(
    '20010db8000000000000000000000001',
  );
  expect(cut(view.mpReachNlriStart, view.mpReachNlriEnd)).toBe('2020010db8');
  expect(view.mpUnreachFamily).toBe(family.ipv6Unicast);
  expect(cut(view.mpUnreachAttributeStart, view.mpUnreachAttributeEnd)).toBe(toHex(mpUnreach));
  expect(cut(view.mpUnreachStart, view.mpUnreachEnd)).toBe('2020010db8');
  expect(view.seen).toBe((1 << 1) | (1 << 2) | (1 << 3) | (1 << 14) | (1 << 15));
  expect(view.has(99)).toBe(true);
  expect(view.has(98)).toBe(false);
  expect(view.hasReachableNlri).toBe(true);
});

describe('what is left of an UPDATE', () => {
  const badMed = attribute(0x80, 4, '00');
  const vpnUnreach = attribute(0x80, 15, '0001 80 70 800000 0000fde900000001 0a0000');

  it('is all its routes as withdrawals when it is treated as one (RFC 7606 §2)', () => {
    const bytes = updateBytes({
      withdrawn: hex('10 c0a8'),
      attributes: [mpReach, vpnUnreach, origin, asPath, nextHop, badMed],
      nlri: prefix,
    });
    expect(decodeUpdate(bytes, 0, bytes.length, sessionOptions())).toMatchObject({
      ok: false,
      fault: { action: 'treatAsWithdraw' },
      remaining: {
        kind: 'update',
        withdrawn: [
          { kind: 'prefix', prefix: '192.168.0.0/16' },
          { kind: 'prefix', prefix: '10.0.0.0/8' },
        ],
        attributes: [
          {
            type: 'mpUnreachNlri',
            afi: 1,
            safi: 128,
            withdrawn: [
              { kind: 'vpn', routeDistinguisher: '65001:1', labels: [], prefix: '10.0.0.0/24' },
            ],
          },
          {
            type: 'mpUnreachNlri',
            afi: 2,
            safi: 1,
            withdrawn: [{ kind: 'prefix', prefix: '2001:db8::/32' }],
          },
        ],
        nlri: [],
      },
    });
  });

  it('is the routes of the other families when one is disabled', () => {
    const bytes = updateBytes({
      attributes: [
        attribute(0x80, 14, '0002 01 04 c0000201 00 20 20010db8'),
        vpnUnreach,
        origin,
        asPath,
        nextHop,
      ],
      nlri: prefix,
    });
    const result = decodeUpdate(bytes, 0, bytes.length, sessionOptions());
    expect(result).toMatchObject({ ok: false, fault: { action: 'afiSafiDisable' } });
    if (result.ok) return;
    expect(result.remaining!.nlri).toEqual([{ kind: 'prefix', prefix: '10.0.0.0/8' }]);
    expect(result.remaining!.attributes.map(({ type }) => type)).toEqual([
      'mpUnreachNlri',
      'origin',
      'asPath',
      'nextHop',
    ]);
  });

  it('is nothing of IPv4 unicast when that is disabled', () => {
    const bytes = updateBytes({
      attributes: [attribute(0x80, 15, '0001 01 21'), mpReach, origin, asPath, nextHop],
      nlri: prefix,
    });
    const result = decodeUpdate(bytes, 0, bytes.length, sessionOptions());
    expect(result).toMatchObject({
      fault: { action: 'afiSafiDisable', family: family.ipv4Unicast },
      remaining: { withdrawn: [], nlri: [] },
    });
  });

  it('is both at once, if it must be', () => {
    const bytes = updateBytes({
      attributes: [attribute(0x80, 15, '0001 80 ff'), mpReach, origin, asPath, badMed],
    });
    expect(decodeUpdate(bytes, 0, bytes.length, sessionOptions())).toMatchObject({
      fault: { action: 'afiSafiDisable', family: family.ipv4Vpn },
      remaining: {
        withdrawn: [],
        attributes: [
          { type: 'mpUnreachNlri', afi: 2, safi: 1, withdrawn: [{ prefix: '2001:db8::/32' }] },
        ],
        nlri: [],
      },
    });
  });

  it('is the message without what was discarded', () => {
    const bytes = updateBytes({
      attributes: [
        origin,
        attribute(0x40, 1, '01'),
        asPath,
        nextHop,
        attribute(0x40, 6, '00'),
        attribute(0x40, 5, '00000064'),
      ],
      nlri: prefix,
    });
    const result = decodeUpdate(bytes, 0, bytes.length, sessionOptions());
    expect(result.ok && result.message.attributes).toEqual([
      { type: 'origin', origin: 'igp' },
      { type: 'asPath', segments: [{ kind: 'sequence', asNumbers: [65001] }] },
      { type: 'nextHop', nextHop: '192.0.2.1' },
    ]);
    expect(result.faults.map(({ attribute: code }) => code)).toEqual([1, 6, 5]);
  });
});

it('keeps routes of a family that was not agreed on as bytes when they cannot be read', () => {
  const bytes = updateBytes({ attributes: [attribute(0x80, 15, '0002 01 ff')] });
  const options = sessionOptions({ families: new Set([family.ipv4Unicast]) });
  expect(decodeUpdate(bytes, 0, bytes.length, options)).toEqual({
    ok: true,
    message: {
      kind: 'update',
      withdrawn: [],
      attributes: [{ type: 'unknown', code: 15, flags: 0x80, value: hex('0002 01 ff') }],
      nlri: [],
    },
    faults: [],
  });
});
