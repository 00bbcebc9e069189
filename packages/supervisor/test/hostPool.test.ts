import { describe, expect, it, vi } from 'vitest';
import { engineLimitDefaults } from '../src/engineOptions.ts';
import { HostPool, type HostPoolListener } from '../src/hostPool.ts';
import { newCounters, type SupervisorCounters } from '../src/metrics.ts';

vi.setConfig({ testTimeout: 20_000 });

const soon = { timeout: 10_000 };

interface Watched extends AsyncDisposable {
  readonly pool: HostPool;
  readonly counters: SupervisorCounters;
  /** What the pool told, in words. */
  readonly heard: string[];
}

function watch(workers: number, handler?: string): Watched {
  const heard: string[] = [];
  const counters = newCounters();
  const listener: HostPoolListener = {
    onHostUp: ({ index }) => heard.push(`up ${index}`),
    onHostDown: ({ index }, _, { message }) => heard.push(`down ${index}: ${message}`),
    onSend: () => {},
    onUpdate: () => {},
    onMessage: () => {},
    onBatchEnd: () => {},
    onBroken: () => {},
    onSilent: () => {},
  };
  const limits = { ...engineLimitDefaults, workerRestartTime: 0.02 };
  const pool = new HostPool(workers, undefined, handler, limits, counters, listener);
  return { pool, counters, heard, [Symbol.asyncDispose]: () => pool.close('') };
}

describe.for([0, 2])('a pool of %i workers', (workers) => {
  it('has hosts that answer once it has started', async () => {
    await using watched = watch(workers);
    await watched.pool.start();
    const hosts = Math.max(1, workers);
    expect(watched.pool.slots).toHaveLength(hosts);
    expect(watched.heard.toSorted()).toEqual(hosts === 1 ? ['up 0'] : ['up 0', 'up 1']);
    for (const { link } of watched.pool.slots) {
      expect(await link!.ask((control) => control.usage())).toMatchObject({ peers: 0 });
    }
  });

  it('tells whoever still waits when it closes that it has closed', async () => {
    await using watched = watch(workers);
    await watched.pool.start();
    const link = watched.pool.slots[0]!.link!;
    const closing = watched.pool.close('');
    const asked = Array.from({ length: 20 }, () => link.ask((control) => control.usage()));
    const results = await Promise.allSettled(asked);
    await closing;
    expect(results.some(({ status }) => status === 'rejected')).toBe(true);
    for (const result of results) {
      if (result.status === 'rejected') {
        expect(result.reason).toMatchObject({ code: 'ERR_PEERLOOM_CLOSED' });
      }
    }
    await expect(link.ask((control) => control.usage())).rejects.toMatchObject({
      code: 'ERR_PEERLOOM_CLOSED',
    });
  });

  it('says what is wrong with a handler, and is no worse for it', async () => {
    await using watched = watch(workers);
    await watched.pool.start();
    const handler = new URL('./noSuchHandler.ts', import.meta.url).href;
    await expect(watched.pool.setHandler(handler)).rejects.toMatchObject({
      code: 'ERR_PEERLOOM_HANDLER',
    });
    expect(watched.pool.slots.every(({ link }) => link?.alive)).toBe(true);
  });
});

describe('a host that does not do as it should', () => {
  it('is ended, thread and all, and replaced', async () => {
    await using watched = watch(1);
    await watched.pool.start();
    const [slot] = watched.pool.slots;
    const link = slot!.link!;
    watched.pool.kill(link, 'it talks nonsense');
    watched.pool.kill(link, 'and is ended once');
    expect(link.alive).toBe(false);
    await expect.poll(() => slot!.link, soon).toBeDefined();
    expect(watched.heard).toEqual([
      'up 0',
      'down 0: an actor host is gone: it talks nonsense',
      'up 0',
    ]);
    expect(await slot!.link!.ask((control) => control.usage())).toMatchObject({ peers: 0 });
    expect(watched.counters.workerDeaths).toBe(1);
  });
});

describe('peers', () => {
  it('go where the fewest are', async () => {
    await using watched = watch(3);
    const placed = Array.from({ length: 6 }, () => {
      const slot = watched.pool.place();
      slot.peers.add({} as never);
      return slot.index;
    });
    expect(placed).toEqual([0, 1, 2, 0, 1, 2]);
  });
});
