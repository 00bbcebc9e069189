import { CommandKind } from '@peerloom/ipc';
import { beforeEach, describe, expect, it } from 'vitest';
import { Network } from './network.ts';
import { SimulatedClock } from './simulatedClock.ts';
import { peerOptions, TestHost } from './testHost.ts';

let clock: SimulatedClock;
let network: Network;
let left: TestHost;
let right: TestHost;

beforeEach(() => {
  clock = new SimulatedClock();
  network = new Network(clock);
  left = new TestHost(clock);
  right = new TestHost(clock);
  network.link(left, 1, right, 2);
});

const leftOptions = peerOptions({ localAs: 65001, remoteAs: 65002, routerId: '192.0.2.1' });
const rightOptions = peerOptions({ localAs: 65002, remoteAs: 65001, routerId: '192.0.2.2' });

function startBoth(): void {
  left.start(1, leftOptions);
  right.start(2, rightOptions);
  clock.advance(1000);
}

describe('two hosts, back to back', () => {
  it('come to one Established session, however many connections it took', () => {
    startBoth();
    for (const [host, peer] of [
      [left, 1],
      [right, 2],
    ] as const) {
      const snapshot = host.snapshot(peer);
      expect(snapshot.state).toBe('Established');
      expect(snapshot.connections).toHaveLength(1);
      expect(snapshot.established).toBe(1);
      expect(snapshot.flaps).toBe(0);
    }
    expect(left.sessionUp(1)).toMatchObject({ remoteAs: 65002, remoteRouterId: '192.0.2.2' });
  });

  it('stay so on KEEPALIVEs alone', () => {
    startBoth();
    clock.advance(3_600_000);
    expect(left.snapshot(1)).toMatchObject({ state: 'Established', flaps: 0 });
    expect(left.snapshot(1).received.keepalive).toBeGreaterThan(100);
    expect(left.snapshot(1).received.update).toBe(1);
  });

  it('say how long a timer has to run, not when it looks at the time next', () => {
    startBoth();
    let least = Number.POSITIVE_INFINITY;
    for (let second = 0; second < 300; second++) {
      clock.advance(1000);
      least = Math.min(least, left.snapshot(1).timers['hold']!);
    }
    // A KEEPALIVE comes every 30 s of the 90 s.
    expect(least).toBeGreaterThan(55);
    expect(left.snapshot(1).timers['keepalive']).toBeLessThanOrEqual(30);
  });

  it('end with the words of the one that shuts down, and come back when it starts again', () => {
    startBoth();
    left.command(1, CommandKind.shutdown, 'going for lunch');
    clock.advance(1000);
    expect(right.snapshot(2)).toMatchObject({
      flaps: 1,
      lastErrorReceived: {
        name: expect.stringContaining('Administrative Shutdown'),
        text: 'going for lunch',
      },
    });
    expect(left.snapshot(1)).toMatchObject({ state: 'Idle', shutdown: true });
    left.command(1, CommandKind.start);
    clock.advance(120_000);
    expect(left.snapshot(1)).toMatchObject({ state: 'Established', shutdown: false });
  });
});
