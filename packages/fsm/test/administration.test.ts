import { CeaseSubcode, decodeShutdownCommunication } from '@peerloom/wire';
import { describe, expect, it } from 'vitest';
import { type FsmOptions, needsReset, resolveFsmOptions } from '../src/index.ts';
import { gracefulRestart, localOptions } from './speakers.ts';
import { TestPeer } from './testPeer.ts';

const restarts = { capabilities: [gracefulRestart({ notification: true })] };

/** The one NOTIFICATION that the last input made the peer send. */
function notificationOf(peer: TestPeer): { code: number; subcode: number; data: Uint8Array } {
  const [send] = peer.told('send');
  if (send?.message.kind !== 'notification') throw new Error('no NOTIFICATION was sent');
  return send.message;
}

describe('a stop', () => {
  it('sends Administrative Shutdown with the words of the operator (RFC 9003)', () => {
    const peer = new TestPeer();
    peer.establish(1);
    peer.step({ type: 'stop', cause: 'manual', text: 'maintenance, back at 4' });
    const { code, subcode, data } = notificationOf(peer);
    expect([code, subcode]).toEqual([6, 2]);
    expect(decodeShutdownCommunication(data)).toBe('maintenance, back at 4');
  });

  it('says nothing where RFC 9003 has no room for words', () => {
    const peer = new TestPeer();
    peer.establish(1);
    peer.step({ type: 'stop', cause: 'manual', subcode: CeaseSubcode.peerDeconfigured, text: 'x' });
    expect(notificationOf(peer)).toMatchObject({ subcode: 3, data: new Uint8Array(0) });
  });

  it('carries the data of other subcodes as they are given', () => {
    const peer = new TestPeer();
    peer.establish(1);
    const data = Uint8Array.of(0, 1, 1, 0, 0, 0, 100);
    peer.step({ type: 'stop', cause: 'automatic', subcode: 1, data });
    expect(notificationOf(peer)).toMatchObject({ code: 6, subcode: 1, data });
  });

  it('ends both connections, and keeps the peer in Idle', () => {
    const peer = new TestPeer();
    peer.start();
    peer.accepted(2);
    peer.dialConnected(1);
    peer.step({ type: 'stop', cause: 'manual' });
    expect(peer.sent.toSorted()).toEqual(['6/2@1', '6/2@2']);
    expect(peer.state).toBe('Idle');
    expect(peer.secondsLeft('idleHold')).toBeUndefined();
  });

  it('gives up a dial', () => {
    const peer = new TestPeer();
    peer.start();
    peer.step({ type: 'stop', cause: 'manual' });
    expect(peer.told('abortDial')).toHaveLength(1);
    peer.dialConnected(1);
    expect(peer.closedConnections).toEqual([1]);
  });

  it('sends a Cease without an OPEN only if it may', () => {
    for (const sendNotificationWithoutOpen of [true, false]) {
      const peer = new TestPeer({ passive: true, delayOpenTime: 5, sendNotificationWithoutOpen });
      peer.start();
      peer.accepted(1);
      peer.step({ type: 'stop', cause: 'manual' });
      expect(peer.sent).toEqual(sendNotificationWithoutOpen ? ['6/2@1'] : []);
    }
  });
});

describe('an automatic stop', () => {
  it('lets the peer come back like any failure', () => {
    const peer = new TestPeer();
    peer.establish(1);
    peer.step({ type: 'stop', cause: 'automatic', subcode: 8 });
    expect(peer.secondsLeft('idleHold')).toBe(0);
  });

  it('of a connection and a dial is one failure, not two', () => {
    const peer = new TestPeer();
    peer.start();
    peer.accepted(2);
    peer.step({ type: 'stop', cause: 'automatic' });
    expect(peer.fsm.connectRetryCounter).toBe(1);
    expect(peer.secondsLeft('idleHold')).toBe(0);
    expect(peer.told('abortDial')).toHaveLength(1);
  });

  it('can say when', () => {
    const peer = new TestPeer();
    peer.establish(1);
    peer.step({ type: 'stop', cause: 'automatic', subcode: 1, restartAfter: 300 });
    expect(peer.told('idleHold')).toMatchObject([{ until: 300_000 }]);
    peer.fire('idleHold');
    expect(peer.state).toBe('Connect');
  });

  it.for(['never', Number.POSITIVE_INFINITY, Number.NaN] as const)('can say %s', (restartAfter) => {
    const peer = new TestPeer();
    peer.establish(1);
    peer.step({ type: 'stop', cause: 'automatic', subcode: 1, restartAfter });
    expect(peer.state).toBe('Idle');
    expect(peer.secondsLeft('idleHold')).toBeUndefined();
    peer.start('automatic');
    expect(peer.state).toBe('Connect');
  });

  it('is not heard without AllowAutomaticStop', () => {
    const peer = new TestPeer({ allowAutomaticStop: false });
    peer.establish(1);
    peer.step({ type: 'stop', cause: 'automatic' });
    expect(peer.outputs).toEqual([]);
    expect(peer.state).toBe('Established');
  });
});

const stopped = (stop: { subcode?: number; hard?: boolean; text?: string }): TestPeer => {
  const peer = new TestPeer(restarts);
  peer.establish(1, restarts);
  peer.step({ type: 'stop', cause: 'manual', ...stop });
  return peer;
};

describe('a stop after graceful restart was agreed for NOTIFICATIONs (RFC 8538)', () => {
  it.for([
    [1, true],
    [2, true],
    [3, true],
    [4, false],
    [5, false],
    [6, false],
    [8, false],
  ] as const)('subcode %i is a Hard Reset: %s', ([subcode, isHard]) => {
    const peer = stopped({ subcode });
    const sent = notificationOf(peer);
    expect(sent.subcode).toBe(isHard ? 9 : subcode);
    if (isHard) expect([...sent.data.subarray(0, 2)]).toEqual([6, subcode]);
    const [down] = peer.told('sessionDown');
    expect(down!.end.retained === undefined).toBe(isHard);
  });

  it('obeys when it is told how hard to be', () => {
    expect(notificationOf(stopped({ subcode: 4, hard: true })).subcode).toBe(9);
    expect(notificationOf(stopped({ subcode: 2, hard: false })).subcode).toBe(2);
  });

  it('wraps the words of the operator too', () => {
    const { data } = notificationOf(stopped({ text: 'bye' }));
    expect([...data.subarray(0, 2)]).toEqual([6, 2]);
    expect(decodeShutdownCommunication(data.subarray(2))).toBe('bye');
  });

  it('sends no Hard Reset to a peer that would not know it', () => {
    const peer = new TestPeer(restarts);
    peer.establish(1, { capabilities: [gracefulRestart()] });
    peer.step({ type: 'stop', cause: 'manual', hard: true });
    expect(notificationOf(peer).subcode).toBe(2);
  });
});

const resolved = (changes: Partial<FsmOptions>) =>
  resolveFsmOptions({ ...localOptions, ...changes });

describe('new options', () => {
  it.for<[string, Partial<FsmOptions>, boolean]>([
    ['the same', {}, false],
    ['another AS', { localAs: 65009 }, true],
    ['another remote AS', { remoteAs: 'external' }, true],
    ['another hold time', { holdTime: 30 }, true],
    ['another capability', { capabilities: [{ type: 'routeRefresh' }] }, true],
    ['a role', { role: 3 }, true],
    ['another retry time', { connectRetryTime: 5 }, false],
    ['another profile', { profile: 'rfc4271' }, false],
    ['passive', { passive: true }, false],
  ])('%s: the session ends: %s', ([, changes, ends]) => {
    expect(needsReset(resolved({}), resolved(changes))).toBe(ends);
    const peer = new TestPeer();
    peer.establish(1);
    peer.step({ type: 'options', options: resolved(changes) });
    expect(peer.sent).toEqual(ends ? ['6/6@1'] : []);
    expect(peer.secondsLeft('idleHold')).toBe(ends ? 0 : undefined);
    expect(peer.fsm.options).toEqual(resolved(changes));
  });

  it('are what the next connection is made with', () => {
    const peer = new TestPeer();
    peer.establish(1);
    peer.step({ type: 'options', options: resolved({ localAs: 65009 }) });
    peer.fire('idleHold');
    peer.dialConnected(2);
    expect(peer.told('send')).toMatchObject([{ message: { kind: 'open', myAs: 65009 } }]);
  });

  it('do not end a session because the R bit is no longer due', () => {
    const before = resolved({ capabilities: [gracefulRestart({ restarting: true })] });
    const after = resolved({ capabilities: [gracefulRestart()] });
    expect(needsReset(before, after)).toBe(false);
  });

  it('that make a dialling peer passive end the dial, and the other way round', () => {
    const peer = new TestPeer();
    peer.start();
    peer.step({ type: 'options', options: resolved({ passive: true }) });
    expect(peer.told('abortDial')).toHaveLength(1);
    peer.fire('idleHold');
    expect(peer.state).toBe('Active');
    peer.step({ type: 'options', options: resolved({}) });
    peer.fire('idleHold');
    expect(peer.state).toBe('Connect');
  });

  it('bring the peer back even where it may not start by itself', () => {
    const peer = new TestPeer({ allowAutomaticStart: false });
    peer.establish(1);
    peer.step({ type: 'options', options: resolved({ allowAutomaticStart: false, holdTime: 30 }) });
    expect(peer.sent).toEqual(['6/6@1']);
    peer.fire('idleHold');
    expect(peer.state).toBe('Connect');
  });

  it('that allow it to start by itself bring it back from where it fell for want of that', () => {
    const peer = new TestPeer({ allowAutomaticStart: false });
    peer.establish(1);
    peer.closed(1);
    expect(peer.state).toBe('Idle');
    expect(peer.runningTimers).toEqual([]);
    peer.step({ type: 'options', options: resolved({}) });
    expect(peer.state).toBe('Connect');
  });

  it('do not start a peer that is stopped', () => {
    for (const allowAutomaticStart of [true, false]) {
      const peer = new TestPeer({ allowAutomaticStart });
      peer.step({ type: 'options', options: resolved({ localAs: 65009 }) });
      expect(peer.outputs).toEqual([]);
      expect(peer.state).toBe('Idle');
    }
  });
});

describe('retryNow', () => {
  it('dials at once in Active, and again in Connect', () => {
    const peer = new TestPeer();
    peer.start();
    peer.dialFailed();
    peer.step({ type: 'retryNow' });
    expect(peer.told('dial')).toEqual([{ type: 'dial', dial: 2 }]);
    expect(peer.state).toBe('Connect');
    peer.step({ type: 'retryNow' });
    expect(peer.told('dial')).toEqual([{ type: 'dial', dial: 3 }]);
  });

  it('disturbs neither a connection nor a stopped nor a passive peer', () => {
    const connected = new TestPeer();
    connected.start();
    connected.dialConnected(1);
    const passive = new TestPeer({ passive: true });
    passive.start();
    for (const peer of [connected, passive, new TestPeer()]) {
      peer.step({ type: 'retryNow' });
      expect(peer.outputs).toEqual([]);
    }
  });
});
