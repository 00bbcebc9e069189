import { type RouteTable, withdrawnBit } from '../routes/routeTable.ts';
import type { RunContext } from './runContext.ts';

/** Shares of its routes that a sink is asked for the time of. */
const shares = [
  ['first', 0],
  ['half', 0.5],
  ['most', 0.99],
  ['all', 1],
] as const;

/** When one sink had so much of what it was to get in a phase, in seconds since the phase began. */
export interface SinkArrivals {
  readonly phase: 'announce' | 'restore';
  /** From 0, among the sinks. */
  readonly sink: number;
  /** Absent where it never had so much. */
  readonly first?: number;
  readonly half?: number;
  /** 99 %. */
  readonly most?: number;
  readonly all?: number;
}

/**
 * When the sinks had the first, half, 99 % and all of the routes that they were to get, each as of the
 * slowest sink, and how long each route was on its way.
 *
 * @param began milliseconds of `now`
 * @param wanted how many routes each sink was to get
 */
export function measureArrivals(
  run: RunContext,
  phase: 'announce' | 'restore',
  began: number,
  wanted: readonly number[],
): void {
  const { table, memory } = run;
  if (table === undefined || memory.sinks.length === 0) return;
  const firstSent = firstSendingOf(table, memory.sentAt);
  const latency = run.distribution(`${phase}.latency`);
  const worst = new Map<string, number>();
  for (const [sink, { firstAt }] of memory.sinks.entries()) {
    for (let prefix = 0; prefix < firstAt.length; prefix++) {
      const sent = firstSent[prefix]!;
      if (sent !== 0 && firstAt[prefix]! >= sent) latency.record(firstAt[prefix]! - sent);
    }
    if (wanted[sink] === 0) continue;
    const times = firstAt.filter((time) => time !== 0).toSorted();
    const parts = shares.flatMap(([name, share]) => {
      const time = times[Math.max(1, Math.ceil(share * wanted[sink]!)) - 1];
      const seconds = time === undefined ? Number.POSITIVE_INFINITY : (time - began) / 1000;
      worst.set(name, Math.max(worst.get(name) ?? 0, seconds));
      return Number.isFinite(seconds) ? [[name, seconds] as const] : [];
    });
    run.arrivals.push({ phase, sink, ...Object.fromEntries(parts) });
  }
  // What did not arrive at some sink has no time: the measure is left out.
  for (const [name, seconds] of worst) run.measure(`${phase}.${name}`, seconds);
}

/** When each prefix was announced for the first time, or was meant to be; 0: never. Recordings announce some again. */
function firstSendingOf({ routes, routeStarts, prefixes }: RouteTable, sentAt: Float64Array) {
  const first = new Float64Array(prefixes.count);
  for (const [message, sent] of sentAt.entries()) {
    if (sent === 0) continue;
    for (let at = routeStarts[message]!; at < routeStarts[message + 1]!; at++) {
      const prefix = routes[at]!;
      if (prefix >= withdrawnBit) continue;
      if (first[prefix] === 0 || sent < first[prefix]!) first[prefix] = sent;
    }
  }
  return first;
}

/** Seconds until the last route had gone from the slowest sink; 0 without sinks. */
export function measureDepartures({ memory }: RunContext, began: number): number {
  let last = began;
  for (const { changedAt } of memory.sinks) {
    for (const time of changedAt) if (time > last) last = time;
  }
  return (last - began) / 1000;
}
