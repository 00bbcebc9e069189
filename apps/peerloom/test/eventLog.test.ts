import { describe, expect, it } from 'vitest';
import type { EventItem } from '../src/control/methods.ts';
import { EventLog } from '../src/daemon/eventLog.ts';

const event = (time: number): EventItem => ({ time, kind: 'notice', text: '', details: null });
const asItIs = (item: EventItem): EventItem => item;
const never = new AbortController().signal;

async function times(events: AsyncIterable<EventItem>): Promise<number[]> {
  const found: number[] = [];
  for await (const { time } of events) found.push(time);
  return found;
}

describe('the event log', () => {
  it('has the last events, oldest first', async () => {
    const log = new EventLog(asItIs, 3);
    expect(await times(log.read(false, never))).toEqual([]);
    for (let time = 1; time <= 2; time++) log.append(event(time));
    expect(await times(log.read(false, never))).toEqual([1, 2]);
    for (let time = 3; time <= 5; time++) log.append(event(time));
    expect(await times(log.read(false, never))).toEqual([3, 4, 5]);
  });

  it('gives each new event to everyone who follows, until the log is closed', async () => {
    const log = new EventLog(asItIs, 3);
    log.append(event(1));
    const readers = [times(log.read(true, never)), times(log.read(true, never))];
    await Promise.resolve();
    log.append(event(2));
    log.close();
    expect(await Promise.all(readers)).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('tells a follower who is too slow how much it has missed, and goes on', async () => {
    const log = new EventLog(asItIs, 2);
    log.append(event(1));
    const reader = log.read(true, never);
    expect((await reader.next()).value).toMatchObject({ time: 1 });
    for (let time = 2; time <= 6; time++) log.append(event(time));
    expect((await reader.next()).value).toMatchObject({ kind: 'lost', details: { count: 3 } });
    expect((await reader.next()).value).toMatchObject({ time: 5 });
    expect((await reader.next()).value).toMatchObject({ time: 6 });
  });

  it('keeps apart what strangers cause, and tells all in the order in which it happened', async () => {
    const log = new EventLog(asItIs, 3);
    const reader = log.read(true, never);
    for (const time of [1, 2]) log.append(event(time));
    expect((await reader.next()).value).toMatchObject({ time: 1 });
    for (let time = 3; time <= 1000; time++) log.append(event(time), true);
    log.append(event(1001));
    expect(await times(log.read(false, never))).toEqual([1, 2, 998, 999, 1000, 1001]);
    expect((await reader.next()).value).toMatchObject({ kind: 'lost', details: { count: 995 } });
    expect((await reader.next()).value).toMatchObject({ time: 2 });
    expect((await reader.next()).value).toMatchObject({ time: 998 });
  });

  it('lets go of a follower who has gone away', async () => {
    const log = new EventLog(asItIs, 2);
    const gone = new AbortController();
    const reader = times(log.read(true, gone.signal));
    gone.abort();
    expect(await reader).toEqual([]);
  });
});
