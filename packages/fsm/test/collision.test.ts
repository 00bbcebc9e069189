import { describe, expect, it } from 'vitest';
import { preferredInitiator } from '../src/collision.ts';
import { TestPeer } from './testPeer.ts';

const higherThanPeer = { routerId: '192.0.2.200' };
const lowerThanPeer = { routerId: '10.255.255.255' };
const dialled = 1;
const accepted = 2;

describe('preferredInitiator', () => {
  it.for([
    ['192.0.2.1', 1, '192.0.2.2', 2, 'remote'],
    ['192.0.2.2', 1, '192.0.2.1', 2, 'local'],
    // As numbers, not as text.
    ['9.0.0.1', 1, '10.0.0.1', 2, 'remote'],
    // Unsigned.
    ['200.0.0.1', 1, '100.0.0.1', 2, 'local'],
    ['255.255.255.255', 1, '127.255.255.255', 2, 'local'],
    // RFC 6286 §2.3: the same identifier.
    ['192.0.2.1', 65001, '192.0.2.1', 65002, 'remote'],
    ['192.0.2.1', 4_200_000_000, '192.0.2.1', 65002, 'local'],
    ['192.0.2.1', 2_000_000_000, '192.0.2.1', 3_000_000_000, 'remote'],
  ] as const)('%s AS %i against %s AS %i: %s', ([ours, ourAs, theirs, theirAs, preferred]) => {
    const local = { identifier: ours, as: ourAs };
    const remote = { identifier: theirs, as: theirAs };
    expect(preferredInitiator(local, remote)).toBe(preferred);
    expect(preferredInitiator(remote, local)).not.toBe(preferred);
  });
});

/** Both connections stand, and neither side has said anything. */
function bothOpenSent(options: object): TestPeer {
  const peer = new TestPeer(options);
  peer.start();
  peer.accepted(accepted);
  expect(peer.state).toBe('OpenSent');
  peer.dialConnected(dialled);
  return peer;
}

describe('a collision with a peer that has the lower identifier', () => {
  it('keeps our connection as soon as the peer speaks on its own', () => {
    const peer = bothOpenSent(higherThanPeer);
    peer.open(accepted);
    expect(peer.sent).toEqual(['6/7@2']);
    expect(peer.closedConnections).toEqual([accepted]);
    expect(peer.told('collisionResolved')).toMatchObject([{ survivor: dialled, loser: accepted }]);
    expect(peer.state).toBe('OpenSent');
    peer.open(dialled);
    peer.message(dialled, 'keepalive');
    expect(peer.fsm.connection).toBe(dialled);
  });

  it('keeps our connection when the peer speaks on it first', () => {
    const peer = bothOpenSent(higherThanPeer);
    peer.open(dialled);
    expect(peer.sent).toEqual(['6/7@2', 'KEEPALIVE@1']);
    expect(peer.state).toBe('OpenConfirm');
  });

  it('closes a connection of the peer that comes when ours is in OpenConfirm', () => {
    const peer = new TestPeer(higherThanPeer);
    peer.start();
    peer.dialConnected(dialled);
    peer.open(dialled);
    peer.accepted(accepted);
    expect(peer.sent).toEqual(['OPEN@2', '6/7@2']);
    expect(peer.state).toBe('OpenConfirm');
  });
});

describe('a collision with a peer that has the higher identifier', () => {
  it("keeps the peer's connection when it speaks on it", () => {
    const peer = bothOpenSent(lowerThanPeer);
    peer.open(accepted);
    expect(peer.sent).toEqual(['6/7@1', 'KEEPALIVE@2']);
    expect(peer.closedConnections).toEqual([dialled]);
    expect(peer.state).toBe('OpenConfirm');
    peer.message(accepted, 'keepalive');
    expect(peer.fsm.connection).toBe(accepted);
  });

  it('gives up our connection in OpenConfirm for it (RFC 4271 §6.8)', () => {
    const peer = new TestPeer(lowerThanPeer);
    peer.start();
    peer.dialConnected(dialled);
    peer.open(dialled);
    peer.accepted(accepted);
    expect(peer.sent).toEqual(['OPEN@2']);
    peer.open(accepted);
    expect(peer.sent).toEqual(['6/7@1', 'KEEPALIVE@2']);
    expect(peer.state).toBe('OpenConfirm');
  });

  it("waits for a word on the peer's connection before it gives up ours", () => {
    const peer = bothOpenSent(lowerThanPeer);
    peer.open(dialled);
    expect(peer.sent).toEqual(['KEEPALIVE@1']);
    peer.message(dialled, 'keepalive');
    expect(peer.sent).toEqual(['6/7@2']);
    expect(peer.fsm.connection).toBe(dialled);
  });
});

describe('a collision between the same identifiers', () => {
  it('is decided by the larger AS, of four octets', () => {
    const peer = new TestPeer({ routerId: '192.0.2.2', remoteAs: 4_200_000_000 });
    peer.start();
    peer.accepted(accepted);
    peer.dialConnected(dialled);
    peer.open(dialled, {
      myAs: 23456,
      capabilities: [{ type: 'fourOctetAs', as: 4_200_000_000 }],
    });
    expect(peer.told('collisionResolved')).toEqual([]);
    peer.open(accepted, {
      myAs: 23456,
      capabilities: [{ type: 'fourOctetAs', as: 4_200_000_000 }],
    });
    expect(peer.told('collisionResolved')).toMatchObject([{ survivor: accepted }]);
  });
});

describe('the loser of a collision', () => {
  it('counts neither as a failure nor as a try', () => {
    const peer = bothOpenSent(higherThanPeer);
    peer.open(accepted);
    expect(peer.fsm.connectRetryCounter).toBe(0);
    expect(peer.told('idleHold')).toEqual([]);
  });

  it('leaves the dial in flight alone when the peer decides', () => {
    const peer = new TestPeer(lowerThanPeer);
    peer.start();
    peer.accepted(accepted);
    expect(peer.secondsLeft('connectRetry')).toBeUndefined();
    peer.notification(accepted, 6, 7);
    expect(peer.state).toBe('Connect');
    expect(peer.told('abortDial')).toEqual([]);
    expect(peer.secondsLeft('connectRetry')).toBe(22.5);
    peer.establish(dialled);
    expect(peer.state).toBe('Established');
  });

  it('leaves the dial in flight alone when it is dumped on demand', () => {
    const peer = new TestPeer();
    peer.start();
    peer.accepted(accepted);
    peer.step({ type: 'collisionDump', connection: accepted });
    expect(peer.sent).toEqual(['6/7@2']);
    expect(peer.state).toBe('Connect');
  });

  it('makes a classic peer listen when its last connection is closed for one that is on its way', () => {
    const peer = new TestPeer({ profile: 'classic' });
    peer.start();
    peer.dialConnected(dialled);
    peer.notification(dialled, 6, 7);
    expect(peer.state).toBe('Active');
    peer.accepted(accepted);
    expect(peer.state).toBe('OpenSent');
  });
});

describe('a dial that succeeds late', () => {
  it('is closed without a word once the other connection is in OpenConfirm', () => {
    const peer = new TestPeer(higherThanPeer);
    peer.start();
    peer.accepted(accepted);
    peer.open(accepted);
    peer.dialConnected(dialled);
    expect(peer.sent).toEqual([]);
    expect(peer.closedConnections).toEqual([dialled]);
    peer.message(accepted, 'keepalive');
    expect(peer.fsm.connection).toBe(accepted);
  });

  it('is given up when the other connection is Established', () => {
    const peer = new TestPeer(higherThanPeer);
    peer.start();
    peer.accepted(accepted);
    peer.open(accepted);
    peer.message(accepted, 'keepalive');
    expect(peer.told('abortDial')).toEqual([{ type: 'abortDial', dial: 1 }]);
    peer.dialConnected(dialled);
    expect(peer.closedConnections).toEqual([dialled]);
    expect(peer.state).toBe('Established');
  });
});

describe('trouble on one of two connections', () => {
  it('leaves the other alone when TCP is the trouble', () => {
    const peer = bothOpenSent(higherThanPeer);
    peer.closed(dialled, 'ECONNRESET');
    expect(peer.state).toBe('OpenSent');
    expect(peer.secondsLeft('connectRetry')).toBeUndefined();
    peer.open(accepted);
    peer.message(accepted, 'keepalive');
    expect(peer.fsm.connection).toBe(accepted);
  });

  it('leaves the other alone when it has sent an OPEN too', () => {
    const peer = bothOpenSent(higherThanPeer);
    peer.open(dialled, { holdTime: 1 });
    expect(peer.sent).toEqual(['2/6@1']);
    expect(peer.state).toBe('OpenSent');
  });

  it('ends a dial in flight when the peer is at fault', () => {
    const peer = new TestPeer();
    peer.start();
    peer.accepted(accepted);
    peer.open(accepted, { myAs: 65099 });
    expect(peer.sent).toEqual(['2/2@2']);
    expect(peer.told('abortDial')).toEqual([{ type: 'abortDial', dial: 1 }]);
    expect(peer.state).toBe('Idle');
  });
});

describe('a second connection of the peer', () => {
  it('takes the place of its first, which it must have given up', () => {
    const peer = new TestPeer({ passive: true });
    peer.start();
    peer.accepted(1);
    peer.open(1);
    peer.accepted(2);
    expect(peer.sent).toEqual(['6/7@1', 'OPEN@2']);
    expect(peer.closedConnections).toEqual([1]);
    expect(peer.state).toBe('OpenSent');
  });

  it('takes its place beside a dial in flight as well', () => {
    const peer = new TestPeer();
    peer.start();
    peer.accepted(1);
    peer.accepted(2);
    expect(peer.closedConnections).toEqual([1]);
    expect(peer.told('abortDial')).toEqual([]);
    peer.open(2);
    expect(peer.state).toBe('OpenConfirm');
  });

  it('is refused in Idle, held or not', () => {
    const peer = new TestPeer();
    peer.accepted(1);
    expect(peer.told('close')).toEqual([{ type: 'close', connection: 1, reset: true }]);
    peer.start();
    peer.dialConnected(2);
    peer.decodeError(2, 1, 1);
    peer.accepted(3);
    expect(peer.closedConnections).toEqual([3]);
    expect(peer.state).toBe('Idle');
  });
});
