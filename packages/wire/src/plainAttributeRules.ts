import { AsPathSegmentType } from './asPath.ts';
import { isOrigin } from './attributes/attributeChecks.ts';
import { attributeRule } from './attributes/attributeRules.ts';
import { isHostOctet } from './hostAddress.ts';
import { AttributeCode } from './pathAttribute.ts';
import { type ValidationOptions, validationKind } from './updateOptions.ts';

/** Words of a rule: its flags, the least and the greatest length, and what that is a multiple of. */
export const wordsARule = 4;
const flagsWord = 0;
const leastWord = 1;
const mostWord = 2;
const multipleWord = 3;
const attributeTypes = 0x100;
/** What no flags are: of types that are not known, not accepted, or never plain. */
const noFlags = 0xffff;

/** Types of which the scanner itself checks the values; those of others are sound at any length that is accepted. */
const checkedThere: ReadonlySet<number> = new Set([
  AttributeCode.origin,
  AttributeCode.asPath,
  AttributeCode.nextHop,
  AttributeCode.aggregator,
]);

/** What the attributes of plain UPDATEs are held against on a kind of session, in numbers. */
export interface PlainAttributeRules {
  /** Of each attribute type, 0–255; see `wordsARule`. The scanner takes as many as it has room for. */
  readonly rules: Uint32Array;
  /** Octets of an AS number. */
  readonly asNumberLength: number;
  /** Type of the segment that an AS_PATH must begin with; 0: of any. */
  readonly firstSegment: number;
  /** The greatest type that a segment may have. */
  readonly lastSegment: number;
}

/** Rules by `validationKind`, of which a host has a few. */
const known: (PlainAttributeRules | undefined)[] = [];

/** The rules that hold on sessions with these options. */
export function plainAttributeRules(options: ValidationOptions): PlainAttributeRules {
  const kind = validationKind(options);
  return (known[kind] ??= makeRules(options));
}

function makeRules(options: ValidationOptions): PlainAttributeRules {
  const { fourOctetAs, peerType, confederationPeer } = options;
  const isInternal = peerType === 'internal';
  const isMember = confederationPeer === true && !isInternal;
  const { sequence, confederationSequence, confederationSet } = AsPathSegmentType;
  return {
    rules: rulesOf(options),
    asNumberLength: fourOctetAs ? 4 : 2,
    firstSegment: isMember ? confederationSequence : 0,
    lastSegment: isInternal || isMember ? confederationSet : sequence,
  };
}

function rulesOf(options: ValidationOptions): Uint32Array {
  const words = new Uint32Array(attributeTypes * wordsARule);
  for (let code = 0; code < attributeTypes; code += 1) {
    const rule = attributeRule(code);
    const at = code * wordsARule;
    words[at + flagsWord] = noFlags;
    const isMp = code === AttributeCode.mpReachNlri || code === AttributeCode.mpUnreachNlri;
    if (rule === undefined || isMp || (rule.value !== undefined && !checkedThere.has(code)))
      continue;
    if (rule.refused?.(options) !== undefined) continue;
    // Of a length that depends on the width of AS numbers there is one, so it is no multiple of anything.
    const { least, most, multipleOf, lessWithTwoOctetAs } = rule.length;
    const less = options.fourOctetAs ? 0 : lessWithTwoOctetAs;
    words[at + flagsWord] = rule.flags;
    words[at + leastWord] = least - less;
    words[at + mostWord] = most - less;
    words[at + multipleWord] = multipleOf;
  }
  return words;
}

/** By first octet: 1 for an ORIGIN that is known. */
export const knownOrigins: Uint8Array = octetsThat(isOrigin);

/** By first octet: 1 for a NEXT_HOP that can be the address of a host. */
export const hostAddresses: Uint8Array = octetsThat(isHostOctet);

function octetsThat(passes: (octet: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 0x100 }, (_, octet) => (passes(octet) ? 1 : 0));
}
