import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../src/index.ts';
import { hex } from './bytes.ts';

describe('ByteWriter', () => {
  it('writes numbers big-endian and grows as needed', () => {
    const writer = new ByteWriter(1);
    writer.u8(0x01);
    writer.u16(0x0203);
    writer.u24(0x040506);
    writer.u32(0xfffefdfc);
    expect(writer.toBytes()).toEqual(hex('01 0203 040506 fffefdfc'));
    expect(writer.length).toBe(10);
  });

  it.for([0, 1, 32, 33, 200])('copies a range of %i octets', (count) => {
    const source = Uint8Array.from({ length: count + 2 }, (_, at) => at);
    const writer = new ByteWriter(4);
    writer.u8(0xee);
    writer.bytes(source, 1, 1 + count);
    expect(writer.toBytes(1)).toEqual(source.slice(1, 1 + count));
  });

  it('copies all of a source when no range is given', () => {
    const writer = new ByteWriter();
    writer.bytes(hex('010203'));
    expect(writer.toBytes()).toEqual(hex('010203'));
  });

  it('patches lengths of what followed', () => {
    const writer = new ByteWriter();
    writer.u8(0xee);
    const outer = writer.reserve(2);
    const inner = writer.reserve(1);
    writer.fill(0xaa, 3);
    writer.patchLength8(inner);
    writer.patchLength16(outer);
    expect(writer.toBytes()).toEqual(hex('ee 0004 03 aaaaaa'));
  });

  it('reserves zeros, also where something was written and taken back', () => {
    const writer = new ByteWriter();
    writer.u32(0xffffffff);
    writer.truncate(1);
    writer.reserve(3);
    expect(writer.toBytes()).toEqual(hex('ff 000000'));
  });

  it('never lengthens by truncating', () => {
    const writer = new ByteWriter();
    writer.u8(1);
    writer.truncate(5);
    expect(writer.length).toBe(1);
  });

  it('hands out copies with toBytes, and its own buffer with view', () => {
    const writer = new ByteWriter();
    writer.u8(1);
    const copy = writer.toBytes();
    const view = writer.view();
    writer.patchU8(0, 2);
    expect([copy[0], view[0]]).toEqual([1, 2]);
    writer.reset();
    expect(writer.length).toBe(0);
  });
});
