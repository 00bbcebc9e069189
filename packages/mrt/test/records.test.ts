import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Bgp4mpMessage,
  decodeMrtRecord,
  encodeBgp4mpMessage,
  encodeBgp4mpStateChange,
  encodePeerIndexTable,
  encodeRib,
  MrtError,
  type MrtRecord,
  MrtRecordReader,
} from '../src/index.ts';

const attributes = Uint8Array.of(0x40, 1, 1, 0, 0x40, 2, 0);

function read(...chunks: Uint8Array[]): MrtRecord[] {
  const reader = new MrtRecordReader();
  const records = chunks.flatMap((chunk) => [...reader.push(chunk)]);
  reader.end();
  return records;
}

const joined = (...parts: Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((p) => [...p]));

const octet = fc.integer({ min: 0, max: 255 });
const ipv4 = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.'));
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const u16 = fc.integer({ min: 0, max: 0xffff });

describe('what is written is read again', () => {
  it('PEER_INDEX_TABLE', () => {
    const peer = fc.record({
      bgpIdentifier: ipv4,
      address: fc.oneof(ipv4, fc.constant('2001:db8::1')),
      as: u32,
    });
    const table = fc.record({
      collectorIdentifier: ipv4,
      viewName: fc.string({ maxLength: 20 }),
      peers: fc.array(peer, { maxLength: 5 }),
    });
    fc.assert(
      fc.property(table, u32, (value, time) => {
        const [record] = read(encodePeerIndexTable(time, value));
        expect(record!.timestamp).toBe(time);
        expect(decodeMrtRecord(record!)).toEqual({ kind: 'peerIndexTable', ...value });
      }),
    );
  });

  it.each([
    ['10.0.0.0/8', false, 2],
    ['192.0.2.128/25', true, 8],
    ['2001:db8::/32', false, 4],
    ['::/0', true, 10],
  ])('RIB of %s, ADD-PATH %s', (prefix, addPath, subtype) => {
    const entries = [0, 1].map((index) => ({
      peerIndex: index,
      originatedTime: 1_000 + index,
      ...(addPath ? { pathId: 7 + index } : {}),
      attributes,
    }));
    const [record] = read(encodeRib(12, { sequence: 3, prefix, entries }));
    expect(record!.subtype).toBe(subtype);
    expect(decodeMrtRecord(record!)).toMatchObject({ kind: 'rib', sequence: 3, prefix, entries });
  });

  it('BGP4MP messages in all eight subtypes, and BGP4MP_ET', () => {
    const message = fc.record({
      peerAs: u16,
      localAs: u16,
      interfaceIndex: u16,
      peerAddress: ipv4,
      localAddress: ipv4,
      fourOctetAs: fc.boolean(),
      addPath: fc.boolean(),
      isLocal: fc.boolean(),
      message: fc.uint8Array({ maxLength: 60 }),
    });
    fc.assert(
      fc.property(
        message,
        u32,
        fc.option(fc.integer({ min: 0, max: 999_999 })),
        (value, seconds, micro) => {
          const time = micro === null ? seconds : seconds + micro / 1e6;
          const [record] = read(encodeBgp4mpMessage(time, value, micro !== null));
          expect(record).toMatchObject({ timestamp: seconds, type: micro === null ? 16 : 17 });
          // A double holds microseconds of these years to within one.
          expect(Math.abs(record!.microseconds - (micro ?? 0))).toBeLessThanOrEqual(1);
          const expected: Bgp4mpMessage = { kind: 'message', ...value };
          expect(decodeMrtRecord(record!)).toEqual(expected);
        },
      ),
    );
  });

  it('BGP4MP state changes', () => {
    const change = {
      peerAs: 4_200_000_000,
      localAs: 65_001,
      interfaceIndex: 0,
      peerAddress: '2001:db8::1',
      localAddress: '2001:db8::2',
      oldState: 5,
      newState: 6,
    };
    const [record] = read(encodeBgp4mpStateChange(1, change));
    expect(decodeMrtRecord(record!)).toEqual({ kind: 'stateChange', ...change });
  });
});

describe('the reader of records', () => {
  const file = joined(
    encodePeerIndexTable(1, { collectorIdentifier: '192.0.2.1', viewName: 'x', peers: [] }),
    encodeRib(2, {
      sequence: 0,
      prefix: '10.0.0.0/8',
      entries: [{ peerIndex: 0, originatedTime: 0, attributes }],
    }),
    encodeRib(3, { sequence: 1, prefix: '11.0.0.0/8', entries: [] }),
  );

  it('gives the same records however the stream is cut', () => {
    const whole = read(file).map((record) => ({ ...record, body: [...record.body] }));
    expect(whole.map((record) => record.offset)).toEqual([0, 21, 56]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: file.length }), { maxLength: 8 }), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), file.length];
        const chunks = at.slice(1).map((end, index) => file.slice(at[index], end));
        expect(read(...chunks).map((record) => ({ ...record, body: [...record.body] }))).toEqual(
          whole,
        );
      }),
    );
  });

  it('says where a file that was cut ends', () => {
    const error = captured(() => read(file.subarray(0, file.length - 1)));
    expect(error).toMatchObject({ code: 'ERR_MRT_TRUNCATED', offset: 56 });
    expect(error.message).toContain('the file was cut');
  });

  it('takes a length that cannot be for something that is not MRT', () => {
    const error = captured(() => read(new TextEncoder().encode('<!DOCTYPE html><html>')));
    expect(error).toMatchObject({ code: 'ERR_MRT_RECORD_TOO_LONG', offset: 0 });
  });

  it('throws nothing but MrtError, whatever the octets', () => {
    const header = fc.tuple(fc.constantFrom(12, 13, 16, 17), fc.integer({ min: 0, max: 13 }));
    fc.assert(
      fc.property(header, fc.uint8Array({ maxLength: 80 }), ([type, subtype], body) => {
        const record = { timestamp: 0, microseconds: 0, type, subtype, body, offset: 0 };
        try {
          decodeMrtRecord(record);
        } catch (error) {
          expect(error).toBeInstanceOf(MrtError);
          expect((error as MrtError).code).toBe('ERR_MRT_MALFORMED');
        }
      }),
      { numRuns: 1000 },
    );
  });
});

function captured(body: () => unknown): MrtError {
  try {
    body();
  } catch (error) {
    expect(error).toBeInstanceOf(MrtError);
    return error as MrtError;
  }
  throw new Error('nothing was thrown');
}
