import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AttributeStore, Verdict } from '../src/attributeStore.ts';

const bytesOf = (...octets: number[]): Uint8Array => Uint8Array.from(octets);
const intern = (store: AttributeStore, bytes: Uint8Array, context = 0): number =>
  store.intern(bytes, 0, bytes.length, context);

describe('AttributeStore', () => {
  test('the same bytes are one block', () => {
    const store = new AttributeStore();
    const first = intern(store, bytesOf(1, 2, 3, 4, 5));
    const inside = store.intern(bytesOf(9, 9, 1, 2, 3, 4, 5, 9), 2, 7, 0);
    expect(inside).toBe(first);
    expect(store.references(first)).toBe(2);
    expect(store.statistics.blocks).toBe(1);
  });

  test('the context tells blocks apart', () => {
    const store = new AttributeStore();
    const bytes = bytesOf(1, 2, 3);
    const two = intern(store, bytes, 0);
    const four = intern(store, bytes, 1);
    expect(four).not.toBe(two);
    expect([store.context(two), store.context(four)]).toEqual([0, 1]);
  });

  test('an empty block is a block', () => {
    const store = new AttributeStore();
    const id = intern(store, bytesOf());
    expect(id).toBeGreaterThan(0);
    expect(store.bytes(id)).toEqual(bytesOf());
  });

  test('a verdict lives as long as its block', () => {
    const store = new AttributeStore();
    const keep = intern(store, bytesOf(7));
    const id = intern(store, bytesOf(1));
    expect(store.verdict(id)).toBe(Verdict.unknown);
    store.setVerdict(id, Verdict.valid);
    expect(store.verdict(intern(store, bytesOf(1)))).toBe(Verdict.valid);
    expect(store.length(id)).toBe(1);
    store.release(id, 2);
    expect(store.references(id)).toBe(0);
    expect(store.verdict(intern(store, bytesOf(1)))).toBe(Verdict.unknown);
    expect(store.verdict(keep)).toBe(Verdict.unknown);
  });

  test('long churn with changing lengths does not grow the memory', () => {
    const store = new AttributeStore();
    const keep = intern(store, bytesOf(255));
    const block = new Uint8Array(300);
    let after: number | undefined;
    for (let round = 0; round < 40; round += 1) {
      const ids: number[] = [];
      for (let index = 0; index < 2000; index += 1) {
        block[0] = index;
        block[1] = index >>> 8;
        block[2] = round;
        ids.push(store.intern(block, 0, 20 + ((index * 7) % 280), 0));
      }
      for (const id of ids) store.release(id);
      after ??= store.statistics.bytes;
    }
    expect(store.statistics.bytes).toBe(after);
    expect(store.statistics.blocks).toBe(1);
    expect(store.bytes(keep)).toEqual(bytesOf(255));
  });

  test('an empty store gives its memory back', () => {
    const store = new AttributeStore();
    const block = new Uint8Array(64);
    const ids: number[] = [];
    for (let index = 0; index < 50_000; index += 1) {
      new DataView(block.buffer).setUint32(0, index);
      ids.push(intern(store, block));
    }
    expect(store.statistics.bytes).toBeGreaterThan(3_000_000);
    for (const id of ids) store.release(id);
    expect(store.statistics.blocks).toBe(0);
    expect(store.statistics.bytes).toBeLessThan(1_100_000);
  });

  test('behaves like a map from bytes to a count of references', () => {
    const pool = fc.array(
      fc.tuple(fc.uint8Array({ maxLength: 700 }), fc.integer({ min: 0, max: 3 })),
      { minLength: 1, maxLength: 30 },
    );
    const commands = fc.array(fc.tuple(fc.nat(), fc.integer({ min: -3, max: 3 })), {
      maxLength: 400,
      size: 'max',
    });
    fc.assert(
      fc.property(pool, commands, (blocks, steps) => {
        const store = new AttributeStore();
        const model = new Map<string, { id: number; references: number; bytes: Uint8Array }>();
        for (const [pick, change] of steps) {
          const [bytes, context] = blocks[pick % blocks.length]!;
          const key = `${context}:${bytes.join()}`;
          const known = model.get(key);
          if (change >= 0) {
            const id = store.intern(bytes, 0, bytes.length, context);
            if (change > 1) store.retain(id, change - 1);
            if (known !== undefined) expect(id).toBe(known.id);
            const references = (known?.references ?? 0) + Math.max(change, 1);
            model.set(key, { id, references, bytes });
          } else if (known !== undefined) {
            const taken = Math.min(-change, known.references);
            store.release(known.id, taken);
            known.references -= taken;
            if (known.references === 0) model.delete(key);
          }
        }
        expect(store.statistics.blocks).toBe(model.size);
        for (const { id, references, bytes } of model.values()) {
          expect(store.references(id)).toBe(references);
          expect(store.bytes(id)).toEqual(bytes);
        }
      }),
      { numRuns: 200 },
    );
  });
});
