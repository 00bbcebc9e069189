import type { SpeakerPlan } from '../plan.ts';
import { FeedWalk } from '../routes/feedWalk.ts';
import type { RouteTable } from '../routes/routeTable.ts';
import { FeedState, type RunMemory } from '../speaker/runMemory.ts';

/** Rank of the state Established. */
const established = 5;

/** How many sources announce each feed of a table, of those whose session is up and allows it. */
export function announcersOfFeeds(
  plans: readonly SpeakerPlan[],
  memory: RunMemory,
  { feeds }: RouteTable,
): ReadonlyMap<number, number> {
  const announcers = new Map<number, number>();
  for (const { source, index } of plans) {
    if (source < 0 || memory.states[index] !== established) continue;
    if (memory.feeds[index] === FeedState.unfit) continue;
    const feed = source % feeds.length;
    announcers.set(feed, (announcers.get(feed) ?? 0) + 1);
  }
  return announcers;
}

/** Notes how many sources announce each prefix, for churn to go on counting from there. */
export function noteAnnouncers(
  plans: readonly SpeakerPlan[],
  memory: RunMemory,
  table: RouteTable,
): void {
  const { announcers, goneAt, backAt } = memory.churn;
  if (announcers.length === 0) return;
  for (const values of [announcers, goneAt, backAt]) values.fill(0);
  const walk = new FeedWalk(table);
  for (const [feed, sources] of announcersOfFeeds(plans, memory, table)) {
    walk.each(feed, (prefix) => {
      announcers[prefix]! += sources;
    });
  }
}
