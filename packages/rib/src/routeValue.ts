import { type BlockId, blockIdLimit } from './attributeStore.ts';

/**
 * What a column of an Adj-RIB-In holds for a route, in 32 bits: the number of its attribute block, and
 * how the route stands.
 */
export type RouteValue = number;

/** The bits of the block's number. */
const blockMask = blockIdLimit - 1;

/** The peer has not confirmed the route since it restarted, or since it began a refresh. */
export const staleBit: number = 1 << 31;
/** Stale, and kept beyond the restart time (RFC 9494 §4.2). Only together with `staleBit`. */
export const longLivedBit: number = 1 << 30;
/** Gone; only its memory is still to be freed. Never together with the others. */
export const deadBit: number = 1 << 29;

/** The attribute block of a route. */
export function blockOf(value: RouteValue): BlockId {
  return value & blockMask;
}
