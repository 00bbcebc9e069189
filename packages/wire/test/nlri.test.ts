import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Afi, familyKey, familyName } from '../src/addressFamily.ts';
import { ByteWriter } from '../src/byteWriter.ts';
import { NlriCursor } from '../src/nlri/cursor.ts';
import { decodeNlri, encodeNlri, validateNlri } from '../src/nlri/field.ts';
import { NlriWalker } from '../src/nlri/walker.ts';
import type { Nlri } from '../src/nlri.ts';
import { formatIpv4Prefix, formatIpv6Prefix } from '../src/text/prefix.ts';
import { type NlriShape, nlriFamilies, nlriOf } from './arbitraries/nlri.ts';

const unknownFamily = familyKey(Afi.l2vpn, 65);
const prefixFamilies = nlriFamilies.filter((family) => (family & 0xff) <= 2 && family < 1024);

const shape: fc.Arbitrary<Required<NlriShape>> = fc.record({
  addPath: fc.boolean(),
  context: fc.constantFrom('reach', 'unreach'),
  multipleLabels: fc.boolean(),
});

function encodeField(nlri: readonly Nlri[], family: number, form: Required<NlriShape>): Uint8Array {
  const writer = new ByteWriter();
  for (const one of nlri) {
    encodeNlri(writer, one, family, form.addPath, form.context, form.multipleLabels);
  }
  return writer.toBytes();
}

function decodeField(bytes: Uint8Array, family: number, form: Required<NlriShape>) {
  return decodeNlri(
    bytes,
    0,
    bytes.length,
    family,
    form.addPath,
    form.context,
    form.multipleLabels,
  );
}

/** Octets in which the lengths that NLRI begin with are likely to make sense now and then. */
const plausibleBytes = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 255 }),
      fc.constantFrom(0, 1, 2, 3, 4, 5, 24, 25, 32, 33, 34, 48, 56, 64, 88, 120, 129, 0x81),
    ),
    { maxLength: 80 },
  )
  .map((octets) => Uint8Array.from(octets));

describe.each(nlriFamilies.map((family) => [familyName(family), family] as const))(
  '%s',
  (_name, family) => {
    test('what was encoded is decoded as it was', () => {
      fc.assert(
        fc.property(
          shape.chain((form) =>
            fc.tuple(
              fc.constant(form),
              fc.array(nlriOf(family, form), {
                maxLength: family === unknownFamily ? 1 : 4,
              }),
            ),
          ),
          ([form, nlri]) => {
            expect(decodeField(encodeField(nlri, family, form), family, form)).toEqual({
              ok: true,
              nlri,
            });
          },
        ),
        { numRuns: 60 },
      );
    });

    test('arbitrary bytes never throw, and validation and the walk find what decoding finds', () => {
      const walker = new NlriWalker();
      fc.assert(
        fc.property(plausibleBytes, shape, (field, form) => {
          // The octets around the field must not be looked at: they would change the outcome.
          const bytes = new Uint8Array(field.length + 20).fill(0xff);
          bytes.set(field, 10);
          const end = 10 + field.length;
          const { addPath, context, multipleLabels } = form;
          const decoded = decodeField(field, family, form);
          const fault = validateNlri(bytes, 10, end, family, addPath, context, multipleLabels);
          const isOfForm = fault !== undefined && fault.action !== 'treatAsWithdraw';
          expect(isOfForm ? fault : undefined).toEqual(decoded.ok ? undefined : decoded.fault);

          walker.reset(bytes, 10, end, family, addPath, context, multipleLabels);
          let count = 0;
          while (walker.next()) {
            count += 1;
            expect(walker.end).toBeLessThanOrEqual(end);
            expect(walker.keyEnd).toBeGreaterThan(walker.keyStart);
          }
          expect(walker.malformed).toBe(!decoded.ok);
          if (decoded.ok) expect(count).toBe(decoded.nlri.length);
        }),
        { numRuns: 150 },
      );
    });

    test('a field that is cut short has a fault, unless it is cut between NLRI', () => {
      if (family === unknownFamily) return;
      fc.assert(
        fc.property(
          shape.chain((form) =>
            fc.tuple(fc.constant(form), nlriOf(family, form), fc.nat({ max: 999 })),
          ),
          ([form, nlri, cut]) => {
            const bytes = encodeField([nlri], family, form);
            const shorter = bytes.subarray(0, cut % bytes.length);
            const decoded = decodeField(shorter, family, form);
            if (shorter.length > 0) expect(decoded.ok).toBe(false);
          },
        ),
        { numRuns: 40 },
      );
    });
  },
);

describe.each(prefixFamilies.map((family) => [familyName(family), family] as const))(
  'the cursor over %s',
  (_name, family) => {
    test('shows the prefixes that decoding gives, and stops where it finds a fault', () => {
      const cursor = new NlriCursor();
      fc.assert(
        fc.property(plausibleBytes, fc.boolean(), (bytes, addPath) => {
          cursor.reset(bytes, 0, bytes.length, family, addPath);
          const seen: Nlri[] = [];
          while (cursor.next()) {
            const { word0, word1, word2, word3, prefixLength, pathId } = cursor;
            const prefix =
              family < 512
                ? formatIpv4Prefix(word0, prefixLength)
                : formatIpv6Prefix(word0, word1, word2, word3, prefixLength);
            seen.push({ kind: 'prefix', prefix, ...(addPath && { pathId }) });
          }
          const decoded = decodeNlri(bytes, 0, bytes.length, family, addPath, 'reach');
          expect(cursor.malformed).toBe(!decoded.ok);
          if (decoded.ok) expect(seen).toEqual(decoded.nlri);
        }),
        { numRuns: 300 },
      );
    });
  },
);
