import { describe, expect, it } from 'vitest';
import { gracefulRestart } from './speakers.ts';
import { TestPeer } from './testPeer.ts';

const higherThanPeer = { routerId: '192.0.2.200' };
const lowerThanPeer = { routerId: '10.255.255.255' };
const dialled = 1;
const accepted = 2;

describe('a connection that comes while the peer is Established', () => {
  it('is closed once the peer has spoken on it', () => {
    const peer = new TestPeer(lowerThanPeer);
    peer.establish(dialled);
    peer.accepted(accepted);
    expect(peer.sent).toEqual(['OPEN@2']);
    peer.open(accepted);
    expect(peer.sent).toEqual(['6/7@2']);
    expect(peer.fsm.connection).toBe(dialled);
    expect(peer.told('collisionResolved')).toMatchObject([{ survivor: dialled, loser: accepted }]);
  });

  it('wins by the higher identifier if CollisionDetectEstablishedState', () => {
    const peer = new TestPeer({ ...lowerThanPeer, collisionDetectEstablishedState: true });
    peer.establish(dialled);
    peer.accepted(accepted);
    peer.open(accepted);
    expect(peer.sent).toEqual(['6/7@1', 'KEEPALIVE@2']);
    expect(peer.told('sessionDown')).toMatchObject([{ session: 1, end: { event: 23 } }]);
    expect(peer.state).toBe('OpenConfirm');
    peer.message(accepted, 'keepalive');
    expect(peer.told('sessionUp')).toMatchObject([{ session: 2, connection: accepted }]);
  });

  it('loses by the lower identifier even so', () => {
    const peer = new TestPeer({ ...higherThanPeer, collisionDetectEstablishedState: true });
    peer.establish(dialled);
    peer.accepted(accepted);
    peer.open(accepted);
    expect(peer.sent).toEqual(['6/7@2']);
    expect(peer.fsm.connection).toBe(dialled);
  });

  it('survives when the session is lost before the peer speaks', () => {
    const peer = new TestPeer();
    peer.establish(dialled);
    peer.accepted(accepted);
    peer.closed(dialled, 'ECONNRESET');
    expect(peer.told('sessionDown')).toHaveLength(1);
    expect(peer.state).toBe('OpenSent');
    peer.open(accepted);
    peer.message(accepted, 'keepalive');
    expect(peer.fsm.connection).toBe(accepted);
  });
});

describe('a peer that has restarted (RFC 4724 §4.2)', () => {
  const restarts = { capabilities: [gracefulRestart()] };

  it('gets its new connection, and the old one is closed without a NOTIFICATION', () => {
    const peer = new TestPeer({ ...restarts, ...higherThanPeer });
    peer.establish(dialled, restarts);
    peer.wait(60);
    peer.accepted(accepted);
    expect(peer.state).toBe('Established');
    peer.open(accepted, restarts);
    expect(peer.sent).toEqual(['KEEPALIVE@2']);
    expect(peer.told('close')).toEqual([{ type: 'close', connection: dialled, reset: true }]);
    const [down] = peer.told('sessionDown');
    expect([...down!.end.retained!.families]).toEqual([257]);
    peer.message(accepted, 'keepalive');
    expect(peer.told('sessionUp')).toMatchObject([{ session: 2 }]);
  });

  it('is believed at once when it says so (R bit)', () => {
    const peer = new TestPeer({ ...restarts, ...higherThanPeer });
    peer.establish(dialled, restarts);
    peer.accepted(accepted);
    peer.open(accepted, { capabilities: [gracefulRestart({ restarting: true })] });
    expect(peer.closedConnections).toEqual([dialled]);
  });

  it('is not taken for one because of a connection that it opened in parallel to ours', () => {
    const peer = new TestPeer({ ...restarts, ...higherThanPeer });
    peer.establish(dialled, restarts);
    peer.accepted(accepted);
    peer.open(accepted, restarts);
    expect(peer.sent).toEqual(['6/7@2']);
    expect(peer.fsm.connection).toBe(dialled);
  });

  it('nor because of the R bit, when that stood in the OPEN of ours, too', () => {
    const restarting = { capabilities: [gracefulRestart({ restarting: true })] };
    const peer = new TestPeer({ ...restarts, ...higherThanPeer });
    peer.establish(dialled, restarting);
    peer.accepted(accepted);
    peer.open(accepted, restarting);
    expect(peer.sent).toEqual(['6/7@2']);
    expect(peer.fsm.connection).toBe(dialled);
    peer.wait(60);
    peer.accepted(3);
    peer.open(3, restarting);
    expect(peer.closedConnections).toEqual([dialled]);
  });

  it('must still send an acceptable OPEN', () => {
    const peer = new TestPeer(restarts);
    peer.establish(dialled, restarts);
    peer.wait(60);
    peer.accepted(accepted);
    peer.open(accepted, { ...restarts, holdTime: 2 });
    expect(peer.sent).toEqual(['2/6@2']);
    expect(peer.fsm.connection).toBe(dialled);
  });

  it('is not, when it did not agree on graceful restart for any family', () => {
    const peer = new TestPeer(restarts);
    peer.establish(dialled, { capabilities: [gracefulRestart({ families: [] })] });
    peer.wait(60);
    peer.accepted(accepted);
    peer.open(accepted);
    expect(peer.sent).toEqual(['6/7@2']);
  });
});
