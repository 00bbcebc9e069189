import { AsPathSegmentType } from './asPath.ts';
import { isHostAddress, isOrigin } from './attributes/attributeChecks.ts';
import { attributeRule } from './attributes/attributeRules.ts';
import { AttributeCode, AttributeFlag } from './pathAttribute.ts';
import type { ValidationOptions } from './updateOptions.ts';

const flagMask = AttributeFlag.optional | AttributeFlag.transitive;

/** Types that are told apart by a bit each: 0–31. All that a plain UPDATE needs but LARGE_COMMUNITY are among them. */
const bitTypes = 32;

const mandatory =
  (1 << AttributeCode.origin) | (1 << AttributeCode.asPath) | (1 << AttributeCode.nextHop);

/** What no masked flags are: of types that are not known, or never plain. */
const noFlags = 0xff;

// The rules as numbers, by attribute type.
const flagsOf = new Uint8Array(256).fill(noFlags);
const leastOf = new Uint32Array(256);
const mostOf = new Uint32Array(256);
const multipleOf = new Uint32Array(256).fill(1);
/** Not accepted on all sessions: the rule must be asked. */
const isRefusable = new Uint8Array(256);

/** Types of which this file checks the values; those of others are sound at any length that is accepted. */
const checkedHere: ReadonlySet<number> = new Set([
  AttributeCode.origin,
  AttributeCode.asPath,
  AttributeCode.nextHop,
  AttributeCode.aggregator,
]);

for (let code = 0; code < 256; code += 1) {
  const rule = attributeRule(code);
  const isMp = code === AttributeCode.mpReachNlri || code === AttributeCode.mpUnreachNlri;
  if (rule === undefined || isMp || (rule.value !== undefined && !checkedHere.has(code))) continue;
  flagsOf[code] = rule.flags;
  leastOf[code] = rule.length.least;
  mostOf[code] = rule.length.most;
  multipleOf[code] = rule.length.multipleOf;
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
  let seen = 0;
  let hasLargeCommunities = false;
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
    if (code < bitTypes) {
      if ((seen & (1 << code)) !== 0) return false;
      seen |= 1 << code;
    } else {
      if (code !== AttributeCode.largeCommunities || hasLargeCommunities) return false;
      hasLargeCommunities = true;
    }
    if (code === AttributeCode.aggregator) {
      if (length !== (fourOctetAs ? 8 : 6) || isAsNumberZero(words, at, fourOctetAs)) return false;
    } else if (
      length < leastOf[code]! ||
      length > mostOf[code]! ||
      length % multipleOf[code]! !== 0
    ) {
      return false;
    } else if (code === AttributeCode.asPath) {
      if (!isAsPathSound(words, at, valueEnd, options)) return false;
    } else if (code === AttributeCode.origin) {
      if (!isOrigin(words.getUint8(at))) return false;
    } else if (code === AttributeCode.nextHop) {
      if (!isHostAddress(words.getUint8(at))) return false;
    } else if (isRefusable[code] !== 0) {
      if (attributeRule(code)!.refused!(options) !== undefined) return false;
    }
    at = valueEnd;
  }
  return (seen & mandatory) === mandatory;
}

/** As `checkAsPath`, but for confederations, which are asked about elsewhere. */
function isAsPathSound(
  words: DataView,
  start: number,
  end: number,
  { fourOctetAs, confederationPeer }: ValidationOptions,
): boolean {
  if (confederationPeer === true) return false;
  const width = fourOctetAs ? 4 : 2;
  let at = start;
  while (at < end) {
    if (end - at < 2) return false;
    const type = words.getUint8(at);
    const count = words.getUint8(at + 1);
    if (type !== AsPathSegmentType.sequence && type !== AsPathSegmentType.set) return false;
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
