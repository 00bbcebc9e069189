import { describe, expect, it } from 'vitest';
import { SharedBuffers } from '../src/sharedBuffers.ts';

const buffers = (count: number): SharedArrayBuffer[] =>
  Array.from({ length: count }, (_, index) => {
    const buffer = new SharedArrayBuffer(8);
    new Uint8Array(buffer).fill(index);
    return buffer;
  });

describe('shared buffers', () => {
  it('have the same number on both sides, however many there are', () => {
    const [sender, receiver] = [new SharedBuffers(), new SharedBuffers()];
    for (const buffer of buffers(1000)) {
      const number = sender.add(buffer);
      receiver.add(buffer);
      expect(sender.numberOf(buffer)).toBe(number);
      expect(receiver.view(number, 0, 8)!.buffer).toBe(buffer);
    }
  });

  it('are forgotten, the oldest first, and are strangers then', () => {
    const some = new SharedBuffers();
    const all = buffers(257);
    for (const buffer of all) some.add(buffer);
    expect(some.numberOf(all[0]!)).toBeUndefined();
    expect(some.numberOf(all[1]!)).toBe(1);
    expect(some.numberOf(all[256]!)).toBe(0);
    some.add(all[0]!);
    expect([some.numberOf(all[0]!), some.numberOf(all[1]!)]).toEqual([1, undefined]);
  });

  it('are seen in part, and not beyond their end', () => {
    const some = new SharedBuffers();
    const [buffer] = buffers(1);
    new Uint8Array(buffer!).set([1, 2, 3, 4, 5, 6, 7, 8]);
    const number = some.add(buffer!);
    expect([...some.view(number, 2, 5)!]).toEqual([3, 4, 5]);
    expect(some.view(number, 0, 9)).toBeUndefined();
    expect(some.view(number, 5, 2)).toBeUndefined();
    expect(some.view(7, 0, 1)).toBeUndefined();
  });
});
