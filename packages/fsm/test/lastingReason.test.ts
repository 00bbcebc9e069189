import { describe, expect, it } from 'vitest';
import type { FsmOptions, StuckCode } from '../src/index.ts';
import { TestPeer } from './testPeer.ts';

function started(options: Partial<FsmOptions> = {}): TestPeer {
  const peer = new TestPeer(options);
  peer.start();
  return peer;
}

/** What goes wrong with a peer that stays at fault, and what is seen of it from then on. */
const faults: readonly [string, (peer: TestPeer, connection: number) => void, StuckCode][] = [
  ['has another AS', (peer, on) => peer.open(on, { myAs: 65009 }), 'wrongAs'],
  ['speaks another version', (peer, on) => peer.open(on, { version: 3 }), 'openRejected'],
  ['has a hold time of 1 s', (peer, on) => peer.open(on, { holdTime: 1 }), 'openRejected'],
  ['has no identifier', (peer, on) => peer.open(on, { bgpIdentifier: '0.0.0.0' }), 'openRejected'],
  ['has another AS for us', (peer, on) => peer.notification(on, 2, 2), 'wrongAs'],
  ['does not want our families', (peer, on) => peer.notification(on, 2, 7), 'openRefused'],
  ['sends a Cease', (peer, on) => peer.notification(on, 6, 3), 'notification'],
];

describe('a reason that is known', () => {
  const ways: [string, Partial<FsmOptions>][] = [
    ['damped', {}],
    ['not damped', { dampPeerOscillations: false }],
  ];
  for (const [way, options] of ways) {
    it.for(faults)(`stays while a passive peer waits, ${way}: it %s`, ([, fails, code]) => {
      const peer = started({ passive: true, ...options });
      for (const connection of [1, 2, 3]) {
        peer.accepted(connection);
        fails(peer, connection);
        const { text } = peer.fsm.stuckReason!;
        expect(peer.fsm.stuckReason).toMatchObject({ code });
        peer.fire('idleHold');
        expect(peer.state).toBe('Active');
        expect(peer.fsm.stuckReason).toMatchObject({
          code,
          text: `${text}; waiting for the peer to connect again`,
        });
      }
    });
  }

  it('of a passive peer is the end of its session, too', () => {
    const peer = started({ passive: true });
    peer.accepted(1);
    peer.open(1);
    peer.message(1, 'keepalive');
    peer.closed(1, 'ECONNRESET');
    peer.fire('idleHold');
    expect(peer.fsm.stuckReason).toMatchObject({ code: 'sessionLost' });
  });

  it.for<[string, (peer: TestPeer) => void]>([
    ['refuses', (peer) => peer.dialFailed()],
    ['does not answer', (peer) => peer.dialFailed('ETIMEDOUT')],
    ['answers no dial in time', (peer) => peer.fire('connectRetry')],
    [
      'hangs up',
      (peer) => {
        peer.dialConnected(2);
        peer.closed(2);
      },
    ],
    [
      'connects and hangs up',
      (peer) => {
        peer.accepted(2);
        peer.closed(2);
      },
    ],
  ])('outlasts that the peer %s from then on', ([, happens]) => {
    const peer = started();
    peer.establish(1);
    peer.notification(1, 6, 2, 3, 0x62, 0x79, 0x65);
    peer.fire('idleHold');
    happens(peer);
    expect(peer.fsm.stuckReason!.text).toMatch(/Administrative Shutdown: bye/);
  });

  it.for<[string, (peer: TestPeer) => void, StuckCode]>([
    [
      'another NOTIFICATION',
      (peer) => {
        peer.dialConnected(2);
        peer.notification(2, 2, 2);
      },
      'wrongAs',
    ],
    [
      'a connection on which nothing comes',
      (peer) => {
        peer.dialConnected(2);
        peer.fire('hold', 2);
      },
      'silent',
    ],
    ['that there is no way to it', (peer) => peer.dialFailed('ENETUNREACH'), 'unreachable'],
  ])('gives way to %s', ([, happens, code]) => {
    const peer = started();
    peer.establish(1);
    peer.notification(1, 6, 2);
    peer.fire('idleHold');
    happens(peer);
    expect(peer.fsm.stuckReason).toMatchObject({ code });
  });

  it('is forgotten in a session, and what becomes of a second connection is none', () => {
    const peer = started();
    peer.dialConnected(1);
    peer.notification(1, 6, 2);
    peer.fire('idleHold');
    peer.establish(2);
    peer.accepted(3);
    peer.open(3, { myAs: 65009 });
    expect(peer.state).toBe('Established');
    expect(peer.fsm.stuckReason).toBeUndefined();
  });

  it('is forgotten when an operator starts the peer', () => {
    const peer = started();
    peer.dialConnected(1);
    peer.open(1, { myAs: 65009 });
    peer.step({ type: 'stop', cause: 'manual' });
    expect(peer.fsm.stuckReason).toMatchObject({ code: 'stopped' });
    peer.start();
    expect(peer.fsm.stuckReason).toBeUndefined();
  });
});

describe('a connection that stands', () => {
  it('of a peer that has connected and says nothing is the reason, and not that we wait for it', () => {
    const peer = started({ passive: true });
    peer.accepted(1);
    expect(peer.fsm.stuckReason).toMatchObject({
      code: 'silent',
      text: 'the peer has connected, and has sent no OPEN yet',
    });
  });

  it('that we dialled is the reason, too', () => {
    const peer = started();
    peer.dialFailed();
    peer.fire('connectRetry');
    peer.dialConnected(1);
    expect(peer.fsm.stuckReason!.text).toBe(
      'the peer has accepted our connection, and has sent no OPEN yet',
    );
  });

  it('waits for the KEEPALIVE once the OPENs are there', () => {
    const peer = started({ passive: true });
    peer.accepted(1);
    peer.open(1);
    expect(peer.fsm.stuckReason!.text).toMatch(/has sent an OPEN, and no KEEPALIVE/);
    peer.fire('hold', 1);
    peer.fire('idleHold');
    expect(peer.fsm.stuckReason).toMatchObject({
      code: 'unconfirmed',
      text: 'the peer sent no KEEPALIVE to confirm our OPEN; waiting for the peer to connect again',
    });
  });

  it('is not waited for while our OPEN is delayed', () => {
    const peer = started({ passive: true, delayOpenTime: 5 });
    expect(peer.fsm.stuckReason).toMatchObject({ code: 'passive' });
    peer.accepted(1);
    expect(peer.state).toBe('Active');
    expect(peer.fsm.stuckReason).toBeUndefined();
  });

  it('and is closed then was most likely closed for our OPEN', () => {
    const peer = started();
    peer.dialConnected(1);
    peer.open(1);
    peer.closed(1);
    expect(peer.fsm.stuckReason).toMatchObject({ code: 'closedAfterOpen' });
  });

  it('and that the peer closes itself, before a word, is none that it does not know', () => {
    const peer = started({ passive: true });
    peer.accepted(1);
    peer.closed(1);
    expect(peer.fsm.stuckReason).toMatchObject({ code: 'connectedAndClosed' });
  });
});

describe('a peer whose connections are refused here', () => {
  const refused = { type: 'refused', text: 'too far away', remedy: 'come nearer' } as const;

  it('is told so, whatever comes of our own', () => {
    const peer = started();
    peer.step(refused);
    expect(peer.fsm.stuckReason).toMatchObject({ code: 'refusedHere', text: 'too far away' });
    peer.dialConnected(1);
    expect(peer.fsm.stuckReason).toMatchObject({ code: 'refusedHere' });
    peer.fire('hold', 1);
    peer.fire('idleHold');
    peer.dialFailed('ETIMEDOUT');
    expect(peer.fsm.stuckReason).toMatchObject({ code: 'refusedHere' });
  });

  it('is not once one of them is accepted', () => {
    const peer = started({ passive: true });
    peer.step(refused);
    peer.accepted(1);
    expect(peer.fsm.stuckReason).toMatchObject({ code: 'silent' });
  });

  it('has a session all the same, or is stopped, and that is what counts', () => {
    const peer = started();
    peer.establish(1);
    peer.step(refused);
    expect(peer.fsm.stuckReason).toBeUndefined();
    peer.step({ type: 'stop', cause: 'manual' });
    peer.step(refused);
    expect(peer.fsm.stuckReason).toMatchObject({ code: 'stopped' });
  });
});
