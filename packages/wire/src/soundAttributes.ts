import { AsPathSegmentType } from './asPath.ts';
import { isHostAddress, isOrigin } from './attributes/attributeChecks.ts';
import { attributeRule } from './attributes/attributeRules.ts';
import { AttributeCode, AttributeFlag } from './pathAttribute.ts';
import type { ValidationOptions } from './updateOptions.ts';

const flagMask = AttributeFlag.optional | AttributeFlag.transitive;

const mandatory =
  (1 << AttributeCode.origin) | (1 << AttributeCode.asPath) | (1 << AttributeCode.nextHop);

/** What no masked flags are: of types that are not known, or never plain. */
const noFlags = 0xff;

// The rules as numbers, by attribute type.
const flagsOf = new Uint8Array(256).fill(noFlags);
const leastOf = new Uint32Array(256);
const mostOf = new Uint32Array(256);
const multipleOf = new Uint32Array(256).fill(1);
const lessWithTwoOctetAs = new Uint32Array(256);
/** Not accepted on all sessions: the rule must be asked. */
const isRefusable = new Uint8Array(256);

/** Types of which this file checks the values; those of others are sound at any length that is accepted. */
const checkedHere: ReadonlySet<number> = new Set([
  AttributeCode.origin,
  AttributeCode.asPath,
  AttributeCode.nextHop,
  AttributeCode.aggregator,
]);

/** Types below this are told apart by a bit each, of two words. */
const bitTypes = 64;

for (let code = 0; code < bitTypes; code += 1) {
  const rule = attributeRule(code);
  const isMp = code === AttributeCode.mpReachNlri || code === AttributeCode.mpUnreachNlri;
  if (rule === undefined || isMp || (rule.value !== undefined && !checkedHere.has(code))) continue;
  flagsOf[code] = rule.flags;
  leastOf[code] = rule.length.least;
  mostOf[code] = rule.length.most;
  multipleOf[code] = rule.length.multipleOf;
  lessWithTwoOctetAs[code] = rule.length.lessWithTwoOctetAs;
  isRefusable[code] = rule.refused === undefined ? 0 : 1;
}

/**
 * Whether the Path Attributes field `words[start, end)` of an UPDATE that announces routes in its NLRI field is plainly
 * sound, and has no MP attribute: all is there that must be, each type once, known and as its rule asks.
 *
 * One pass that answers for nearly all UPDATEs what `splitUpdate` and `validateAttributes` answer in two. When it says
 * no, nothing is known but that they must be asked: of an unknown attribute, for one, they have nothing to say
 * against. It reads numbers where they ask rules, for V8 runs such a loop soon, and a loop of calls late.
 */
export function areAttributesSound(
  words: DataView,
  start: number,
  end: number,
  options: ValidationOptions,
): boolean {
  const { fourOctetAs } = options;
  /** Types that were met, 0–31 and 32–63, as bits. */
  let low = 0;
  let high = 0;
  let at = start;
  while (at < end) {
    if (end - at < 3) return false;
    const flags = words.getUint8(at);
    const code = words.getUint8(at + 1);
    let length = words.getUint8(at + 2);
    at += 3;
    if ((flags & AttributeFlag.extendedLength) !== 0) {
      if (at === end) return false;
      length = (length << 8) | words.getUint8(at);
      at += 1;
    }
    const valueEnd = at + length;
    if (valueEnd > end || (flags & flagMask) !== flagsOf[code]) return false;
    const bit = 1 << (code & 31);
    if (((code < 32 ? low : high) & bit) !== 0) return false;
    if (code < 32) low |= bit;
    else high |= bit;
    const octets = fourOctetAs ? length : length + lessWithTwoOctetAs[code]!;
    if (octets < leastOf[code]! || octets > mostOf[code]! || octets % multipleOf[code]! !== 0) {
      return false;
    }
    if (code === AttributeCode.asPath) {
      if (!isAsPathSound(words, at, valueEnd, options)) return false;
    } else if (code === AttributeCode.origin) {
      if (!isOrigin(words.getUint8(at))) return false;
    } else if (code === AttributeCode.nextHop) {
      if (!isHostAddress(words.getUint8(at))) return false;
    } else if (code === AttributeCode.aggregator) {
      if (isAsNumberZero(words, at, fourOctetAs)) return false;
    } else if (isRefusable[code] !== 0) {
      if (attributeRule(code)!.refused!(options) !== undefined) return false;
    }
    at = valueEnd;
  }
  return (low & mandatory) === mandatory;
}

/** As `checkAsPath`. */
function isAsPathSound(
  words: DataView,
  start: number,
  end: number,
  { fourOctetAs, peerType, confederationPeer }: ValidationOptions,
): boolean {
  const isInternal = peerType === 'internal';
  const isMember = confederationPeer === true && !isInternal;
  const { sequence, confederationSequence, confederationSet } = AsPathSegmentType;
  if (isMember && (start === end || words.getUint8(start) !== confederationSequence)) return false;
  const last = isInternal || isMember ? confederationSet : sequence;
  const width = fourOctetAs ? 4 : 2;
  let at = start;
  while (at < end) {
    if (end - at < 2) return false;
    const type = words.getUint8(at);
    const count = words.getUint8(at + 1);
    if (type < AsPathSegmentType.set || type > last) return false;
    at += 2;
    const segmentEnd = at + count * width;
    if (count === 0 || segmentEnd > end) return false;
    for (; at < segmentEnd; at += width) if (isAsNumberZero(words, at, fourOctetAs)) return false;
  }
  return true;
}

function isAsNumberZero(words: DataView, at: number, fourOctetAs: boolean): boolean {
  return (fourOctetAs ? words.getInt32(at) : words.getInt16(at)) === 0;
}
