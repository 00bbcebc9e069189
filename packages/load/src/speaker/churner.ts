import { now } from '../measure/clock.ts';
import type { Histogram } from '../measure/histogram.ts';
import type { Announcer } from './announcer.ts';
import type { ChurnEffect } from './churnEffect.ts';
import { Lateness } from './lateness.ts';

/** How fast, and since when. */
export interface ChurnOptions {
  /** When the first UPDATE is meant to be sent, in milliseconds of `now`. */
  readonly startsAt: number;
  /** UPDATEs a second of all sources together. */
  readonly rate: number;
  /** All sources of the run. */
  readonly sources: number;
  /** Milliseconds that a route stays withdrawn. */
  readonly gap: number;
}

/** UPDATEs of one speaker that are sent in one go at the most, when it has fallen behind. */
const burst = 256;

/**
 * Withdraws messages of one speaker's feed and announces them again, by a schedule that does not wait
 * for the device (open loop): what cannot be sent in time is sent late, and counted as late.
 */
export class Churner {
  readonly #announcer: Announcer;
  readonly #effect: ChurnEffect;
  readonly #source: number;
  readonly #options: ChurnOptions;
  readonly #lateness: Lateness;
  /** Withdrawn messages, and when each was meant to be withdrawn. */
  readonly #withdrawn: { readonly message: number; readonly time: number }[] = [];
  #next: number;
  #events = 0;
  #draining = false;

  /** `source`: its place among the sources of the run. */
  constructor(
    announcer: Announcer,
    effect: ChurnEffect,
    source: number,
    options: ChurnOptions,
    lateness: Histogram,
  ) {
    this.#announcer = announcer;
    this.#effect = effect;
    this.#source = source;
    this.#options = options;
    this.#lateness = new Lateness(lateness);
    this.#next = announcer.feed.start;
  }

  /** Whether nothing of what it has withdrawn is still so. */
  get drained(): boolean {
    return this.#withdrawn.length === 0;
  }

  /** Withdraws nothing more, and announces what is withdrawn when its time has come. */
  drain(): void {
    this.#draining = true;
  }

  /** Sends what is due. */
  pace(): void {
    if (this.#draining) return this.#paceDraining();
    const { startsAt, rate, sources } = this.#options;
    for (let sent = 0; sent < burst; sent++) {
      const due = startsAt + ((this.#events * sources + this.#source) * 1000) / rate;
      const time = now();
      if (due > time) return;
      if (!this.#send(due)) return this.#lateness.hold();
      this.#lateness.note(due, time);
      this.#events++;
    }
    return undefined;
  }

  /** Announces what is still withdrawn, at once. */
  finish(): void {
    for (const { message } of this.#withdrawn) this.#churn(message, false, now());
    this.#withdrawn.length = 0;
  }

  #paceDraining(): void {
    for (let sent = 0; sent < burst && this.#withdrawn.length > 0; sent++) {
      const { message, time: withdrawn } = this.#withdrawn[0]!;
      const due = withdrawn + this.#options.gap;
      const time = now();
      if (due > time) return;
      if (!this.#churn(message, false, due)) return this.#lateness.hold();
      this.#lateness.note(due, time);
      this.#withdrawn.shift();
    }
  }

  #send(due: number): boolean {
    const { start, end } = this.#announcer.feed;
    const [oldest] = this.#withdrawn;
    const isFull = this.#withdrawn.length >= Math.max(1, (end - start) >>> 1);
    if (oldest !== undefined && (isFull || due - oldest.time >= this.#options.gap)) {
      if (!this.#churn(oldest.message, false, due)) return false;
      this.#withdrawn.shift();
      return true;
    }
    if (!this.#churn(this.#next, true, due)) return false;
    this.#withdrawn.push({ message: this.#next, time: due });
    this.#next = this.#next + 1 < end ? this.#next + 1 : start;
    return true;
  }

  #churn(message: number, isWithdrawal: boolean, due: number): boolean {
    if (!this.#announcer.takesChurn) return false;
    // First, since a sink of another thread may hear of it at once.
    this.#effect.note(message, isWithdrawal, due);
    this.#announcer.churn(message, isWithdrawal);
    return true;
  }
}
