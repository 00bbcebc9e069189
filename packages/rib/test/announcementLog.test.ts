import { describe, expect, it } from 'vitest';
import { AnnouncementLog } from '../src/announcementLog.ts';

/** A log of routes of which some are announced, each with attributes of its own. */
function logOf(announced: (key: number) => boolean): {
  readonly log: AnnouncementLog;
  readonly forgotten: number[];
} {
  const forgotten: number[] = [];
  const log = new AnnouncementLog({
    blockAt: (key) => (announced(key) ? key : 0),
    blockEnd: 200_000,
    forget: (key) => forgotten.push(key),
  });
  return { log, forgotten };
}

describe('a log', () => {
  it('is not written anew while a table fills it: there is nothing in it to be left out', () => {
    const { log } = logOf(() => true);
    const before = log.generation;
    for (let key = 1; key <= 100_000; key += 1) log.append(key);
    expect(log.generation).toBe(before);
    expect(log.end).toBe(100_000);
    expect([log.keyAt(0), log.keyAt(99_999)]).toEqual([1, 100_000]);
    expect(log.byteLength).toBeLessThan(100_000 * 8 * 1.6);
  });

  it('stays short however often routes change', () => {
    const { log } = logOf(() => true);
    for (let each = 0; each < 500_000; each += 1) log.append(1 + (each % 1000));
    expect(log.byteLength).toBeLessThan(100_000);
    const keys = new Set<number>();
    for (let position = 0; position < log.end; position += 1) keys.add(log.keyAt(position));
    keys.delete(0);
    expect(keys.size).toBe(1000);
  });

  it('stays short however many routes come and go, of which nobody need be told', () => {
    let going = 0;
    const { log, forgotten } = logOf((key) => key > going);
    for (let key = 1; key <= 100_000; key += 1) {
      log.append(key);
      going = key - 100;
      if (going > 0) log.append(going);
    }
    expect(forgotten.length).toBeGreaterThan(90_000);
    expect(log.end).toBeLessThan(10_000);
  });
});
