import { encodeKeepalive } from '@peerloom/wire';
import { describe, expect, it } from 'vitest';
import { routeAttributes, ScriptedPeer, updateBytes } from './scriptedPeer.ts';
import { SimulatedClock } from './simulatedClock.ts';
import { TestHost } from './testHost.ts';

/** One UPDATE with many prefixes, as large as a message may be. */
function largeUpdates(count: number): Uint8Array {
  const nlri = Array.from({ length: 900 }, (_, index) => ({
    kind: 'prefix' as const,
    prefix: `10.${index >> 8}.${index & 255}.0/24`,
  }));
  const bytes = updateBytes({ attributes: routeAttributes, nlri })[0]!;
  return new Uint8Array(Buffer.concat(Array.from({ length: count }, () => bytes)));
}

describe('the hold timer', () => {
  it('ends the session of a peer that is silent', () => {
    const host = new TestHost(new SimulatedClock());
    const peer = new ScriptedPeer(host).establish();
    host.clock.advance(89_000);
    expect(host.snapshot(1).state).toBe('Established');
    host.clock.advance(2000);
    expect(host.sentNotification(peer.connection)).toMatchObject({ code: 4 });
    expect(host.snapshot(1).lastError?.name).toBe('Hold Timer Expired');
  });

  it('is put off by what the peer sent, at no cost but a number', () => {
    const host = new TestHost(new SimulatedClock());
    const peer = new ScriptedPeer(host).establish();
    for (let times = 0; times < 10; times++) {
      host.clock.advance(60_000);
      peer.keepalive();
    }
    expect(host.snapshot(1).state).toBe('Established');
    // KEEPALIVEs on an Established session are no steps of the FSM: an OPEN and the first KEEPALIVE are.
    const { entries } = host.host.recorder(1);
    const types = entries.map(({ input }) => (input as { type: string }).type);
    expect(types.filter((type) => type === 'message')).toHaveLength(2);
  });

  it('does not end a session while input of the peer waits to be read', () => {
    const clock = new SimulatedClock();
    const host = new TestHost(clock);
    const peer = new ScriptedPeer(host).establish();
    host.clock.advance(85_000);
    // The thread is busy, and the KEEPALIVE arrives meanwhile: it is queued, but not read, when the
    // hold timer is due.
    host.writer.data(1, peer.connection, encodeKeepalive());
    clock.stall(10_000, () => host.flush());
    expect(host.snapshot(1)).toMatchObject({ state: 'Established', flaps: 0 });
    host.clock.advance(60_000);
    expect(host.snapshot(1).state).toBe('Established');
    host.clock.advance(60_000);
    expect(host.snapshot(1).state).not.toBe('Established');
  });

  it('gives what arrives late, because the thread was busy, the time to be seen', () => {
    const clock = new SimulatedClock();
    const host = new TestHost(clock);
    const peer = new ScriptedPeer(host).establish();
    clock.stall(100_000, () => {});
    peer.keepalive();
    host.clock.advance(1000);
    expect(host.snapshot(1)).toMatchObject({ state: 'Established', flaps: 0 });
  });
});

describe('a peer that floods', () => {
  it('keeps no other peer waiting for long', () => {
    const clock = new SimulatedClock();
    const host = new TestHost(clock);
    const flooding = new ScriptedPeer(host, 1).establish();
    const quiet = new ScriptedPeer(host, 2).establish();
    // Everything arrives in one batch: a megabyte of one peer before the KEEPALIVE of the other.
    const flood = largeUpdates(280);
    expect(flood.length).toBeGreaterThan(1_000_000);
    const before = host.snapshot(2).received.keepalive;
    host.writer.data(1, flooding.connection, flood);
    host.writer.data(2, quiet.connection, encodeKeepalive());
    host.deliver();
    let turns = 0;
    while (host.snapshot(2).received.keepalive === before) {
      expect(clock.slice()).toBe(true);
      turns++;
    }
    expect(turns).toBeLessThan(3);
    expect(host.snapshot(1).inputQueue).toBeGreaterThan(900_000);
    host.clock.settle();
    expect(host.snapshot(1).inputQueue).toBe(0);
  });

  it('gets its credit back as it is read, to the last octet', () => {
    const host = new TestHost(new SimulatedClock());
    const peer = new ScriptedPeer(host).establish();
    const before = host.consumed;
    const flood = largeUpdates(50);
    // Cut where it hurts.
    for (let at = 0; at < flood.length; at += 1777) {
      host.writer.data(1, peer.connection, flood, at, Math.min(at + 1777, flood.length));
    }
    host.flush();
    expect(host.consumed - before).toBe(flood.length);
    expect(host.snapshot(1)).toMatchObject({
      inputQueue: 0,
      prefixes: { 'ipv4-unicast': { received: 900 } },
    });
  });

  it('gets its buffer back when all of it has been read, and nobody needs it', () => {
    const clock = new SimulatedClock();
    const host = new TestHost(clock);
    const peers = [new ScriptedPeer(host, 1).establish(), new ScriptedPeer(host, 2).establish()];
    expect(host.returned).toEqual([]);
    const flood = largeUpdates(30);
    for (const { peer, connection } of peers) host.writer.data(peer, connection, flood);
    host.deliver();
    while (host.returned.length === 0) expect(clock.slice()).toBe(true);
    for (const { peer } of peers) {
      expect(host.snapshot(peer)).toMatchObject({
        inputQueue: 0,
        prefixes: { 'ipv4-unicast': { received: 900 } },
      });
    }
    // A small one is not worth the while.
    peers[0]!.keepalive();
    expect(host.returned.length).toBe(1);
  });

  it('gives back the credit of what nobody reads any more', () => {
    const host = new TestHost(new SimulatedClock());
    const peer = new ScriptedPeer(host).establish();
    const bad = new Uint8Array(19);
    const before = host.consumed;
    peer.send(bad, largeUpdates(30));
    peer.send(largeUpdates(1));
    expect(host.snapshot(1).session).toBeUndefined();
    expect(host.consumed - before).toBe(bad.length + largeUpdates(31).length);
    expect(host.host.usage().queued).toBe(0);
  });
});
