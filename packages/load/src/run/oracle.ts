import { copyAttributeBlock, longestBlock, splitUpdate, UpdateView } from '@peerloom/wire';
import type { SpeakerPlan } from '../plan.ts';
import { formatBlock } from '../routes/formatBlock.ts';
import { PrefixIndex } from '../routes/prefixIndex.ts';
import { type RouteTable, withdrawnBit } from '../routes/routeTable.ts';
import type { Scenario } from '../scenario.ts';
import { FeedState, type RunMemory } from '../speaker/runMemory.ts';

/** Faulty routes of each sink and kind that are shown. */
const mostShown = 5;

/** A route that is not as it should be. */
export interface OracleFinding {
  readonly kind: 'missing' | 'extra' | 'wrong';
  readonly prefix: string;
  /** What is wrong, in words. */
  readonly text: string;
}

/** How what one sink holds compares with what it must hold. */
export interface SinkVerdict {
  /** From 0, among the sinks. */
  readonly sink: number;
  readonly address: string | undefined;
  /** Whether it can be told what it must hold; when not, only what it does hold was looked at. */
  readonly isKnown: boolean;
  /** Routes that it must hold. */
  readonly expected: number;
  readonly held: number;
  readonly missing: number;
  readonly extra: number;
  readonly wrong: number;
  /** The first few. */
  readonly findings: readonly OracleFinding[];
}

/** One look at all sinks. */
export interface OracleCheck {
  /** The phase after which it was taken. */
  readonly phase: string;
  readonly sinks: readonly SinkVerdict[];
}

/** What each sink must hold, computed from what the sources have sent. */
export class Oracle {
  readonly #scenario: Scenario;
  readonly #plans: readonly SpeakerPlan[];
  readonly #table: RouteTable;
  readonly #memory: RunMemory;
  readonly #prefixes: PrefixIndex;
  /** How many sources announce each prefix. */
  readonly #announcers: Uint32Array;
  /** What it must look like; where sources differ, one of `#others` will do as well. */
  readonly #digests: Uint32Array;
  readonly #others = new Map<number, Set<number>>();
  /** 1 where a route need not be passed on. */
  readonly #optional: Uint8Array;
  /** What each kind of sink must hold, once it has been asked for. */
  readonly #required = new Map<number, Uint8Array>();
  /** The walk in which each prefix was met last. */
  readonly #stamps: Uint32Array;
  #stamp = 0;

  constructor(
    scenario: Scenario,
    plans: readonly SpeakerPlan[],
    table: RouteTable,
    memory: RunMemory,
  ) {
    const { count } = table.prefixes;
    this.#scenario = scenario;
    this.#plans = plans;
    this.#table = table;
    this.#memory = memory;
    this.#prefixes = new PrefixIndex(table.prefixes);
    this.#announcers = new Uint32Array(count);
    this.#digests = new Uint32Array(count);
    this.#optional = new Uint8Array(count);
    this.#stamps = new Uint32Array(count);
  }

  /** Whether it can tell what a sink must hold. */
  canTell(sink: number): boolean {
    return this.#reflectionTo(this.#planOf(sink)) !== 'unknown';
  }

  /** Sinks of which it cannot. */
  get blindSpots(): number {
    return this.#plans.filter(({ sink }) => sink >= 0 && !this.canTell(sink)).length;
  }

  /** Takes in what is announced now: by all sources whose session is up, or by none. */
  expect(announced: boolean): void {
    this.#announcers.fill(0);
    this.#digests.fill(0);
    this.#optional.fill(0);
    this.#others.clear();
    this.#required.clear();
    if (!announced) return;
    const announcers = new Map<number, number>();
    for (const plan of this.#plans) {
      if (plan.source < 0 || this.#memory.states[plan.index] !== established) continue;
      if (this.#memory.feeds[plan.index] === FeedState.unfit) continue;
      const feed = plan.source % this.#table.feeds.length;
      announcers.set(feed, (announcers.get(feed) ?? 0) + 1);
    }
    for (const [feed, sources] of announcers) {
      this.#walkFeed(feed, (prefix, message) => {
        this.#announcers[prefix]! += sources;
        if (this.#table.isKept[message] === 1) this.#optional[prefix] = 1;
        this.#noteDigest(prefix, this.#table.digests[message]!);
      });
      if (this.#table.addPath) this.#noteEveryPath(feed);
    }
  }

  /** With path identifiers a source announces several paths to a prefix, and the device may choose any. */
  #noteEveryPath(feed: number): void {
    const { routes, routeStarts, feeds, digests } = this.#table;
    const { start, end } = feeds[feed]!;
    for (let message = start; message < end; message++) {
      for (let at = routeStarts[message]!; at < routeStarts[message + 1]!; at++) {
        if (routes[at]! < withdrawnBit) this.#noteDigest(routes[at]!, digests[message]!);
      }
    }
  }

  /** How many routes a sink must hold. */
  required(sink: number): number {
    return this.#requiredOf(sink).reduce((sum, one) => sum + one, 0);
  }

  /**
   * Whether a sink holds all routes that it must, so that nothing more need be waited for; never where it
   * must hold nothing, or nobody knows what. Looks at every route: ask only when it may be so.
   */
  isComplete(sink: number): boolean {
    const reflection = this.#reflectionTo(this.#planOf(sink));
    if (reflection === 'no' || reflection === 'unknown') return false;
    const { digests } = this.#memory.sinks[sink]!;
    return this.#requiredOf(sink).every((one, prefix) => one === 0 || digests[prefix] !== 0);
  }

  /**
   * Compares what the sinks hold with what they must hold.
   *
   * @param samples readable attributes of some prefixes as they came
   */
  check(phase: string, samples: ReadonlyMap<number, string>): OracleCheck {
    const sinks = this.#plans
      .filter(({ sink }) => sink >= 0)
      .map((plan) => this.#checkSink(plan, samples));
    return { phase, sinks };
  }

  #checkSink(plan: SpeakerPlan, samples: ReadonlyMap<number, string>): SinkVerdict {
    const { digests } = this.#memory.sinks[plan.sink]!;
    const findings: OracleFinding[] = [];
    const shown = { missing: 0, extra: 0, wrong: 0 };
    const find = (kind: OracleFinding['kind'], prefix: number): void => {
      if (shown[kind]++ >= mostShown) return;
      findings.push({
        kind,
        prefix: this.#prefixes.text(prefix),
        text: this.#words(kind, prefix, samples),
      });
    };
    const required = this.#requiredOf(plan.sink);
    for (let prefix = 0; prefix < digests.length; prefix++) {
      if (required[prefix] === 1 && digests[prefix] === 0) find('missing', prefix);
    }
    const mustLack = this.#reflectionTo(plan) === 'no';
    let held = 0;
    for (let prefix = 0; prefix < digests.length; prefix++) {
      const digest = digests[prefix]!;
      if (digest === 0) continue;
      held++;
      if (this.#announcers[prefix] === 0 || mustLack) find('extra', prefix);
      else if (!this.#isRight(prefix, digest)) find('wrong', prefix);
    }
    const strangers = this.#memory.strangers[plan.sink]!;
    return {
      sink: plan.sink,
      address: plan.sourceAddress,
      isKnown: this.canTell(plan.sink),
      expected: this.required(plan.sink),
      held,
      missing: shown.missing,
      extra: shown.extra + strangers,
      wrong: shown.wrong,
      findings,
    };
  }

  /** 1 for prefixes that a sink must hold: those that someone else announces, and that the device must pass on. */
  #requiredOf(sink: number): Uint8Array {
    const plan = this.#planOf(sink);
    const reflection = this.#reflectionTo(plan);
    // All that are only sinks must hold the same.
    const key = plan.source >= 0 ? plan.index : reflection === undefined ? -1 : -2;
    const known = this.#required.get(key);
    if (known !== undefined) return known;
    const required = new Uint8Array(this.#announcers.length);
    this.#required.set(key, required);
    if (reflection !== undefined && reflection !== 'yes') return required;
    for (let prefix = 0; prefix < required.length; prefix++) {
      required[prefix] = this.#announcers[prefix] !== 0 && this.#optional[prefix] === 0 ? 1 : 0;
    }
    // A route that the sink announces itself may be the best one, and is not sent back to it.
    if (plan.source >= 0) {
      this.#walkFeed(plan.source % this.#table.feeds.length, (prefix) => {
        required[prefix] = 0;
      });
    }
    return required;
  }

  #planOf(sink: number): SpeakerPlan {
    return this.#plans.find((one) => one.sink === sink)!;
  }

  /**
   * Whether the device must reflect the sources' routes to a sink. Routes of internal neighbours are not
   * for other internal ones (RFC 4271 §9.2) unless it is a route reflector, which it does not tell.
   * `undefined` where not both are internal.
   */
  #reflectionTo(plan: SpeakerPlan): 'yes' | 'no' | 'unknown' | undefined {
    const { target, expect } = this.#scenario;
    const isInternal = (one: SpeakerPlan): boolean => one.localAs === target.remoteAs;
    if (!isInternal(plan) || !this.#plans.some((one) => one.source >= 0 && isInternal(one))) {
      return undefined;
    }
    if (expect.reflector === undefined) return 'unknown';
    return expect.reflector ? 'yes' : 'no';
  }

  /** The routes that stand when a feed has been sent, each with the message that announced it. */
  #walkFeed(feed: number, visit: (prefix: number, message: number) => void): void {
    const { routes, routeStarts, feeds } = this.#table;
    const { start, end } = feeds[feed]!;
    const stamps = this.#stamps;
    const stamp = ++this.#stamp;
    // From the end: the last word on each prefix counts, and nearly all feeds have one word on each.
    for (let message = end - 1; message >= start; message--) {
      for (let at = routeStarts[message + 1]! - 1; at >= routeStarts[message]!; at--) {
        const route = routes[at]!;
        const prefix = (route & ~withdrawnBit) >>> 0;
        if (stamps[prefix] === stamp) continue;
        stamps[prefix] = stamp;
        if (route < withdrawnBit) visit(prefix, message);
      }
    }
  }

  #noteDigest(prefix: number, digest: number): void {
    const known = this.#digests[prefix]!;
    if (known === 0) this.#digests[prefix] = digest;
    else if (known !== digest) {
      const others = this.#others.get(prefix) ?? new Set();
      this.#others.set(prefix, others.add(digest));
    }
  }

  #isRight(prefix: number, digest: number): boolean {
    return digest === this.#digests[prefix] || this.#others.get(prefix)?.has(digest) === true;
  }

  #words(
    kind: OracleFinding['kind'],
    prefix: number,
    samples: ReadonlyMap<number, string>,
  ): string {
    if (kind === 'missing') {
      const sources = this.#announcers[prefix]!;
      return `announced by ${sources} source${sources === 1 ? '' : 's'}, and not there`;
    }
    if (kind === 'extra') {
      return this.#announcers[prefix] === 0
        ? 'announced by nobody, or withdrawn, and still there'
        : 'of an internal neighbour, and not for another one (RFC 4271 §9.2)';
    }
    const sample = samples.get(prefix);
    return `sent with ${this.#sentWith(prefix)}; came with ${sample ?? 'others'}`;
  }

  #sentWith(prefix: number): string {
    const { bytes, offsets } = this.#table.announcements;
    const message = this.#table.messageOf[prefix]!;
    const copy = bytes.slice(offsets[message], offsets[message + 1]);
    const view = new UpdateView();
    splitUpdate(view, copy, 0, copy.length);
    const block = new Uint8Array(longestBlock(view));
    const routes = view.nlriEnd > view.nlriStart ? 'nlri' : 'mpReach';
    return formatBlock(block.subarray(0, copyAttributeBlock(view, routes, block, 0)));
  }
}

/** Rank of the state Established. */
const established = 5;
