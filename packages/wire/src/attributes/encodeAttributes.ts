import { as4PathFor } from '../asPathMerge.ts';
import { ByteWriter } from '../byteWriter.ts';
import { requireInteger } from '../integerRange.ts';
import { AttributeCode, AttributeFlag, type PathAttribute } from '../pathAttribute.ts';
import type { UpdateOptions } from '../updateOptions.ts';
import { WireError } from '../wireError.ts';
import { codecOfType } from './attributeCodecs.ts';
import { attributeName, attributeRule } from './attributeRules.ts';

/** Encoding runs to its end without a break, so that one buffer serves all of it. */
const scratch = new ByteWriter(256);

const keptFlags = AttributeFlag.optional | AttributeFlag.transitive | AttributeFlag.partial;

/** Attribute Type Code of a readable attribute, 0–255. Throws a `WireError` for a `type` that is none. */
export function attributeCode(attribute: PathAttribute): number {
  if (attribute.type === 'unknown')
    return requireInteger('the code of an attribute', attribute.code, 0xff);
  const codec = codecOfType(attribute.type);
  if (codec !== undefined) return codec.code;
  throw new WireError(
    'ERR_WIRE_BAD_VALUE',
    `'${attribute.type}' is not the type of a path attribute`,
  );
}

/**
 * Path attributes as they stand in an UPDATE: MP_REACH_NLRI and MP_UNREACH_NLRI first (RFC 7606 §5.1), the
 * others by ascending type code (RFC 4271 §5). Flags follow from the type.
 *
 * With 2-octet AS numbers (`options.fourOctetAs` false), AS_TRANS stands for larger ones, and AS4_PATH and
 * AS4_AGGREGATOR are added where they are needed (RFC 6793 §4.2.2); ones that are given are sent instead.
 * With 4-octet AS numbers these two are left out, given or not: they must not be sent (RFC 6793 §4.1).
 *
 * Throws a `WireError` for what cannot be sent: `ERR_WIRE_BAD_VALUE` for a member that is out of range or
 * not in its notation, or an attribute type that is there twice; `ERR_WIRE_WRONG_FAMILY` for NLRI of
 * another family; `ERR_WIRE_TOO_LONG` for a value of more than 65535 octets.
 */
export function encodePathAttributes(
  attributes: readonly PathAttribute[],
  options: UpdateOptions,
): Uint8Array {
  scratch.reset();
  writePathAttributes(scratch, attributes, options);
  return scratch.toBytes();
}

/** As `encodePathAttributes`, appended to what `writer` holds. */
export function writePathAttributes(
  writer: ByteWriter,
  attributes: readonly PathAttribute[],
  options: UpdateOptions,
): void {
  for (const attribute of inSendingOrder(attributes, options)) {
    writePathAttribute(writer, attribute, options);
  }
}

/** Appends one attribute with its header. */
function writePathAttribute(
  writer: ByteWriter,
  attribute: PathAttribute,
  options: UpdateOptions,
): void {
  const code = attributeCode(attribute);
  const start = writer.reserve(4);
  if (attribute.type === 'unknown') writer.bytes(attribute.value);
  else codecOfType(attribute.type)!.encode(writer, attribute, options);
  const length = writer.length - start - 4;
  if (length > 0xffff) {
    throw new WireError(
      'ERR_WIRE_TOO_LONG',
      `${attributeName(code)} has ${length} octets; at most 65535 fit`,
    );
  }
  if (length <= 0xff) {
    // One octet of length is enough: the value moves up by one.
    const value = writer.toBytes(start + 4);
    writer.truncate(start);
    writer.u8(flagsOf(attribute, code));
    writer.u8(code);
    writer.u8(length);
    writer.bytes(value);
    return;
  }
  writer.patchU8(start, flagsOf(attribute, code) | AttributeFlag.extendedLength);
  writer.patchU8(start + 1, code);
  writer.patchU16(start + 2, length);
}

function flagsOf(attribute: PathAttribute, code: number): number {
  if (attribute.type === 'unknown') {
    return requireInteger('the flags of an attribute', attribute.flags, 0xff) & keptFlags;
  }
  const isPartial = 'partial' in attribute && attribute.partial;
  return attributeRule(code)!.flags | (isPartial ? AttributeFlag.partial : 0);
}

function inSendingOrder(
  attributes: readonly PathAttribute[],
  options: UpdateOptions,
): PathAttribute[] {
  const ordered = withAs4Attributes(attributes, options).toSorted((a, b) => rank(a) - rank(b));
  ordered.forEach((attribute, index) => {
    const code = attributeCode(attribute);
    if (index === 0 || attributeCode(ordered[index - 1]!) !== code) return;
    throw new WireError(
      'ERR_WIRE_BAD_VALUE',
      `${attributeName(code)} is given twice; an UPDATE has each attribute once (RFC 4271 §5)`,
    );
  });
  return ordered;
}

function rank(attribute: PathAttribute): number {
  const code = attributeCode(attribute);
  const isMp = code === AttributeCode.mpReachNlri || code === AttributeCode.mpUnreachNlri;
  return isMp ? code - 256 : code;
}

function withAs4Attributes(
  attributes: readonly PathAttribute[],
  options: UpdateOptions,
): readonly PathAttribute[] {
  if (options.fourOctetAs) {
    return attributes.filter(({ type }) => type !== 'as4Path' && type !== 'as4Aggregator');
  }
  const added: PathAttribute[] = [];
  for (const attribute of attributes) {
    if (attribute.type === 'asPath' && !has(attributes, 'as4Path')) {
      const segments = as4PathFor(attribute.segments);
      if (segments !== undefined) added.push({ type: 'as4Path', segments });
    } else if (attribute.type === 'aggregator' && !has(attributes, 'as4Aggregator')) {
      const { as, address } = attribute;
      if (as > 0xffff) added.push({ type: 'as4Aggregator', as, address });
    }
  }
  return [...attributes, ...added];
}

function has(attributes: readonly PathAttribute[], type: PathAttribute['type']): boolean {
  return attributes.some((attribute) => attribute.type === type);
}

/**
 * The attributes of a received route as they may be passed on to another peer, as far as attributes that
 * this speaker does not know are concerned: transitive ones with the Partial bit set, the others not at all
 * (RFC 4271 §5, §9). The known ones are for policy to change.
 */
export function attributesToPassOn(attributes: readonly PathAttribute[]): PathAttribute[] {
  const passed: PathAttribute[] = [];
  for (const attribute of attributes) {
    if (attribute.type !== 'unknown') passed.push(attribute);
    else if ((attribute.flags & AttributeFlag.transitive) !== 0) {
      passed.push({ ...attribute, flags: attribute.flags | AttributeFlag.partial });
    }
  }
  return passed;
}
