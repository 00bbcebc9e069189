import { describe, expect, it } from 'vitest';
import { TestPeer } from './testPeer.ts';

/** Seconds that the peer is held in Idle after each of a number of failures in a row. */
function holds(peer: TestPeer, failures: number): (number | undefined)[] {
  return Array.from({ length: failures }, (_, index) => {
    const connection = index + 1;
    peer.dialConnected(connection);
    peer.open(connection, { myAs: 65099 });
    expect(peer.state).toBe('Idle');
    const seconds = peer.secondsLeft('idleHold');
    peer.fire('idleHold');
    expect(peer.state).toBe('Connect');
    return seconds;
  });
}

describe('a peer that keeps failing', () => {
  it('comes back at once after the first failure, then after 60 s, doubling up to 16 min', () => {
    const peer = new TestPeer();
    peer.start();
    expect(holds(peer, 7)).toEqual([0, 60, 120, 240, 480, 960, 960]);
  });

  it('is held as its options say', () => {
    const peer = new TestPeer({ idleHoldTime: 5, idleHoldTimeMaximum: 12 });
    peer.start();
    expect(holds(peer, 5)).toEqual([0, 5, 10, 12, 12]);
  });

  it('tells how long it is held, and when no longer', () => {
    const peer = new TestPeer();
    peer.start();
    holds(peer, 1);
    peer.dialConnected(9);
    peer.open(9, { myAs: 65099 });
    expect(peer.told('idleHold')).toEqual([{ type: 'idleHold', until: 60_000, failures: 2 }]);
    peer.fire('idleHold');
    expect(peer.told('idleHold')).toEqual([{ type: 'idleHold', until: undefined, failures: 2 }]);
  });

  it('does not overflow after a very long time of failures', () => {
    const peer = new TestPeer({ idleHoldTime: 1, idleHoldTimeMaximum: 1 });
    peer.start();
    expect(holds(peer, 2000).at(-1)).toBe(1);
  });
});

const failing = (): TestPeer => {
  const peer = new TestPeer({ stableTime: 100 });
  peer.start();
  holds(peer, 3);
  return peer;
};

describe('the failures are forgotten', () => {
  it('after a session that was stable', () => {
    const peer = failing();
    peer.establish(10);
    peer.wait(100);
    peer.notification(10, 3, 1);
    expect(peer.secondsLeft('idleHold')).toBe(0);
  });

  it('but not after one that was not', () => {
    const peer = failing();
    peer.establish(10);
    peer.wait(99);
    peer.notification(10, 3, 1);
    expect(peer.secondsLeft('idleHold')).toBe(240);
  });

  it('when an operator starts the peer', () => {
    const peer = failing();
    peer.dialConnected(10);
    peer.open(10, { myAs: 65099 });
    expect(peer.secondsLeft('idleHold')).toBe(240);
    peer.start('manual');
    expect(peer.state).toBe('Connect');
    expect(peer.secondsLeft('idleHold')).toBeUndefined();
    expect(holds(peer, 2)).toEqual([0, 60]);
  });
});

const held = (): TestPeer => {
  const peer = new TestPeer();
  peer.start();
  holds(peer, 1);
  peer.dialConnected(9);
  peer.open(9, { myAs: 65099 });
  expect(peer.secondsLeft('idleHold')).toBe(60);
  return peer;
};

describe('a hold in Idle', () => {
  it('does not end with an automatic start', () => {
    const peer = held();
    peer.start('automatic');
    expect(peer.state).toBe('Idle');
    expect(peer.secondsLeft('idleHold')).toBe(60);
  });

  it('ends when the peer is told not to wait', () => {
    const peer = held();
    peer.step({ type: 'retryNow' });
    expect(peer.state).toBe('Connect');
    expect(peer.secondsLeft('idleHold')).toBeUndefined();
  });

  it('becomes a rest without end by a stop', () => {
    const peer = held();
    peer.step({ type: 'stop', cause: 'manual' });
    expect(peer.secondsLeft('idleHold')).toBeUndefined();
    expect(peer.told('idleHold')).toMatchObject([{ until: undefined }]);
    peer.step({ type: 'retryNow' });
    expect(peer.state).toBe('Idle');
  });
});

describe('what is no failure', () => {
  it('a Cease that ends a session: it comes back at once, but not again and again', () => {
    const peer = new TestPeer({ connectRetryTime: 30 });
    const rests = [1, 2, 3, 4, 5].map((connection) => {
      peer.establish(connection);
      peer.notification(connection, 6, 4);
      const seconds = peer.secondsLeft('idleHold');
      peer.fire('idleHold');
      return seconds;
    });
    expect(rests).toEqual([0, 22.5, 22.5, 0, 22.5]);
  });

  it('a Cease to one that never dials: it listens again at once, however often', () => {
    const peer = new TestPeer({ passive: true });
    peer.start();
    for (let connection = 1; connection <= 8; connection += 2) {
      peer.accepted(connection);
      peer.open(connection);
      peer.notification(connection, 6, 2);
      expect(peer.secondsLeft('idleHold')).toBe(0);
      peer.fire('idleHold');
      peer.accepted(connection + 1);
      peer.open(connection + 1);
      peer.message(connection + 1, 'keepalive');
      expect(peer.state).toBe('Established');
      peer.notification(connection + 1, 6, 4);
      expect(peer.secondsLeft('idleHold')).toBe(0);
      peer.fire('idleHold');
      expect(peer.state).toBe('Active');
    }
  });

  it('a Cease before there is a session: it comes back after the ConnectRetryTime', () => {
    const peer = new TestPeer();
    peer.start();
    peer.dialConnected(1);
    peer.notification(1, 6, 5);
    expect(peer.secondsLeft('idleHold')).toBe(22.5);
  });

  it('a refused dial: it goes on between Connect and Active', () => {
    const peer = new TestPeer();
    peer.start();
    for (let times = 0; times < 5; times += 1) {
      peer.dialFailed();
      expect(peer.state).toBe('Active');
      expect(peer.secondsLeft('connectRetry')).toBe(22.5);
      peer.fire('connectRetry');
      expect(peer.state).toBe('Connect');
    }
  });

  it('a refused dial by the letter of the RFC: to Idle, but never in a hot loop', () => {
    const peer = new TestPeer({ profile: 'rfc4271' });
    peer.start();
    for (let times = 0; times < 5; times += 1) {
      peer.dialFailed();
      expect(peer.state).toBe('Idle');
      expect(peer.secondsLeft('idleHold')).toBe(22.5);
      peer.fire('idleHold');
    }
  });
});

it('without DampPeerOscillations every return waits the ConnectRetryTime', () => {
  const peer = new TestPeer({ dampPeerOscillations: false, connectRetryTime: 8 });
  peer.start();
  expect(holds(peer, 4)).toEqual([6, 6, 6, 6]);
});

it('without AllowAutomaticStart a failed peer waits for an operator', () => {
  const peer = new TestPeer({ allowAutomaticStart: false });
  peer.start('automatic');
  expect(peer.state).toBe('Idle');
  peer.start('manual');
  peer.dialConnected(1);
  peer.open(1, { myAs: 65099 });
  expect(peer.state).toBe('Idle');
  expect(peer.secondsLeft('idleHold')).toBeUndefined();
});
