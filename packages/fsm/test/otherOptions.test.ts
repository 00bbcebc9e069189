import { describe, expect, it } from 'vitest';
import { type FsmOptions, resolveFsmOptions } from '../src/index.ts';
import { localOptions } from './speakers.ts';
import { TestPeer } from './testPeer.ts';

function started(options: Partial<FsmOptions> = {}): TestPeer {
  const peer = new TestPeer(options);
  peer.start();
  return peer;
}

const changed = (changes: Partial<FsmOptions>): FsmOptions => ({ ...localOptions, ...changes });

describe('other options', () => {
  it.for<[string, FsmOptions, boolean | undefined]>([
    ['the AS of the peer', changed({ remoteAs: 65009 }), undefined],
    [
      'the families',
      changed({ capabilities: [{ type: 'multiprotocol', afi: 2, safi: 1 }] }),
      false,
    ],
    ['the one who dials', changed({ passive: true }), undefined],
    ['what the FSM does not know of', changed({}), true],
  ])('that change %s end a hold in Idle, and what went wrong', ([, options, anew]) => {
    const peer = started();
    for (const connection of [1, 2, 3]) {
      peer.dialConnected(connection);
      peer.open(connection, { myAs: 65003 });
      if (connection < 3) peer.fire('idleHold');
    }
    expect(peer.secondsLeft('idleHold')).toBe(120);
    const step = { type: 'options', options: resolveFsmOptions(options) } as const;
    peer.step(anew === undefined ? step : { ...step, anew });
    expect(peer.state).toBe(options.passive === true ? 'Active' : 'Connect');
    expect(peer.fsm.stuckReason?.code).toBe(options.passive === true ? 'passive' : undefined);
    expect(peer.fsm.connectRetryCounter).toBe(0);
    expect(peer.fsm.checkpoint().failures).toBe(0);
  });

  it('that change nothing of a session leave both alone', () => {
    const peer = started();
    peer.dialConnected(1);
    peer.open(1, { myAs: 65003 });
    peer.fire('idleHold');
    peer.dialConnected(2);
    peer.open(2, { myAs: 65003 });
    peer.wait(10);
    peer.step({ type: 'options', options: resolveFsmOptions(changed({ idleHoldTime: 5 })) });
    expect(peer.state).toBe('Idle');
    expect(peer.secondsLeft('idleHold')).toBe(50);
    expect(peer.fsm.stuckReason).toMatchObject({ code: 'wrongAs' });
  });

  it('do not start a peer that is stopped', () => {
    const peer = started();
    peer.step({ type: 'stop', cause: 'manual' });
    const options = resolveFsmOptions(changed({ remoteAs: 65009 }));
    peer.step({ type: 'options', options, anew: true });
    expect(peer.state).toBe('Idle');
    expect(peer.fsm.stuckReason).toMatchObject({ code: 'stopped' });
  });

  it('dial anew at once when they concern the dial', () => {
    const peer = started();
    peer.dialFailed();
    peer.step({ type: 'options', options: resolveFsmOptions(changed({})), anew: true });
    peer.fire('idleHold');
    expect(peer.told('dial')).toHaveLength(1);
    expect(peer.fsm.stuckReason).toBeUndefined();
  });
});
