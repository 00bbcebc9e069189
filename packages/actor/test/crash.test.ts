import { CommandKind, NoticeCode } from '@peerloom/ipc';
import { beforeEach, describe, expect, it } from 'vitest';
import { ScriptedPeer } from './scriptedPeer.ts';
import { SimulatedClock } from './simulatedClock.ts';
import { TestHost } from './testHost.ts';

let host: TestHost;
let failing: ScriptedPeer;
let other: ScriptedPeer;

beforeEach(() => {
  host = new TestHost(new SimulatedClock());
  failing = new ScriptedPeer(host, 1).establish({ passive: true });
  other = new ScriptedPeer(host, 2).establish();
  failing.announce('10.0.0.0/8');
  other.announce('10.0.0.0/8');
});

/** Has the next UPDATE of the peer hit a fault of our own. */
function breakActor(peer: number): void {
  const actor = host.host.actor(peer);
  Object.defineProperty(actor.routes.table, 'receive', {
    configurable: true,
    value: () => {
      throw new TypeError('a fault of our own');
    },
  });
}

describe('an actor that throws', () => {
  it('is made anew alone; its peer is told, the others notice nothing', () => {
    breakActor(1);
    failing.announce('10.1.0.0/16');
    expect(host.sentNotification(failing.connection)).toMatchObject({ code: 6, subcode: 8 });
    expect(host.last('close', 1)).toMatchObject({ connection: failing.connection });
    expect(host.notices(NoticeCode.actorRestarted, 1)[0]?.text).toContain('a fault of our own');
    expect(host.sessionDown(1)).toMatchObject({ session: 1 });
    expect(host.snapshot(1)).toMatchObject({ state: 'Idle', session: undefined });
    expect(host.snapshot(2)).toMatchObject({ state: 'Established', flaps: 0 });
    other.announce('10.2.0.0/16');
    expect(other.prefixes).toEqual(['10.0.0.0/8', '10.2.0.0/16']);
    expect(host.host.usage().queued).toBe(0);
  });

  it('is started again after a while, with numbers that were never used', () => {
    breakActor(1);
    failing.announce('10.1.0.0/16');
    host.clock.advance(900);
    expect(host.snapshot(1).state).toBe('Idle');
    host.clock.advance(500);
    expect(host.snapshot(1).state).toBe('Active');
    delete (host.host.actor(1).routes.table as { receive?: unknown }).receive;
    failing.connect();
    expect(host.snapshot(1).state).toBe('Established');
    expect(host.last('sessionUp', 1)?.session).toBe(2);
    failing.announce('10.3.0.0/16');
    expect(failing.prefixes).toEqual(['10.3.0.0/16']);
  });

  it('waits longer each time that it fails', () => {
    const waits: number[] = [];
    for (let times = 0; times < 8; times++) {
      breakActor(1);
      failing.announce('10.1.0.0/16');
      const began = host.clock.now();
      while (host.snapshot(1).state === 'Idle') host.clock.advance(100);
      waits.push(Math.round((host.clock.now() - began) / 1000));
      failing.connect();
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('stays down when it was shut down', () => {
    breakActor(1);
    failing.announce('10.1.0.0/16');
    host.command(1, CommandKind.shutdown);
    host.clock.advance(600_000);
    expect(host.snapshot(1)).toMatchObject({ state: 'Idle', shutdown: true });
  });

  it('can fail in a timer too', () => {
    const actor = host.host.actor(1);
    Object.defineProperty(actor, 'step', {
      value: () => {
        throw new TypeError('a fault in a timer');
      },
    });
    host.clock.advance(60_000);
    expect(host.notices(NoticeCode.actorRestarted, 1)[0]?.text).toContain('a fault in a timer');
    expect(host.snapshot(2).state).toBe('Established');
  });
});

it('says so when a batch cannot be read', () => {
  host.deliverRaw(Uint8Array.of(200, 1, 2, 3));
  host.clock.settle();
  expect(host.notices(NoticeCode.badBatch)[0]?.text).toContain('breaks off');
  expect(host.snapshot(1).state).toBe('Established');
});
