import { AttributeCodeSet } from './attributes/attributeCodeSet.ts';
import { attributeName } from './attributes/attributeRules.ts';
import { noteMpReach, noteMpUnreach } from './attributes/mpAttributes.ts';
import type { Fault } from './fault.ts';
import { lengthFault } from './header.ts';
import { headerLength, maximumExtendedMessageLength } from './message.ts';
import { AttributeCode } from './pathAttribute.ts';
import { readU16 } from './text/number.ts';
import {
  malformedAttributeList,
  missingAttribute,
  strongestFault,
  withoutReachableNlri,
} from './updateFault.ts';
import { noFamily, type UpdateView } from './updateView.ts';

/** Octets of the shortest UPDATE: its header, and the two length fields. */
export const shortestUpdate: number = headerLength + 4;

const originBit = 1 << AttributeCode.origin;
const asPathBit = 1 << AttributeCode.asPath;
const nextHopBit = 1 << AttributeCode.nextHop;
/** Mandatory with routes (RFC 4271 §5). LOCAL_PREF is not in that category, even from internal peers. */
const mandatoryWithNlri = originBit | asPathBit | nextHopBit;
/** MP_REACH_NLRI has a next hop of its own (RFC 4760 §3). */
const mandatoryWithMpReach = originBit | asPathBit;

/**
 * Finds the parts of the UPDATE in `bytes[start, end)`, header included, and notes them in `view`. Looks
 * at what every message must be asked (RFC 4271 §6.3, RFC 7606 §3–§5): the lengths of the sections and of
 * each attribute, attributes that are there twice or are missing, and the fixed part of the MP attributes.
 * What the attributes and the NLRI hold is `validateAttributes`' and `validateNlriFields`' to check.
 *
 * Returns the strongest fault; all of them are in `view.faults`. Unless the lengths of the sections are
 * wrong (the fault is then the first and only one), the view is filled in as far as the message can be
 * read, so that its routes can be withdrawn. Never reads outside the message; allocates only for faults.
 */
export function splitUpdate(
  view: UpdateView,
  bytes: Uint8Array,
  start: number,
  end: number,
): Fault | undefined {
  reset(view, bytes, end);
  if (end - start < shortestUpdate) {
    return note(
      view,
      lengthFault(end - start, 'UPDATE', shortestUpdate, maximumExtendedMessageLength),
    );
  }
  const withdrawnStart = start + headerLength + 2;
  const withdrawnEnd = withdrawnStart + readU16(bytes, withdrawnStart - 2);
  if (withdrawnEnd + 2 > end) return note(view, sectionFault('Withdrawn Routes Length'));
  const attributesStart = withdrawnEnd + 2;
  const attributesEnd = attributesStart + readU16(bytes, withdrawnEnd);
  if (attributesEnd > end) return note(view, sectionFault('Total Path Attribute Length'));
  view.withdrawnStart = withdrawnStart;
  view.withdrawnEnd = withdrawnEnd;
  view.attributesStart = attributesStart;
  view.attributesEnd = attributesEnd;
  view.nlriStart = attributesEnd;
  walkAttributes(view);
  noteMissing(view);
  if (view.faults === undefined) return undefined;
  if (view.lacksReachableNlri) view.faults = view.faults.map(withoutReachableNlri);
  return strongestFault(view.faults);
}

function reset(view: UpdateView, bytes: Uint8Array, end: number): void {
  // A store that changes nothing is not free: the collector is told of it.
  if (view.bytes !== bytes) view.bytes = bytes;
  view.withdrawnStart = end;
  view.withdrawnEnd = end;
  view.attributesStart = end;
  view.attributesEnd = end;
  view.nlriStart = end;
  view.nlriEnd = end;
  view.mpReachFamily = noFamily;
  view.mpReachNlriStart = end;
  view.mpReachNlriEnd = end;
  view.mpUnreachFamily = noFamily;
  view.mpUnreachStart = end;
  view.mpUnreachEnd = end;
  view.seenCodes.clear();
  view.hasDuplicates = false;
  view.hasDiscards = false;
  view.faults = undefined;
}

/** Attribute types met more than once, while a view has duplicates; splitting is not reentrant. */
const repeated = new AttributeCodeSet();

/** One pass over the attribute headers. */
function walkAttributes(view: UpdateView): void {
  const cursor = view.cursor;
  const seen = view.seenCodes;
  cursor.reset(view.bytes, view.attributesStart, view.attributesEnd);
  while (cursor.next()) {
    const code = cursor.code;
    if (!seen.add(code)) noteDuplicate(view, code);
    else if (code === AttributeCode.mpReachNlri) note(view, noteMpReach(view, cursor));
    else if (code === AttributeCode.mpUnreachNlri) note(view, noteMpUnreach(view, cursor));
  }
  if (cursor.broken) note(view, brokenAttribute(view, cursor.code));
}

function note(view: UpdateView, fault: Fault | undefined): Fault | undefined {
  if (fault !== undefined) (view.faults ??= []).push(fault);
  return fault;
}

/**
 * RFC 7606 §3 (g): the first occurrence is kept, the others are discarded; but an MP attribute must not be
 * there twice. Told once for each type: a message has room for 21,000 empty attributes, and a fault is
 * a hundred times as large as one.
 */
function noteDuplicate(view: UpdateView, code: number): void {
  if (!view.hasDuplicates) repeated.clear();
  view.hasDuplicates = true;
  if (!repeated.add(code)) return;
  const isMp = code === AttributeCode.mpReachNlri || code === AttributeCode.mpUnreachNlri;
  const action = isMp ? 'sessionReset' : 'attributeDiscard';
  const text = `${attributeName(code)} appears more than once${isMp ? '' : '; all but the first are discarded'}`;
  note(view, malformedAttributeList(action, 'RFC 7606 §3 (g)', text, code));
}

/**
 * RFC 7606 §4: the attributes do not end where Total Path Attribute Length says, but the NLRI field is
 * still where it says. An MP attribute that is cut hides its routes, though: they cannot be withdrawn
 * (§3 (j)).
 */
function brokenAttribute(view: UpdateView, code: number): Fault {
  const isMp = code === AttributeCode.mpReachNlri || code === AttributeCode.mpUnreachNlri;
  const text = `${attributeName(code)}, the last of the attributes, is not whole: it would end after Total Path Attribute Length does`;
  return isMp
    ? malformedAttributeList('sessionReset', 'RFC 7606 §3 (j)', text, code)
    : malformedAttributeList('treatAsWithdraw', 'RFC 7606 §4', text, code);
}

function noteMissing(view: UpdateView): void {
  const required =
    view.nlriEnd > view.nlriStart
      ? mandatoryWithNlri
      : view.mpReachNlriEnd > view.mpReachNlriStart
        ? mandatoryWithMpReach
        : 0;
  const missing = required & ~view.seen;
  // What cannot be read of a broken block may hold them.
  if (missing === 0 || view.cursor.broken) return;
  if ((missing & originBit) !== 0) note(view, missingAttribute(AttributeCode.origin));
  if ((missing & asPathBit) !== 0) note(view, missingAttribute(AttributeCode.asPath));
  if ((missing & nextHopBit) !== 0) note(view, missingAttribute(AttributeCode.nextHop));
}

/** RFC 4271 §6.3, unchanged by RFC 7606 §3 (b). */
function sectionFault(field: string): Fault {
  return malformedAttributeList(
    'sessionReset',
    'RFC 4271 §6.3',
    `${field} is too large: the sections would end after the message does`,
  );
}
