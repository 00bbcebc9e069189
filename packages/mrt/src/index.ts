/**
 * MRT routing information (RFC 6396, RFC 8050): what route collectors publish.
 *
 * ```ts
 * import { decodeMrtRecord, MrtRecordReader } from '@peerloom/mrt';
 *
 * const reader = new MrtRecordReader();
 * for (const record of reader.push(bytes)) console.log(decodeMrtRecord(record));
 * reader.end();
 * ```
 *
 * Files, gzip and bzip2 are read by `readMrtFile` of `@peerloom/mrt/file`, which needs Node.js.
 *
 * @module
 */
export * from './bgp4mp.ts';
export { BgpdumpFormatter } from './bgpdumpFormat.ts';
export { decodeMrtRecord, type MrtEntry } from './decodeRecord.ts';
export { MrtError, type MrtErrorCode } from './mrtError.ts';
export { Bgp4mpSubtype, type MrtRecord, MrtType, TableDumpV2Subtype } from './record.ts';
export { MrtRecordReader } from './recordReader.ts';
export * from './recordWriter.ts';
export { decodeRibAttributes, dumpOptions, type RibAttributes } from './ribAttributes.ts';
export { decodeTableDump, type TableDumpEntry } from './tableDump.ts';
export * from './tableDumpV2.ts';
