import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodePathAttributes,
  decodeUpdate,
  encodePathAttributes,
  encodeUpdate,
  type UpdateMessage,
  type UpdateOptions,
} from '../src/index.ts';
import { optionsAndUpdate } from './arbitraries/update.ts';
import { concat } from './bytes.ts';

/** The messages that `encodeUpdate` made, read again; all of them must be sound. */
function decodeAll(messages: readonly Uint8Array[], options: UpdateOptions): UpdateMessage[] {
  return messages.map((bytes) => {
    const result = decodeUpdate(bytes, 0, bytes.length, options);
    expect(result.faults).toEqual([]);
    if (!result.ok) throw new Error(result.fault.text);
    return result.message;
  });
}

describe('encodeUpdate and decodeUpdate', () => {
  it('give back any message with one field of routes', () => {
    fc.assert(
      fc.property(optionsAndUpdate, ([options, message]) => {
        expect(decodeAll(encodeUpdate(message, options), options)).toEqual([message]);
      }),
      { numRuns: 400 },
    );
  });

  it('read a message wherever it stands in its buffer', () => {
    fc.assert(
      fc.property(optionsAndUpdate, fc.nat(50), fc.nat(50), ([options, message], before, after) => {
        const [bytes] = encodeUpdate(message, options);
        const buffer = concat(
          new Uint8Array(before).fill(0xff),
          bytes!,
          new Uint8Array(after).fill(0xff),
        );
        const result = decodeUpdate(buffer, before, before + bytes!.length, options);
        expect(result).toEqual({ ok: true, message, faults: [] });
      }),
      { numRuns: 100 },
    );
  });
});

describe('encodePathAttributes and decodePathAttributes', () => {
  it('give back any attributes', () => {
    fc.assert(
      fc.property(optionsAndUpdate, ([options, { attributes }]) => {
        const block = encodePathAttributes(attributes, options);
        expect(decodePathAttributes(block, options)).toEqual(attributes);
      }),
      { numRuns: 200 },
    );
  });

  it('order what they are given: MP attributes first, the others by type code', () => {
    fc.assert(
      fc.property(
        optionsAndUpdate.chain(([options, { attributes }]) =>
          fc.tuple(
            fc.constant(options),
            fc.constant(attributes),
            fc.shuffledSubarray([...attributes], { minLength: attributes.length }),
          ),
        ),
        ([options, attributes, shuffled]) => {
          expect(encodePathAttributes(shuffled, options)).toEqual(
            encodePathAttributes(attributes, options),
          );
        },
      ),
      { numRuns: 100 },
    );
  });
});
