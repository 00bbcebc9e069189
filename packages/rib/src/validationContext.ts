import {
  type FamilyKey,
  type UpdateOptions,
  validationKind,
  validationKinds,
} from '@peerloom/wire';

/**
 * What validity and meaning of an attribute block depend on beside its bytes (`ValidationOptions` of the
 * codec), as 5 bits: part of what blocks are interned by, so that a verdict, once given, holds for
 * every session that finds the block.
 */
export type ValidationContext = number;

/** Above those of `validationKind`. */
const extendedNextHopBit = validationKinds;

/** The context of the blocks of `family`'s routes on a session. */
export function validationContext(options: UpdateOptions, family: FamilyKey): ValidationContext {
  return validationKind(options) | (options.extendedNextHop.has(family) ? extendedNextHopBit : 0);
}
