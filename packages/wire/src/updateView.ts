import type { FamilyKey } from './addressFamily.ts';
import { AttributeCodeSet } from './attributes/attributeCodeSet.ts';
import { AttributeCursor } from './attributes/attributeCursor.ts';
import type { Fault } from './fault.ts';

const nothing = new Uint8Array(0);

/** The value of the family members of an `UpdateView` while the UPDATE has no such attribute. */
export const noFamily: FamilyKey = -1;

/**
 * Where the parts of one UPDATE stand in its bytes: what `splitUpdate` fills in. One view is used for
 * message after message and allocates nothing; it is valid as long as the bytes are.
 *
 * Offsets are into `bytes`. Members are the caller's to read.
 */
export class UpdateView {
  bytes: Uint8Array = nothing;
  /** Withdrawn Routes (RFC 4271 §4.3): IPv4 unicast. */
  withdrawnStart = 0;
  withdrawnEnd = 0;
  /** Path Attributes, headers included. */
  attributesStart = 0;
  attributesEnd = 0;
  /** Network Layer Reachability Information: IPv4 unicast. */
  nlriStart = 0;
  nlriEnd = 0;

  /** Family of MP_REACH_NLRI, or `noFamily` without one. */
  mpReachFamily: FamilyKey = noFamily;
  /** The whole attribute, header included. */
  mpReachAttributeStart = 0;
  mpReachAttributeEnd = 0;
  /** Network Address of Next Hop, without its length octet. */
  mpReachNextHopStart = 0;
  mpReachNextHopEnd = 0;
  /** NLRI; empty when a fault kept it from being found. */
  mpReachNlriStart = 0;
  mpReachNlriEnd = 0;

  /** Family of MP_UNREACH_NLRI, or `noFamily` without one. */
  mpUnreachFamily: FamilyKey = noFamily;
  /** The whole attribute, header included. */
  mpUnreachAttributeStart = 0;
  mpUnreachAttributeEnd = 0;
  /** Withdrawn routes. */
  mpUnreachStart = 0;
  mpUnreachEnd = 0;

  /** Attribute types that were met. */
  readonly seenCodes: AttributeCodeSet = new AttributeCodeSet();
  /** Some attribute type was met twice; all but its first occurrence count as absent (RFC 7606 §3 (g)). */
  hasDuplicates = false;
  /** Attribute types that `validateAttributes` found must be discarded; meaningful while `hasDiscards`. */
  readonly discardedCodes: AttributeCodeSet = new AttributeCodeSet();
  /** Some attribute must be discarded: `copyAttributeBlock` leaves it out. */
  hasDiscards = false;
  /** Every fault that `splitUpdate` met; `undefined` when none. */
  faults: Fault[] | undefined = undefined;

  /** For walks over the attributes; whoever uses it resets it first. */
  readonly cursor: AttributeCursor = new AttributeCursor();

  /** Attribute types 0–31 that were met, as bits: `view.seen & (1 << AttributeCode.asPath)`. */
  get seen(): number {
    return this.seenCodes.low;
  }

  /** Whether attribute type `code` (0–255) was met. */
  has(code: number): boolean {
    return this.seenCodes.has(code);
  }

  /** Whether it announces any route: in the NLRI field or in MP_REACH_NLRI. */
  get hasReachableNlri(): boolean {
    return this.nlriEnd > this.nlriStart || this.mpReachNlriEnd > this.mpReachNlriStart;
  }

  /**
   * Whether a fault stronger than attribute discard resets the session (RFC 7606 §5.2): there are
   * attributes beside MP_UNREACH_NLRI, and nothing reachable.
   */
  get lacksReachableNlri(): boolean {
    if (this.hasReachableNlri || this.attributesEnd === this.attributesStart) return false;
    const onlyMpUnreach =
      this.mpUnreachFamily !== noFamily &&
      this.mpUnreachAttributeStart === this.attributesStart &&
      this.mpUnreachAttributeEnd === this.attributesEnd;
    return !onlyMpUnreach;
  }
}
