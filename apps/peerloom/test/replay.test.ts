import { describe, expect, it } from 'vitest';
import { fromPlain, toPlain } from '../src/control/richJson.ts';
import { replayLines } from '../src/print/replayed.ts';
import { replayText } from '../src/replay/replayText.ts';

it('JSON carries what JSON does not know', () => {
  const value = {
    octets: Uint8Array.of(1, 255),
    set: new Set([1, 2]),
    map: new Map([[257, { on: true }]]),
    big: 2n ** 64n,
    never: Number.POSITIVE_INFINITY,
    none: null,
    list: [[Number.NEGATIVE_INFINITY], 'text', 0.5],
  };
  const text = JSON.stringify(toPlain({ ...value, absent: undefined }));
  expect(fromPlain(JSON.parse(text))).toEqual(value);
  expect(text).not.toContain('absent');
});

describe('a recording', () => {
  /** A peer that waits for its neighbor is started and stopped. */
  const recording = {
    version: 2,
    epoch: 0,
    peer: 1,
    dropped: 0,
    start: {
      seed: 7,
      firstId: 1,
      options: { localAs: 65000, remoteAs: 65001, routerId: '10.0.0.1', passive: true },
    },
    entries: [
      { time: 1000, input: { type: 'start', cause: 'manual' }, outputs: [] as unknown[] },
      { time: 2000, input: { type: 'stop', cause: 'manual', text: 'bye' }, outputs: [] },
    ],
  };

  it('is played again, and the difference to what was recorded is told', () => {
    const steps = replayText(JSON.stringify(recording), 'flight.json');
    expect(steps.map(({ state }) => state)).toEqual(['Active', 'Idle']);
    expect(steps.every(({ recorded }) => recorded !== undefined)).toBe(true);
    const lines = steps.flatMap(replayLines);
    expect(lines[0]).toBe('1970-01-01T00:00:01.000Z  start: cause manual');
    expect(lines).toContain('    = Active');
    expect(lines.join('\n')).toMatch(/transition: .*from Idle, to Active/);
  });

  it('tells times within a step as it tells the time of the step', () => {
    const entry = { time: 86_401_000, input: { type: 'retryNow' } };
    const outputs = [{ type: 'idleHold', until: 5000, failures: 2 }];
    const step = { entry: { ...entry, notes: undefined, outputs }, epoch: 86_400_000 };
    expect(replayLines({ ...step, state: 'Idle' }).slice(0, 2)).toEqual([
      '1970-01-02T00:00:01.000Z  retryNow',
      '    idleHold: until 1970-01-02T00:00:05.000Z, failures 2',
    ]);
  });

  it('that is what the machine still does has no difference', () => {
    const steps = replayText(JSON.stringify(recording), 'flight.json');
    const now = { ...recording, entries: steps.map(({ entry }) => toPlain(entry)) };
    const again = replayText(JSON.stringify(now), 'flight.json');
    expect(again.map(({ recorded }) => recorded)).toEqual([undefined, undefined]);
  });

  it.for([
    '',
    '[]',
    '{"version": 2}',
    'null',
    '{"version": 1, "epoch": 0, "start": {}, "entries": []}',
    '{"version": 2, "start": {}, "entries": []}',
    '{"version": 2, "epoch": "0", "start": {}, "entries": []}',
  ])('cannot be %j', (text) => {
    expect(() => replayText(text, 'flight.json')).toThrow('flight.json is no recording');
  });
});
