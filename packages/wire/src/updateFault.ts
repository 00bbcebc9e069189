import type { FamilyKey } from './addressFamily.ts';
import type { AttributeCursor } from './attributes/attributeCursor.ts';
import type { Malformation } from './attributes/attributeRule.ts';
import { attributeName, attributeRule } from './attributes/attributeRules.ts';
import { type Fault, type FaultAction, noData } from './fault.ts';
import { ErrorCode, UpdateSubcode } from './notificationCode.ts';

/** From the weakest to the strongest (RFC 7606 §2). */
const strength: readonly FaultAction[] = [
  'attributeDiscard',
  'treatAsWithdraw',
  'afiSafiDisable',
  'sessionReset',
];

/** The fault that decides what becomes of an UPDATE: the first of those with the strongest action (RFC 7606 §3 (h)). */
export function strongestFault(faults: readonly Fault[] | undefined): Fault | undefined {
  let strongest: Fault | undefined;
  for (const fault of faults ?? []) {
    if (
      strongest === undefined ||
      strength.indexOf(fault.action) > strength.indexOf(strongest.action)
    ) {
      strongest = fault;
    }
  }
  return strongest;
}

/**
 * RFC 7606 §5.2: where an UPDATE has attributes and no reachable NLRI, nobody can tell whether its
 * routes were found, so that whatever is more than an attribute discard resets the session.
 */
export function withoutReachableNlri(fault: Fault): Fault {
  if (fault.action === 'attributeDiscard' || fault.action === 'sessionReset') return fault;
  return { ...fault, action: 'sessionReset', section: `${fault.section} and RFC 7606 §5.2` };
}

/** UPDATE Message Error/Malformed Attribute List, for which RFC 4271 §6.3 names no data. */
export function malformedAttributeList(
  action: FaultAction,
  section: string,
  text: string,
  attribute?: number,
): Fault {
  return {
    action,
    code: ErrorCode.update,
    subcode: UpdateSubcode.malformedAttributeList,
    data: noData,
    section,
    text,
    ...(attribute !== undefined && { attribute }),
  };
}

/** UPDATE Message Error/Missing Well-known Attribute, whose data is the type code (RFC 4271 §6.3); RFC 7606 §3 (d) makes it a withdrawal. */
export function missingAttribute(code: number): Fault {
  return {
    action: 'treatAsWithdraw',
    code: ErrorCode.update,
    subcode: UpdateSubcode.missingWellKnownAttribute,
    data: Uint8Array.of(code),
    section: 'RFC 7606 §3 (d)',
    text: `${attributeName(code)} is missing; it must come with the routes of an UPDATE`,
    attribute: code,
  };
}

/** A fault of the attribute at `cursor`, with the attribute itself as data (RFC 4271 §6.3). */
export function attributeFault(
  cursor: AttributeCursor,
  action: FaultAction,
  subcode: number,
  section: string,
  text: string,
): Fault {
  return {
    action,
    code: ErrorCode.update,
    subcode,
    data: cursor.copy(),
    section,
    text: `${attributeName(cursor.code)} ${text}`,
    attribute: cursor.code,
  };
}

/** A malformed value of the attribute at `cursor`. */
export function malformationFault(
  cursor: AttributeCursor,
  action: FaultAction,
  section: string,
  malformation: Malformation,
): Fault {
  const fault = attributeFault(
    cursor,
    malformation.action ?? action,
    malformation.subcode,
    malformation.section ?? section,
    malformation.text,
  );
  return malformation.withAttribute ? fault : { ...fault, data: noData };
}

/**
 * An incorrect MP_REACH_NLRI or MP_UNREACH_NLRI. RFC 4760 §7 has the receiver delete and then ignore the
 * routes of the family, and lets it reset the session with Optional Attribute Error instead; RFC 7606
 * §3 (j) allows these two and nothing weaker.
 */
export function mpAttributeFault(
  cursor: AttributeCursor,
  family: FamilyKey,
  section: string,
  text: string,
): Fault {
  const subcode = UpdateSubcode.optionalAttributeError;
  const action = attributeRule(cursor.code)!.malformed;
  return { ...attributeFault(cursor, action, subcode, section, text), family };
}
