import type { FamilyKey, UpdateOptions } from '@peerloom/wire';

/**
 * What validity and meaning of an attribute block depend on beside its bytes (`ValidationOptions` of the
 * codec), as 5 bits: part of what blocks are interned by, so that a verdict, once given, holds for
 * every session that finds the block.
 */
export type ValidationContext = number;

const fourOctetAsBit = 1;
const internalBit = 2;
const confederationBit = 4;
const aigpBit = 8;
const extendedNextHopBit = 16;

/** The context of the blocks of `family`'s routes on a session. */
export function validationContext(options: UpdateOptions, family: FamilyKey): ValidationContext {
  const isInternal = options.peerType === 'internal';
  const isConfederation = options.confederationPeer === true;
  return (
    (options.fourOctetAs ? fourOctetAsBit : 0) |
    (isInternal ? internalBit : 0) |
    (isConfederation ? confederationBit : 0) |
    ((options.aigpSession ?? (isInternal || isConfederation)) ? aigpBit : 0) |
    (options.extendedNextHop.has(family) ? extendedNextHopBit : 0)
  );
}

/** Whether AS numbers in blocks of this context are of 4 octets: all that decoding must know. */
export function isFourOctetAs(context: ValidationContext): boolean {
  return (context & fourOctetAsBit) !== 0;
}
