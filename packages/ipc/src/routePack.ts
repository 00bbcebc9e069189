/**
 * Routes on their way to a host, encoded and judged: to be announced, or to be withdrawn. Large packs are in
 * shared memory, so that several hosts and whoever keeps the pack have the same one; nobody writes to it.
 */
export interface RoutePack {
  /**
   * First the numbers of `packedRecord` for each record, in the byte order of the machine; then, record by
   * record, the attribute block (none in a withdrawal) and the NLRI, with Path Identifiers. It begins where its
   * buffer does.
   */
  readonly octets: Uint8Array;
  /** How the NLRI are read: those of a withdrawal have no labels (RFC 8277 §2.4). A route that was announced may be withdrawn as it was announced. */
  readonly context: 'reach' | 'unreach';
  /** How many records there are. */
  readonly records: number;
  /** Routes in all of them together. */
  readonly routes: number;
}

/** What is said of a record, in numbers of 32 bits. A record begins where the one before ends. */
export const packedRecord = {
  /** The address family, 256 × AFI + SAFI. */
  family: 0,
  /** Where the attribute block ends, counted from after the numbers of all records. */
  blockEnd: 1,
  /** Where the NLRI, and with them the record, end, counted likewise. */
  end: 2,
  /** Numbers in all. */
  length: 3,
} as const;
