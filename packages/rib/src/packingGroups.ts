import type { LogReader } from './announcementLog.ts';
import type { FamilyAnnouncements } from './familyAnnouncements.ts';
import { type OutboundSession, outboundKey } from './outboundAttributes.ts';
import type { RibStore } from './ribStore.ts';
import type { UpdateChunk } from './updateChunk.ts';
import { UpdateChunkPacker } from './updateChunkPacker.ts';

/** Octets of packed messages kept for other sessions, over all groups of a family: a full table, and room. */
const maximumCachedBytes = 1 << 26;
/** Chunks kept of one group. */
const maximumChunks = 4096;
/** Chunks at least this long stay for sessions yet to come; shorter ones go when all who are there have them. */
const lastingLength = 1 << 15;
/** A lasting chunk is packed anew once so much of the log has come after it. */
const outdatedShare = 8;

/** A chunk, and how many sessions have not taken it yet. */
interface CachedChunk {
  readonly chunk: UpdateChunk;
  awaited: number;
}

/**
 * The sessions of a family that send the same bytes, and what has been packed for them: once for all,
 * however many they are. A session that falls behind what is kept has its routes packed anew, in their
 * latest state, and holds up nobody.
 */
export class PackingGroups {
  readonly #announcements: FamilyAnnouncements;
  readonly #store: RibStore;
  readonly #groups = new Map<string, PackingGroup>();
  /** Chunks that were packed, ever: not one more for sessions that get what others have got. */
  packed = 0;

  constructor(announcements: FamilyAnnouncements, store: RibStore) {
    this.#announcements = announcements;
    this.#store = store;
  }

  /** Groups in use. */
  get size(): number {
    return this.#groups.size;
  }

  /** Octets of packed messages. */
  get byteLength(): number {
    let bytes = 0;
    for (const group of this.#groups.values()) bytes += group.byteLength;
    return bytes;
  }

  /** The group of a session, which `leave`s it when it ends or when `isOf` says no. */
  join(session: OutboundSession): PackingGroup {
    const key = outboundKey(session, this.#announcements.family, this.#announcements.uses);
    let group = this.#groups.get(key);
    if (group === undefined) {
      const packer = new UpdateChunkPacker(this.#announcements, this.#store, session);
      group = new PackingGroup(this, key, this.#announcements, packer);
      this.#groups.set(key, group);
    }
    group.members += 1;
    return group;
  }

  /** Whether a group is still the one that a session belongs to. */
  isOf(group: PackingGroup, session: OutboundSession): boolean {
    const { family, uses } = this.#announcements;
    return group.key === outboundKey(session, family, uses);
  }

  /** Ends a membership. */
  leave(group: PackingGroup): void {
    group.members -= 1;
    if (group.members === 0) this.#groups.delete(group.key);
  }
}

/** Sessions that send the same bytes. */
export class PackingGroup {
  readonly key: string;
  readonly packer: UpdateChunkPacker;
  members = 0;
  readonly #groups: PackingGroups;
  readonly #announcements: FamilyAnnouncements;
  /** By first position, oldest first. */
  readonly #chunks = new Map<number, CachedChunk>();
  #generation = 0;
  #byteLength = 0;

  constructor(
    groups: PackingGroups,
    key: string,
    announcements: FamilyAnnouncements,
    packer: UpdateChunkPacker,
  ) {
    this.#groups = groups;
    this.key = key;
    this.#announcements = announcements;
    this.packer = packer;
  }

  /** Octets of packed messages. */
  get byteLength(): number {
    return this.#byteLength;
  }

  /** The chunk that a reader goes on with, packed now unless it is there; moves the reader to its end. */
  take(reader: LogReader): UpdateChunk {
    const { log } = this.#announcements;
    log.group();
    if (this.#generation !== log.generation) this.#clear();
    const chunk = this.#find(reader) ?? this.#pack(reader);
    reader.cursor = chunk.to;
    // What was withdrawn after the chunk was packed may be announced by it.
    reader.floor = Math.min(reader.floor, chunk.logEnd);
    return chunk;
  }

  #find(reader: LogReader): UpdateChunk | undefined {
    const cached = this.#chunks.get(reader.cursor);
    if (cached === undefined) return undefined;
    const { chunk } = cached;
    const { end } = this.#announcements.log;
    const isOutdated = end - chunk.logEnd > Math.max(1024, end / outdatedShare);
    if (isOutdated || reader.floor < chunk.minimumFloor) {
      this.#drop(chunk);
      return undefined;
    }
    cached.awaited -= 1;
    if (cached.awaited <= 0 && chunk.bytes.length < lastingLength) this.#drop(chunk);
    return chunk;
  }

  #pack(reader: LogReader): UpdateChunk {
    const { log } = this.#announcements;
    const { cursor, floor } = reader;
    const chunk = this.packer.pack(log, cursor, this.#nextStart(cursor), floor);
    this.#groups.packed += 1;
    if (this.members > 1) this.#keep(chunk);
    return chunk;
  }

  /** Where the first cached chunk after `position` begins, or the end: a reader that was late falls into step there. */
  #nextStart(position: number): number {
    let next = this.#announcements.log.end;
    for (const from of this.#chunks.keys()) if (from > position && from < next) next = from;
    return next;
  }

  #keep(chunk: UpdateChunk): void {
    const limit = maximumCachedBytes / this.#groups.size;
    this.#chunks.set(chunk.from, { chunk, awaited: this.members - 1 });
    this.#byteLength += chunk.bytes.length;
    for (const { chunk: oldest } of this.#chunks.values()) {
      if (this.#byteLength <= limit && this.#chunks.size <= maximumChunks) break;
      this.#drop(oldest);
    }
  }

  #drop(chunk: UpdateChunk): void {
    this.#chunks.delete(chunk.from);
    this.#byteLength -= chunk.bytes.length;
  }

  #clear(): void {
    this.#chunks.clear();
    this.#byteLength = 0;
    this.#generation = this.#announcements.log.generation;
  }
}
