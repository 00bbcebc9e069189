import type { Capability } from '@peerloom/wire';
import { describe, expect, it } from 'vitest';
import type { FsmOptions, StuckCode } from '../src/index.ts';
import { TestPeer } from './testPeer.ts';

/** The reason that was told last. */
function reasonOf(peer: TestPeer): StuckCode | undefined {
  const told = peer.history.findLast(({ type }) => type === 'stuckReason');
  return told?.type === 'stuckReason' ? told.reason?.code : undefined;
}

function started(options: Partial<FsmOptions> = {}): TestPeer {
  const peer = new TestPeer(options);
  peer.start();
  return peer;
}

describe('why there is no session', () => {
  it.for([
    ['ECONNREFUSED', 'refused'],
    ['ETIMEDOUT', 'noAnswer'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['EADDRNOTAVAIL', 'sourceAddress'],
    ['EINVAL', 'dialFailed'],
  ] as const)('a dial that fails with %s: %s', ([errno, code]) => {
    const peer = started();
    peer.dialFailed(errno);
    expect(reasonOf(peer)).toBe(code);
  });

  it.for<[string, (peer: TestPeer) => void, StuckCode]>([
    ['no answer at all', (peer) => peer.fire('connectRetry'), 'noAnswer'],
    [
      'closed before a word',
      (peer) => {
        peer.dialConnected(1);
        peer.closed(1);
      },
      'closedBeforeOpen',
    ],
    [
      'not a word',
      (peer) => {
        peer.dialConnected(1);
        peer.fire('hold', 1);
      },
      'silent',
    ],
    [
      'the peer has another AS',
      (peer) => {
        peer.dialConnected(1);
        peer.open(1, { myAs: 65009 });
      },
      'wrongAs',
    ],
    [
      'the peer has another AS for us',
      (peer) => {
        peer.dialConnected(1);
        peer.notification(1, 2, 2);
      },
      'wrongAs',
    ],
    [
      'the peer is not acceptable',
      (peer) => {
        peer.dialConnected(1);
        peer.open(1, { holdTime: 1 });
      },
      'openRejected',
    ],
    [
      'we are not acceptable',
      (peer) => {
        peer.dialConnected(1);
        peer.notification(1, 2, 6);
      },
      'openRefused',
    ],
    [
      'the peer is shut down',
      (peer) => {
        peer.dialConnected(1);
        peer.notification(1, 6, 2);
      },
      'notification',
    ],
    [
      'the session was lost',
      (peer) => {
        peer.establish(1);
        peer.closed(1, 'ECONNRESET');
      },
      'sessionLost',
    ],
    [
      'more prefixes than the peer may announce',
      (peer) => {
        peer.establish(1);
        peer.step({ type: 'stop', cause: 'automatic', subcode: 1, restartAfter: 'never' });
      },
      'maximumPrefixes',
    ],
    [
      'the same, with an end',
      (peer) => {
        peer.establish(1);
        peer.step({ type: 'stop', cause: 'automatic', subcode: 1, restartAfter: 600 });
      },
      'maximumPrefixes',
    ],
    ['an operator', (peer) => void peer.step({ type: 'stop', cause: 'manual' }), 'stopped'],
  ])('%s', ([, happens, code]) => {
    const peer = started();
    happens(peer);
    expect(reasonOf(peer)).toBe(code);
  });

  it('passive: it waits for the peer', () => {
    expect(started({ passive: true }).fsm.stuckReason).toMatchObject({ code: 'passive' });
  });

  it('is none in a session', () => {
    const peer = started();
    peer.dialFailed();
    peer.fire('connectRetry');
    peer.establish(1);
    expect(reasonOf(peer)).toBeUndefined();
  });

  it('is not a collision', () => {
    const peer = started();
    peer.accepted(2);
    peer.dialConnected(1);
    peer.notification(2, 6, 7);
    expect(reasonOf(peer)).toBeUndefined();
  });

  it('is told once, not again and again', () => {
    const peer = started();
    peer.dialFailed();
    peer.fire('connectRetry');
    peer.dialFailed();
    expect(peer.history.filter(({ type }) => type === 'stuckReason')).toHaveLength(1);
  });

  it('names the families of both sides when they have none in common', () => {
    const capabilities = [1, 2].map(
      (safi): Capability => ({ type: 'multiprotocol', afi: 2, safi }),
    );
    const peer = started({ capabilities });
    peer.dialConnected(1);
    peer.open(1);
    expect(peer.fsm.stuckReason).toMatchObject({
      code: 'openRejected',
      text: 'no address family in common: the peer announces ipv4-unicast; ipv6-unicast, ipv6-multicast is configured for it',
      remedy: 'configure on both sides what they are to have in common (RFC 5492 §3)',
    });
  });

  it('names no more families than anybody would read', () => {
    const peer = started();
    peer.dialConnected(1);
    const capabilities = Array.from({ length: 200 }, (_, index): Capability => {
      return { type: 'multiprotocol', afi: 1000 + index, safi: 1 };
    });
    peer.open(1, { capabilities });
    expect(peer.fsm.stuckReason!.text).toMatch(/and 192 more; ipv4-unicast/);
  });

  it('of a send hold is that nothing could be sent, whether or not the peer reads', () => {
    const peer = started();
    peer.establish(1);
    peer.step({ type: 'transmitProgress', connection: 1, unsentBytes: 9 });
    peer.fire('sendHold', 1);
    expect(peer.fsm.stuckReason).toMatchObject({
      code: 'sessionLost',
      text: 'nothing could be sent for the send hold time: the peer reads too slowly, or not at all',
    });
  });

  it('shows the words of the peer (RFC 9003)', () => {
    const peer = started();
    peer.establish(1);
    peer.notification(1, 6, 2, 3, 0x62, 0x79, 0x65);
    const [told] = peer.told('stuckReason');
    expect(told!.reason!.text).toBe(
      'the peer sent Cease/Administrative Shutdown: bye (in Established)',
    );
  });
});
