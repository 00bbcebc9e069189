import { clearAfter, formatAddress } from '@peerloom/wire';
import { FieldReader } from './fieldReader.ts';
import type { MrtRecord } from './record.ts';

/** One route of a TABLE_DUMP record (RFC 6396 §4.2). */
export interface TableDumpEntry {
  readonly kind: 'tableDump';
  readonly view: number;
  readonly sequence: number;
  /** Canonical text. */
  readonly prefix: string;
  readonly status: number;
  /** Seconds since the UNIX epoch. */
  readonly originatedTime: number;
  readonly peerAddress: string;
  readonly peerAs: number;
  /** Path attributes as in an UPDATE with 2-octet AS numbers. A view of the record. */
  readonly attributes: Uint8Array;
}

/**
 * Decodes a TABLE_DUMP record; subtype 1 is IPv4, 2 IPv6.
 * @throws MrtError `ERR_MRT_MALFORMED`.
 */
export function decodeTableDump(record: MrtRecord): TableDumpEntry {
  const fields = new FieldReader(record);
  if (record.subtype !== 1 && record.subtype !== 2) {
    throw fields.malformed('TABLE_DUMP has the subtypes 1 (IPv4) and 2 (IPv6) only');
  }
  const isIpv6 = record.subtype === 2;
  const view = fields.u16('view number');
  const sequence = fields.u16('sequence number');
  const address = fields.bytes(isIpv6 ? 16 : 4, 'prefix').slice();
  const prefixLength = fields.u8('prefix length');
  if (prefixLength > address.length * 8) {
    throw fields.malformed(
      `prefix length ${prefixLength}; at most ${address.length * 8} is possible`,
    );
  }
  clearAfter(address, prefixLength);
  return {
    kind: 'tableDump',
    view,
    sequence,
    prefix: `${formatAddress(address)}/${prefixLength}`,
    status: fields.u8('status'),
    originatedTime: fields.u32('originated time'),
    peerAddress: fields.address(isIpv6, 'peer address'),
    peerAs: fields.u16('peer AS'),
    attributes: fields.bytes(fields.u16('attribute length'), 'attributes'),
  };
}
