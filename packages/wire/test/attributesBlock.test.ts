import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BlockRoutes,
  copyAttributeBlock,
  decodePathAttributes,
  decodeUpdate,
  encodeUpdate,
  isBlockInPlace,
  longestBlock,
  splitUpdate,
  UpdatePacker,
  UpdateView,
  validateAttributes,
} from '../src/index.ts';
import { optionsAndUpdate } from './arbitraries/update.ts';
import { concat, hex, toHex } from './bytes.ts';
import {
  asPath,
  attribute,
  mpReach,
  mpUnreach,
  nextHop,
  origin,
  prefix,
  sessionOptions,
  type UpdateParts,
  updateBytes,
} from './updateBytes.ts';

const options = sessionOptions();
/** The MP_REACH_NLRI of `mpReach` without its NLRI. */
const mpHead = attribute(0x80, 14, '0002 01 10 20010db8000000000000000000000001 00');

function viewOf(parts: UpdateParts): UpdateView {
  const view = new UpdateView();
  const bytes = updateBytes(parts);
  splitUpdate(view, bytes, 0, bytes.length);
  validateAttributes(view, options);
  return view;
}

function blockOf(view: UpdateView, routes: BlockRoutes): Uint8Array {
  const target = new Uint8Array(longestBlock(view) + 8).fill(0xee);
  const end = copyAttributeBlock(view, routes, target, 4);
  expect(end - 4).toBeLessThanOrEqual(longestBlock(view));
  // Nothing is written around the block.
  expect([...target.subarray(0, 4), ...target.subarray(end, end + 4)]).toEqual(
    Array.from({ length: 8 }, () => 0xee),
  );
  return target.slice(4, end);
}

describe('copyAttributeBlock', () => {
  const community = attribute(0xc0, 8, 'fde90064');
  // biome-ignore format: one line a row
  it.each<[string, UpdateParts, BlockRoutes, boolean, Uint8Array]>([
    ['attributes as they stand', { attributes: [nextHop, origin, asPath], nlri: prefix }, 'nlri', true, concat(nextHop, origin, asPath)],
    ['none at all', { withdrawn: prefix }, 'nlri', true, new Uint8Array(0)],
    ['without the MP attributes', { attributes: [mpReach, origin, mpUnreach, asPath, nextHop], nlri: prefix }, 'nlri', false, concat(origin, asPath, nextHop)],
    ['of MP_REACH_NLRI: its next hop first, NEXT_HOP not', { attributes: [origin, asPath, nextHop, mpReach, community] }, 'mpReach', false, concat(mpHead, origin, asPath, community)],
    ['without second occurrences', { attributes: [origin, asPath, attribute(0x40, 1, '02'), nextHop], nlri: prefix }, 'nlri', false, concat(origin, asPath, nextHop)],
    ['without what must be discarded', { attributes: [origin, attribute(0x40, 5, '00000064'), asPath, nextHop, attribute(0x40, 6, '01')], nlri: prefix }, 'nlri', false, concat(origin, asPath, nextHop)],
    ['a reserved octet that was set is cleared', { attributes: [attribute(0x90, 14, '0002 01 10 20010db8000000000000000000000001 ff 20 20010db8'), origin, asPath] }, 'mpReach', false, concat(mpHead, origin, asPath)],
    ['of no MP_REACH_NLRI', { attributes: [origin, asPath, nextHop], nlri: prefix }, 'mpReach', false, concat(origin, asPath)],
  ])('%s', (_what, parts, routes, inPlace, block) => {
    const view = viewOf(parts);
    expect(isBlockInPlace(view, routes)).toBe(inPlace);
    expect(toHex(blockOf(view, routes))).toBe(toHex(block));
  });

  it('gives messages that differ only in their routes the same block', () => {
    const other = attribute(
      0x90,
      14,
      '0002 01 10 20010db8000000000000000000000001 00 20 20010db9 10 2a00',
    );
    expect(blockOf(viewOf({ attributes: [mpReach, origin, asPath] }), 'mpReach')).toEqual(
      blockOf(viewOf({ attributes: [other, origin, asPath] }), 'mpReach'),
    );
  });

  it('needs two octets of length for a next hop field of more than 250', () => {
    const long = concat(hex('0019 41 fe'), new Uint8Array(254), [0, 1, 2]);
    const block = blockOf(viewOf({ attributes: [attribute(0x80, 14, long)] }), 'mpReach');
    expect(toHex(block.subarray(0, 8))).toBe('900e0103001941fe');
    expect(block).toHaveLength(4 + 5 + 254);
  });
});

it('a block and its NLRI make the message that they came from', () => {
  fc.assert(
    fc.property(optionsAndUpdate, ([agreed, message]) => {
      const [bytes] = encodeUpdate(message, agreed);
      const view = new UpdateView();
      splitUpdate(view, bytes!, 0, bytes!.length);
      const inMp = view.mpReachNlriEnd > view.mpReachNlriStart;
      if (!view.hasReachableNlri) return;
      const block = blockOf(view, inMp ? 'mpReach' : 'nlri');
      const packer = new UpdatePacker(65535);
      packer.announce(block);
      if (inMp) packer.add(bytes!, view.mpReachNlriStart, view.mpReachNlriEnd);
      else packer.add(bytes!, view.nlriStart, view.nlriEnd);
      expect(packer.finish().map(toHex)).toEqual([toHex(bytes!)]);
    }),
    { numRuns: 200 },
  );
});

it('a block decodes to the attributes of the message, MP_REACH_NLRI without its NLRI', () => {
  fc.assert(
    fc.property(optionsAndUpdate, ([agreed, message]) => {
      const [bytes] = encodeUpdate(message, agreed);
      const view = new UpdateView();
      splitUpdate(view, bytes!, 0, bytes!.length);
      const block = blockOf(view, view.mpReachNlriEnd > view.mpReachNlriStart ? 'mpReach' : 'nlri');
      const result = decodeUpdate(bytes!, 0, bytes!.length, agreed);
      const attributes = result.ok ? result.message.attributes : [];
      expect(decodePathAttributes(block, agreed)).toEqual(
        attributes
          .filter(({ type }) => type !== 'mpUnreachNlri')
          .map((each) => (each.type === 'mpReachNlri' ? { ...each, nlri: [] } : each)),
      );
    }),
    { numRuns: 200 },
  );
});
