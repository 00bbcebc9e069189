import { setTimeout as delay } from 'node:timers/promises';
import { addressAfter, type LoadResult } from '@peerloom/load';
import type { Device, DeviceSetup, EngineDelays, Held, RunningDevice } from './devices/device.ts';
import { withDevice } from './devices/running.ts';
import { Flood } from './flood.ts';
import { memorySettling, type Sample, Sampler } from './sampler.ts';
import { watchSending } from './sending.ts';
import { Tester } from './tester.ts';
import { Witness } from './witness.ts';
import { scenarioOf, sinkNeighbours, type Work } from './workload.ts';

/** What one device used for one workload, once. */
export interface Run {
  readonly device: string;
  readonly round: number;
  /** Until it was ready and quiet, before any neighbour came. */
  readonly start: { readonly cpuSeconds: number; readonly residentBytes: number };
  /** User and system, from ready, or from when the sessions were ended, to quiet, or to the end of the churn or the hold. */
  readonly cpuSeconds: number;
  /** Of that, the main thread of its first process. */
  readonly mainThreadSeconds: number;
  /** From the first dial (sessions) or the first UPDATE (routes) until it was quiet. */
  readonly wallSeconds: number;
  readonly peakBytes: number;
  /** Some seconds after it was quiet. */
  readonly endBytes: number;
  readonly sessions: number;
  readonly sessionsLost: number;
  /** Sessions a second, from the first dial to the last Established. */
  readonly establishRate: number;
  readonly routes?: number;
  /** Octets that the tester sent, or those who only listen were sent. */
  readonly bytesSent: number;
  readonly updatesSent: number;
  /** Until it held the table that it then sent; not in `cpuSeconds`. */
  readonly fillCpuSeconds?: number;
  /** Share of a core while sessions were only held. */
  readonly holdShare?: number;
  /** Milliseconds, seen from outside: the worst of all witnesses. */
  readonly keepaliveLate?: number;
  /** What the engine says itself, with the table and under churn. */
  readonly delays?: { readonly table: EngineDelays; readonly churn: EngineDelays };
  readonly testerCpuSeconds: number;
  /** CPU seconds of everything that was neither the device nor the tester: what disturbed the run. */
  readonly otherCpuSeconds: number;
}

/** Starts a device, gives it the work, and takes its figures. Nothing is left behind. */
export async function runOnce(device: Device, workload: Work, round: number): Promise<Run> {
  const setup = {
    peers: workload.peers + workload.witnesses + (workload.flood === true ? 1 : 0),
    listed: workload.listed === true,
    holdTime: workload.holdTime,
    ...(workload.sinks > 0 && {
      sinks: { ...sinkNeighbours, count: workload.sinks, prefixes: workload.prefixes },
    }),
  };
  const watched = workload.sinks > 0 ? watchSending : watch;
  return await withDevice(
    device,
    setup,
    async (running, made) => await watched(running, device, workload, made, round),
  );
}

async function watch(
  device: RunningDevice,
  { name }: Device,
  workload: Work,
  setup: DeviceSetup,
  round: number,
): Promise<Run> {
  await started(device, workload);
  const sampler = new Sampler(device.pid);
  const scenario = scenarioOf(workload, setup.address, setup.port);
  let tester = new Tester(scenario);
  let witnesses: readonly Witness[] = [];
  try {
    const patience = workload.patience * 1000;
    const flood = (): Flood | undefined => (workload.flood === true ? new Flood(setup) : undefined);
    // Making the routes takes the tester a while: that is before the first phase.
    await tester.phase(1, patience);
    witnesses = await startWitnesses(workload, setup);
    const { first } = sampler;
    let before = first;
    let testerCpuSeconds = 0;
    const done = workload.prefixes > 0 ? 3 : 2;
    if (workload.again === true) {
      await settle(device, workload, sampler, tester, await tester.phase(done, patience));
      before = sampler.sample();
      await tester.end();
      await tester.kill();
      testerCpuSeconds = tester.cpuSeconds;
      tester = new Tester(scenario);
      await tester.phase(1, patience);
    }
    const doneAt = await tester.phase(done, patience);
    const hold = workload.hold === 0 ? undefined : await holdSessions(workload.hold, sampler);
    const delays =
      workload.churn === undefined ? undefined : await churn(device, tester, patience, flood);
    const last = workload.churn === undefined ? doneAt : await tester.phase(done + 2, patience);
    const settled = await settle(device, workload, sampler, tester, last);
    const late = witnesses.map((witness) => witness.stop());
    witnesses = [];
    const result = await tester.end();
    const measures = (figure: string): number => result.measures[figure]?.value ?? 0;
    testerCpuSeconds += tester.cpuSeconds;
    const { used } = settled;
    return {
      device: name,
      round,
      start: { cpuSeconds: first.cpuSeconds, residentBytes: first.residentBytes },
      cpuSeconds: used.cpuSeconds - before.cpuSeconds,
      mainThreadSeconds: used.mainThreadSeconds - before.mainThreadSeconds,
      wallSeconds: (settled.quietAt - doneAt) / 1000 + secondsBefore(result, done),
      peakBytes: sampler.peakBytes,
      endBytes: settled.endBytes,
      sessions: settled.held.sessions - workload.witnesses,
      sessionsLost: measures('sessions.lost') + late.filter((one) => one === undefined).length,
      establishRate: measures('establish.rate'),
      ...(settled.held.routes !== undefined && { routes: settled.held.routes }),
      bytesSent: measures('bytes.sent'),
      updatesSent: result.routes.updates,
      ...(hold !== undefined && { holdShare: hold }),
      ...(late.length > 0 && { keepaliveLate: Math.max(...late.map((one) => one ?? 0)) }),
      ...(delays !== undefined && { delays }),
      testerCpuSeconds,
      otherCpuSeconds: Math.max(
        0,
        sampler.machineSeconds - (used.cpuSeconds - first.cpuSeconds) - testerCpuSeconds,
      ),
    };
  } finally {
    sampler.stop();
    for (const witness of witnesses) witness.stop();
    await tester.kill();
  }
}

/** Waits until a device has done with starting: one that answers may still be taking its neighbours in. */
async function started({ pid }: RunningDevice, { patience }: Work): Promise<void> {
  const sampler = new Sampler(pid);
  try {
    await sampler.untilQuiet(performance.now(), patience);
  } finally {
    sampler.stop();
  }
}

async function startWitnesses(workload: Work, setup: DeviceSetup): Promise<Witness[]> {
  return await Promise.all(
    Array.from({ length: workload.witnesses }, (_, index) =>
      Witness.start(setup, addressAfter(setup.firstPeer, workload.peers + index), setup.peerAs),
    ),
  );
}

/** Seconds after the last session came up in which a device may finish what it began. */
const settling = 2;

/** The share of a core that holding the sessions takes. */
async function holdSessions(seconds: number, sampler: Sampler): Promise<number> {
  await delay(settling * 1000);
  const before = sampler.sample();
  await delay(seconds * 1000);
  const after = sampler.sample();
  return (after.cpuSeconds - before.cpuSeconds) / ((after.time - before.time) / 1000);
}

/** What the engine says of its delays: up to the churn, and during it. */
async function churn(
  device: RunningDevice,
  tester: Tester,
  patience: number,
  startFlood: () => Flood | undefined,
): Promise<Run['delays']> {
  await tester.phase(4, patience);
  const table = await device.delays?.();
  const flood = startFlood();
  await tester.phase(5, patience).finally(() => flood?.end());
  if (flood?.wasLost === true)
    throw new Error('it has ended the session of whom it was flooded by');
  const during = await device.delays?.();
  return table === undefined || during === undefined ? undefined : { table, churn: during };
}

/** What a device has used when it is quiet, and has everything. */
interface Settled {
  readonly quietAt: number;
  readonly used: Sample;
  readonly endBytes: number;
  readonly held: Held;
}

async function settle(
  device: RunningDevice,
  workload: Work,
  sampler: Sampler,
  tester: Tester,
  from: number,
): Promise<Settled> {
  const deadline = performance.now() + workload.patience * 1000;
  const wanted = workload.peers * workload.prefixes;
  for (;;) {
    const quietAt = workload.hold > 0 ? performance.now() : sampler.quietSince(from);
    if (quietAt !== undefined) {
      const used = sampler.sample();
      await delay(memorySettling(workload) * 1000);
      const { residentBytes: endBytes } = sampler.sample();
      const held = await device.held();
      // Under churn some routes are withdrawn when it ends.
      const enough = workload.churn === undefined ? wanted : wanted * 0.9;
      if (held.sessions >= workload.peers && (held.routes ?? wanted) >= enough) {
        return { quietAt, used, endBytes, held };
      }
      if (performance.now() > deadline) {
        throw new Error(
          `it holds ${held.sessions} of ${workload.peers} sessions and ${held.routes ?? 'unknown'} of ${wanted} routes`,
        );
      }
    }
    if (performance.now() > deadline) {
      throw new Error(`it was not quiet within ${workload.patience} s`);
    }
    tester.check();
    await delay(50);
  }
}

/** From the beginning of the work, which is the phase before, to the beginning of a phase. */
function secondsBefore({ phases }: LoadResult, phase: number): number {
  return phases[phase - 1]!.startedAt - phases[phase - 2]!.startedAt;
}
