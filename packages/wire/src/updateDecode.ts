import { type FamilyKey, familyKey, familyOfKey, ipv4Unicast } from './addressFamily.ts';
import { mergeAs4Attributes } from './asPathMerge.ts';
import { decodeAttributesAt } from './attributes/decodeAttributes.ts';
import type { Fault } from './fault.ts';
import type { UpdateMessage } from './message.ts';
import type { NlriContext } from './nlri/codec.ts';
import { decodeNlri } from './nlri/field.ts';
import type { Nlri } from './nlri.ts';
import type { MpUnreachNlriAttribute, PathAttribute } from './pathAttribute.ts';
import { strongestFault } from './updateFault.ts';
import { validateNlriFields } from './updateNlri.ts';
import type { UpdateOptions } from './updateOptions.ts';
import { splitUpdate } from './updateSplit.ts';
import { validateAttributes } from './updateValidation.ts';
import { noFamily, UpdateView } from './updateView.ts';

/** What became of a received UPDATE. */
export type DecodedUpdate =
  | {
      readonly ok: true;
      /** Without the attributes that had to be discarded. */
      readonly message: UpdateMessage;
      /** All with action `attributeDiscard`; most often none. */
      readonly faults: readonly Fault[];
    }
  | {
      readonly ok: false;
      /** The one that decides: the first of the strongest (RFC 7606 §3 (h)). */
      readonly fault: Fault;
      /** All that were found. */
      readonly faults: readonly Fault[];
      /**
       * What is left to process, unless the session is reset. Treat-as-withdraw: all routes of the UPDATE,
       * as withdrawals. AFI/SAFI disable: the routes of other families.
       */
      readonly remaining?: UpdateMessage;
    };

/**
 * Reads and validates the UPDATE in `bytes[start, end)`, header included. For people, policies and tests;
 * where every microsecond counts, `splitUpdate`, `validateAttributes` and `validateNlriFields`, from which
 * this one has its faults, do the same without building objects.
 *
 * Routes of a family that is not in `options.families` are decoded if they can be (and given as an
 * attribute of type `unknown` if not); it is the caller's to ignore them.
 */
export function decodeUpdate(
  bytes: Uint8Array,
  start: number,
  end: number,
  options: UpdateOptions,
): DecodedUpdate {
  const view = new UpdateView();
  const faults = findFaults(view, bytes, start, end, options);
  const fault = strongestFault(faults);
  if (fault === undefined || fault.action === 'attributeDiscard') {
    return { ok: true, message: readMessage(view, options), faults };
  }
  if (fault.action === 'sessionReset') return { ok: false, fault, faults };
  return { ok: false, fault, faults, remaining: readRemaining(view, options, faults) };
}

/** Every fault of an UPDATE, in the order in which the checks meet them. Fills in `view`. */
export function findFaults(
  view: UpdateView,
  bytes: Uint8Array,
  start: number,
  end: number,
  options: UpdateOptions,
): readonly Fault[] {
  splitUpdate(view, bytes, start, end);
  return [
    ...(view.faults ?? []),
    ...(validateAttributes(view, options) ?? []),
    ...(validateNlriFields(view, options) ?? []),
  ];
}

function readMessage(view: UpdateView, options: UpdateOptions): UpdateMessage {
  return {
    kind: 'update',
    withdrawn: readNlri(
      view,
      view.withdrawnStart,
      view.withdrawnEnd,
      ipv4Unicast,
      'unreach',
      options,
    ),
    attributes: readAttributes(view, options),
    nlri: readNlri(view, view.nlriStart, view.nlriEnd, ipv4Unicast, 'reach', options),
  };
}

function readAttributes(view: UpdateView, options: UpdateOptions): PathAttribute[] {
  view.cursor.reset(view.bytes, view.attributesStart, view.attributesEnd);
  const discarded = view.hasDiscards ? view.discardedCodes : undefined;
  const attributes = decodeAttributesAt(view.cursor, options, discarded);
  return options.fourOctetAs ? attributes : mergeAs4Attributes(attributes);
}

/** None where the field cannot be read: its fault has been reported. */
function readNlri(
  view: UpdateView,
  start: number,
  end: number,
  family: FamilyKey,
  context: NlriContext,
  options: UpdateOptions,
): Nlri[] {
  const addPath = options.addPathReceive.has(family);
  const manyLabels = options.multipleLabels?.has(family);
  const result = decodeNlri(view.bytes, start, end, family, addPath, context, manyLabels);
  return result.ok ? result.nlri : [];
}

function readRemaining(
  view: UpdateView,
  options: UpdateOptions,
  faults: readonly Fault[],
): UpdateMessage {
  const disabled = new Set<FamilyKey>();
  for (const { action, family } of faults) {
    if (action === 'afiSafiDisable' && family !== undefined) disabled.add(family);
  }
  if (faults.some(({ action }) => action === 'treatAsWithdraw')) {
    return readWithdrawal(view, options, disabled);
  }
  const message = readMessage(view, options);
  const attributes = message.attributes.filter(
    (attribute) => !isOfFamily(attribute, disabled) && !isUnreadMp(attribute),
  );
  return disabled.has(ipv4Unicast)
    ? { kind: 'update', withdrawn: [], attributes, nlri: [] }
    : { ...message, attributes };
}

function isOfFamily(attribute: PathAttribute, families: ReadonlySet<FamilyKey>): boolean {
  const isMp = attribute.type === 'mpReachNlri' || attribute.type === 'mpUnreachNlri';
  return isMp && families.has(familyKey(attribute.afi, attribute.safi));
}

/** An MP attribute that could not be read is of a disabled family, or of one that was not agreed on. */
function isUnreadMp(attribute: PathAttribute): boolean {
  return attribute.type === 'unknown' && (attribute.code === 14 || attribute.code === 15);
}

/** All routes of the UPDATE as withdrawals, in the fields that they would be withdrawn in (RFC 7606 §2). */
function readWithdrawal(
  view: UpdateView,
  options: UpdateOptions,
  disabled: ReadonlySet<FamilyKey>,
): UpdateMessage {
  const read = (start: number, end: number, family: FamilyKey): Nlri[] =>
    disabled.has(family) ? [] : readNlri(view, start, end, family, 'unreach', options);
  const attributes: MpUnreachNlriAttribute[] = [];
  const withdraw = (family: FamilyKey, start: number, end: number): void => {
    if (family === noFamily || disabled.has(family)) return;
    const { afi, safi } = familyOfKey(family);
    attributes.push({ type: 'mpUnreachNlri', afi, safi, withdrawn: read(start, end, family) });
  };
  withdraw(view.mpUnreachFamily, view.mpUnreachStart, view.mpUnreachEnd);
  withdraw(view.mpReachFamily, view.mpReachNlriStart, view.mpReachNlriEnd);
  return {
    kind: 'update',
    withdrawn: [
      ...read(view.withdrawnStart, view.withdrawnEnd, ipv4Unicast),
      ...read(view.nlriStart, view.nlriEnd, ipv4Unicast),
    ],
    attributes,
    nlri: [],
  };
}
