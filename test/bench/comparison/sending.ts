import { setTimeout as delay } from 'node:timers/promises';
import type { Device, DeviceSetup, RunningDevice } from './devices/device.ts';
import type { Run } from './run.ts';
import { memorySettling, Sampler } from './sampler.ts';
import { Sinks } from './sinks.ts';
import { Tester } from './tester.ts';
import { scenarioOf, sinkNeighbours, type Work } from './workload.ts';

/**
 * A device that holds a table sends it to neighbours that come all at once. What is measured is from before
 * they connect until all of them hold everything and the device is quiet.
 */
export async function watchSending(
  device: RunningDevice,
  { name, sends }: Device,
  workload: Work,
  setup: DeviceSetup,
  round: number,
): Promise<Run> {
  const { address, port, holdTime } = setup;
  const { prefixes, sinks: count, patience } = workload;
  const tester = sends === 'learnt' ? new Tester(scenarioOf(workload, address, port)) : undefined;
  let sampler = new Sampler(device.pid);
  let sinks: Sinks | undefined;
  try {
    await fill(device, workload, sampler, tester);
    sampler.stop();
    const filled = sampler;
    sampler = new Sampler(device.pid);
    sinks = new Sinks({ ...sinkNeighbours, address, port, count, holdTime, prefixes });
    const { establishedAt, completeAt, bytes, updates } = await sinks.complete(patience * 1000);
    await sampler.untilQuiet(performance.now(), patience);
    const { first } = sampler;
    const after = sampler.sample();
    await delay(memorySettling(workload) * 1000);
    const { residentBytes: endBytes } = sampler.sample();
    const cpuSeconds = after.cpuSeconds - first.cpuSeconds;
    return {
      device: name,
      round,
      start: filled.first,
      fillCpuSeconds: device.fillCpuSeconds ?? first.cpuSeconds - filled.first.cpuSeconds,
      cpuSeconds,
      mainThreadSeconds: after.mainThreadSeconds - first.mainThreadSeconds,
      wallSeconds: Math.max(...completeAt) / 1000,
      peakBytes: sampler.peakBytes,
      endBytes,
      sessions: count,
      sessionsLost: 0,
      establishRate: count / (establishedAt / 1000),
      routes: prefixes * count,
      bytesSent: bytes,
      updatesSent: updates,
      testerCpuSeconds: 0,
      otherCpuSeconds: Math.max(0, sampler.machineSeconds - cpuSeconds),
    };
  } finally {
    sampler.stop();
    await sinks?.end();
    await tester?.kill();
  }
}

/** Waits until the device holds the table, its own or a neighbour's, and is quiet. */
async function fill(
  device: RunningDevice,
  { prefixes, patience }: Work,
  sampler: Sampler,
  tester: Tester | undefined,
): Promise<void> {
  const from = (await tester?.phase(3, patience * 1000)) ?? performance.now();
  const deadline = performance.now() + patience * 1000;
  for (;;) {
    await sampler.untilQuiet(from, patience);
    const { routes = prefixes } = await device.held();
    if (routes >= prefixes) return;
    if (performance.now() > deadline) {
      throw new Error(`it holds ${routes} of the ${prefixes} routes that it is to send`);
    }
  }
}
