import { describe, expect, it } from 'vitest';
import { TestPeer } from './testPeer.ts';

describe('the HoldTimer', () => {
  it('is four minutes until the peer has sent its OPEN', () => {
    const peer = new TestPeer();
    peer.start();
    peer.dialConnected(1);
    expect(peer.secondsLeft('hold', 1)).toBe(240);
    peer.fire('hold', 1);
    expect(peer.sent).toEqual(['4/0@1']);
    expect(peer.state).toBe('Idle');
  });

  it('is the lower of the two from then on', () => {
    const peer = new TestPeer({ holdTime: 90 });
    peer.establish(1, { holdTime: 30 });
    expect(peer.secondsLeft('hold', 1)).toBe(30);
  });

  it.for(['update', 'keepalive', 'routeRefresh'] as const)('is put off by %s', (kind) => {
    const peer = new TestPeer();
    peer.establish(1);
    peer.wait(50);
    peer.message(1, kind);
    expect(peer.outputs).toEqual([]);
    peer.fire('hold', 1);
    expect(peer.now).toBe(90_000);
    expect(peer.state).toBe('Established');
    expect(peer.secondsLeft('hold', 1)).toBe(50);
    peer.fire('hold', 1);
    expect(peer.sent).toEqual(['4/0@1']);
    expect(peer.told('sessionDown')).toMatchObject([{ end: { event: 10, uptime: 140_000 } }]);
  });

  it('is put off by a note of the same', () => {
    const peer = new TestPeer();
    peer.establish(1);
    expect(peer.fsm.noteReceived(80_000, 1)).toBe(true);
    peer.fire('hold', 1);
    expect(peer.secondsLeft('hold', 1)).toBe(80);
  });

  it('heeds notes for the Established connection alone', () => {
    const peer = new TestPeer();
    peer.start();
    peer.dialConnected(1);
    expect(peer.fsm.noteReceived(80_000, 1)).toBe(false);
    peer.establish(1);
    peer.accepted(2);
    expect(peer.fsm.noteReceived(80_000, 2)).toBe(false);
    expect(peer.fsm.noteReceived(80_000, 0)).toBe(false);
  });

  it('can be kept back by a caller that has input yet to read', () => {
    const peer = new TestPeer();
    peer.establish(1);
    const armed = peer.history.findLast(
      (output) => output.type === 'armTimer' && output.timer === 'hold',
    );
    peer.wait(95);
    peer.message(1, 'update');
    if (armed?.type !== 'armTimer') throw new Error('no hold timer');
    const { generation } = armed;
    peer.step({ type: 'timer', timer: 'hold', connection: 1, generation });
    expect(peer.state).toBe('Established');
    expect(peer.secondsLeft('hold', 1)).toBe(90);
  });
});

describe('a hold time of zero', () => {
  it.for([
    [0, 90],
    [90, 0],
    [0, 0],
  ] as const)('stops the timers: ours %i, theirs %i', ([ours, theirs]) => {
    const peer = new TestPeer({ holdTime: ours });
    peer.establish(1, { holdTime: theirs });
    expect(peer.state).toBe('Established');
    for (const timer of ['hold', 'keepalive', 'sendHold'] as const) {
      expect(peer.secondsLeft(timer, 1)).toBeUndefined();
    }
  });

  it('still sends the one KEEPALIVE that confirms the OPEN', () => {
    const peer = new TestPeer({ holdTime: 0 });
    peer.start();
    peer.dialConnected(1);
    expect(peer.secondsLeft('hold', 1)).toBe(240);
    peer.open(1);
    expect(peer.sent).toEqual(['KEEPALIVE@1']);
  });

  it.for(['classic', 'rfc4271'] as const)(
    'does not wait for ever for the first one (%s)',
    (profile) => {
      const peer = new TestPeer({ holdTime: 0, delayOpenTime: 5, profile });
      peer.start();
      peer.dialConnected(1);
      peer.open(1);
      expect(peer.state).toBe('OpenConfirm');
      expect(peer.secondsLeft('hold', 1)).toBe(240);
      expect(peer.secondsLeft('keepalive', 1)).toBeUndefined();
      peer.fire('hold', 1);
      expect(peer.sent).toEqual(['4/0@1']);
      expect(peer.state).toBe('Idle');
    },
  );
});

describe('the KeepaliveTimer', () => {
  it.for([
    [0, 22.5],
    [0.5, 26.25],
    [0.999_999, 30],
  ] as const)('is a third of the hold time with jitter (random %f: %f s)', ([random, seconds]) => {
    const peer = new TestPeer({ holdTime: 90 }, () => random);
    peer.establish(1);
    expect(peer.secondsLeft('keepalive', 1)).toBeCloseTo(seconds, 2);
  });

  it('is never more than it is told to be', () => {
    const peer = new TestPeer({ holdTime: 90, keepaliveTime: 10 }, () => 0.999_999);
    peer.establish(1);
    expect(peer.secondsLeft('keepalive', 1)).toBeCloseTo(10, 2);
  });

  it('sends a KEEPALIVE each time', () => {
    const peer = new TestPeer();
    peer.establish(1);
    for (const at of [22.5, 45, 67.5]) {
      peer.fire('keepalive', 1);
      expect(peer.now).toBe(at * 1000);
      expect(peer.sent).toEqual(['KEEPALIVE@1']);
    }
  });

  it('runs in OpenConfirm already', () => {
    const peer = new TestPeer();
    peer.start();
    peer.dialConnected(1);
    peer.open(1);
    peer.fire('keepalive', 1);
    expect(peer.sent).toEqual(['KEEPALIVE@1']);
    expect(peer.state).toBe('OpenConfirm');
  });

  it('is put off by an UPDATE that we send', () => {
    const peer = new TestPeer();
    peer.establish(1);
    peer.fsm.noteSent(20_000, 1);
    peer.fire('keepalive', 1);
    expect(peer.sent).toEqual([]);
    expect(peer.secondsLeft('keepalive', 1)).toBe(20);
  });
});

describe('the ConnectRetryTimer', () => {
  it('is jittered anew each time it is set', () => {
    const numbers = [0, 0.5, 0.999_999];
    const peer = new TestPeer({ connectRetryTime: 120 }, () => numbers.shift()!);
    peer.start();
    expect(peer.secondsLeft('connectRetry')).toBe(90);
    peer.dialFailed();
    expect(peer.secondsLeft('connectRetry')).toBe(105);
    peer.fire('connectRetry');
    expect(peer.secondsLeft('connectRetry')).toBeCloseTo(120, 2);
  });

  it('gives up a dial that has no answer, and dials again', () => {
    const peer = new TestPeer();
    peer.start();
    peer.fire('connectRetry');
    expect(peer.told('abortDial')).toEqual([{ type: 'abortDial', dial: 1 }]);
    expect(peer.told('dial')).toEqual([{ type: 'dial', dial: 2 }]);
    expect(peer.state).toBe('Active');
    peer.fire('connectRetry');
    expect(peer.told('dial')).toEqual([{ type: 'dial', dial: 3 }]);
    expect(peer.state).toBe('Connect');
  });

  it('never makes a passive peer dial', () => {
    const peer = new TestPeer({ passive: true });
    peer.start();
    for (let times = 0; times < 3; times += 1) peer.fire('connectRetry');
    expect(peer.state).toBe('Active');
    expect(peer.history.filter(({ type }) => type === 'dial')).toEqual([]);
  });
});

const delayed = (): TestPeer => {
  const peer = new TestPeer({ delayOpenTime: 10 });
  peer.start();
  peer.dialConnected(1);
  expect(peer.sent).toEqual([]);
  expect(peer.state).toBe('Connect');
  expect(peer.secondsLeft('delayOpen', 1)).toBe(10);
  return peer;
};

describe('the DelayOpenTimer', () => {
  it('keeps our OPEN back until it runs out', () => {
    const peer = delayed();
    peer.fire('delayOpen', 1);
    expect(peer.sent).toEqual(['OPEN@1']);
    expect(peer.state).toBe('OpenSent');
    peer.open(1);
    expect(peer.state).toBe('OpenConfirm');
  });

  it('or until the peer speaks first', () => {
    const peer = delayed();
    peer.open(1);
    expect(peer.sent).toEqual(['OPEN@1', 'KEEPALIVE@1']);
    expect(peer.state).toBe('OpenConfirm');
    expect(peer.secondsLeft('delayOpen', 1)).toBeUndefined();
  });

  it('gives way to a connection of the peer that is further on', () => {
    const peer = delayed();
    peer.accepted(2);
    peer.open(2);
    expect(peer.state).toBe('OpenConfirm');
    peer.fire('delayOpen', 1);
    expect(peer.closedConnections).toEqual([1]);
    expect(peer.sent).toEqual([]);
  });

  it('lets a collision be decided when the peer speaks first on both', () => {
    const peer = delayed();
    peer.accepted(2);
    peer.open(2);
    peer.open(1);
    expect(peer.closedConnections).toEqual([1]);
    peer.message(2, 'keepalive');
    expect(peer.fsm.connection).toBe(2);
  });
});

describe('a timer that is out of date', () => {
  it('changes nothing', () => {
    const peer = new TestPeer();
    peer.start();
    peer.dialConnected(1);
    peer.open(1);
    for (const output of peer.history) {
      if (output.type !== 'armTimer' || output.generation >= 3) continue;
      const { timer, connection, generation } = output;
      peer.step({ type: 'timer', timer, connection, generation });
      expect(peer.outputs).toEqual([]);
    }
    expect(peer.state).toBe('OpenConfirm');
  });

  it('changes nothing either when nothing was armed at all', () => {
    const peer = new TestPeer();
    peer.step({ type: 'timer', timer: 'connectRetry', connection: 0, generation: 0 });
    peer.step({ type: 'timer', timer: 'hold', connection: 7, generation: 1 });
    expect(peer.state).toBe('Idle');
  });
});
