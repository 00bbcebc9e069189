/**
 * Routes on their way to a host, encoded and judged: to be announced, or to be withdrawn. Large packs are in
 * shared memory, so that several hosts and whoever keeps the pack have the same one; nobody writes to it.
 */
export interface RoutePack {
  /** Of each record the attribute block (none in a withdrawal), then the NLRI, with Path Identifiers. */
  readonly octets: Uint8Array;
  /** Numbers of `packedRecord` for each record. */
  readonly records: Uint32Array;
  /** Routes in all records together. */
  readonly routes: number;
}

/** Where in `RoutePack.records` the numbers of a record are. A record begins where the one before ends. */
export const packedRecord = {
  /** The address family, 256 × AFI + SAFI. */
  family: 0,
  /** Offset in `octets` at which the attribute block ends. */
  blockEnd: 1,
  /** Offset at which the NLRI, and with them the record, end. */
  end: 2,
  /** Numbers in all. */
  length: 3,
} as const;
