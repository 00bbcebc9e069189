import * as fc from 'fast-check';
import { encodeUpdate, type UpdateOptions } from '../../src/index.ts';
import { internal } from '../faultTable.ts';
import {
  asPath,
  asPath2,
  attribute,
  nextHop,
  origin,
  prefix,
  sessionOptions,
  updateBytes,
} from '../updateBytes.ts';
import { optionsAndUpdate } from './update.ts';

/** What nearly every route has, or might. */
function usual(fourOctetAs: boolean): Uint8Array[] {
  return [
    origin,
    fourOctetAs ? asPath : asPath2,
    nextHop,
    attribute(0x80, 4, '00000001'),
    attribute(0x40, 5, '00000064'),
    attribute(0x40, 6, ''),
    attribute(0xc0, 7, fourOctetAs ? '0000fde9 c0000201' : 'fde9 c0000201'),
    attribute(0xc0, 8, 'fde90001 fde90002'),
    attribute(0xc0, 16, '0002fde900000001'),
    attribute(0xc0, 32, '000000010000000200000003'),
  ];
}

type Updates = readonly [UpdateOptions, readonly Uint8Array[]];

/** An UPDATE with most of the usual attributes, and the session that it is sound on. */
function usualUpdate(fourOctetAs: boolean): fc.Arbitrary<Updates> {
  const options = sessionOptions({ ...internal, fourOctetAs });
  return fc
    .shuffledSubarray(usual(fourOctetAs), { minLength: 6 })
    .map((attributes) => [options, [updateBytes({ attributes, nlri: prefix })]]);
}

const anyUpdate: fc.Arbitrary<Updates> = optionsAndUpdate.map(([options, message]) => [
  options,
  encodeUpdate(message, options),
]);

/** UPDATEs of any kind, many of them plain, with the options of the session that they are sound on. */
export const plainOrAny: fc.Arbitrary<Updates> = fc.oneof(
  anyUpdate,
  usualUpdate(true),
  usualUpdate(false),
);
