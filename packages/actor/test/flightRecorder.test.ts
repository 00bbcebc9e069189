import type { FsmOutput } from '@peerloom/fsm';
import { CommandKind } from '@peerloom/ipc';
import { describe, expect, it } from 'vitest';
import { replayRecording } from '../src/index.ts';
import { Network } from './network.ts';
import { SimulatedClock } from './simulatedClock.ts';
import { peerOptions, TestHost } from './testHost.ts';

/** A peer with an eventful life, and all that its FSM gave out in it. */
function eventfulLife(): { host: TestHost; outputs: (readonly FsmOutput[])[] } {
  const clock = new SimulatedClock();
  const network = new Network(clock);
  const host = new TestHost(clock);
  const other = new TestHost(clock);
  network.link(host, 1, other, 2);
  host.spawn(1, peerOptions({ localAs: 65001, remoteAs: 65002, routerId: '192.0.2.1' }));
  const { recorder } = host.host.actor(1);
  const outputs: (readonly FsmOutput[])[] = [];
  const step = recorder.step.bind(recorder);
  recorder.step = (time, input) => {
    const result = step(time, input);
    outputs.push(structuredClone(result));
    return result;
  };
  host.command(1, CommandKind.start);
  other.start(2, peerOptions({ localAs: 65002, remoteAs: 65001, routerId: '192.0.2.2' }));
  clock.advance(100_000);
  network.cut();
  clock.advance(90_000);
  network.cut();
  network.dialError = 'EHOSTUNREACH';
  clock.advance(200_000);
  network.dialError = undefined;
  clock.advance(200_000);
  host.command(1, CommandKind.clear, 'to see what happens');
  clock.advance(40_000);
  return { host, outputs };
}

describe('a flight recording', () => {
  it('replays, step by step, to exactly what the FSM gave out', () => {
    const { host, outputs } = eventfulLife();
    const recording = host.host.recorder(1);
    const gaps = recording.entries.reduce((sum, { resume }) => sum + (resume?.dropped ?? 0), 0);
    expect(recording.dropped).toBeGreaterThan(0);
    expect(recording.dropped + gaps + recording.entries.length).toBe(outputs.length);
    expect(recording.entries.length).toBeGreaterThan(5);
    expect(recording.entries.length).toBeLessThanOrEqual(32);
    let at = recording.dropped;
    for (const { entry, fsm } of replayRecording(structuredClone(recording))) {
      at += entry.resume?.dropped ?? 0;
      expect(entry.outputs).toEqual(outputs[at++]);
      expect(fsm.state).toBeDefined();
    }
    expect(at).toBe(outputs.length);
  });

  it('says when each step was, whatever the FSM counts from', () => {
    const clock = new SimulatedClock(1_700_000_000_000.75);
    const host = new TestHost(clock);
    clock.advance(86_400_000);
    host.spawn(1, peerOptions({ localAs: 65001, remoteAs: 65002, passive: true }));
    host.command(1, CommandKind.start);
    clock.advance(1500);
    host.command(1, CommandKind.shutdown, 'enough');
    const { epoch, entries } = host.host.recorder(1);
    expect(epoch).toBe(1_700_000_000_000);
    expect(entries.map(({ time }) => time)).toEqual([1_700_086_400_000, 1_700_086_401_500]);
  });

  it('keeps how a session came up while nothing but its timers runs for days', () => {
    const { host, outputs } = eventfulLife();
    host.clock.advance(3 * 86_400_000);
    const recording = host.host.recorder(1);
    expect(recording.entries.length).toBeLessThanOrEqual(24);
    const types = recording.entries.map(({ input }) => (input as { type: string }).type);
    expect(types).toContain('message');
    const resumed = recording.entries.filter(({ resume }) => resume !== undefined);
    expect(resumed).toHaveLength(1);
    expect(resumed[0]!.resume!.dropped).toBeGreaterThan(1000);
    const last = [...replayRecording(structuredClone(recording))].at(-1)!;
    expect(last.entry.outputs).toEqual(outputs.at(-1));
    expect(last.fsm.state).toBe('Established');
  });

  it('says when the FSM has changed since', () => {
    const { host } = eventfulLife();
    const recording = structuredClone(host.host.recorder(1));
    const tampered = {
      ...recording,
      entries: recording.entries.map((entry, index) =>
        index === 3 ? { ...entry, input: { type: 'stop', cause: 'manual' } } : entry,
      ),
    };
    const replayed = [...replayRecording(tampered)].map(({ entry }) => entry.outputs);
    expect(replayed).not.toEqual(recording.entries.map(({ outputs }) => outputs));
  });
});
