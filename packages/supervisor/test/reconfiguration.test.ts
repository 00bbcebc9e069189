import type { EngineOptions } from '@peerloom/supervisor';
import { describe, expect, it } from 'vitest';
import { peerKey } from '../src/checkEngineOptions.ts';
import {
  fixedOptionsOf,
  planReconfiguration,
  type Reconfiguration,
} from '../src/reconfiguration.ts';
import { resolvePeerOptions } from '../src/resolvePeerOptions.ts';

const base: EngineOptions = {
  routerId: '192.0.2.1',
  localAs: 65001,
  workers: 1,
  groups: { lab: { holdTime: 30 } },
  neighbors: [
    { address: '192.0.2.2', remoteAs: 65002 },
    { address: '192.0.2.3', remoteAs: 65003, group: 'lab' },
  ],
  ranges: [{ prefix: '10.0.0.0/8', remoteAs: 'external' }],
  announce: [{ prefix: '198.51.100.0/24' }, { prefix: '203.0.113.0/24' }],
};

function plan(after: Partial<EngineOptions>): Reconfiguration {
  const peers = base.neighbors!.map((neighbor) => {
    const options = resolvePeerOptions(base, neighbor);
    return [peerKey(options.address, options.sourceAddress), options] as const;
  });
  return planReconfiguration(new Map(peers), fixedOptionsOf(base), base, { ...base, ...after });
}

const nothing = {
  removed: [],
  changed: [],
  added: [],
  removedRanges: [],
  ranges: [],
  withdraw: [],
  announce: [],
  ignored: [],
};

describe('another configuration', () => {
  it('that is the same touches nothing', () => {
    expect(plan(structuredClone(base))).toEqual(nothing);
  });

  it('touches only the peers that differ', () => {
    const neighbors = [
      { address: '192.0.2.2', remoteAs: 65002, description: 'new' },
      { address: '192.0.2.4', remoteAs: 65004 },
    ];
    const { added, changed, removed, ...others } = plan({ neighbors });
    expect(added).toMatchObject([{ address: '192.0.2.4', remoteAs: 65004 }]);
    expect(changed).toMatchObject([{ address: '192.0.2.2', description: 'new' }]);
    expect(removed).toEqual(['192.0.2.3']);
    expect(others).toMatchObject({ ranges: [], removedRanges: [], announce: [], withdraw: [] });
  });

  it('makes another peer of one with another source address', () => {
    const [first, second] = base.neighbors!;
    const { added, changed, removed } = plan({
      neighbors: [first!, { ...second!, sourceAddress: '192.0.2.9' }],
    });
    expect(removed).toEqual(['192.0.2.3']);
    expect(added).toMatchObject([{ address: '192.0.2.3', sourceAddress: '192.0.2.9' }]);
    expect(changed).toEqual([]);
  });

  it('reaches peers and ranges through their group and the defaults', () => {
    expect(plan({ groups: { lab: { holdTime: 60 } } }).changed).toMatchObject([
      { address: '192.0.2.3', holdTime: 60 },
    ]);
    const { changed, ranges } = plan({ defaults: { port: 1790 } });
    expect(changed).toHaveLength(2);
    expect(ranges).toEqual(base.ranges);
  });

  it('adds, changes and removes ranges', () => {
    const ranges = [{ prefix: '2001:DB8::/32', remoteAs: 'external' }] as const;
    expect(plan({ ranges })).toMatchObject({ ranges, removedRanges: ['10.0.0.0/8'] });
    const limited = [{ prefix: '10.0.0.0/8', remoteAs: 'external', limit: 3 }] as const;
    expect(plan({ ranges: limited })).toMatchObject({ ranges: limited, removedRanges: [] });
  });

  it('withdraws what is no longer announced, and announces what is new or different', () => {
    const changed = { prefix: '203.0.113.0/24', communities: ['65001:1'] };
    const added = { prefix: '2001:db8::/32' };
    expect(plan({ announce: [changed, added] })).toMatchObject({
      withdraw: [{ prefix: '198.51.100.0/24' }],
      announce: [changed, added],
    });
  });

  it('says what it cannot change while running', () => {
    expect(plan({ workers: 2, limits: { events: 5 } }).ignored).toEqual(['workers', 'limits']);
  });

  it('is measured by what runs, and not by what was said in between', () => {
    const given = { workers: 3, limits: { events: 5 } };
    const said = { ...base, workers: 2 };
    const fixed = fixedOptionsOf({ ...base, ...given });
    expect(planReconfiguration(new Map(), fixed, said, { ...base, ...given }).ignored).toEqual([]);
    const { limits, workerMemory } = fixedOptionsOf(base);
    expect(plan({ limits, workerMemory, restarting: false }).ignored).toEqual([]);
  });
});
