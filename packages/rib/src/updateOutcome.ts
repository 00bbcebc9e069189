import { type FamilyKey, type Fault, noFamily, strongestFault } from '@peerloom/wire';

const none: readonly Fault[] = [];

/**
 * What UPDATEs changed. One object a store, filled anew by each call that receives: read it before the next.
 * Counts of routes are over all families.
 */
export class UpdateOutcome {
  /** UPDATEs that were taken. */
  messages = 0;
  /** Their octets. */
  octets = 0;
  /** Routes that were not there, or were gone. */
  announced = 0;
  /** Families that such routes are of. */
  readonly families: FamilyKey[] = [];
  #lastFamily: FamilyKey = noFamily;
  /** Routes whose attributes, labels or the like are others than before. */
  changed = 0;
  /** Routes announced again as they were; stale ones among them are so no longer. */
  unchanged = 0;
  /** Routes that were there and are no more. */
  withdrawn = 0;
  /** Fields of routes of families that were not agreed on or are disabled: not looked at. */
  ignoredFields = 0;
  /** The family whose End-of-RIB this was (RFC 4724 §2), or `noFamily`. */
  endOfRib: FamilyKey = noFamily;
  /**
   * The fault that decides what became of the message (RFC 7606 §3 (h)); `undefined`: none.
   *
   * - `sessionReset`: nothing was applied; send the NOTIFICATION;
   * - `afiSafiDisable`: routes of the families in `faults` are gone, and will be ignored until the session ends;
   * - `treatAsWithdraw`: all routes of the message were withdrawn;
   * - `attributeDiscard`: applied without the attributes in question.
   */
  fault: Fault | undefined = undefined;
  /** All faults that were found. */
  faults: readonly Fault[] = none;

  /** Empties it. */
  reset(): void {
    this.messages = 0;
    this.octets = 0;
    this.announced = 0;
    this.families.length = 0;
    this.#lastFamily = noFamily;
    this.changed = 0;
    this.unchanged = 0;
    this.withdrawn = 0;
    this.ignoredFields = 0;
    this.endOfRib = noFamily;
    this.fault = undefined;
    this.faults = none;
  }

  /** Notes routes of a family that were not there, or were gone. */
  noteAnnounced(family: FamilyKey, count: number): void {
    this.announced += count;
    // Routes of a family come together.
    if (family === this.#lastFamily) return;
    this.#lastFamily = family;
    this.families.push(family);
  }

  /** Notes the faults, of which the strongest decides. */
  setFaults(faults: readonly Fault[]): void {
    this.fault = strongestFault(faults);
    this.faults = faults;
  }
}

/** The faults of both lists; `undefined` stands for none. */
export function joinFaults(
  first: Fault[] | undefined,
  second: Fault[] | undefined,
): Fault[] | undefined {
  if (first === undefined) return second;
  return second === undefined ? first : [...first, ...second];
}
