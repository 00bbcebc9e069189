import { type FamilyKey, familyKey } from '../addressFamily.ts';
import type { Fault } from '../fault.ts';
import { UpdateSubcode } from '../notificationCode.ts';
import { AttributeCode, AttributeFlag } from '../pathAttribute.ts';
import { readU16 } from '../text/number.ts';
import { attributeFault, mpAttributeFault } from '../updateFault.ts';
import type { UpdateView } from '../updateView.ts';
import type { AttributeCursor } from './attributeCursor.ts';
import type { AttributeRule } from './attributeRule.ts';
import { attributeRule } from './attributeRules.ts';

const flagMask = AttributeFlag.optional | AttributeFlag.transitive;
const reachRule = attributeRule(AttributeCode.mpReachNlri)!;
const unreachRule = attributeRule(AttributeCode.mpUnreachNlri)!;

/** Notes where the parts of the MP_REACH_NLRI at `cursor` stand, and returns what is wrong with it (RFC 4760 §3, RFC 7606 §5.3). */
export function noteMpReach(view: UpdateView, cursor: AttributeCursor): Fault | undefined {
  const { bytes, valueStart, valueEnd } = cursor;
  if (valueEnd - valueStart < 3) return noFamilyField(cursor);
  const family = familyKey(readU16(bytes, valueStart), bytes[valueStart + 2]!);
  view.mpReachFamily = family;
  view.mpReachAttributeStart = cursor.start;
  view.mpReachAttributeEnd = valueEnd;
  view.mpReachNextHopStart = valueEnd;
  view.mpReachNextHopEnd = valueEnd;
  view.mpReachNlriStart = valueEnd;
  view.mpReachNlriEnd = valueEnd;
  if (valueEnd - valueStart < 5) {
    return mpAttributeFault(cursor, family, reachRule.section, 'is shorter than 5 octets');
  }
  const nextHopStart = valueStart + 4;
  const nextHopEnd = nextHopStart + bytes[valueStart + 3]!;
  // An octet that is reserved stands between the next hop and the NLRI.
  if (nextHopEnd + 1 > valueEnd) {
    return mpAttributeFault(
      cursor,
      family,
      'RFC 7606 §7.11',
      `has a next hop of ${nextHopEnd - nextHopStart} octets, which does not fit into it`,
    );
  }
  view.mpReachNextHopStart = nextHopStart;
  view.mpReachNextHopEnd = nextHopEnd;
  view.mpReachNlriStart = nextHopEnd + 1;
  return flagsFault(cursor, family, reachRule);
}

/** Notes where the parts of the MP_UNREACH_NLRI at `cursor` stand, and returns what is wrong with it (RFC 4760 §4, RFC 7606 §5.3). */
export function noteMpUnreach(view: UpdateView, cursor: AttributeCursor): Fault | undefined {
  const { bytes, valueStart, valueEnd } = cursor;
  if (valueEnd - valueStart < 3) return noFamilyField(cursor);
  const family = familyKey(readU16(bytes, valueStart), bytes[valueStart + 2]!);
  view.mpUnreachFamily = family;
  view.mpUnreachAttributeStart = cursor.start;
  view.mpUnreachAttributeEnd = valueEnd;
  view.mpUnreachStart = valueStart + 3;
  view.mpUnreachEnd = valueEnd;
  return flagsFault(cursor, family, unreachRule);
}

function flagsFault(
  cursor: AttributeCursor,
  family: FamilyKey,
  rule: AttributeRule,
): Fault | undefined {
  if ((cursor.flags & flagMask) === rule.flags) return undefined;
  const flags = cursor.flags.toString(16).padStart(2, '0');
  const text = `has flags 0x${flags}; it must be optional and non-transitive`;
  return mpAttributeFault(cursor, family, rule.section, text);
}

/** There is no family to disable, so that only the session reset of RFC 4760 §7 is left. */
function noFamilyField(cursor: AttributeCursor): Fault {
  return attributeFault(
    cursor,
    'sessionReset',
    UpdateSubcode.optionalAttributeError,
    unreachRule.section,
    'is shorter than 3 octets, too short for AFI and SAFI',
  );
}
