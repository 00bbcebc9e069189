import { AdjRibIn } from '@peerloom/rib';
import { UpdateView } from '@peerloom/wire';
import { beforeEach, describe, expect, it } from 'vitest';
import { plainSession, routeAttributes, ScriptedPeer, updateBytes } from './scriptedPeer.ts';
import { SimulatedClock } from './simulatedClock.ts';
import { TestHost } from './testHost.ts';

let clock: SimulatedClock;
let host: TestHost;
let peer: ScriptedPeer;

beforeEach(() => {
  clock = new SimulatedClock();
  host = new TestHost(clock);
  peer = new ScriptedPeer(host).establish();
});

const blocks = (): number => host.host.usage().attributeBlocks;

describe('routes that are gone with their session', () => {
  beforeEach(() => {
    peer.announce('10.0.0.0/8', '10.1.0.0/16');
    peer.close('ECONNRESET');
  });

  it('keep their memory for fifteen seconds', () => {
    expect(peer.prefixes).toEqual([]);
    clock.advance(14_000);
    expect(blocks()).toBe(1);
    clock.advance(1_100);
    expect(blocks()).toBe(0);
  });

  it('have it still when the neighbour sends them again', () => {
    clock.advance(10_000);
    peer.connect();
    peer.announce('10.0.0.0/8');
    expect(host.host.store.garbage, 'one has not come back').toBe(1);
    clock.advance(30_000);
    expect(host.host.store.garbage).toBe(0);
    expect(peer.prefixes).toEqual(['10.0.0.0/8']);
    expect(blocks()).toBe(1);
  });
});

it('does not keep more than two million routes that are gone', () => {
  const table = new AdjRibIn(host.host.store);
  const view = new UpdateView();
  table.sessionUp(plainSession);
  const nlri = Array.from({ length: 800 }, (_, index) => `10.0.${index >> 8}.${index & 255}/32`);
  const [update] = updateBytes({
    attributes: routeAttributes,
    nlri: nlri.map((prefix) => ({ kind: 'prefix', prefix })),
  });
  const first = update!.length - nlri.length * 5;
  for (let part = 0; table.routeCount < 2_097_152; part++) {
    // The second and the third octet of each address make it another.
    for (let at = first; at < update!.length; at += 5) {
      update![at + 2] = part >> 6;
      update![at + 3] = ((part & 63) << 2) | (update![at + 3]! & 3);
    }
    table.receive(view, update!, 0, update!.length);
  }
  table.sessionDown();
  expect(host.host.store.garbage).toBeGreaterThanOrEqual(2_097_152);
  peer.keepalive();
  expect(host.host.store.garbage).toBe(0);
  expect(blocks()).toBe(0);
});
