import { setTimeout as delay } from 'node:timers/promises';
import { machineCpuSeconds, ProcessTree, type TreeUsage } from './processTree.ts';

/** Milliseconds between two looks at a device. */
const interval = 50;
/** A device is quiet when it has used less than this share of a core for so many seconds. */
export const quietShare = 0.05;
export const quietSeconds = 1;

/** Seconds between quiet and the look at the memory: collectors give back what they freed a little later. */
export function memorySettling({ patience }: { readonly patience: number }): number {
  return patience > 60 ? 5 : 1;
}

/** What a device had used at a time. */
export interface Sample extends TreeUsage {
  /** Milliseconds of `performance.now`. */
  readonly time: number;
}

/** Watches what a device uses, from when it is ready until its end. */
export class Sampler {
  readonly #tree: ProcessTree;
  readonly #samples: Sample[] = [];
  readonly #timer: NodeJS.Timeout;
  readonly #machineBefore: number = machineCpuSeconds();
  #peak = 0;

  constructor(pid: number) {
    this.#tree = new ProcessTree(pid);
    this.sample();
    this.#timer = setInterval(() => this.sample(), interval);
  }

  /** Looks now. */
  sample(): Sample {
    const sample = { time: performance.now(), ...this.#tree.usage() };
    this.#samples.push(sample);
    this.#peak = Math.max(this.#peak, sample.residentBytes);
    return sample;
  }

  /** As it was when the watching began. */
  get first(): Sample {
    return this.#samples[0]!;
  }

  /** The most that was ever resident. */
  get peakBytes(): number {
    return this.#peak;
  }

  /** CPU seconds that everything on the machine has used since the beginning. */
  get machineSeconds(): number {
    return machineCpuSeconds() - this.#machineBefore;
  }

  /** CPU seconds of the device from the beginning up to a time. */
  cpuUntil(time: number): number {
    const sample = this.#samples.findLast((one) => one.time <= time) ?? this.first;
    return sample.cpuSeconds - this.first.cpuSeconds;
  }

  /** When the device last had work to do, once it has been quiet long enough; not before `from`. */
  quietSince(from: number): number | undefined {
    const last = this.#samples.at(-1)!;
    const since = last.time - quietSeconds * 1000;
    const before = this.#samples.findLast(({ time }) => time <= since);
    if (before === undefined || since < from) return undefined;
    if (last.cpuSeconds - before.cpuSeconds > quietShare * quietSeconds) return undefined;
    return this.#lastWork(from);
  }

  /** Waits until the device has nothing more to do; `patience` in seconds. */
  async untilQuiet(from: number, patience: number): Promise<void> {
    const deadline = performance.now() + patience * 1000;
    while (this.quietSince(from) === undefined) {
      if (performance.now() > deadline) throw new Error(`it was not quiet within ${patience} s`);
      await delay(interval);
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** The end of the last two samples between which a fifth of a core was used; a clock tick is 10 ms. */
  #lastWork(from: number): number {
    for (let index = this.#samples.length - 1; index >= 2; index--) {
      const sample = this.#samples[index]!;
      if (sample.time <= from) break;
      if (sample.cpuSeconds - this.#samples[index - 2]!.cpuSeconds >= 0.02) return sample.time;
    }
    return from;
  }
}
