import {
  encodeEndOfRib,
  encodeRouteRefresh,
  type FamilyKey,
  familyOfKey,
  RouteRefreshSubtype,
} from '@peerloom/wire';
import type { FamilyAnnouncements } from './familyAnnouncements.ts';
import type { OutboundSession } from './outboundAttributes.ts';
import { OutboundFeed } from './outboundFeed.ts';

/** What has been begun and not ended. */
type Phase = 'initialUpdate' | 'routeRefresh' | 'steady';

const nothing = new Uint8Array(0);
const none: readonly never[] = [];

/** What else a session has agreed on about sending. */
export interface OutboundProcedures {
  /** The peer sent the Enhanced Route Refresh Capability: refreshes are framed by BoRR and EoRR (RFC 7313 §4). Default false. */
  readonly enhancedRouteRefresh?: boolean;
  /** End the initial update with End-of-RIB (RFC 4724 §2). Default true. */
  readonly endOfRib?: boolean;
}

/** One family of what a session sends: the initial update with its End-of-RIB, changes, route refreshes. */
export class AdjRibOutFamily {
  readonly family: FamilyKey;
  readonly #session: OutboundSession;
  readonly #procedures: OutboundProcedures;
  #feeds: readonly OutboundFeed[] = none;
  #phase: Phase = 'initialUpdate';
  #refreshWanted = false;
  /** Messages that have been taken from a feed and not been handed on yet: `#bytes` from `#at` on. */
  #bytes: Uint8Array = nothing;
  #at = 0;

  constructor(family: FamilyKey, session: OutboundSession, procedures: OutboundProcedures) {
    this.family = family;
    this.#session = session;
    this.#procedures = procedures;
  }

  /** What is read, in order of precedence. */
  get feeds(): readonly OutboundFeed[] {
    return this.#feeds;
  }

  /** The initial update has been handed on, End-of-RIB included. */
  get isSynchronized(): boolean {
    return this.#phase !== 'initialUpdate' && !this.#hasBytes;
  }

  /** Whether `next` has something to give, or is about to. */
  get isPending(): boolean {
    return (
      this.#hasBytes ||
      this.#phase !== 'steady' ||
      this.#refreshWanted ||
      this.#feeds.some(({ isPending }) => isPending)
    );
  }

  /** Adds a table to read, at place `rank` in the order of precedence. */
  addFeed(announcements: FamilyAnnouncements, rank: number): void {
    const feed = new OutboundFeed(announcements, this.#session);
    this.#feeds = this.#feeds.toSpliced(rank, 0, feed);
    this.#feeds.forEach((each, index) => {
      each.setOthers(this.#feeds.slice(0, index), this.#feeds.slice(index + 1));
    });
  }

  /** Sends everything again, at the next opportunity: after the End-of-RIB, and not twice at the same time (RFC 7313 §4). */
  refresh(): void {
    this.#refreshWanted = true;
  }

  /**
   * The next whole messages, up to `maximumBytes` octets of them, read only; `undefined` when there are none,
   * or when the next one is longer.
   */
  next(maximumBytes: number): Uint8Array | undefined {
    // A feed may have nothing to say for many entries of its log, so this is a loop; each round moves on.
    while (!this.#hasBytes) {
      const bytes = this.#take();
      if (bytes === undefined) return undefined;
      this.#bytes = bytes;
      this.#at = 0;
    }
    const start = this.#at;
    // All that is left, as a rule: looking at every header would cost each session what packing costs all.
    let end = this.#bytes.length - start <= maximumBytes ? this.#bytes.length : start;
    while (end < this.#bytes.length) {
      const next = end + lengthOfMessage(this.#bytes, end);
      if (next - start > maximumBytes) break;
      end = next;
    }
    if (end === start) return undefined;
    this.#at = end;
    const part = this.#bytes.subarray(start, end);
    if (end === this.#bytes.length) {
      this.#bytes = nothing;
      this.#at = 0;
    }
    return part;
  }

  /** Ends all feeds. */
  close(): void {
    for (const feed of this.#feeds) feed.close();
    this.#feeds = none;
    this.#bytes = nothing;
    this.#at = 0;
  }

  get #hasBytes(): boolean {
    return this.#at < this.#bytes.length;
  }

  #take(): Uint8Array | undefined {
    if (this.#phase !== 'steady' && this.#feeds.every((feed) => feed.hasPassedMilestone)) {
      return this.#endPhase();
    }
    if (this.#phase === 'steady' && this.#refreshWanted) return this.#beginRefresh();
    return this.#feeds.find(({ isPending }) => isPending)?.take();
  }

  #endPhase(): Uint8Array {
    const ended = this.#phase;
    this.#phase = 'steady';
    if (ended === 'initialUpdate') {
      return this.#procedures.endOfRib === false ? nothing : encodeEndOfRib(this.family);
    }
    return this.#demarcation(RouteRefreshSubtype.ending);
  }

  #beginRefresh(): Uint8Array {
    this.#phase = 'routeRefresh';
    this.#refreshWanted = false;
    for (const feed of this.#feeds) feed.rewind();
    return this.#demarcation(RouteRefreshSubtype.beginning);
  }

  #demarcation(subtype: RouteRefreshSubtype): Uint8Array {
    if (this.#procedures.enhancedRouteRefresh !== true) return nothing;
    return encodeRouteRefresh({ kind: 'routeRefresh', ...familyOfKey(this.family), subtype });
  }
}

/** RFC 4271 §4.1. */
function lengthOfMessage(bytes: Uint8Array, at: number): number {
  return (bytes[at + 16]! << 8) | bytes[at + 17]!;
}
