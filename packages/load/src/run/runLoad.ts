import { cpus, release, totalmem } from 'node:os';
import { now } from '../measure/clock.ts';
import { checkThresholds, parseThreshold } from '../measure/thresholds.ts';
import type { SpeakerPlan } from '../plan.ts';
import { withMaskedKeys } from '../report/maskedKeys.ts';
import type { LoadResult, PhaseResult } from '../report/result.ts';
import { judge } from '../report/verdict.ts';
import { loadRoutes } from '../routes/loadRoutes.ts';
import type { RouteTable } from '../routes/routeTable.ts';
import type { Scenario } from '../scenario.ts';
import { makeRunMemory } from '../speaker/runMemory.ts';
import { checkScenario } from './checkScenario.ts';
import { Hosts } from './hosts.ts';
import { Oracle } from './oracle.ts';
import { runPhase } from './phases.ts';
import { checkDescriptors, preflight, workerCount } from './preflight.ts';
import type { LoadProgress } from './progress.ts';
import { Recorder } from './recorder.ts';
import { RunContext } from './runContext.ts';
import { takeTotals, threadResults } from './totals.ts';

/** How a run is watched and ended. */
export interface RunOptions {
  /** Ends the phase in hand and gives the results so far. */
  readonly signal?: AbortSignal;
  /** Told several times a second how far the run is. */
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Told what is being prepared, in a few words. */
  readonly onStep?: (text: string) => void;
}

/**
 * Runs a scenario, from the checks before it to the verdict. Sessions are closed and threads ended
 * whatever happens.
 *
 * @throws LoadError when it cannot begin, or not one session comes up
 */
export async function runLoad(scenario: Scenario, options: RunOptions = {}): Promise<LoadResult> {
  const thresholds = scenario.thresholds.map(parseThreshold);
  checkDescriptors(scenario);
  const plans = checkScenario(scenario);
  await preflight(scenario, plans);
  options.onStep?.('making the routes');
  const table = await loadRoutes(scenario, plans, options.signal);
  const sinks = plans.filter(({ sink }) => sink >= 0).length;
  const memory = makeRunMemory(plans.length, sinks, table);
  const hosts = new Hosts(workerCount(scenario, plans.length));
  const recorder = new Recorder(memory, scenario.target.pid);
  const startedAt = new Date().toISOString();
  const phases: PhaseResult[] = [];
  try {
    options.onStep?.('starting the speakers');
    const oracle =
      table !== undefined && sinks > 0 && scenario.expect.oracle
        ? new Oracle(scenario, plans, table, memory)
        : undefined;
    await setUp(hosts, scenario, plans, memory, table);
    recorder.start();
    const run = new RunContext(
      { scenario, plans, table, memory, hosts, recorder, oracle },
      options.signal,
      options.onProgress,
    );
    noteRoutes(run);
    for (const [index, phase] of scenario.phases.entries()) {
      if (run.interrupted) break;
      recorder.sample();
      run.phase = { name: phase.phase, number: index + 1, began: now() };
      const began = (now() - recorder.began) / 1000;
      const { ended, busySeconds } = await runPhase(run, phase);
      recorder.sample();
      const lateness = run.takeLateness();
      phases.push({
        phase: phase.phase,
        startedAt: began,
        seconds: recorder.last.time - began,
        ended,
        busySeconds,
        ...(lateness !== undefined && { lateness }),
      });
      if (run.isOver) {
        run.notes['the process of the device has ended: what was left of the test was not run'] = 1;
        break;
      }
      if (oracle === undefined || phase.phase === 'establish' || run.interrupted) continue;
      if (run.established > 0) run.checks.push(oracle.check(phase.phase, run));
    }
    return await conclude(run);
  } finally {
    recorder.stop();
    await hosts.close();
  }

  async function conclude(run: RunContext): Promise<LoadResult> {
    await run.collect();
    recorder.stop();
    const seconds = recorder.last.time;
    takeTotals(run);
    const threads = threadResults(await hosts.usage(), recorder, seconds);
    const results = checkThresholds(thresholds, run.measures);
    const cores = cpus().length;
    return {
      format: 'peerloom-load',
      version: 1,
      scenario: withMaskedKeys(scenario),
      environment: {
        node: process.version,
        platform: `${process.platform}-${process.arch}`,
        kernel: release(),
        cpuModel: cpus()[0]?.model ?? 'unknown',
        cores,
        memoryBytes: totalmem(),
      },
      startedAt,
      seconds,
      interrupted: run.interrupted,
      routes: {
        prefixes: table?.prefixes.count ?? 0,
        updates: memory.sentAt.length,
        octets: table?.announcements.bytes.length ?? 0,
      },
      phases,
      measures: run.measures,
      distributions: Object.fromEntries(
        [...run.distributions].map(([name, histogram]) => [name, histogram.data()]),
      ),
      samples: recorder.samples,
      arrivals: run.arrivals,
      oracle: run.checks,
      notifications: run.notifications,
      notes: run.notes,
      threads,
      thresholds: results,
      verdict: judge({
        phases,
        samples: recorder.samples,
        measures: run.measures,
        thresholds: results,
        oracle: run.checks,
        blindSpots: run.oracle?.expected.blindSpots ?? 0,
        cores,
        hasDevice: scenario.target.pid !== undefined,
        interrupted: run.interrupted,
      }),
    };
  }
}

/** What people must know about the routes before any are sent. */
function noteRoutes({ table, sources, scenario, notes }: RunContext): void {
  if (table === undefined) return;
  const repeated = scenario.routes?.kind.startsWith('mrt')
    ? sources.length - table.feeds.length
    : 0;
  // Peers or files that were named, and come after those that have a source, are in the table.
  const beyond = table.feeds.slice(sources.length);
  const unsent = [...table.unused.values(), ...beyond.map(({ start, end }) => end - start)];
  const lost = unsent.reduce((sum, count) => sum + count, 0);
  const all: readonly (readonly [string, number])[] = [
    [
      `recorded peers or files have no source that takes their part: ${lost} routes or UPDATEs were left out`,
      unsent.length,
    ],
    ['routes or UPDATEs of the file were left out: they are malformed', table.leftOut],
    ['UPDATEs are of families that the oracle does not follow', table.unjudged],
    ['sources send what others send, too: the file has fewer peers', repeated],
  ];
  for (const [text, count] of all) if (count > 0) notes[text] = count;
}

async function setUp(
  hosts: Hosts,
  scenario: Scenario,
  plans: readonly SpeakerPlan[],
  memory: RunContext['memory'],
  table: RouteTable | undefined,
): Promise<void> {
  const sources = plans.filter(({ source }) => source >= 0);
  const first = sources[0];
  const encodedAs = first && {
    as: first.localAs,
    nextHop4: first.nextHop,
    nextHop6: first.group.nextHopIpv6,
  };
  const identities = {
    ases: [...new Set(sources.map(({ localAs }) => localAs))],
    routerIds: sources.map(({ routerId }) => routerId),
    nextHops: sources.flatMap(({ nextHop, group }) => [nextHop, group.nextHopIpv6]),
  };
  const setups = Array.from({ length: hosts.count }, (_, index) => ({
    scenario,
    plans: plans.filter((plan) => plan.index % hosts.count === index),
    memory,
    table,
    encodedAs,
    sources: identities,
  }));
  await hosts.setUp(setups);
}
