import { expect, it } from 'vitest';
import { workloads } from './comparison/workload.ts';
import { killWorker } from './kill/killWorker.ts';

it('a worker that is killed under load is back with all of its peers, and the others never drop', async () => {
  const work = workloads('small').find(({ id }) => id === 'W2')!;
  const recovery = await killWorker(work);
  expect(recovery).toMatchObject({ peers: 10, prefixes: 1000, othersLost: 0 });
  // Half of them; with the one that killed it, the work is as even as it can be.
  expect(recovery.sessionsDown).toBe(5);
  const { workerUp, firstSession, lastSession, everyRoute } = recovery;
  expect(workerUp).toBeGreaterThan(0);
  expect(firstSession).toBeGreaterThan(0);
  expect(lastSession).toBeGreaterThanOrEqual(firstSession);
  expect(everyRoute).toBeGreaterThan(firstSession);
}, 120_000);
