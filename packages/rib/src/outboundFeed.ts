import type { LogReader } from './announcementLog.ts';
import type { FamilyAnnouncements } from './familyAnnouncements.ts';
import type { OutboundSession } from './outboundAttributes.ts';
import type { PackingGroup } from './packingGroups.ts';
import type { RouteKeyId } from './routeKeyTable.ts';
import type { ChunkPolicy, UnsendableRoutes, UpdateChunk } from './updateChunk.ts';

const nlri = new Uint8Array(0xffff);

/**
 * What one session reads of one table of announcements. Where the session has more than one table with
 * routes of the family, those before it go first, and those after it take over what it withdraws; its
 * messages are then packed for the session alone.
 */
export class OutboundFeed implements ChunkPolicy {
  readonly announcements: FamilyAnnouncements;
  readonly #session: OutboundSession;
  readonly #reader: LogReader;
  #group: PackingGroup;
  /** Feeds of the session's other tables: those that go before this one, and those after it. */
  #before: readonly OutboundFeed[] = [];
  #after: readonly OutboundFeed[] = [];
  /** Keys of routes that are to be sent although the log has them as sent. */
  #again = new Set<RouteKeyId>();
  /** Routes that could not be sent since the session came up, counted each time. */
  unsendable = 0;

  constructor(announcements: FamilyAnnouncements, session: OutboundSession) {
    this.announcements = announcements;
    this.#session = session;
    this.#reader = announcements.addReader();
    this.#group = announcements.groups.join(session);
  }

  /** Tells the feed of the others of its session, in order of precedence. */
  setOthers(before: readonly OutboundFeed[], after: readonly OutboundFeed[]): void {
    this.#before = before;
    this.#after = after;
  }

  /** Whether there is something to take. */
  get isPending(): boolean {
    return this.#reader.cursor < this.announcements.log.end || this.#again.size > 0;
  }

  /** Entries of the log yet to be read: routes to send, or a few more. */
  get backlog(): number {
    return this.announcements.log.end - this.#reader.cursor + this.#again.size;
  }

  /** Whether all is taken that was there when the session came up, or when `rewind` was called. */
  get hasPassedMilestone(): boolean {
    return this.#reader.cursor >= this.#reader.milestone && this.#again.size === 0;
  }

  /** Why a route could not be sent, the last time that one could not. */
  get problem(): string | undefined {
    return this.#group.packer.problem;
  }

  /** Routes that could not be sent when they were last to be. */
  get unsendableRoutes(): UnsendableRoutes {
    return this.#group.packer.unsendableRoutes;
  }

  /** Why a route cannot be sent; `undefined` if it can. */
  problemOf(key: RouteKeyId): string | undefined {
    this.#rejoin();
    return this.#group.packer.problemOf(key);
  }

  /** Whether the route's latest state has been taken. */
  hasTaken(key: RouteKeyId): boolean {
    return this.announcements.log.positionOf(key) < this.#reader.cursor && !this.#again.has(key);
  }

  /** Begins again with everything. */
  rewind(): void {
    this.announcements.log.rewind(this.#reader);
  }

  /** The next messages, possibly none; `isPending` tells whether to go on. */
  take(): Uint8Array {
    this.#rejoin();
    const chunk = this.#next();
    this.unsendable += chunk.unsendable;
    return chunk.bytes;
  }

  /** Ends the feed. */
  close(): void {
    this.announcements.log.removeReader(this.#reader);
    this.announcements.groups.leave(this.#group);
  }

  isOverridden(key: RouteKeyId): boolean {
    return this.#before.some((feed) => feed.#find(this.announcements, key) !== 0);
  }

  isTakenOver(key: RouteKeyId): boolean {
    for (const feed of this.#after) {
      const other = feed.#find(this.announcements, key);
      if (other === 0) continue;
      // From now on a withdrawal from that table must reach this session.
      feed.announcements.setTold(other);
      feed.#again.add(other);
      return true;
    }
    return false;
  }

  #next(): UpdateChunk {
    const { log } = this.announcements;
    if (this.#again.size > 0) return this.#takeAgain();
    const isAlone = [...this.#before, ...this.#after].every(
      (feed) => feed.announcements.routes === 0,
    );
    if (isAlone) return this.#group.take(this.#reader);
    log.group();
    const { cursor, floor } = this.#reader;
    const chunk = this.#group.packer.pack(log, cursor, log.end, floor, this);
    this.#reader.cursor = chunk.to;
    return chunk;
  }

  #takeAgain(): UpdateChunk {
    // Ones withdrawn since are in the log.
    const keys = [...this.#again].filter((key) => this.announcements.blockAt(key) !== 0);
    this.#again.clear();
    const sequence = { end: keys.length, keyAt: (position: number): RouteKeyId => keys[position]! };
    const chunk = this.#group.packer.pack(sequence, 0, keys.length, 0, this);
    for (const key of keys.slice(chunk.to)) this.#again.add(key);
    return chunk;
  }

  /** The announcements may have begun to leave something to the session that they did not before. */
  #rejoin(): void {
    const { groups } = this.announcements;
    if (groups.isOf(this.#group, this.#session)) return;
    const { packer } = this.#group;
    groups.leave(this.#group);
    this.#group = groups.join(this.#session);
    this.#group.packer.inherit(packer);
  }

  /** Key of another table's route in this one, 0 when it is not announced here. */
  #find(other: FamilyAnnouncements, key: RouteKeyId): RouteKeyId {
    if (this.announcements.routes === 0) return 0;
    const end = other.keys.writeNlri(key, nlri, 0, other.hasPathIds);
    return this.announcements.find(nlri, end);
  }
}
