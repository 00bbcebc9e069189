import { readlinkSync } from 'node:fs';
import { SharedValues, TimerWheel } from '@peerloom/actor';
import { CeaseSubcode } from '@peerloom/wire';
import { monotonicClock, now } from '../measure/clock.ts';
import { Histogram } from '../measure/histogram.ts';
import { PrefixIndex } from '../routes/prefixIndex.ts';
import { ChurnEffect } from './churnEffect.ts';
import { Churner, type ChurnOptions } from './churner.ts';
import type { HostContext } from './hostContext.ts';
import type { HostControl, HostReport, HostSetup, Schedule, ThreadUsage } from './hostControl.ts';
import { OpenReader } from './openReader.ts';
import type { SinkContext } from './sink.ts';
import { Speaker } from './speaker.ts';

/** Milliseconds between two looks at what is due in open-loop phases. */
const paceInterval = 4;
/** Milliseconds that churn may take to come to its end, beyond the time that a route stays withdrawn. */
const drainPatience = 2000;
/** Different notes that are kept; the rest is counted under one. */
const mostNotes = 100;

/** Many speakers in one thread, with one timer wheel. */
export class SpeakerHost implements HostControl {
  #speakers: readonly Speaker[] = [];
  #setup: HostSetup | undefined;
  #sinks: SinkContext | undefined;
  #waiting: Speaker[] = [];
  #attempts = 0;
  #concurrency = 1;
  #connections = 0;
  #notes = new Map<string, number>();
  #notifications = { sent: new Map<string, number>(), received: new Map<string, number>() };
  #churners: Churner[] = [];
  #churnGap = 0;
  #pacer: NodeJS.Timeout | undefined;
  readonly #lateness = new Histogram();
  readonly #shared = new SharedValues();
  readonly #setUp = {
    connect: new Histogram(),
    open: new Histogram(),
    established: new Histogram(),
  };
  readonly #wheel: TimerWheel = new TimerWheel(monotonicClock, () => {
    this.#wheel.run();
  });

  setUp(setup: HostSetup): void {
    const { scenario, plans, memory, table, encodedAs } = setup;
    this.#setup = setup;
    if (table !== undefined && memory.sinks.length > 0) {
      this.#sinks = {
        memory,
        table,
        prefixes: new PrefixIndex(table.prefixes),
        sources: setup.sources,
        transparent: scenario.expect.transparent,
        latency: new Histogram(),
        recording: false,
        samples: new Map(),
        strangers: new Map(),
        note: (text) => this.#note(text),
      };
    }
    const context: HostContext = {
      target: scenario.target,
      wheel: this.#wheel,
      memory,
      table,
      encodedAs,
      sinks: this.#sinks,
      setUp: this.#setUp,
      lateness: this.#lateness,
      opens: new OpenReader(),
      share: (value) => this.#shared.share(value),
      nextConnection: () => ++this.#connections,
      attemptEnded: () => {
        this.#attempts--;
        this.#startWaiting();
      },
      note: (text) => this.#note(text),
      notification: (direction, text) => tally(this.#notifications[direction], text),
    };
    this.#speakers = plans.map((plan) => {
      const feeds = table?.feeds ?? [];
      const feed = plan.source < 0 ? undefined : feeds[plan.source % feeds.length];
      return new Speaker(plan, feed, context);
    });
  }

  establish(concurrency: number): void {
    this.#concurrency = Math.max(1, concurrency);
    // Whom the device must call cannot wait for its turn: the device would find it closed, and wait itself.
    const dialling = this.#speakers.filter(({ plan }) => !plan.group.passive);
    for (const speaker of this.#speakers) if (speaker.plan.group.passive) speaker.start();
    this.#waiting = dialling.toReversed();
    this.#startWaiting();
  }

  announce(schedule?: Schedule): void {
    const due = schedule && this.#dueOf(schedule);
    for (const { announcer, plan } of this.#speakers) {
      announcer?.announce(due && ((message) => due(message, announcer.feed.start, plan.source)));
    }
    if (schedule !== undefined) this.#startPacing();
  }

  withdraw(): void {
    for (const { announcer } of this.#speakers) announcer?.withdraw();
  }

  startChurn(options: ChurnOptions): void {
    this.#churnGap = options.gap;
    this.#churners = this.#speakers.flatMap(({ announcer, plan }) => {
      const { table, memory } = this.#setup!;
      if (announcer === undefined || table === undefined) return [];
      if (announcer.feed.end === announcer.feed.start) return [];
      const effect = new ChurnEffect(table, memory.churn, announcer.feed);
      return [new Churner(announcer, effect, plan.source, options, this.#lateness)];
    });
    this.#startPacing();
  }

  async stopChurn(atOnce: boolean): Promise<void> {
    const deadline = now() + this.#churnGap + drainPatience;
    for (const churner of this.#churners) churner.drain();
    while (this.#churners.some(({ drained }) => !drained)) {
      if (atOnce || now() >= deadline) break;
      await new Promise((resolve) => {
        setTimeout(resolve, 2 * paceInterval);
      });
    }
    for (const churner of this.#churners) churner.finish();
    this.#churners = [];
  }

  flap(speakers: readonly number[], reset: boolean, down: number): void {
    const wanted = new Set(speakers);
    for (const speaker of this.#speakers) {
      if (!wanted.has(speaker.plan.index)) continue;
      speaker.stop(CeaseSubcode.administrativeReset, 'load test: session flap', reset);
      setTimeout(() => speaker.start(), down * 1000);
    }
  }

  record(on: boolean): void {
    if (this.#sinks !== undefined) this.#sinks.recording = on;
  }

  report(): HostReport {
    const { connect, open, established } = this.#setUp;
    const latency = this.#sinks?.latency ?? new Histogram();
    const report: HostReport = {
      connect: connect.data(),
      open: open.data(),
      established: established.data(),
      latency: latency.data(),
      lateness: this.#lateness.data(),
      notes: Object.fromEntries(this.#notes),
      samples: Object.fromEntries(this.#sinks?.samples ?? []),
      strangers: Object.fromEntries(this.#sinks?.strangers ?? []),
      notifications: {
        sent: Object.fromEntries(this.#notifications.sent),
        received: Object.fromEntries(this.#notifications.received),
      },
    };
    for (const each of [connect, open, established, latency, this.#lateness]) each.clear();
    this.#notes.clear();
    this.#notifications.sent.clear();
    this.#notifications.received.clear();
    return report;
  }

  usage(): ThreadUsage {
    const { user, system } = process.threadCpuUsage();
    const { active } = performance.eventLoopUtilization();
    return {
      threadId: threadNumber(),
      cpuSeconds: (user + system) / 1e6,
      busyMilliseconds: active,
    };
  }

  async shutDown(): Promise<void> {
    clearInterval(this.#pacer);
    this.#waiting = [];
    for (const speaker of this.#speakers) speaker.shutDown();
    const deadline = now() + 2000;
    while (now() < deadline && this.#speakers.some(({ openSockets }) => openSockets > 0)) {
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    }
    for (const speaker of this.#speakers) speaker.destroy();
    this.#wheel.stop();
  }

  /** When a message is due: its schedule, its feed's first message, its place among the sources. */
  #dueOf({ startsAt, pace }: Schedule): (message: number, first: number, source: number) => number {
    if ('rate' in pace) {
      const { rate, sources } = pace;
      return (message, first, source) =>
        startsAt + (((message - first) * sources + source) * 1000) / rate;
    }
    const times = this.#setup?.table?.times;
    return (message) => startsAt + (times?.[message] ?? 0) / pace.speed;
  }

  #startWaiting(): void {
    while (this.#attempts < this.#concurrency && this.#waiting.length > 0) {
      this.#attempts++;
      this.#waiting.pop()!.start();
    }
  }

  #startPacing(): void {
    this.#pacer ??= setInterval(() => this.#pace(), paceInterval);
  }

  #pace(): void {
    let busy = this.#churners.length > 0;
    for (const churner of this.#churners) churner.pace();
    for (const { announcer } of this.#speakers) {
      if (announcer?.paced !== true) continue;
      busy = true;
      announcer.pace();
    }
    // Sources whose session is down may have something to send by schedule later: keep looking.
    const waits = this.#setup?.memory.feeds.some((state) => state === 1) ?? false;
    if (busy || waits) return;
    clearInterval(this.#pacer);
    this.#pacer = undefined;
  }

  #note(text: string): void {
    const known = this.#notes.has(text) || this.#notes.size < mostNotes;
    tally(this.#notes, known ? text : 'other notes');
  }
}

function tally(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** The system's number for this thread, 0 where it cannot be told. */
function threadNumber(): number {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').at(-1));
  } catch {
    return 0;
  }
}
