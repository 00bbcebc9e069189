import { type FamilyKey, familyKey, ipv4Unicast } from './addressFamily.ts';
import type { UpdateMessage } from './message.ts';
import { noFamily, type UpdateView } from './updateView.ts';

/**
 * The family whose End-of-RIB the UPDATE in `view` is (RFC 4724 §2): nothing at all for IPv4 unicast, a
 * lone and empty MP_UNREACH_NLRI for the others. `undefined` when it is none.
 */
export function endOfRibFamily(view: UpdateView): FamilyKey | undefined {
  if (view.withdrawnEnd > view.withdrawnStart || view.nlriEnd > view.nlriStart) return undefined;
  if (view.attributesEnd === view.attributesStart) return ipv4Unicast;
  const isLoneAndEmpty =
    view.mpUnreachFamily !== noFamily &&
    view.mpUnreachEnd === view.mpUnreachStart &&
    view.mpUnreachAttributeStart === view.attributesStart &&
    view.mpUnreachAttributeEnd === view.attributesEnd;
  return isLoneAndEmpty ? view.mpUnreachFamily : undefined;
}

/** As `endOfRibFamily`, of a readable UPDATE. */
export function endOfRibFamilyOf(message: UpdateMessage): FamilyKey | undefined {
  if (message.withdrawn.length > 0 || message.nlri.length > 0) return undefined;
  const [first, second] = message.attributes;
  if (first === undefined) return ipv4Unicast;
  if (second !== undefined || first.type !== 'mpUnreachNlri' || first.withdrawn.length > 0) {
    return undefined;
  }
  return familyKey(first.afi, first.safi);
}
