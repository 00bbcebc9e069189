import { expect, it } from 'vitest';
import { AnnouncementTable, RibStore } from '../src/index.ts';
import { ipv4Unicast } from './sessions.ts';

const routesAtOnce = 32;

/** NLRI of routes that have numbers, as `announceField` takes them. */
function fieldOf(first: number, count: number): Uint8Array {
  const routes = Array.from({ length: count }, (_, each) => first + each);
  return Uint8Array.from(routes.flatMap((route) => [0, 0, 0, 0, 24, 10, route >>> 8, route & 255]));
}

/** The same numbers below `end` every time. */
function numbers(): (end: number) => number {
  let state = 1;
  return (end) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % end;
  };
}

it('keeps routes that come back, by the field, while the log forgets that they were withdrawn', () => {
  const table = new AnnouncementTable(new RibStore());
  const block = table.block([], ipv4Unicast);
  const fields = Array.from({ length: 128 }, (_, each) =>
    fieldOf(each * routesAtOnce, routesAtOnce),
  );
  table.announceField(ipv4Unicast, fields[0]!, 0, fields[0]!.length, block);
  const announcements = table.family(ipv4Unicast)!;
  const { log } = announcements;
  const reader = announcements.addReader();
  const announced = new Set([0]);
  const next = numbers();
  let rewrites = 0;
  for (let round = 0; round < 3000; round += 1) {
    const chosen = next(fields.length);
    const field = fields[chosen]!;
    const { generation } = log;
    if (next(3) > 0) {
      announcements.withdraw(field, 0, field.length);
      announced.delete(chosen);
    } else {
      announcements.announce(field, 0, field.length, block);
      announced.add(chosen);
    }
    if (log.generation !== generation) rewrites += 1;
    log.group();
    for (; reader.cursor < log.end; reader.cursor += 1) {
      const key = log.keyAt(reader.cursor);
      if (key !== 0 && announcements.blockAt(key) !== 0) announcements.setTold(key);
    }
    expect(announcements.routes).toBe(announced.size * routesAtOnce);
    if (round % 20 !== 0) continue;
    let found = 0;
    for (const each of announced) {
      for (let at = 0; at < field.length; at += 8) {
        const route = fields[each]!.subarray(at, at + 8);
        if (announcements.find(route, route.length) !== 0) found += 1;
      }
    }
    expect(found).toBe(announced.size * routesAtOnce);
  }
  expect(rewrites).toBeGreaterThan(10);
});
