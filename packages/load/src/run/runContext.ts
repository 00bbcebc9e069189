import { now } from '../measure/clock.ts';
import { Histogram } from '../measure/histogram.ts';
import type { Measure, Unit } from '../measure/measure.ts';
import type { SpeakerPlan } from '../plan.ts';
import type { RouteTable } from '../routes/routeTable.ts';
import type { PhaseName, Scenario } from '../scenario.ts';
import type { HostReport } from '../speaker/hostControl.ts';
import { countOf, FeedState, type RunMemory } from '../speaker/runMemory.ts';
import type { SinkArrivals } from './arrivals.ts';
import type { Hosts } from './hosts.ts';
import type { Oracle, OracleCheck } from './oracle.ts';
import type { LoadProgress } from './progress.ts';
import type { Recorder, Sample } from './recorder.ts';

/**
 * Milliseconds between two looks at whether a wait is over: a hundredth of what it has lasted, within these
 * bounds. Looking is not free, and a device that is held for minutes may be on the same machine.
 */
const pollInterval = { share: 0.01, least: 10, most: 100 };
const progressInterval = 100;
/** Seconds without work after which a device counts as quiet, and the share of a core that is no work. */
const quietSeconds = 0.6;
const quietShare = 0.05;

/** What a run is made of, and what it has found so far. */
export class RunContext {
  readonly scenario: Scenario;
  readonly plans: readonly SpeakerPlan[];
  readonly table: RouteTable | undefined;
  readonly memory: RunMemory;
  readonly hosts: Hosts;
  readonly recorder: Recorder;
  readonly oracle: Oracle | undefined;
  readonly sources: readonly SpeakerPlan[];
  readonly measures: Record<string, Measure> = {};
  readonly distributions: Map<string, Histogram> = new Map();
  readonly checks: OracleCheck[] = [];
  readonly arrivals: SinkArrivals[] = [];
  readonly notes: Record<string, number> = {};
  readonly notifications: {
    readonly sent: Record<string, number>;
    readonly received: Record<string, number>;
  } = { sent: {}, received: {} };
  /** Readable attributes of routes that came otherwise than they were sent. */
  readonly samples: Map<number, string> = new Map();
  /** Prefixes that sinks hold and nobody announced, by sink: the first few. */
  readonly strangers: Map<number, readonly string[]> = new Map();
  /** The sources are told to announce. */
  announced = false;
  /** Routes that all sinks together must hold. */
  wanted = 0;
  phase: { readonly name: PhaseName; readonly number: number; readonly began: number };
  /** Of what was sent since `takeLateness`. */
  readonly #lateness = new Histogram();
  readonly #signal: AbortSignal | undefined;
  readonly #onProgress: ((progress: LoadProgress) => void) | undefined;

  constructor(
    parts: Pick<
      RunContext,
      'scenario' | 'plans' | 'table' | 'memory' | 'hosts' | 'recorder' | 'oracle'
    >,
    signal: AbortSignal | undefined,
    onProgress: ((progress: LoadProgress) => void) | undefined,
  ) {
    this.scenario = parts.scenario;
    this.plans = parts.plans;
    this.table = parts.table;
    this.memory = parts.memory;
    this.hosts = parts.hosts;
    this.recorder = parts.recorder;
    this.oracle = parts.oracle;
    this.sources = parts.plans.filter(({ source }) => source >= 0);
    this.phase = { name: 'establish', number: 0, began: now() };
    this.#signal = signal;
    this.#onProgress = onProgress;
  }

  /** Somebody wants the run to end. */
  get interrupted(): boolean {
    return this.#signal?.aborted === true;
  }

  /** Seconds since the phase began. */
  get elapsed(): number {
    return (now() - this.phase.began) / 1000;
  }

  /**
   * Waits until `condition` holds, or the phase has lasted `timeout` seconds.
   *
   * @param done how far it is, 0–1, for the progress bar
   */
  async until(
    condition: () => boolean,
    timeout: number,
    done: () => number,
  ): Promise<'done' | 'timeout' | 'interrupted'> {
    const began = now();
    let shown = 0;
    for (;;) {
      if (this.interrupted) return 'interrupted';
      if (condition()) {
        this.#tell(done());
        return 'done';
      }
      if (this.elapsed >= timeout) return 'timeout';
      const time = now();
      if (time - shown >= progressInterval) {
        shown = time;
        this.#tell(done());
      }
      const { share, least, most } = pollInterval;
      const pause = Math.min(most, Math.max(least, (time - began) * share));
      await new Promise((resolve) => {
        setTimeout(resolve, pause);
      });
      this.hosts.check();
    }
  }

  /** Sessions that are up. */
  get established(): number {
    return countOf(this.memory.states, 5);
  }

  /**
   * Nothing can come any more: no session is up, and the process of the device has ended. Of a device whose
   * process is not known that is never sure: what refuses connections now may be about to start again.
   */
  get isOver(): boolean {
    return this.recorder.deviceIsGone && this.established === 0;
  }

  /** Whether TCP has taken everything that the sources with a session were told to send. */
  get written(): boolean {
    return this.sources.every(({ index }) => {
      const feed = this.memory.feeds[index]!;
      return (
        feed === FeedState.written || feed === FeedState.unfit || this.memory.states[index] !== 5
      );
    });
  }

  /** Sources whose sessions do not allow what they should announce. */
  get unfit(): number {
    return this.sources.filter(({ index }) => this.memory.feeds[index] === FeedState.unfit).length;
  }

  /** The share of sources that have written everything. */
  get writtenShare(): number {
    const written = this.sources.filter(
      ({ index }) => this.memory.feeds[index]! > FeedState.writing,
    );
    return this.sources.length === 0 ? 1 : written.length / this.sources.length;
  }

  /** Routes that the sinks hold together. */
  get held(): number {
    return this.memory.present.reduce((sum, present) => sum + present, 0);
  }

  /** When the device did the last piece of work, if it has done nothing since for a while; in milliseconds of `now`. */
  get quietSince(): number | undefined {
    const { samples, began } = this.recorder;
    const { last } = this.recorder;
    const since = (this.phase.began - began) / 1000;
    for (let i = samples.length - 2; i >= 0; i--) {
      const sample: Sample = samples[i]!;
      if (sample.time < since) return undefined;
      const seconds = last.time - sample.time;
      if (last.deviceCpu - sample.deviceCpu > quietShare * seconds) return undefined;
      if (seconds >= quietSeconds) return began + sample.time * 1000;
    }
    return undefined;
  }

  /** Notes a figure. Of a phase that comes again, the slower one counts. */
  measure(name: string, value: number, unit: Unit = 's'): void {
    if (!Number.isFinite(value)) return;
    const before = this.measures[name]?.value ?? value;
    const worse =
      unit === 's' ? Math.max(before, value) : unit === '1/s' ? Math.min(before, value) : value;
    this.measures[name] = { value: worse, unit };
  }

  /** The distribution of that name. */
  distribution(name: string): Histogram {
    const known = this.distributions.get(name) ?? new Histogram();
    this.distributions.set(name, known);
    return known;
  }

  /** Takes in what the hosts have measured; set-up times of a flap are told apart from the first ones. */
  async collect(isFlap = false): Promise<void> {
    this.strangers.clear();
    for (const report of await this.hosts.report()) this.#take(report, isFlap);
  }

  /** How late the tester was (p99, seconds) in what was collected since the last call; `undefined`: nothing was due. */
  takeLateness(): number | undefined {
    const { count } = this.#lateness;
    const seconds = this.#lateness.quantile(0.99) / 1000;
    this.#lateness.clear();
    return count === 0 ? undefined : seconds;
  }

  #take(report: HostReport, isFlap: boolean): void {
    this.distribution(isFlap ? 'flap.established' : 'established').add(report.established);
    if (!isFlap) {
      this.distribution('connect').add(report.connect);
      this.distribution('open').add(report.open);
    }
    this.distribution('churn.latency').add(report.latency);
    this.distribution('lateness').add(report.lateness);
    this.#lateness.add(report.lateness);
    addUp(this.notes, report.notes);
    addUp(this.notifications.sent, report.notifications.sent);
    addUp(this.notifications.received, report.notifications.received);
    for (const [prefix, text] of Object.entries(report.samples)) {
      this.samples.set(Number(prefix), text);
    }
    for (const [sink, prefixes] of Object.entries(report.strangers)) {
      this.strangers.set(Number(sink), prefixes);
    }
  }

  #tell(done: number): void {
    const { samples } = this.recorder;
    const last = this.recorder.last;
    const before = samples.at(-4) ?? last;
    const seconds = Math.max(last.time - before.time, 0.001);
    this.#onProgress?.({
      phase: this.phase.name,
      number: this.phase.number,
      phases: this.scenario.phases.length,
      seconds: this.elapsed,
      done: Math.min(1, Math.max(0, done)),
      established: this.established,
      speakers: this.plans.length,
      held: this.held,
      wanted: this.wanted,
      updatesSent: Math.round((last.updatesSent - before.updatesSent) / seconds),
      updatesReceived: Math.round((last.updatesReceived - before.updatesReceived) / seconds),
    });
  }
}

function addUp(sums: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [key, count] of Object.entries(counts)) sums[key] = (sums[key] ?? 0) + count;
}
