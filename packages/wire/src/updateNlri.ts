import { type FamilyKey, ipv4Unicast } from './addressFamily.ts';
import type { Fault } from './fault.ts';
import { validateNlri } from './nlri/field.ts';
import { inMultiprotocolAttribute } from './nlri/flaw.ts';
import { AttributeCode } from './pathAttribute.ts';
import { withoutReachableNlri } from './updateFault.ts';
import type { UpdateOptions } from './updateOptions.ts';
import { noFamily, type UpdateView } from './updateView.ts';

/** What `validateNlriFields` looks at in its options. */
export type NlriOptions = Pick<UpdateOptions, 'families' | 'addPathReceive' | 'multipleLabels'>;

/**
 * Checks the syntax of all four fields of routes that `splitUpdate` found in `view` (RFC 4271 §6.3, RFC
 * 7606 §3 (i), §5.3). Routes of a family that was not agreed on are to be ignored, and are not looked at.
 * Allocates only for faults; `undefined`: none.
 */
export function validateNlriFields(view: UpdateView, options: NlriOptions): Fault[] | undefined {
  let faults: Fault[] | undefined;
  if (view.withdrawnEnd > view.withdrawnStart) {
    const { withdrawnStart, withdrawnEnd } = view;
    const fault = fieldFault(view, options, withdrawnStart, withdrawnEnd, ipv4Unicast, 'unreach');
    if (fault !== undefined) (faults ??= []).push(fault);
  }
  if (view.mpUnreachFamily !== noFamily) {
    const fault = mpUnreachFault(view, options);
    if (fault !== undefined) (faults ??= []).push(fault);
  }
  if (view.mpReachFamily !== noFamily) {
    const fault = mpReachFault(view, options);
    if (fault !== undefined) (faults ??= []).push(fault);
  }
  if (view.nlriEnd > view.nlriStart) {
    const { nlriStart, nlriEnd } = view;
    const fault = fieldFault(view, options, nlriStart, nlriEnd, ipv4Unicast, 'reach');
    if (fault !== undefined) (faults ??= []).push(fault);
  }
  if (faults === undefined || !view.lacksReachableNlri) return faults;
  return faults.map(withoutReachableNlri);
}

function mpReachFault(view: UpdateView, options: NlriOptions): Fault | undefined {
  const { mpReachFamily: family, mpReachNlriStart: start, mpReachNlriEnd: end } = view;
  if (!options.families.has(family)) return undefined;
  const fault = fieldFault(view, options, start, end, family, 'reach');
  return (
    fault &&
    inMultiprotocolAttribute(
      fault,
      AttributeCode.mpReachNlri,
      view.bytes,
      view.mpReachAttributeStart,
      view.mpReachAttributeEnd,
    )
  );
}

function mpUnreachFault(view: UpdateView, options: NlriOptions): Fault | undefined {
  const { mpUnreachFamily: family, mpUnreachStart: start, mpUnreachEnd: end } = view;
  if (!options.families.has(family)) return undefined;
  const fault = fieldFault(view, options, start, end, family, 'unreach');
  return (
    fault &&
    inMultiprotocolAttribute(
      fault,
      AttributeCode.mpUnreachNlri,
      view.bytes,
      view.mpUnreachAttributeStart,
      view.mpUnreachAttributeEnd,
    )
  );
}

function fieldFault(
  view: UpdateView,
  options: NlriOptions,
  start: number,
  end: number,
  family: FamilyKey,
  context: 'reach' | 'unreach',
): Fault | undefined {
  const addPath = options.addPathReceive.has(family);
  const manyLabels = options.multipleLabels?.has(family);
  return validateNlri(view.bytes, start, end, family, addPath, context, manyLabels);
}
