import { now } from '../measure/clock.ts';
import { machineCpuSeconds, processTree, type TreeUsage, usageOf } from '../measure/procFs.ts';
import { Counter, countOf, type RunMemory, total } from '../speaker/runMemory.ts';

/** Milliseconds between two samples. */
const interval = 200;
/** Samples after which half of them are dropped, and the interval doubles: a run may last a day. */
const mostSamples = 4000;
/** Milliseconds between two looks at which processes belong to the device. */
const treeInterval = 2000;

/** One moment of a run. CPU is seconds since the run began. */
export interface Sample {
  /** Seconds since the run began. */
  readonly time: number;
  readonly established: number;
  /** Prefixes that each sink holds. */
  readonly present: readonly number[];
  readonly octetsSent: number;
  readonly octetsReceived: number;
  readonly updatesSent: number;
  readonly updatesReceived: number;
  readonly deviceCpu: number;
  readonly deviceRss: number;
  /** Share of a core that the device's busiest thread used since the sample before. */
  readonly deviceThread: number;
  readonly testerCpu: number;
  readonly testerRss: number;
  /** The same for the tester's. */
  readonly testerThread: number;
  /** Everything else on the machine. */
  readonly otherCpu: number;
}

/** Looks at everything several times a second, from the beginning of a run to its end. */
export class Recorder {
  /** Everything that was seen. */
  readonly samples: Sample[] = [];
  /** When the run began, in milliseconds of `now`. */
  readonly began: number = now();
  readonly #memory: RunMemory;
  readonly #pid: number | undefined;
  #tree: number[] = [];
  #treeAt = Number.NEGATIVE_INFINITY;
  #interval = interval;
  #timer: NodeJS.Timeout | undefined;
  #first: { device: number; tester: number; machine: number } | undefined;
  #threads = { device: new Map<number, number>(), tester: new Map<number, number>() };
  #lastDevice = 0;
  #isGone = false;

  /** `pid`: the device's process. */
  constructor(memory: RunMemory, pid: number | undefined) {
    this.#memory = memory;
    this.#pid = pid;
  }

  /** Begins to take samples. */
  start(): void {
    this.sample();
    this.#schedule();
  }

  /** Takes the last one. */
  stop(): void {
    clearTimeout(this.#timer);
    this.sample();
  }

  /** The device's process was known, and is there no longer. */
  get deviceIsGone(): boolean {
    return this.#pid !== undefined && this.#isGone;
  }

  /** The last sample. */
  get last(): Sample {
    return this.samples.at(-1)!;
  }

  /** Takes a sample now. */
  sample(): Sample {
    const time = now();
    const memory = this.#memory;
    const device = this.#deviceUsage(time);
    const tester = usageOf([process.pid])!;
    const machine = machineCpuSeconds();
    // A device that has gone has used what it had used.
    if (device !== undefined) this.#lastDevice = device.cpuSeconds;
    this.#first ??= { device: this.#lastDevice, tester: tester.cpuSeconds, machine };
    const deviceCpu = this.#lastDevice - this.#first.device;
    const testerCpu = tester.cpuSeconds - this.#first.tester;
    const elapsed = (time - this.began) / 1000;
    const seconds = elapsed - (this.samples.at(-1)?.time ?? 0);
    const sample: Sample = {
      time: elapsed,
      established: countOf(memory.states, 5),
      present: [...memory.present],
      octetsSent: total(memory, Counter.octetsSent),
      octetsReceived: total(memory, Counter.octetsReceived),
      updatesSent: total(memory, Counter.updatesSent),
      updatesReceived: total(memory, Counter.updatesReceived),
      deviceCpu,
      deviceRss: device?.residentBytes ?? 0,
      deviceThread: this.#busiest('device', device, seconds),
      testerCpu,
      testerRss: tester.residentBytes,
      testerThread: this.#busiest('tester', tester, seconds),
      otherCpu: Math.max(0, machine - this.#first.machine - deviceCpu - testerCpu),
    };
    this.samples.push(sample);
    if (this.samples.length > mostSamples) this.#thin();
    return sample;
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      this.sample();
      this.#schedule();
    }, this.#interval);
  }

  #deviceUsage(time: number): TreeUsage | undefined {
    if (this.#pid === undefined) return undefined;
    if (time - this.#treeAt > treeInterval) {
      this.#tree = processTree(this.#pid);
      this.#treeAt = time;
    }
    const usage = usageOf(this.#tree);
    this.#isGone = usage === undefined;
    return usage;
  }

  #busiest(side: 'device' | 'tester', usage: TreeUsage | undefined, seconds: number): number {
    const before = this.#threads[side];
    const threads = new Map(usage?.threads);
    this.#threads[side] = threads;
    if (seconds < 0.05 || this.samples.length === 0) return 0;
    let most = 0;
    for (const [thread, cpu] of threads) most = Math.max(most, cpu - (before.get(thread) ?? cpu));
    return Math.min(1, most / seconds);
  }

  #thin(): void {
    const kept = this.samples.filter((_, index) => index % 2 === 0);
    this.samples.splice(0, this.samples.length, ...kept);
    this.#interval *= 2;
  }
}
