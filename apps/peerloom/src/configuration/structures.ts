import * as z from 'zod';
import { nearest } from './suggestion.ts';
import { complaint } from './values.ts';

/** A mapping of exactly these keys. Of a key that it has not, the nearest that it has is suggested. */
export function mapping<Shape extends z.ZodRawShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? // One line a key, in their order: `problemsOf` takes them apart again.
          issue.keys.map((key) => unknownKey(key, Object.keys(shape))).join('\n')
        : complaint('a mapping (key: value)', issue.input),
  });
}

/** A list. */
export function list<T extends z.ZodType>(item: T): z.ZodArray<T> {
  return z.array(item, { error: (issue) => complaint('a list ([a, b])', issue.input) });
}

/** What is said of a key that is none of `known`. */
export function unknownKey(key: string, known: readonly string[]): string {
  const guess = nearest(key, known);
  return guess === undefined
    ? `is no option; there are ${known.join(', ')}`
    : `is no option; did you mean ${guess}?`;
}
