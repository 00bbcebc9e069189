import { describe, expect, it } from 'vitest';
import { BoundedChannel } from '../src/boundedChannel.ts';

const lost = (count: number): string => `${count} lost`;

async function rest(channel: BoundedChannel<string>): Promise<string[]> {
  const items: string[] = [];
  for await (const item of channel) items.push(item);
  return items;
}

describe('a bounded channel', () => {
  it('gives its reader what was pushed, in order', async () => {
    const channel = new BoundedChannel({ items: 10, lost });
    for (const item of ['a', 'b', 'c']) channel.push(item);
    channel.end();
    expect(await rest(channel)).toEqual(['a', 'b', 'c']);
  });

  it('wakes a reader that waits', async () => {
    const channel = new BoundedChannel({ items: 1, lost });
    const next = channel.next();
    channel.push('a');
    expect(await next).toEqual({ done: false, value: 'a' });
  });

  it('says how much is missing, in the place where it is missing', async () => {
    const channel = new BoundedChannel({ items: 2, lost });
    for (const item of ['a', 'b', 'c', 'd']) channel.push(item);
    expect((await channel.next()).value).toBe('a');
    channel.push('e');
    channel.end();
    expect(await rest(channel)).toEqual(['b', '2 lost', 'e']);
  });

  it('says what is missing even when nothing comes after it', async () => {
    const channel = new BoundedChannel({ items: 1, lost });
    for (const item of ['a', 'b']) channel.push(item);
    expect((await channel.next()).value).toBe('a');
    expect((await channel.next()).value).toBe('1 lost');
  });

  it('is bounded by weight too, and takes one item however heavy', async () => {
    const channel = new BoundedChannel({ items: 100, weight: 10, lost });
    channel.push('heavy', 50);
    channel.push('light', 1);
    expect((await channel.next()).value).toBe('heavy');
    channel.push('fits', 9);
    channel.push('too much', 2);
    channel.end();
    expect(await rest(channel)).toEqual(['1 lost', 'fits', '1 lost']);
  });

  it('holds no more than its bound, however much is pushed', () => {
    const channel = new BoundedChannel({ items: 5, lost });
    for (let index = 0; index < 10_000; index += 1) channel.push(`${index}`);
    expect(channel.size).toBe(5);
  });

  it('drops silently where the owner has no item for it', async () => {
    const counts: number[] = [];
    const channel = new BoundedChannel<string>({
      items: 1,
      lost: (count) => {
        counts.push(count);
        return undefined;
      },
    });
    for (const item of ['a', 'b', 'c']) channel.push(item);
    channel.end();
    expect(await rest(channel)).toEqual(['a']);
    expect(counts).toEqual([2]);
  });

  it.for(['return', 'signal', 'dispose'] as const)(
    'ends by %s, and tells its owner',
    async (way) => {
      let closed = 0;
      const channel = new BoundedChannel({ items: 10, lost, onReturn: () => (closed += 1) });
      const aborter = new AbortController();
      channel.endWith(aborter.signal);
      channel.push('a');
      if (way === 'return') await channel.return();
      if (way === 'signal') aborter.abort();
      if (way === 'dispose') await channel[Symbol.asyncDispose]();
      channel.push('b');
      expect(await channel.next()).toEqual({ done: true, value: undefined });
      expect(closed).toBe(1);
    },
  );

  it('keeps its order over many reads', async () => {
    const channel = new BoundedChannel({ items: 100, lost });
    const read: string[] = [];
    for (let index = 0; index < 1000; index += 1) {
      channel.push(`${2 * index}`);
      channel.push(`${2 * index + 1}`);
      read.push((await channel.next()).value!, (await channel.next()).value!);
    }
    expect(read).toEqual(Array.from({ length: 2000 }, (_, index) => `${index}`));
    expect(channel.size).toBe(0);
  });
});
