import { checkAsPath } from './asPathRule.ts';
import { acceptsLength } from './attributes/attributeRule.ts';
import { attributeRule } from './attributes/attributeRules.ts';
import { AttributeCode, AttributeFlag } from './pathAttribute.ts';
import type { ValidationOptions } from './updateOptions.ts';
import type { UpdateView } from './updateView.ts';

const flagMask = AttributeFlag.optional | AttributeFlag.transitive;

/** Types that are told apart by a bit each: 0–31. All that a plain UPDATE needs but LARGE_COMMUNITY are among them. */
const bitTypes = 32;

const mandatory =
  (1 << AttributeCode.origin) | (1 << AttributeCode.asPath) | (1 << AttributeCode.nextHop);

/**
 * Whether the Path Attributes field of an UPDATE whose sections are in `view`, and which announces routes in its NLRI
 * field, is plainly sound and has no MP attribute: all is there that must be, each type once, known and as its rule
 * asks.
 *
 * One pass that answers for nearly all UPDATEs what `splitAttributes` and `validateAttributes` answer in two. When
 * it says no, nothing is known but that they must be asked: of an unknown attribute, for one, they have nothing to
 * say against.
 */
export function areAttributesSound(view: UpdateView, options: ValidationOptions): boolean {
  const { bytes, cursor } = view;
  let seen = 0;
  let hasLargeCommunities = false;
  cursor.reset(bytes, view.attributesStart, view.attributesEnd);
  while (cursor.next()) {
    const { code, valueStart, valueEnd } = cursor;
    if (code < bitTypes) {
      if ((seen & (1 << code)) !== 0) return false;
      seen |= 1 << code;
    } else {
      if (code !== AttributeCode.largeCommunities || hasLargeCommunities) return false;
      hasLargeCommunities = true;
    }
    if (code === AttributeCode.mpReachNlri || code === AttributeCode.mpUnreachNlri) return false;
    const rule = attributeRule(code);
    if (rule === undefined || (cursor.flags & flagMask) !== rule.flags) return false;
    if (rule.refused !== undefined && rule.refused(options) !== undefined) return false;
    if (!acceptsLength(rule.length, valueEnd - valueStart, options)) return false;
    // Who is called by name becomes part of the loop.
    if (code === AttributeCode.asPath) {
      if (checkAsPath(bytes, valueStart, valueEnd, options) !== undefined) return false;
    } else if (rule.value !== undefined) {
      if (rule.value(bytes, valueStart, valueEnd, options) !== undefined) return false;
    }
  }
  return !cursor.broken && (seen & mandatory) === mandatory;
}
