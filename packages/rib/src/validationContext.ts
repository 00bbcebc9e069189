import { type FamilyKey, fourOctetAsBit, type UpdateOptions, validationKind } from '@peerloom/wire';

/**
 * What validity and meaning of an attribute block depend on beside its bytes (`ValidationOptions` of the
 * codec), as 5 bits: part of what blocks are interned by, so that a verdict, once given, holds for
 * every session that finds the block.
 */
export type ValidationContext = number;

/** Above those of `validationKind`. */
const extendedNextHopBit = 16;

/** The context of the blocks of `family`'s routes on a session. */
export function validationContext(options: UpdateOptions, family: FamilyKey): ValidationContext {
  return validationKind(options) | (options.extendedNextHop.has(family) ? extendedNextHopBit : 0);
}

/** Whether AS numbers in blocks of this context are of 4 octets: all that decoding must know. */
export function isFourOctetAs(context: ValidationContext): boolean {
  return (context & fourOctetAsBit) !== 0;
}
