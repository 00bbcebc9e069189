import { type Bgp4mpMessage, type Bgp4mpStateChange, decodeBgp4mp } from './bgp4mp.ts';
import { type MrtRecord, MrtType } from './record.ts';
import { decodeTableDump, type TableDumpEntry } from './tableDump.ts';
import {
  decodeTableDumpV2,
  type GenericRibRecord,
  type PeerIndexTable,
  type RibRecord,
} from './tableDumpV2.ts';

/** What a record can be. */
export type MrtEntry =
  | TableDumpEntry
  | PeerIndexTable
  | RibRecord
  | GenericRibRecord
  | Bgp4mpMessage
  | Bgp4mpStateChange;

/**
 * Looks into a record; `undefined` for a type or subtype that has nothing to do with BGP or that no RFC
 * defines, which readers pass over.
 * @throws MrtError `ERR_MRT_MALFORMED`.
 */
export function decodeMrtRecord(record: MrtRecord): MrtEntry | undefined {
  switch (record.type) {
    case MrtType.tableDump:
      return decodeTableDump(record);
    case MrtType.tableDumpV2:
      return decodeTableDumpV2(record);
    case MrtType.bgp4mp:
    case MrtType.bgp4mpEt:
      return decodeBgp4mp(record);
    default:
      return undefined;
  }
}
