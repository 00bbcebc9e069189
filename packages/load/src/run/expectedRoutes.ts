import type { SpeakerPlan } from '../plan.ts';
import { FeedWalk } from '../routes/feedWalk.ts';
import { type RouteTable, withdrawnBit } from '../routes/routeTable.ts';
import type { Scenario } from '../scenario.ts';
import type { RunMemory } from '../speaker/runMemory.ts';
import { announcersOfFeeds } from './announcers.ts';

/** What each sink must hold, computed from what the sources have sent. */
export class ExpectedRoutes {
  readonly #scenario: Scenario;
  readonly #plans: readonly SpeakerPlan[];
  readonly #table: RouteTable;
  readonly #memory: RunMemory;
  /** How many sources announce each prefix. */
  readonly #announcers: Uint32Array;
  /** What it must look like; where sources differ, one of `#others` will do as well. */
  readonly #digests: Uint32Array;
  readonly #others = new Map<number, Set<number>>();
  /** 1 where a route need not be passed on. */
  readonly #optional: Uint8Array;
  /** What each kind of sink must hold, once it has been asked for. */
  readonly #required = new Map<number, Uint8Array>();
  readonly #walk: FeedWalk;
  /** The prefix that was found to be off at each sink. */
  readonly #stuckAt = new Map<number, number>();

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
    this.#announcers = new Uint32Array(count);
    this.#digests = new Uint32Array(count);
    this.#optional = new Uint8Array(count);
    this.#walk = new FeedWalk(table);
  }

  /** Takes in what is announced now: by all sources whose session is up, or by none. */
  update(announced: boolean): void {
    this.#announcers.fill(0);
    this.#digests.fill(0);
    this.#optional.fill(0);
    this.#others.clear();
    this.#required.clear();
    if (!announced) return;
    const announcers = announcersOfFeeds(this.#plans, this.#memory, this.#table);
    for (const [feed, sources] of announcers) {
      this.#walk.each(feed, (prefix, message) => {
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
  count(sink: number): number {
    return this.routesOf(sink).reduce((sum, one) => sum + one, 0);
  }

  /**
   * Whether a sink holds all routes that it must, as they must be, and none that nobody announces any more, so that
   * nothing more need be waited for; never where it must hold nothing, or nobody knows what. Looks at every route,
   * unless the one that it got stuck at the last time is still not right: it is asked again and again.
   */
  isComplete(sink: number): boolean {
    const reflection = this.#reflectionTo(this.#planOf(sink));
    if (reflection === 'no' || reflection === 'unknown') return false;
    const { digests } = this.#memory.sinks[sink]!;
    const required = this.routesOf(sink);
    const isOff = (prefix: number): boolean => {
      const digest = digests[prefix]!;
      if (this.#announcers[prefix] === 0) return digest !== 0;
      return required[prefix] === 1 && !this.isRight(prefix, digest);
    };
    if (isOff(this.#stuckAt.get(sink) ?? 0)) return false;
    const stuckAt = required.findIndex((_, prefix) => isOff(prefix));
    this.#stuckAt.set(sink, Math.max(0, stuckAt));
    return stuckAt < 0;
  }

  /** Whether it can tell what a sink must hold. */
  canTell(sink: number): boolean {
    return this.#reflectionTo(this.#planOf(sink)) !== 'unknown';
  }

  /** Sinks of which it cannot. */
  get blindSpots(): number {
    return this.#plans.filter(({ sink }) => sink >= 0 && !this.canTell(sink)).length;
  }

  /** 1 for prefixes that a sink must hold: those that someone else announces, and that the device must pass on. */
  routesOf(sink: number): Uint8Array {
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
      this.#walk.each(plan.source % this.#table.feeds.length, (prefix) => {
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

  #noteDigest(prefix: number, digest: number): void {
    const known = this.#digests[prefix]!;
    if (known === 0) this.#digests[prefix] = digest;
    else if (known !== digest) {
      const others = this.#others.get(prefix) ?? new Set();
      this.#others.set(prefix, others.add(digest));
    }
  }

  /** Whether a route with that digest is one that the sources announce. */
  isRight(prefix: number, digest: number): boolean {
    return digest === this.#digests[prefix] || this.#others.get(prefix)?.has(digest) === true;
  }

  /** How many sources announce a prefix. */
  announcers(prefix: number): number {
    return this.#announcers[prefix]!;
  }

  /** Whether a sink must hold nothing, whatever is announced. */
  mustLack(sink: number): boolean {
    return this.#reflectionTo(this.#planOf(sink)) === 'no';
  }
}
