import type { FsmTimer } from '@peerloom/fsm';
import { mailPatience } from '@peerloom/ipc';
import { describe, expect, it } from 'vitest';
import { type FsmTimerOwner, FsmTimers } from '../src/fsmTimers.ts';
import { TimerWheel, wheelTick } from '../src/timerWheel.ts';
import { SimulatedClock } from './simulatedClock.ts';

interface Bench {
  readonly clock: SimulatedClock;
  readonly wheel: TimerWheel;
  readonly timers: FsmTimers;
  /** What has fired: timer, connection and generation. */
  readonly fired: string[];
  readonly arm: (timer: FsmTimer, connection: number, seconds: number, generation?: number) => void;
}

function bench(owner: Partial<FsmTimerOwner> = {}): Bench {
  const clock = new SimulatedClock(1_700_000_000_000.5);
  const wheel: TimerWheel = new TimerWheel(clock, () => wheel.run());
  const fired: string[] = [];
  const timers = new FsmTimers(
    {
      hasUnreadInput: () => false,
      timerFired: ({ timer, connection, generation }) =>
        fired.push(`${timer} ${connection} ${generation}`),
      ...owner,
    },
    wheel,
  );
  const arm: Bench['arm'] = (timer, connection, seconds, generation = 1) => {
    const milliseconds = seconds * 1000;
    const output = { type: 'armTimer', timer, connection, milliseconds, generation } as const;
    timers.arm(output, clock.now());
  };
  return { clock, wheel, timers, fired, arm };
}

const names = ['connectRetry', 'keepalive', 'sendHold'] as const;

describe('the timers of one FSM', () => {
  it('fire once each, with the generation that they were armed with last', () => {
    const { clock, wheel, fired, arm } = bench();
    for (const name of names) arm(name, 1, 10);
    arm('keepalive', 1, 20, 2);
    expect(wheel.size).toBe(3);
    clock.advance(10_000 + wheelTick);
    expect(fired.toSorted()).toEqual(['connectRetry 1 1', 'sendHold 1 1']);
    clock.advance(10_000 + wheelTick);
    expect(fired.slice(2)).toEqual(['keepalive 1 2']);
  });

  it.each(names)('are disarmed one at a time: %s', (unwanted) => {
    const { clock, timers, fired, arm } = bench();
    for (const name of names) arm(name, 1, 10);
    arm(unwanted, 2, 10);
    timers.disarm(unwanted, 1);
    timers.disarm('delayOpen', 1);
    clock.advance(20_000);
    const others = names.filter((name) => name !== unwanted).map((name) => `${name} 1 1`);
    expect(fired.toSorted()).toEqual([...others, `${unwanted} 2 1`].toSorted());
  });

  it('go with their connection, wherever in the chain they are', () => {
    const { clock, wheel, timers, fired, arm } = bench();
    for (const [index, connection] of [2, 1, 2, 3, 2].entries()) {
      arm(names[index % 3]!, connection, 10);
    }
    arm('connectRetry', 0, 10);
    timers.forget(2);
    expect(wheel.size).toBe(3);
    arm('keepalive', 2, 10, 7);
    clock.advance(20_000);
    expect(fired.toSorted()).toEqual([
      'connectRetry 0 1',
      'connectRetry 3 1',
      'keepalive 1 1',
      'keepalive 2 7',
    ]);
  });

  it('can all be given up, and armed again', () => {
    const { clock, wheel, timers, fired, arm } = bench();
    for (const name of names) arm(name, 1, 10);
    timers.clear();
    expect(wheel.size).toBe(0);
    expect(timers.left).toEqual({});
    arm('sendHold', 1, 5, 2);
    clock.advance(20_000);
    expect(fired).toEqual(['sendHold 1 2']);
  });

  it('say how long they have to run, the sooner of two connections, put off by messages', () => {
    const { clock, timers, arm } = bench({
      remaining: (timer) => (timer === 'keepalive' ? 25_000 : 0),
    });
    arm('hold', 1, 90);
    arm('hold', 2, 60);
    arm('keepalive', 1, 20);
    clock.advance(10_000);
    const { hold, keepalive, ...rest } = timers.left;
    expect(hold).toBeCloseTo(50, 2);
    expect(keepalive).toBe(25);
    expect(rest).toEqual({});
  });

  it('give a hold timer that finds unread input half a second, and its mail what it may take', () => {
    let unread = true;
    const { clock, fired, arm } = bench({ hasUnreadInput: () => unread });
    arm('hold', 1, 90);
    clock.advance(90_000 + mailPatience + wheelTick);
    expect(fired).toEqual([]);
    unread = false;
    clock.advance(500 + wheelTick);
    expect(fired).toEqual(['hold 1 1']);
  });
});
