import { describe, expect, it } from 'vitest';
import { PeerFsm, type SessionEnd } from '../src/index.ts';
import { gracefulRestart, leastJitter, localOptions } from './speakers.ts';
import { TestPeer } from './testPeer.ts';

const restart = (notification: boolean) => ({ capabilities: [gracefulRestart({ notification })] });

type Agreement = 'nothing' | 'RFC 4724' | 'RFC 8538';

/** How a session ends under an agreement. */
function endOf(agreement: Agreement, ending: (peer: TestPeer) => void): SessionEnd {
  const capabilities = agreement === 'nothing' ? {} : restart(agreement === 'RFC 8538');
  const peer = new TestPeer(capabilities);
  peer.establish(1, capabilities);
  peer.wait(5);
  ending(peer);
  const [down] = peer.told('sessionDown');
  expect(down).toMatchObject({ session: 1, connection: 1 });
  return down!.end;
}

describe("the peer's routes after a session", () => {
  it.for<[string, (peer: TestPeer) => void, readonly Agreement[]]>([
    ['TCP is lost', (peer) => peer.closed(1, 'ECONNRESET'), ['RFC 4724', 'RFC 8538']],
    ['the peer closes TCP', (peer) => peer.closed(1), ['RFC 4724', 'RFC 8538']],
    ['the hold timer expires', (peer) => peer.fire('hold', 1), ['RFC 8538']],
    ['the peer sends an UPDATE error', (peer) => peer.notification(1, 3, 1), ['RFC 8538']],
    ['the peer sends Administrative Reset', (peer) => peer.notification(1, 6, 4), ['RFC 8538']],
    ['the peer sends Hard Reset', (peer) => peer.notification(1, 6, 9, 6, 2), []],
    ['the peer sends nonsense', (peer) => peer.decodeError(1, 3, 1), ['RFC 8538']],
    [
      'an operator shuts the peer down',
      (peer) => void peer.step({ type: 'stop', cause: 'manual' }),
      [],
    ],
    [
      'an operator resets the peer softly',
      (peer) => void peer.step({ type: 'stop', cause: 'manual', subcode: 4 }),
      ['RFC 8538'],
    ],
  ])('when %s', ([, ending, kept]) => {
    for (const agreement of ['nothing', 'RFC 4724', 'RFC 8538'] as const) {
      const { retained } = endOf(agreement, ending);
      expect([agreement, retained !== undefined]).toEqual([agreement, kept.includes(agreement)]);
      if (retained === undefined) continue;
      expect([...retained.families]).toEqual([257]);
      expect(retained.restartTime).toBe(120);
    }
  });
});

describe('the end of a session', () => {
  it('tells the event, the words, the NOTIFICATION that was sent, and how long it lasted', () => {
    const end = endOf('nothing', (peer) => peer.decodeError(1, 3, 1));
    expect(end).toMatchObject({
      event: 28,
      why: 'something was wrong',
      sent: { code: 3, subcode: 1 },
      uptime: 5000,
    });
    expect(end).not.toHaveProperty('received');
  });

  it('tells the NOTIFICATION that was received', () => {
    const end = endOf('nothing', (peer) => peer.notification(1, 6, 2));
    expect(end).toMatchObject({ event: 25, received: { code: 6, subcode: 2 } });
    expect(end).not.toHaveProperty('sent');
  });

  it('comes between the NOTIFICATION and the close, and before the transition', () => {
    const peer = new TestPeer();
    peer.establish(1);
    peer.step({ type: 'stop', cause: 'manual' });
    const kinds = peer.outputs.map(({ type }) => type);
    expect(kinds.filter((kind) => kind !== 'disarmTimer' && kind !== 'stuckReason')).toEqual([
      'send',
      'sessionDown',
      'close',
      'transition',
    ]);
  });
});

it('a session is told of with all that was agreed', () => {
  const peer = new TestPeer({ holdTime: 30 });
  peer.start();
  peer.accepted(4);
  peer.open(4);
  expect(peer.told('sessionUp')).toEqual([]);
  peer.message(4, 'keepalive');
  expect(peer.told('sessionUp')).toMatchObject([
    {
      session: 1,
      connection: 4,
      negotiated: {
        peerAs: 65002,
        peerIdentifier: '192.0.2.2',
        holdTime: 30,
        keepaliveTime: 10,
        initiator: 'remote',
        localOpen: { myAs: 65001 },
        peerOpen: { myAs: 65002 },
        options: { peerType: 'external' },
      },
    },
  ]);
  expect(peer.fsm.session).toBe(1);
});

it('dials and sessions are never given the same number twice', () => {
  const peer = new TestPeer();
  peer.establish(1);
  peer.closed(1);
  peer.fire('idleHold');
  expect(peer.told('dial')).toEqual([{ type: 'dial', dial: 2 }]);
  peer.establish(2);
  expect(peer.fsm.session).toBe(2);
});

it('an FSM that is made anew goes on with the numbers that it is given', () => {
  const fsm = new PeerFsm(localOptions, leastJitter, 100);
  const outputs = fsm.step(0, { type: 'start', cause: 'manual' });
  expect(outputs).toContainEqual({ type: 'dial', dial: 100 });
});
