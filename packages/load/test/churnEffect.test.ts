import { baseSessionOptions, encodeUpdate } from '@peerloom/wire';
import { expect, it } from 'vitest';
import type { SpeakerPlan } from '../src/plan.ts';
import { type RouteTable, RouteTableBuilder } from '../src/routes/routeTable.ts';
import { noteAnnouncers } from '../src/run/announcers.ts';
import { ChurnEffect } from '../src/speaker/churnEffect.ts';
import { FeedState, makeRunMemory } from '../src/speaker/runMemory.ts';

/** A message that announces, or withdraws. */
function add(builder: RouteTableBuilder, prefixes: readonly string[], isWithdrawal = false): void {
  const routes = prefixes.map((prefix) => ({ kind: 'prefix', prefix }) as const);
  const [message] = encodeUpdate(
    {
      kind: 'update',
      withdrawn: isWithdrawal ? routes : [],
      nlri: isWithdrawal ? [] : routes,
      attributes: isWithdrawal
        ? []
        : [
            { type: 'origin', origin: 'igp' },
            { type: 'asPath', segments: [{ kind: 'sequence', asNumbers: [65_001] }] },
            { type: 'nextHop', nextHop: '10.0.0.1' },
          ],
    },
    { ...baseSessionOptions, fourOctetAs: true },
  );
  builder.add(message!);
}

/** A message each: the first source has two prefixes, the second the latter of these and one more. */
function overlappingTable(): RouteTable {
  const builder = new RouteTableBuilder(false, 'verbatim');
  add(builder, ['10.0.0.0/8', '11.0.0.0/8']);
  add(builder, ['11.0.0.0/8', '12.0.0.0/8']);
  return builder.finish([
    { start: 0, end: 1 },
    { start: 1, end: 2 },
  ]);
}

it('churn takes a prefix away with its last source, and brings it back with its first', () => {
  const table = overlappingTable();
  const memory = makeRunMemory(2, 1, table);
  const plans = [0, 1].map((index) => ({ index, source: index })) as SpeakerPlan[];
  for (const { index } of plans) {
    memory.states[index] = 5;
    memory.feeds[index] = FeedState.written;
  }
  noteAnnouncers(plans, memory, table);
  const { announcers, goneAt, backAt } = memory.churn;
  expect([...announcers]).toEqual([1, 2, 1]);
  expect([...table.isShared]).toEqual([0, 1, 0]);

  const [first, second] = plans.map(
    ({ source }) => new ChurnEffect(table, memory.churn, table.feeds[source]!),
  );
  first!.note(0, true, 100);
  expect([...goneAt]).toEqual([100, 0, 0]);
  second!.note(1, true, 200);
  expect([...goneAt]).toEqual([100, 200, 200]);
  // What is gone already does not go again.
  second!.note(1, true, 300);
  expect([...goneAt]).toEqual([100, 200, 200]);
  expect([...announcers]).toEqual([0, 0, 0]);

  first!.note(0, false, 400);
  second!.note(1, false, 500);
  expect([...backAt]).toEqual([400, 400, 500]);
  expect([...announcers]).toEqual([1, 2, 1]);
});

it('churn begins without sources whose session is down, or does not allow the routes', () => {
  const table = overlappingTable();
  const memory = makeRunMemory(2, 1, table);
  const plans = [0, 1].map((index) => ({ index, source: index })) as SpeakerPlan[];
  memory.states.set([5, 5]);
  memory.feeds[1] = FeedState.unfit;
  noteAnnouncers(plans, memory, table);
  expect([...memory.churn.announcers]).toEqual([1, 1, 0]);
  memory.states[0] = 0;
  noteAnnouncers(plans, memory, table);
  expect([...memory.churn.announcers]).toEqual([0, 0, 0]);
});

it('churn of a recording knows what is withdrawn in it', () => {
  const builder = new RouteTableBuilder(false, 'verbatim');
  add(builder, ['10.0.0.0/8', '11.0.0.0/8']);
  add(builder, ['10.0.0.0/8'], true);
  add(builder, ['10.0.0.0/8']);
  const feeds = [
    { start: 0, end: 2 },
    { start: 2, end: 3 },
  ];
  const table = builder.finish(feeds);
  const memory = makeRunMemory(2, 1, table);
  const plans = [0, 1].map((index) => ({ index, source: index })) as SpeakerPlan[];
  memory.states.set([5, 5]);
  noteAnnouncers(plans, memory, table);
  const { announcers, goneAt, backAt } = memory.churn;
  expect([...announcers]).toEqual([1, 1]);

  const [first, second] = feeds.map((feed) => new ChurnEffect(table, memory.churn, feed));
  // 10.0.0.0/8 is of the second source alone, and the withdrawal of a withdrawal is nothing.
  first!.note(1, true, 100);
  first!.note(0, true, 100);
  expect([...announcers]).toEqual([1, 0]);
  expect([...goneAt]).toEqual([0, 100]);
  second!.note(2, true, 200);
  expect([...goneAt]).toEqual([200, 100]);
  first!.note(0, false, 300);
  expect([...backAt]).toEqual([300, 300]);
  // And the message that withdraws it does so again.
  first!.note(1, false, 400);
  expect([...goneAt]).toEqual([400, 100]);
});
