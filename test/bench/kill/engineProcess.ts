// The engine in a process of its own, with two workers and the lethal handler: tells what becomes of its workers
// and its sessions, and how many routes it holds.

import { setTimeout as delay } from 'node:timers/promises';
import { createEngine, type EngineOptions } from '@peerloom/supervisor';
import { lethalNeighbour } from './lethalHandler.ts';

/** Something that happened; times in milliseconds since the UNIX epoch. */
export type FromEngine =
  | { readonly kind: 'ready' }
  | { readonly kind: 'workerDown'; readonly time: number; readonly peers: readonly string[] }
  | { readonly kind: 'workerUp'; readonly time: number }
  | { readonly kind: 'sessionUp' | 'sessionDown'; readonly time: number; readonly peer: string }
  | { readonly kind: 'routes'; readonly time: number; readonly count: number };

/** Milliseconds between two looks at the routes. */
const interval = 25;

const engine = await createEngine({
  ...(JSON.parse(process.argv[2]!) as EngineOptions),
  workers: 2,
  handler: new URL('lethalHandler.ts', import.meta.url),
});
const say = (message: FromEngine): void => {
  // Whoever listened may be gone; then nobody needs to know.
  process.send?.(message, () => {});
};

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
process.once('disconnect', () => stop.abort());
void follow();
say({ kind: 'ready' });
while (!stop.signal.aborted) {
  let count = 0;
  for (const { prefixes } of await engine.snapshot()) {
    count += prefixes['ipv4-unicast']?.received ?? 0;
  }
  say({ kind: 'routes', time: Date.now(), count });
  await delay(interval);
}
await engine.close();
process.exit();

async function follow(): Promise<void> {
  let down: string[] = [];
  for await (const event of engine.events()) {
    const { time } = event;
    // The sessions of a worker that has died end just before it is told that it has.
    if (event.kind === 'workerDown') say({ kind: 'workerDown', time, peers: down });
    else if (event.kind === 'workerUp') say({ kind: 'workerUp', time });
    else if (event.kind === 'sessionUp' || event.kind === 'sessionDown') {
      const peer = event.peer.address;
      if (peer === lethalNeighbour) continue;
      const isLost = event.kind === 'sessionDown' && event.end.error?.name === 'Worker lost';
      down = isLost ? [...down, peer] : [];
      say({ kind: event.kind, time, peer });
    }
  }
}
