import type { Socket } from 'node:net';
import { encodeEndOfRib, type FamilyKey, type SessionOptions } from '@peerloom/wire';
import { now } from '../measure/clock.ts';
import type { SpeakerPlan } from '../plan.ts';
import type { Feed, RouteTable } from '../routes/routeTable.ts';
import { type FeedListener, FeedWriter } from './feedWriter.ts';
import type { HostContext } from './hostContext.ts';
import { Lateness } from './lateness.ts';
import { Counter, count, FeedState } from './runMemory.ts';

/** Octets that may wait in a socket before churn is held back. */
const churnHighWater = 1 << 18;

/** When each message is meant to be sent, in milliseconds of `now`. */
export type Due = (message: number) => number;

/** Who must know what an announcer does to the session. */
export interface AnnouncerOwner {
  /** Something was handed to TCP, or TCP has taken something. */
  onTransmit(isNew: boolean): void;
}

/** What one source does with its part of the table: announces, withdraws, and churns it. */
export class Announcer implements FeedListener {
  readonly feed: Feed;
  readonly #plan: SpeakerPlan;
  readonly #context: HostContext;
  readonly #table: RouteTable;
  readonly #writer: FeedWriter;
  readonly #owner: AnnouncerOwner;
  #socket: Socket | undefined;
  #options: SessionOptions | undefined;
  /** The table is to be announced on every session that comes up. */
  #announcing = false;
  #due: Due | undefined;

  constructor(
    plan: SpeakerPlan,
    feed: Feed,
    table: RouteTable,
    context: HostContext,
    owner: AnnouncerOwner,
  ) {
    const { localAs: as, nextHop: nextHop4, group } = plan;
    const identity = { as, nextHop4, nextHop6: group.nextHopIpv6 };
    this.feed = feed;
    this.#plan = plan;
    this.#context = context;
    this.#table = table;
    this.#owner = owner;
    const encodedAs = context.encodedAs ?? identity;
    const { sentAt } = context.memory;
    const lateness = new Lateness(context.lateness);
    this.#writer = new FeedWriter(table, identity, encodedAs, sentAt, this, lateness);
  }

  /** Whether it writes by a schedule, and has more to write. */
  get paced(): boolean {
    return this.#writer.paced;
  }

  /** A session is up, and this is its socket. */
  sessionUp(socket: Socket, options: SessionOptions): void {
    this.#socket = socket;
    this.#options = options;
    if (this.#announcing) this.#begin(socket, options);
  }

  /** It has ended. */
  sessionDown(): void {
    this.#writer.stop();
    this.#socket = undefined;
    if (this.#announcing) this.#setState(FeedState.writing);
  }

  /** Announces its part of the table, now and on each session that comes up; `due`: by a schedule. */
  announce(due?: Due): void {
    this.#announcing = true;
    this.#due = due;
    this.#setState(FeedState.writing);
    if (this.#socket && this.#options) this.#begin(this.#socket, this.#options);
  }

  /** Withdraws it. */
  withdraw(): void {
    this.#announcing = false;
    this.#writer.stop();
    if (this.#socket === undefined) return this.onWritten();
    this.#setState(FeedState.writing);
    const { start, end } = this.feed;
    this.#writer.begin(this.#socket, this.#table.withdrawals, start, end, nothing);
    return undefined;
  }

  /** Whether its session is up, allows what the table holds, and TCP has not more than enough already. */
  get takesChurn(): boolean {
    if (this.#context.memory.feeds[this.#plan.index] === FeedState.unfit) return false;
    return this.#socket !== undefined && this.#socket.writableLength <= churnHighWater;
  }

  /** Sends one message of the table, or its withdrawal. */
  churn(message: number, isWithdrawal: boolean): void {
    if (this.#socket === undefined) return;
    const stream = isWithdrawal ? this.#table.withdrawals : this.#table.announcements;
    this.#writer.writeOne(this.#socket, stream, message);
  }

  /** Writes what has become due. */
  pace(): void {
    if (this.#writer.paced) this.#writer.pump();
  }

  onSent(messages: number, octets: number): void {
    const { memory } = this.#context;
    const { index } = this.#plan;
    count(memory, index, Counter.messagesSent, messages);
    count(memory, index, Counter.updatesSent, messages);
    count(memory, index, Counter.octetsSent, octets);
    this.#owner.onTransmit(true);
  }

  onProgress(): void {
    this.#owner.onTransmit(false);
  }

  onWritten(): void {
    this.#context.memory.writtenAt[this.#plan.index] = now();
    this.#setState(FeedState.written);
  }

  #begin(socket: Socket, options: SessionOptions): void {
    const misfit = misfitOf(this.#table, options);
    if (misfit !== undefined) {
      this.#context.note(`routes were not sent: ${misfit}`);
      this.#setState(FeedState.unfit);
      return;
    }
    const { start, end } = this.feed;
    this.#setState(FeedState.writing);
    this.#writer.stop();
    const tail = endsOfRib(options.families);
    this.#writer.begin(socket, this.#table.announcements, start, end, tail, this.#due);
  }

  #setState(state: FeedState): void {
    this.#context.memory.feeds[this.#plan.index] = state;
  }
}

/** Why the routes of a table cannot be sent on a session; `undefined` when they can. */
function misfitOf(
  { families, addPath, owner }: RouteTable,
  options: SessionOptions,
): string | undefined {
  if (owner === 'external' && options.peerType === 'internal') {
    return "the device is in the speaker's own AS; say so (target.remoteAs, --remote-as), so that they are made for internal sessions";
  }
  if (!options.fourOctetAs) return 'the device has no AS numbers of four octets (RFC 6793)';
  if (families.some((family) => !options.families.has(family))) {
    return 'the device does not have one of their address families';
  }
  if (families.every((family) => options.addPathSend.has(family) === addPath)) return undefined;
  return addPath
    ? 'they have path identifiers, and the device does not take any (RFC 7911)'
    : 'they lack path identifiers, and the session agreed on them (RFC 7911)';
}

const nothing = new Uint8Array(0);
const ends = new Map<string, Uint8Array>();

/** The End-of-RIB of each family, one after the other. */
export function endsOfRib(families: ReadonlySet<FamilyKey>): Uint8Array {
  const key = [...families].join();
  const known = ends.get(key);
  if (known !== undefined) return known;
  const bytes = new Uint8Array(
    Buffer.concat([...families].map((family) => encodeEndOfRib(family))),
  );
  ends.set(key, bytes);
  return bytes;
}
