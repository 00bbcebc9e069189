import {
  type BlockRoutes,
  copyAttributeBlock,
  type Fault,
  isBlockInPlace,
  maximumExtendedMessageLength,
  type UpdateOptions,
  type UpdateView,
  validateAttributes,
} from '@peerloom/wire';
import { type AttributeStore, type BlockId, Verdict } from './attributeStore.ts';
import type { ValidationContext } from './validationContext.ts';

/** Where blocks that do not stand in the message as they are get put together. */
const scratch = new Uint8Array(maximumExtendedMessageLength);

/**
 * The attribute blocks of one UPDATE: at most two, for the routes of its NLRI field and for those of
 * MP_REACH_NLRI. Interns them, and validates attributes only when a block has not been found sound
 * before in the same context. Serves one UPDATE after the other.
 */
export class UpdateBlocks {
  /** Block of the routes in the NLRI field; 0: there are none to keep. */
  nlri: BlockId = 0;
  /** Block of the routes in MP_REACH_NLRI; 0: there are none to keep. */
  mpReach: BlockId = 0;
  readonly #attributes: AttributeStore;

  constructor(attributes: AttributeStore) {
    this.#attributes = attributes;
  }

  /**
   * Interns the blocks for which a context is given, and returns the faults of the attributes, if any.
   * The blocks are usable when no fault is worse than a discard. Call `release` when they are used.
   */
  take(
    view: UpdateView,
    options: UpdateOptions,
    nlriContext: ValidationContext | undefined,
    mpReachContext: ValidationContext | undefined,
  ): Fault[] | undefined {
    this.#internBoth(view, nlriContext, mpReachContext);
    if (this.#areKnownValid(view)) return undefined;
    const faults = validateAttributes(view, options);
    if (view.hasDiscards) {
      // Only now is it known what the blocks must go without.
      this.release();
      this.#internBoth(view, nlriContext, mpReachContext);
    }
    const areSound = faults?.every(({ action }) => action === 'attributeDiscard') ?? true;
    if (areSound) this.#setValid(view);
    return faults;
  }

  /** Gives back the references that `take` took; those that routes took stay. */
  release(): void {
    if (this.nlri !== 0) this.#attributes.release(this.nlri);
    if (this.mpReach !== 0) this.#attributes.release(this.mpReach);
    this.nlri = 0;
    this.mpReach = 0;
  }

  #internBoth(
    view: UpdateView,
    nlriContext: ValidationContext | undefined,
    mpReachContext: ValidationContext | undefined,
  ): void {
    this.nlri = nlriContext === undefined ? 0 : this.#intern(view, 'nlri', nlriContext);
    this.mpReach = mpReachContext === undefined ? 0 : this.#intern(view, 'mpReach', mpReachContext);
  }

  #intern(view: UpdateView, routes: BlockRoutes, context: ValidationContext): BlockId {
    if (isBlockInPlace(view, routes)) {
      const { bytes, attributesStart, attributesEnd } = view;
      return this.#attributes.intern(bytes, attributesStart, attributesEnd, context);
    }
    const end = copyAttributeBlock(view, routes, scratch, 0);
    return this.#attributes.intern(scratch, 0, end, context);
  }

  /** Every field of routes has a block, and each was found sound before. */
  #areKnownValid(view: UpdateView): boolean {
    const hasNlri = view.nlriEnd > view.nlriStart;
    const hasMpReach = view.mpReachNlriEnd > view.mpReachNlriStart;
    if (!hasNlri && !hasMpReach) return false;
    return (!hasNlri || this.#isValid(this.nlri)) && (!hasMpReach || this.#isValid(this.mpReach));
  }

  #isValid(block: BlockId): boolean {
    return block !== 0 && this.#attributes.verdict(block) !== Verdict.unknown;
  }

  #setValid(view: UpdateView): void {
    // That an attribute is missing is a fault of the message, and found in `view` alone.
    const isSoundField = view.faults === undefined && isBlockInPlace(view, 'nlri');
    const verdict = isSoundField ? Verdict.validField : Verdict.valid;
    if (this.nlri !== 0) this.#attributes.setVerdict(this.nlri, verdict);
    if (this.mpReach !== 0) this.#attributes.setVerdict(this.mpReach, Verdict.valid);
  }
}
