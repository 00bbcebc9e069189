import type { Socket } from 'node:net';
import { parseAddress } from '@peerloom/wire';
import { now } from '../measure/clock.ts';
import type { MessageStream } from '../routes/messageStream.ts';
import type { RouteTable } from '../routes/routeTable.ts';
import type { Lateness } from './lateness.ts';

/** Octets that are handed to a socket in one piece. */
const sliceSize = 1 << 16;
/** Octets that may wait in a socket before nothing more is handed to it. */
const highWater = 1 << 18;
/** Octets that one speaker may write before the others of its thread have their turn. */
const turn = 1 << 20;

/** What of a message depends on who sends it. */
export interface FeedIdentity {
  readonly as: number;
  /** Dotted quad. */
  readonly nextHop4: string;
  readonly nextHop6: string;
}

/** Who hears how far a writer has come. */
export interface FeedListener {
  /** Messages have been handed to TCP. */
  onSent(messages: number, octets: number): void;
  /** TCP has taken some of what was sent. */
  onProgress(): void;
  /** TCP has taken everything. */
  onWritten(): void;
}

/** Buffers for slices that a speaker's own AS and next hop are put into: as many as are in flight at a time. */
const pool: Uint8Array[] = [];

/**
 * Writes messages of the shared stream to one socket, as quick as the socket takes them or by a schedule.
 *
 * A speaker whose AS and next hops are those that the stream was encoded with writes views of the
 * shared memory itself. For another one each slice is copied into a pooled buffer on its way, and
 * its AS and next hops are stored there: 64 KiB for as long as the write lasts, not a table a peer.
 */
export class FeedWriter {
  readonly #identity: FeedIdentity;
  readonly #nextHop4: Uint8Array;
  readonly #nextHop6: Uint8Array;
  readonly #own: boolean;
  readonly #sentAt: Float64Array;
  readonly #listener: FeedListener;
  readonly #lateness: Lateness;
  #socket: Socket | undefined;
  #stream: MessageStream;
  #position = 0;
  #end = 0;
  /** Messages from here on are not yet due. */
  #due: ((message: number) => number) | undefined;
  #tail: Uint8Array | undefined;
  #waiting = false;

  constructor(
    table: RouteTable,
    identity: FeedIdentity,
    encodedAs: FeedIdentity,
    sentAt: Float64Array,
    listener: FeedListener,
    lateness: Lateness,
  ) {
    this.#identity = identity;
    this.#nextHop4 = parseAddress(identity.nextHop4)!;
    this.#nextHop6 = parseAddress(identity.nextHop6)!;
    this.#own =
      table.owner === 'verbatim' ||
      (identity.as === encodedAs.as &&
        identity.nextHop4 === encodedAs.nextHop4 &&
        identity.nextHop6 === encodedAs.nextHop6);
    this.#sentAt = sentAt;
    this.#listener = listener;
    this.#lateness = lateness;
    this.#stream = table.announcements;
  }

  /** Whether what is left has a schedule, so that `pump` must be called when the time has come. */
  get paced(): boolean {
    return this.#socket !== undefined && this.#due !== undefined;
  }

  /**
   * Begins to write the messages `[start, end)`, and after them `tail`.
   *
   * @param due when each message is meant to be sent, in milliseconds of `now`; absent: at once
   */
  begin(
    socket: Socket,
    stream: MessageStream,
    start: number,
    end: number,
    tail: Uint8Array,
    due?: (message: number) => number,
  ): void {
    this.#socket = socket;
    this.#stream = stream;
    this.#position = start;
    this.#end = end;
    this.#tail = tail;
    this.#due = due;
    // What was due before there was a session could not be sent.
    this.#lateness.hold();
    this.pump();
  }

  /** Gives up what is left: the session has ended, or something else is to be sent. */
  stop(): void {
    this.#socket = undefined;
    this.#due = undefined;
    this.#tail = undefined;
  }

  /** Writes what can be written now. */
  pump(): void {
    const socket = this.#socket;
    if (socket === undefined || this.#waiting) return;
    let octets = 0;
    while (this.#position < this.#end) {
      if (socket.writableLength >= highWater) return this.#lateness.hold();
      if (octets >= turn) {
        this.#waiting = true;
        setImmediate(this.#resume);
        return;
      }
      const limit = this.#due === undefined ? this.#end : this.#dueEnd(this.#due);
      if (limit === this.#position) return;
      const next = this.#sliceEnd(limit);
      this.#noteLateness(next);
      octets += this.#write(socket, this.#stream, this.#position, next, this.#onTaken);
      this.#position = next;
    }
    const tail = this.#tail;
    if (tail === undefined) return;
    this.#tail = undefined;
    socket.write(tail, () => {
      if (this.#socket !== socket) return;
      this.stop();
      this.#listener.onWritten();
    });
  }

  /** Writes a single message out of its order. */
  writeOne(socket: Socket, stream: MessageStream, message: number): void {
    this.#write(socket, stream, message, message + 1, this.#onTaken);
  }

  readonly #resume = (): void => {
    this.#waiting = false;
    this.pump();
  };

  readonly #onTaken = (): void => {
    this.#listener.onProgress();
    this.pump();
  };

  #dueEnd(due: (message: number) => number): number {
    const time = now();
    let end = this.#position;
    while (end < this.#end && due(end) <= time) {
      this.#sentAt[end] = due(end);
      end++;
    }
    return end;
  }

  /** Up to `end`, what is written now had its time. */
  #noteLateness(end: number): void {
    const due = this.#due;
    if (due === undefined) return;
    const time = now();
    for (let message = this.#position; message < end; message++) {
      this.#lateness.note(due(message), time);
    }
  }

  #sliceEnd(limit: number): number {
    const { offsets } = this.#stream;
    const last = offsets[this.#position]! + sliceSize;
    let low = this.#position + 1;
    let high = limit;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (offsets[middle]! <= last) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #write(
    socket: Socket,
    stream: MessageStream,
    from: number,
    to: number,
    taken: () => void,
  ): number {
    const { bytes, offsets } = stream;
    const start = offsets[from]!;
    const length = offsets[to]! - start;
    if (this.#due === undefined) this.#noteSent(from, to);
    if (this.#own) {
      socket.write(bytes.subarray(start, start + length), taken);
    } else {
      // A single message, as churn sends them, would keep a whole slice from the others.
      const isSlice = length > sliceSize / 4 && length <= sliceSize;
      const buffer = isSlice ? (pool.pop() ?? new Uint8Array(sliceSize)) : undefined;
      const copy = buffer?.subarray(0, length) ?? new Uint8Array(length);
      copy.set(bytes.subarray(start, start + length));
      this.#sign(copy, stream, from, to, start);
      socket.write(copy, () => {
        if (buffer !== undefined) pool.push(buffer);
        taken();
      });
    }
    this.#listener.onSent(to - from, length);
    return length;
  }

  /** Several speakers may send the same message: the first one's time counts. */
  #noteSent(from: number, to: number): void {
    const sentAt = this.#sentAt;
    const time = now();
    for (let message = from; message < to; message++) {
      if (sentAt[message] === 0) sentAt[message] = time;
    }
  }

  /** Puts the speaker's AS and next hops in their places. */
  #sign(copy: Uint8Array, stream: MessageStream, from: number, to: number, base: number): void {
    const { offsets, asAt, nextHop4At, nextHop6At } = stream;
    const { as } = this.#identity;
    for (let message = from; message < to; message++) {
      const start = offsets[message]! - base;
      const path = asAt[message]!;
      if (path !== 0) {
        copy[start + path] = as >>> 24;
        copy[start + path + 1] = as >>> 16;
        copy[start + path + 2] = as >>> 8;
        copy[start + path + 3] = as;
      }
      if (nextHop4At[message] !== 0) copy.set(this.#nextHop4, start + nextHop4At[message]!);
      if (nextHop6At[message] !== 0) copy.set(this.#nextHop6, start + nextHop6At[message]!);
    }
  }
}
