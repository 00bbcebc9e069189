import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AsPathSegment,
  as4PathFor,
  asPathLength,
  decodePathAttributes,
  decodePathAttributesAsSent,
  encodePathAttributes,
  mergeAs4Attributes,
  mergeAs4Path,
  type PathAttribute,
} from '../src/index.ts';
import { asNumber } from './arbitraries/pathAttribute.ts';
import { toHex } from './bytes.ts';
import { sessionOptions } from './updateBytes.ts';

const trans = 23456;
const newSession = sessionOptions();
const oldSession = sessionOptions({ fourOctetAs: false });

/** `1 2 {3 4} (5 6) [7 8]`: sequences bare, sets in braces, confederation sequences in parentheses and sets in brackets; `|` begins another segment. */
function path(text: string): AsPathSegment[] {
  const segments = text.match(/\{[^}]*\}|\([^)]*\)|\[[^\]]*\]|[\d ]*\d/g) ?? [];
  return segments.map((segment) => ({
    kind:
      segment[0] === '{'
        ? 'set'
        : segment[0] === '('
          ? 'confederationSequence'
          : segment[0] === '['
            ? 'confederationSet'
            : 'sequence',
    asNumbers: segment.match(/\d+/g)!.map(Number),
  }));
}

const aggregator = (as: number): PathAttribute => ({
  type: 'aggregator',
  as,
  address: '192.0.2.1',
});

describe('mergeAs4Path (RFC 6793 §4.2.3)', () => {
  // biome-ignore format: one line a row
  it.each([
    // AS_PATH, AS4_PATH, merged.
    ['equally long: AS4_PATH alone', `${trans} ${trans}`, '70000 70001', '70000 70001'],
    ['old speakers since: their ASes lead', `1 2 ${trans} ${trans}`, '70000 70001', '1 2 70000 70001'],
    ['AS4_PATH longer: ignored', `1 ${trans}`, '2 70000 70001', `1 ${trans}`],
    ['no AS4_PATH to speak of', '1 2', '', '1 2'],
    ['both empty', '', '', ''],
    ['a sequence of old ASes cut in two', `1 2 3 ${trans}`, '3 70000', '1 2 3 70000'],
    ['a set counts as one', `{1 2} ${trans}`, '70000', '{1 2} 70000'],
    ['a set in both', `1 {2 ${trans}}`, '{2 70000}', '1 {2 70000}'],
    ['a set in AS_PATH that AS4_PATH covers', `1 {2 3} ${trans}`, '{2 3} 70000', '1 {2 3} 70000'],
    ['a set where AS4_PATH has a sequence', `1 {2 3}`, '70000', '1 70000'],
    ['two sequences: whole segments, then AS numbers', `1 2|3 ${trans}`, '70000', '1 2|3 70000'],
    ['a leading confederation sequence', `(64512 64513) 1 ${trans}`, '70000', '(64512 64513) 1 70000'],
    ['a leading one with nothing else to take', `(64512) ${trans}`, '70000', '(64512) 70000'],
    ['a leading set and sequence', `[64512](64513) ${trans}`, '70000', '[64512](64513) 70000'],
    ['one that adjoins what is taken', `1 (64512) ${trans}`, '70000', '1 (64512) 70000'],
    ['one behind what is taken in part', `1 ${trans} (64512) 2`, '70000 2', '1 70000 2'],
    ['one behind what AS4_PATH covers', `${trans} (64512)`, '70000', '70000'],
    ['confederation segments of AS4_PATH are taken out', `1 ${trans}`, '(64512) 70000 [64513]', '1 70000'],
    ['and do not count', `1 ${trans}`, '(64512 64513 64514) 70000', '1 70000'],
    ['an AS4_PATH of nothing else', `1 2`, '(64512)', '1 2'],
  ])('%s', (_case, asPath, as4Path, merged) => {
    expect(mergeAs4Path(path(asPath), path(as4Path))).toEqual(path(merged));
  });

  it('never changes the length of the path', () => {
    const segment: fc.Arbitrary<AsPathSegment> = fc.record({
      kind: fc.constantFrom('sequence', 'set', 'confederationSequence', 'confederationSet'),
      asNumbers: fc.array(asNumber, { minLength: 1, maxLength: 5 }),
    });
    const segments = fc.array(segment, { maxLength: 5 });
    fc.assert(
      fc.property(segments, segments, (asPath, as4Path) => {
        expect(asPathLength(mergeAs4Path(asPath, as4Path))).toBe(asPathLength(asPath));
      }),
    );
  });
});

describe('mergeAs4Attributes (RFC 6793 §4.2.3)', () => {
  const asPath: PathAttribute = { type: 'asPath', segments: path(`1 ${trans}`) };
  const as4Path: PathAttribute = { type: 'as4Path', segments: path('70000') };
  const merged: PathAttribute = { type: 'asPath', segments: path('1 70000') };
  const as4Aggregator: PathAttribute = { type: 'as4Aggregator', as: 70000, address: '192.0.2.2' };
  const taken: PathAttribute = { type: 'aggregator', as: 70000, address: '192.0.2.2' };

  // biome-ignore format: one line a row
  it.each<[string, PathAttribute[], PathAttribute[]]>([
    ['AS4_PATH alone', [asPath, as4Path], [merged]],
    ['AGGREGATOR of AS_TRANS: AS4_AGGREGATOR is taken', [asPath, aggregator(trans), as4Path, as4Aggregator], [merged, taken]],
    ['AGGREGATOR of another AS: both AS4 attributes are ignored', [asPath, aggregator(1), as4Path, as4Aggregator], [asPath, aggregator(1)]],
    ['AGGREGATOR of another AS without AS4_AGGREGATOR: AS4_PATH counts', [asPath, aggregator(1), as4Path], [merged, aggregator(1)]],
    ['AGGREGATOR of AS_TRANS without AS4_AGGREGATOR', [asPath, aggregator(trans)], [asPath, aggregator(trans)]],
    ['AS4_AGGREGATOR without AGGREGATOR is about nothing', [asPath, as4Aggregator], [asPath]],
    ['AS4_PATH without AS_PATH', [as4Path], []],
    ['the Partial bit of AGGREGATOR stays', [{ type: 'aggregator', as: trans, address: '192.0.2.1', partial: true }, as4Aggregator], [{ type: 'aggregator', as: 70000, address: '192.0.2.2', partial: true }]],
  ])('%s', (_case, sent, expected) => {
    expect(mergeAs4Attributes(sent)).toEqual(expected);
  });
});

describe('sending to a speaker without 4-octet AS numbers (RFC 6793 §4.2.2)', () => {
  // biome-ignore format: one line a row
  it.each<[string, PathAttribute[], PathAttribute[]]>([
    [
      'an AS that fits: no AS4_PATH',
      [{ type: 'asPath', segments: path('1 65535') }],
      [{ type: 'asPath', segments: path('1 65535') }],
    ],
    [
      'an AS that does not fit: AS_TRANS and AS4_PATH',
      [{ type: 'asPath', segments: path('1 {70000 2}') }],
      [
        { type: 'asPath', segments: path(`1 {${trans} 2}`) },
        { type: 'as4Path', segments: path('1 {70000 2}') },
      ],
    ],
    [
      'confederation segments stay out of AS4_PATH',
      [{ type: 'asPath', segments: path('(64512) 1 [70000] 70001') }],
      [
        { type: 'asPath', segments: path(`(64512) 1 [${trans}] ${trans}`) },
        { type: 'as4Path', segments: path('1 |70001') },
      ],
    ],
    [
      'only confederation segments hold such an AS: an empty AS4_PATH would be malformed',
      [{ type: 'asPath', segments: path('(70000)') }],
      [{ type: 'asPath', segments: path(`(${trans})`) }],
    ],
    [
      'an aggregator that fits',
      [{ type: 'aggregator', as: 65535, address: '192.0.2.1' }],
      [{ type: 'aggregator', as: 65535, address: '192.0.2.1' }],
    ],
    [
      'an aggregator that does not',
      [{ type: 'aggregator', as: 70000, address: '192.0.2.1' }],
      [
        { type: 'aggregator', as: trans, address: '192.0.2.1' },
        { type: 'as4Aggregator', as: 70000, address: '192.0.2.1' },
      ],
    ],
    [
      'an AS4_PATH that is given is sent as it is',
      [
        { type: 'asPath', segments: path('1 70000') },
        { type: 'as4Path', segments: path('70000') },
      ],
      [
        { type: 'asPath', segments: path(`1 ${trans}`) },
        { type: 'as4Path', segments: path('70000') },
      ],
    ],
  ])('%s', (_case, given, sent) => {
    const block = encodePathAttributes(given, oldSession);
    expect(decodePathAttributesAsSent(block, oldSession)).toEqual(sent);
  });

  it('brings paths without confederation segments across whole', () => {
    const segment = fc.record({
      kind: fc.constantFrom('sequence' as const, 'set' as const),
      asNumbers: fc.array(asNumber, { minLength: 1, maxLength: 6 }),
    });
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 4 }), (segments) => {
        const block = encodePathAttributes([{ type: 'asPath', segments }], oldSession);
        expect(decodePathAttributes(block, oldSession)).toEqual([{ type: 'asPath', segments }]);
      }),
    );
  });

  it('asks for an AS4_PATH exactly when an AS number does not fit', () => {
    expect(as4PathFor(path('1 65535'))).toBeUndefined();
    expect(as4PathFor(path('1 65536'))).toEqual(path('1 65536'));
  });
});

it('never sends AS4_PATH and AS4_AGGREGATOR where AS numbers have four octets (RFC 6793 §4.1)', () => {
  const attributes: PathAttribute[] = [
    { type: 'asPath', segments: path('70000') },
    { type: 'as4Path', segments: path('70000') },
    { type: 'as4Aggregator', as: 70000, address: '192.0.2.1' },
  ];
  expect(toHex(encodePathAttributes(attributes, newSession))).toBe('400206020100011170');
});

describe('long sequences', () => {
  const asNumbers = Array.from({ length: 300 }, (_, at) => at + 1);

  it('become segments of 255 at the most, the short one first', () => {
    const block = encodePathAttributes(
      [{ type: 'asPath', segments: [{ kind: 'sequence', asNumbers }] }],
      newSession,
    );
    expect(decodePathAttributes(block, newSession)).toEqual([
      {
        type: 'asPath',
        segments: [
          { kind: 'sequence', asNumbers: asNumbers.slice(0, 45) },
          { kind: 'sequence', asNumbers: asNumbers.slice(45) },
        ],
      },
    ]);
  });

  it('are refused as sets, which would count as two', () => {
    expect(() =>
      encodePathAttributes(
        [{ type: 'asPath', segments: [{ kind: 'set', asNumbers }] }],
        newSession,
      ),
    ).toThrow(expect.objectContaining({ code: 'ERR_WIRE_TOO_LONG' }));
  });
});
