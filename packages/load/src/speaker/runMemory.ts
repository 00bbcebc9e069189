import type { RouteTable } from '../routes/routeTable.ts';

/** What a speaker counts, by its column in `RunMemory.counters`. */
export const Counter = {
  messagesReceived: 0,
  messagesSent: 1,
  octetsReceived: 2,
  octetsSent: 3,
  updatesReceived: 4,
  updatesSent: 5,
  /** Times that it was Established. */
  sessionsUp: 6,
  /** Sessions that ended without the tester's having meant them to. */
  sessionsLost: 7,
  notificationsReceived: 8,
  notificationsSent: 9,
  /** Attempts that did not become a session. */
  attemptsFailed: 10,
} as const;
/** One of the values of `Counter`. */
export type Counter = (typeof Counter)[keyof typeof Counter];

const counterStride = 12;

/** How far a source is with what it was last told to send. */
export const FeedState = {
  /** Nothing was asked of it. */
  idle: 0,
  /** Has not yet handed everything to TCP, or has no session to do so on. */
  writing: 1,
  /** TCP has taken everything. */
  written: 2,
  /** The session does not allow what the table holds: ADD-PATH, or AS numbers of two octets. */
  unfit: 3,
} as const;
/** One of the values of `FeedState`. */
export type FeedState = (typeof FeedState)[keyof typeof FeedState];

/** What one sink holds, by the numbers of prefixes; times as of `now`. */
export interface SinkMemory {
  /** When each prefix came for the first time since the memory was cleared; 0: never. */
  readonly firstAt: Float64Array;
  /** When each last came or went. */
  readonly changedAt: Float64Array;
  /** Digest of its attributes, 0 while the sink does not hold it. */
  readonly digests: Uint32Array;
}

/** What churn does to each prefix. Several sources may announce the same, so here they count together. */
export interface ChurnMemory {
  /** Sources that announce it now; changed by `Atomics` only. */
  readonly announcers: Int32Array;
  /** When the last of them was meant to withdraw it, as of `now`; 0: not under churn. */
  readonly goneAt: Float64Array;
  /** When the first of them was meant to announce it again. */
  readonly backAt: Float64Array;
}

/** Memory that the threads of a run share. Each value has one writer, but in `churn`, so nothing is locked. */
export interface RunMemory {
  /** Rank of the FSM's state, 0 Idle – 5 Established, of each speaker. */
  readonly states: Uint8Array;
  readonly feeds: Uint8Array;
  /** When TCP had taken the last of what the speaker was told to send. */
  readonly writtenAt: Float64Array;
  readonly counters: Float64Array;
  /** When each message of the table was sent, or was meant to be, in open-loop phases; 0: not yet. Not under churn. */
  readonly sentAt: Float64Array;
  /** Empty where there are no sinks. */
  readonly churn: ChurnMemory;
  readonly sinks: readonly SinkMemory[];
  /** Prefixes that each sink holds. */
  readonly present: Uint32Array;
  /** Prefixes that a sink holds and that nobody announced, by sink. */
  readonly strangers: Uint32Array;
  /** Paths that each sink holds of prefixes whose families have ADD-PATH. */
  readonly paths: Uint32Array;
}

function float(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * 8));
}

function uint(length: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(length * 4));
}

/** Makes the memory of a run. */
export function makeRunMemory(
  speakers: number,
  sinks: number,
  table: RouteTable | undefined,
): RunMemory {
  const prefixes = table?.prefixes.count ?? 0;
  const watched = sinks > 0 ? prefixes : 0;
  const messages = table === undefined ? 0 : table.announcements.offsets.length - 1;
  return {
    states: new Uint8Array(new SharedArrayBuffer(speakers)),
    feeds: new Uint8Array(new SharedArrayBuffer(speakers)),
    writtenAt: float(speakers),
    counters: float(speakers * counterStride),
    sentAt: float(messages),
    churn: {
      announcers: new Int32Array(new SharedArrayBuffer(watched * 4)),
      goneAt: float(watched),
      backAt: float(watched),
    },
    sinks: Array.from({ length: sinks }, () => ({
      firstAt: float(prefixes),
      changedAt: float(prefixes),
      digests: uint(prefixes),
    })),
    present: uint(sinks),
    strangers: uint(sinks),
    paths: uint(sinks),
  };
}

/** Adds to what a speaker counts. */
export function count(memory: RunMemory, speaker: number, counter: Counter, amount = 1): void {
  memory.counters[speaker * counterStride + counter]! += amount;
}

/** What all speakers together have counted. */
export function total(memory: RunMemory, counter: Counter): number {
  let sum = 0;
  for (let at: number = counter; at < memory.counters.length; at += counterStride) {
    sum += memory.counters[at]!;
  }
  return sum;
}

/** How many speakers are in the given state. */
export function countOf(states: Uint8Array, state: number): number {
  let found = 0;
  for (const one of states) if (one === state) found++;
  return found;
}
