import { mergeAs4Attributes } from '../asPathMerge.ts';
import { copyOf } from '../copyOf.ts';
import { AttributeFlag, type PathAttribute, type UnknownAttribute } from '../pathAttribute.ts';
import type { UpdateOptions } from '../updateOptions.ts';
import { codecOfCode } from './attributeCodecs.ts';
import { AttributeCodeSet } from './attributeCodeSet.ts';
import { AttributeCursor } from './attributeCursor.ts';
import { acceptsLength } from './attributeRule.ts';
import { attributeRule } from './attributeRules.ts';

const optionalTransitive = AttributeFlag.optional | AttributeFlag.transitive;
/** The flags that a readable attribute keeps; Extended Length follows from the value, the rest means nothing. */
const keptFlags = AttributeFlag.optional | AttributeFlag.transitive | AttributeFlag.partial;

/**
 * The attributes of a block, `bytes[start, end)`: raw path attributes as they stand in an UPDATE, or as
 * `copyAttributeBlock` and `encodePathAttributes` make them. From a session with 2-octet AS numbers
 * (`options.fourOctetAs` false), AS4_PATH and AS4_AGGREGATOR are merged into AS_PATH and AGGREGATOR
 * (RFC 6793 §4.2.3).
 *
 * Validation is another step: this one never throws, and gives an attribute that it cannot read as
 * `unknown`, so that nothing is lost. Of an attribute that is there twice only the first is given (RFC
 * 7606 §3 (g)); octets at the end that are no whole attribute are left out (§4).
 */
export function decodePathAttributes(
  bytes: Uint8Array,
  options: UpdateOptions,
  start: number = 0,
  end: number = bytes.length,
): PathAttribute[] {
  const attributes = decodePathAttributesAsSent(bytes, options, start, end);
  return options.fourOctetAs ? attributes : mergeAs4Attributes(attributes);
}

/** As `decodePathAttributes`, with AS4_PATH and AS4_AGGREGATOR as they came. */
export function decodePathAttributesAsSent(
  bytes: Uint8Array,
  options: UpdateOptions,
  start: number = 0,
  end: number = bytes.length,
): PathAttribute[] {
  const cursor = new AttributeCursor();
  cursor.reset(bytes, start, end);
  return decodeAttributesAt(cursor, options);
}

/** The attributes from `cursor` on, as they came, without those whose type is in `discarded`. */
export function decodeAttributesAt(
  cursor: AttributeCursor,
  options: UpdateOptions,
  discarded?: AttributeCodeSet,
): PathAttribute[] {
  const attributes: PathAttribute[] = [];
  const occurred = new AttributeCodeSet();
  while (cursor.next()) {
    if (!occurred.add(cursor.code) || discarded?.has(cursor.code) === true) continue;
    attributes.push(decodeKnown(cursor, options) ?? unknownAttribute(cursor));
  }
  return attributes;
}

function decodeKnown(cursor: AttributeCursor, options: UpdateOptions): PathAttribute | undefined {
  const { bytes, valueStart, valueEnd, flags } = cursor;
  const rule = attributeRule(cursor.code);
  if (rule === undefined || !acceptsLength(rule.length, valueEnd - valueStart, options)) {
    return undefined;
  }
  const attribute = codecOfCode(cursor.code)?.decode(bytes, valueStart, valueEnd, options);
  if (attribute === undefined) return undefined;
  const isPartial = rule.flags === optionalTransitive && (flags & AttributeFlag.partial) !== 0;
  return isPartial ? ({ ...attribute, partial: true } as PathAttribute) : attribute;
}

function unknownAttribute({
  bytes,
  code,
  flags,
  valueStart,
  valueEnd,
}: AttributeCursor): UnknownAttribute {
  return {
    type: 'unknown',
    code,
    flags: flags & keptFlags,
    value: copyOf(bytes, valueStart, valueEnd),
  };
}
