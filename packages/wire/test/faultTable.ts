import { describe, expect, it } from 'vitest';
import { decodeUpdate, type FaultAction, type UpdateOptions } from '../src/index.ts';
import { toHex } from './bytes.ts';
import {
  asPath,
  asPath2,
  attribute,
  nextHop,
  origin,
  prefix,
  sessionOptions,
  type UpdateParts,
  updateBytes,
} from './updateBytes.ts';

export interface Row {
  readonly rule: string;
  readonly update: UpdateParts;
  readonly options?: Partial<UpdateOptions>;
  /** Each fault: action, subcode of UPDATE Message Error, data in hexadecimal, section, attribute type. */
  readonly faults: readonly (readonly [FaultAction, number, string, string, number?])[];
}

/** Routes in the NLRI field, with sound mandatory attributes and the given ones. */
export function route(...more: readonly Uint8Array[]): UpdateParts {
  return { attributes: [origin, asPath, nextHop, ...more], nlri: prefix };
}

/** As `route`, from a speaker with 2-octet AS numbers. */
export function oldRoute(...more: readonly Uint8Array[]): UpdateParts {
  return { attributes: [origin, asPath2, nextHop, ...more], nlri: prefix };
}

/** Routes in the NLRI field whose ORIGIN, AS_PATH and NEXT_HOP are sound but for the one given. */
export function routeWith(code: 1 | 2 | 3, replacement: Uint8Array): UpdateParts {
  const sound = [origin, asPath, nextHop];
  sound[code - 1] = replacement;
  return { attributes: sound, nlri: prefix };
}

export const internal = { peerType: 'internal' } as const;
export const old = { fourOctetAs: false } as const;

/** One fault, of the attribute given, with the attribute as data. */
export function one(
  attributeBytes: Uint8Array,
  action: FaultAction,
  subcode: number,
  section: string,
): Row['faults'] {
  return [[action, subcode, toHex(attributeBytes), section, attributeBytes[1]!]];
}

/** Attribute Length Error. */
export const length = 5;
/** Optional Attribute Error. */
export const optional = 9;

/** A bad attribute in an UPDATE with routes, and the one fault that it is. */
export function bad(
  rule: string,
  attributeBytes: Uint8Array,
  action: FaultAction,
  subcode: number,
  section: string,
  options?: Partial<UpdateOptions>,
): Row {
  const update = options?.fourOctetAs === false ? oldRoute(attributeBytes) : route(attributeBytes);
  return {
    rule,
    update,
    ...(options && { options }),
    faults: one(attributeBytes, action, subcode, section),
  };
}

/** A bad AS_PATH: Malformed AS_PATH has no data (RFC 4271 §6.3). */
export function badPath(
  rule: string,
  value: string,
  section: string = 'RFC 7606 §7.2',
  options?: Partial<UpdateOptions>,
): Row {
  return {
    rule,
    update: routeWith(2, attribute(0x40, 2, value)),
    ...(options && { options }),
    faults: [['treatAsWithdraw', 11, '', section, 2]],
  };
}

/** Every attribute type with a rule: its right flags, a sound value, and what session it takes. */
// biome-ignore format: one line a rule
export const flagsOf: readonly (readonly [number, number, string, Partial<UpdateOptions>?])[] = [
  [0x40, 1, '00'],
  [0x40, 2, '0201 0000fde9'],
  [0x40, 3, 'c0000201'],
  [0x80, 4, '00000064'],
  [0x40, 5, '00000064', internal],
  [0x40, 6, ''],
  [0xc0, 7, '0000fde9 c0000201'],
  [0xc0, 8, 'fde90064'],
  [0x80, 9, 'c0000201', internal],
  [0x80, 10, 'c0000201', internal],
  [0xc0, 16, '0002fde900000064'],
  [0xc0, 17, '0201 00011170', old],
  [0xc0, 18, '00011170 c0000201', old],
  [0xc0, 22, '00 06 000000 c0000201'],
  [0xc0, 23, '0008 0000'],
  [0xc0, 25, '0002 20010db8000000000000000000000001 0064'],
  [0x80, 29, '0400 0001 00'],
  [0xc0, 32, '0000fde9 00000001 00000002'],
  [0xc0, 35, '0000fde9'],
  [0xc0, 40, '01 0007 00 0000 00000001'],
];

/** An AIGP TLV with metric 100. */
export const aigp = '01 000b 0000000000000064';

/** One test for each row: exactly these faults, in this order. */
export function holdRows(title: string, rows: readonly Row[]): void {
  describe(title, () => {
    it.for(rows.map((row) => [row.rule, row] as const))('%s', ([, row]) => {
      const bytes = updateBytes(row.update);
      const result = decodeUpdate(bytes, 0, bytes.length, sessionOptions(row.options));
      expect(
        result.faults.map((fault) => [
          fault.action,
          fault.code,
          fault.subcode,
          toHex(fault.data),
          fault.section,
          fault.attribute,
        ]),
      ).toEqual(
        row.faults.map(([action, subcode, data, section, code]) => [
          action,
          3,
          subcode,
          data,
          section,
          code,
        ]),
      );
      expect(result.ok).toBe(row.faults.every(([action]) => action === 'attributeDiscard'));
    });
  });
}
