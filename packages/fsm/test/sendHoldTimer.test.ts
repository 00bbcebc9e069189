import { describe, expect, it } from 'vitest';
import { TestPeer } from './testPeer.ts';

const blocked = (): TestPeer => {
  const peer = new TestPeer({ sendHoldTime: 100 });
  peer.establish(1);
  peer.wait(10);
  peer.step({ type: 'transmitProgress', connection: 1, unsentBytes: 4000 });
  return peer;
};

describe('the SendHoldTimer (RFC 9687)', () => {
  it.for([
    [90, undefined, 480],
    [300, undefined, 600],
    [90, 120, 120],
  ] as const)('hold time %i, configured %s: %i s', ([holdTime, sendHoldTime, seconds]) => {
    const peer = new TestPeer({ holdTime, ...(sendHoldTime !== undefined && { sendHoldTime }) });
    peer.establish(1, { holdTime: 65535 });
    expect(peer.secondsLeft('sendHold', 1)).toBe(seconds);
  });

  it('can be switched off', () => {
    const peer = new TestPeer({ sendHoldTime: 0 });
    peer.establish(1);
    expect(peer.secondsLeft('sendHold', 1)).toBeUndefined();
  });

  it('ends a session whose peer takes nothing, without a word and by a reset', () => {
    const peer = blocked();
    peer.fire('sendHold', 1);
    expect(peer.secondsLeft('sendHold', 1)).toBe(10);
    peer.fire('sendHold', 1);
    expect(peer.sent).toEqual([]);
    expect(peer.told('close')).toEqual([{ type: 'close', connection: 1, reset: true }]);
    expect(peer.told('sessionDown')).toMatchObject([{ end: { event: 29 } }]);
    expect(peer.state).toBe('Idle');
  });

  it('is put off by every octet that the peer takes', () => {
    const peer = blocked();
    peer.wait(80);
    peer.fsm.noteTransmitted(peer.now, 1, 3999);
    peer.fire('sendHold', 1);
    expect(peer.state).toBe('Established');
    expect(peer.secondsLeft('sendHold', 1)).toBe(90);
  });

  it('has no complaint when nothing waits to be sent', () => {
    const peer = blocked();
    peer.fsm.noteTransmitted(peer.now, 1, 0);
    peer.fire('sendHold', 1);
    expect(peer.secondsLeft('sendHold', 1)).toBe(100);
  });

  it('counts what was handed over in the millisecond of the last progress', () => {
    const peer = blocked();
    peer.wait(10);
    peer.fsm.noteTransmitted(peer.now, 1, 0);
    peer.fsm.noteSent(peer.now, 1);
    peer.fire('sendHold', 1);
    expect(peer.secondsLeft('sendHold', 1)).toBe(20);
    peer.fire('sendHold', 1);
    expect(peer.state).toBe('Idle');
  });

  it('counts what was handed over since the last progress', () => {
    const peer = blocked();
    peer.fsm.noteTransmitted(peer.now, 1, 0);
    peer.fsm.noteSent(20_000, 1);
    peer.fire('sendHold', 1);
    peer.fire('sendHold', 1);
    expect(peer.state).toBe('Idle');
  });

  it('leaves callers alone that never tell what was taken', () => {
    const peer = new TestPeer({ sendHoldTime: 100 });
    peer.establish(1);
    peer.fire('keepalive', 1);
    peer.fire('sendHold', 1);
    expect(peer.state).toBe('Established');
  });
});
