import { familyName } from './addressFamily.ts';
import { AttributeCodeSet } from './attributes/attributeCodeSet.ts';
import type { AttributeCursor } from './attributes/attributeCursor.ts';
import { type AttributeRule, acceptsLength } from './attributes/attributeRule.ts';
import { attributeRule } from './attributes/attributeRules.ts';
import { acceptsNextHopLength, nextHopLengthsInWords } from './attributes/mpNextHop.ts';
import { type Fault, noData } from './fault.ts';
import { ErrorCode, UpdateSubcode } from './notificationCode.ts';
import { octetsText } from './octetsText.ts';
import { AttributeCode, AttributeFlag } from './pathAttribute.ts';
import {
  attributeFault,
  malformationFault,
  mpAttributeFault,
  withoutReachableNlri,
} from './updateFault.ts';
import type { ValidationOptions } from './updateOptions.ts';
import { noFamily, type UpdateView } from './updateView.ts';

const flagMask = AttributeFlag.optional | AttributeFlag.transitive;

/** Empty between calls; handed out and replaced when there are faults. */
let collected: Fault[] = [];

/** First occurrences, while a view has duplicates; such messages are rare, and validation is not reentrant. */
const occurred = new AttributeCodeSet();

/**
 * Checks every attribute of the UPDATE that `splitUpdate` found in `view`: flags, lengths and values, by
 * the rules of RFC 4271 §6.3 as RFC 7606 §3 and §7 and the attributes' own specifications revise them.
 * Returns all faults, the attributes in their order; `undefined`, and nothing allocated, when there are
 * none. Attributes that must be discarded are noted in the view, and `copyAttributeBlock` leaves them out.
 *
 * The answer depends on the bytes of the attributes, on whether the NLRI field is empty, and on
 * `options`. A caller that has seen a block without faults need not ask again while these are the same.
 */
export function validateAttributes(
  view: UpdateView,
  options: ValidationOptions,
): Fault[] | undefined {
  if (!collectFaults(view, options, collected)) return undefined;
  const faults = collected;
  collected = [];
  return faults;
}

function collectFaults(view: UpdateView, options: ValidationOptions, faults: Fault[]): boolean {
  const cursor = view.cursor;
  cursor.reset(view.bytes, view.attributesStart, view.attributesEnd);
  if (view.hasDuplicates) occurred.clear();
  view.hasDiscards = false;
  // An UPDATE with routes in MP_REACH_NLRI alone may have a NEXT_HOP, which is to be ignored (RFC 4760 §3).
  const ignoresNextHop = view.nlriEnd === view.nlriStart && view.mpReachFamily !== noFamily;
  while (cursor.next()) {
    const code = cursor.code;
    if (view.hasDuplicates && !occurred.add(code)) continue;
    if (code === AttributeCode.mpUnreachNlri) continue;
    if (code === AttributeCode.mpReachNlri) {
      checkMpNextHop(view, cursor, options, faults);
      continue;
    }
    if (code === AttributeCode.nextHop && ignoresNextHop) continue;
    const rule = attributeRule(code);
    if (rule === undefined) checkUnknown(cursor, faults);
    else checkKnown(view, cursor, rule, options, faults);
  }
  if (faults.length === 0) return false;
  if (view.lacksReachableNlri) {
    faults.forEach((fault, index) => {
      faults[index] = withoutReachableNlri(fault);
    });
  }
  return true;
}

function checkKnown(
  view: UpdateView,
  cursor: AttributeCursor,
  rule: AttributeRule,
  options: ValidationOptions,
  faults: Fault[],
): void {
  const before = faults.length;
  if ((cursor.flags & flagMask) !== rule.flags) faults.push(flagsFault(cursor, rule));
  const refusal = rule.refused?.(options);
  if (refusal !== undefined) {
    faults.push(refusalFault(cursor, refusal.section, refusal.text));
  } else if (!acceptsLength(rule.length, cursor.valueEnd - cursor.valueStart, options)) {
    faults.push(lengthFault(cursor, rule));
  } else {
    const malformation = rule.value?.(cursor.bytes, cursor.valueStart, cursor.valueEnd, options);
    if (malformation !== undefined) {
      faults.push(malformationFault(cursor, rule.malformed, rule.section, malformation));
    }
  }
  for (let index = before; index < faults.length; index += 1) {
    if (faults[index]!.action === 'attributeDiscard') noteDiscard(view, cursor.code);
  }
}

function noteDiscard(view: UpdateView, code: number): void {
  if (!view.hasDiscards) view.discardedCodes.clear();
  view.hasDiscards = true;
  view.discardedCodes.add(code);
}

/** RFC 7606 §3 (c). The Partial bit and the unused ones are not looked at. */
function flagsFault(cursor: AttributeCursor, rule: AttributeRule): Fault {
  const conflict = (cursor.flags ^ rule.flags) & flagMask;
  const own = (conflict & AttributeFlag.transitive) === 0 ? undefined : rule.transitiveConflict;
  const wanted = rule.flags.toString(16).padStart(2, '0');
  const got = (cursor.flags & flagMask).toString(16).padStart(2, '0');
  return attributeFault(
    cursor,
    own?.action ?? 'treatAsWithdraw',
    UpdateSubcode.attributeFlagsError,
    own?.section ?? 'RFC 7606 §3 (c)',
    `has 0x${got} as its Optional and Transitive flags; they must be 0x${wanted}`,
  );
}

function lengthFault(cursor: AttributeCursor, rule: AttributeRule): Fault {
  const length = cursor.valueEnd - cursor.valueStart;
  return attributeFault(
    cursor,
    rule.malformed,
    UpdateSubcode.attributeLengthError,
    rule.section,
    `has ${octetsText(length)}; it must be ${rule.length.words}`,
  );
}

/** Not an error of the message, so that no subcode fits. */
function refusalFault(cursor: AttributeCursor, section: string, text: string): Fault {
  const fault = attributeFault(cursor, 'attributeDiscard', 0, section, text);
  return { ...fault, code: ErrorCode.update, data: noData };
}

/** An attribute that is not optional must be recognized (RFC 4271 §6.3); RFC 7606 leaves this one as it was. */
function checkUnknown(cursor: AttributeCursor, faults: Fault[]): void {
  if ((cursor.flags & AttributeFlag.optional) !== 0) return;
  faults.push(
    attributeFault(
      cursor,
      'sessionReset',
      UpdateSubcode.unrecognizedWellKnownAttribute,
      'RFC 4271 §6.3',
      'is said to be well-known, but this speaker does not know it',
    ),
  );
}

/** RFC 7606 §7.11. Routes of a family that was not agreed on are ignored, whatever their next hop. */
function checkMpNextHop(
  view: UpdateView,
  cursor: AttributeCursor,
  options: ValidationOptions,
  faults: Fault[],
): void {
  const family = view.mpReachFamily;
  // Where the next hop does not fit the attribute, `splitUpdate` has said so.
  if (view.mpReachNextHopStart === view.mpReachAttributeEnd) return;
  if (!options.families.has(family)) return;
  const length = view.mpReachNextHopEnd - view.mpReachNextHopStart;
  const extended = options.extendedNextHop.has(family);
  if (acceptsNextHopLength(family, length, extended)) return;
  const words = nextHopLengthsInWords(family, extended);
  const text = `has a next hop of ${octetsText(length)}; for ${familyName(family)} it must be ${words}`;
  faults.push(mpAttributeFault(cursor, family, 'RFC 7606 §7.11', text));
}
