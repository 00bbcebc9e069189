import {
  AttributeCode,
  AttributeFlag,
  familyOfKey,
  headerLength,
  ipv4Unicast,
  MessageType,
  maximumExtendedMessageLength,
} from '@peerloom/wire';
import type { BlockId } from './attributeStore.ts';
import type { FamilyAnnouncements } from './familyAnnouncements.ts';
import { OutboundAttributes, type OutboundSession } from './outboundAttributes.ts';
import { OutboundNlri } from './outboundNlri.ts';
import type { RibStore } from './ribStore.ts';
import type { RouteKeyId } from './routeKeyTable.ts';
import { UnsendableKeys } from './unsendableKeys.ts';
import type { ChunkPolicy, RouteSequence, UnsendableRoutes, UpdateChunk } from './updateChunk.ts';

/** A chunk is full when it has so many octets: large enough to be worth a call, small enough to be in time. */
const chunkLength = 1 << 16;
/** Positions looked at for one chunk at the most: those with nothing to send cost time too. */
const maximumPositions = 1 << 18;

const buffer = new Uint8Array(chunkLength + maximumExtendedMessageLength);

/** What to do with the route at a position. */
const Action = { skip: 0, withdraw: 1, announce: 2 } as const;
type Action = (typeof Action)[keyof typeof Action];

/**
 * Packs routes into UPDATEs for all sessions with the same options: as many routes as fit where
 * neighbours share a block, one field of routes a message, MP attributes first (RFC 7606 §5.1). Writes
 * straight into a buffer of 64 KiB: `UpdatePacker` of the codec does the same for readable use, at an
 * allocation a message.
 */
export class UpdateChunkPacker {
  readonly #announcements: FamilyAnnouncements;
  readonly #store: RibStore;
  readonly #outbound: OutboundAttributes;
  readonly #nlri: OutboundNlri;
  readonly #maximumLength: number;
  /** What `#outbound` holds now, -1 for nothing. */
  #block: BlockId = -1;
  /** Why the attributes of `#block` cannot be sent. */
  #blockProblem: string | undefined = undefined;
  /** The last reason why a route could not be sent. */
  problem: string | undefined = undefined;
  readonly #unsendableKeys = new UnsendableKeys();

  // Of the chunk that is being packed.
  #at = 0;
  #position = 0;
  #end = 0;
  #floor = 0;
  #minimumFloor = 0;
  #unsendable = 0;
  /** Why the route at hand cannot be sent. */
  #routeProblem: string | undefined = undefined;
  #sequence: RouteSequence;
  #policy: ChunkPolicy | undefined = undefined;

  constructor(announcements: FamilyAnnouncements, store: RibStore, session: OutboundSession) {
    const { family, keys, hasPathIds } = announcements;
    this.#announcements = announcements;
    this.#store = store;
    this.#outbound = new OutboundAttributes(session, family);
    this.#nlri = new OutboundNlri(family, keys, hasPathIds, session.options);
    this.#maximumLength = session.options.maximumSendLength;
    this.#sequence = announcements.log;
  }

  /**
   * The messages for the positions from `from` on, up to `end` or until the chunk is full. Withdrawals
   * before `floor` are left out.
   */
  pack(
    sequence: RouteSequence,
    from: number,
    end: number,
    floor: number,
    policy?: ChunkPolicy,
  ): UpdateChunk {
    this.#sequence = sequence;
    this.#policy = policy;
    this.#at = 0;
    this.#position = from;
    this.#end = Math.min(end, from + maximumPositions);
    this.#floor = floor;
    this.#minimumFloor = 0;
    this.#unsendable = 0;
    // Block numbers are used again: what was encoded for one may no longer be it.
    this.#block = -1;
    while (this.#position < this.#end && this.#at < chunkLength) this.#step();
    return {
      bytes: this.#store.keepChunk(buffer.subarray(0, this.#at)),
      from,
      to: this.#position,
      logEnd: this.#announcements.log.end,
      minimumFloor: this.#minimumFloor,
      unsendable: this.#unsendable,
    };
  }

  /** Why the route under a key cannot be sent; `undefined` if it can, or there is nothing to send. */
  problemOf(key: RouteKeyId): string | undefined {
    const block = this.#announcements.blockAt(key);
    this.#block = -1;
    return block === 0 || !this.#nlri.concerns(key) ? undefined : this.#problemOf(key, block);
  }

  /** Routes announced that could not be sent when they were packed, and why the last of them could not. */
  get unsendableRoutes(): UnsendableRoutes {
    const routes = this.#unsendableKeys.count((key) => this.#announcements.blockAt(key) !== 0);
    return { routes, reason: routes === 0 ? '' : (this.problem ?? '') };
  }

  /** Goes on from what another packer has found of the same announcements. */
  inherit(other: UpdateChunkPacker): void {
    this.#unsendableKeys.addAll(other.#unsendableKeys);
    this.problem ??= other.problem;
  }

  /** One message, or one route that has nothing to say. */
  #step(): void {
    const key = this.#sequence.keyAt(this.#position);
    const action = this.#actionOf(key);
    if (action === Action.skip) this.#advance();
    else if (action === Action.withdraw) this.#withdraw();
    else this.#announce(this.#announcements.blockAt(key));
  }

  #advance(): void {
    this.#position += 1;
    if (this.#routeProblem === undefined) return;
    this.problem = this.#routeProblem;
    this.#routeProblem = undefined;
    this.#unsendable += 1;
  }

  #actionOf(key: RouteKeyId): Action {
    this.#routeProblem = undefined;
    if (key === 0 || !this.#nlri.concerns(key)) return Action.skip;
    if (this.#policy?.isOverridden(key) === true) return Action.skip;
    const block = this.#announcements.blockAt(key);
    if (block === 0) {
      this.#unsendableKeys.delete(key);
      if (this.#position < this.#floor) {
        this.#minimumFloor = this.#position + 1;
        return Action.skip;
      }
      return this.#policy?.isTakenOver(key) === true ? Action.skip : this.#withdrawalOf(key);
    }
    this.#routeProblem = this.#problemOf(key, block);
    if (this.#routeProblem === undefined) {
      this.#unsendableKeys.delete(key);
      return Action.announce;
    }
    this.#unsendableKeys.add(key);
    // It may have been announced with attributes that could be sent.
    return this.#announcements.isTold(key) ? this.#withdrawalOf(key) : Action.skip;
  }

  /** A withdrawal that does not fit into a message is of a route whose announcement did not either. */
  #withdrawalOf(key: RouteKeyId): Action {
    const length = headerLength + 11 + this.#nlri.length(key, true);
    return length > this.#maximumLength ? Action.skip : Action.withdraw;
  }

  #problemOf(key: RouteKeyId, block: BlockId): string | undefined {
    if (block !== this.#block) {
      this.#block = block;
      this.#blockProblem = this.#outbound.encode(this.#store.attributes.bytes(block));
    }
    if (this.#blockProblem !== undefined) return this.#blockProblem;
    const length = this.#fixedLength() + this.#nlri.length(key, false);
    if (length > this.#maximumLength) {
      return `the UPDATE would have ${length} octets, and at most ${this.#maximumLength} may be sent`;
    }
    return this.#nlri.problem(key);
  }

  /** Octets of an announcement without its NLRI. */
  #fixedLength(): number {
    const { others, mpHead } = this.#outbound;
    const length = headerLength + 4 + others.length;
    return mpHead.length === 0 ? length : length + 4 + mpHead.length;
  }

  #announce(block: BlockId): void {
    const { others, mpHead } = this.#outbound;
    const isMp = mpHead.length > 0;
    const start = this.#at;
    const room = start + this.#maximumLength;
    storeU16(start + headerLength, 0);
    const attributesAt = start + headerLength + 4;
    let at = attributesAt;
    if (isMp) {
      buffer.set(mpHead.view(), at + 4);
      at = this.#addRoutes(block, at + 4 + mpHead.length, room - others.length);
      at = finishMpAttribute(AttributeCode.mpReachNlri, attributesAt, at);
    }
    buffer.set(others.view(), at);
    at += others.length;
    storeU16(attributesAt - 2, at - attributesAt);
    if (!isMp) at = this.#addRoutes(block, at, room);
    this.#finish(start, at);
  }

  #withdraw(): void {
    const { family } = this.#announcements;
    const start = this.#at;
    const room = start + this.#maximumLength;
    const fieldAt = start + headerLength + 2;
    let at: number;
    if (family === ipv4Unicast) {
      at = this.#addRoutes(0, fieldAt, room - 2);
      storeU16(fieldAt - 2, at - fieldAt);
      storeU16(at, 0);
      at += 2;
    } else {
      const { afi, safi } = familyOfKey(family);
      const attributesAt = fieldAt + 2;
      storeU16(fieldAt - 2, 0);
      storeU16(attributesAt + 4, afi);
      buffer[attributesAt + 6] = safi;
      at = this.#addRoutes(0, attributesAt + 7, room);
      at = finishMpAttribute(AttributeCode.mpUnreachNlri, attributesAt, at);
      storeU16(attributesAt - 2, at - attributesAt);
    }
    this.#finish(start, at);
  }

  /**
   * Writes the NLRI of the route at hand, and of those after it with the same block (0: that are to be
   * withdrawn), up to offset `room`, and moves on. Returns the offset after them.
   */
  #addRoutes(block: BlockId, offset: number, room: number): number {
    const sequence = this.#sequence;
    const isWithdrawal = block === 0;
    const wanted = isWithdrawal ? Action.withdraw : Action.announce;
    let at = this.#addRoute(sequence.keyAt(this.#position), offset, isWithdrawal);
    while (this.#position < this.#end) {
      const key = sequence.keyAt(this.#position);
      // Looking into another block would overwrite the attributes that this message still needs.
      if (key !== 0 && !isWithdrawal && this.#announcements.blockAt(key) !== block) break;
      const action = this.#actionOf(key);
      if (action === Action.skip) this.#advance();
      else if (action !== wanted) break;
      else if (at + this.#nlri.length(key, isWithdrawal) > room) break;
      else at = this.#addRoute(key, at, isWithdrawal);
    }
    return at;
  }

  #addRoute(key: RouteKeyId, at: number, isWithdrawal: boolean): number {
    if (!isWithdrawal) this.#announcements.setTold(key);
    this.#advance();
    return this.#nlri.write(key, buffer, at, isWithdrawal);
  }

  #finish(start: number, end: number): void {
    buffer.fill(0xff, start, start + 16);
    storeU16(start + 16, end - start);
    buffer[start + 18] = MessageType.update;
    this.#at = end;
  }
}

/**
 * Writes the header of the MP attribute whose value stands in `[attributeAt + 4, end)`; the value moves up
 * where one octet of length is enough. Returns where the attribute ends then.
 */
function finishMpAttribute(code: number, attributeAt: number, end: number): number {
  const length = end - attributeAt - 4;
  buffer[attributeAt + 1] = code;
  if (length > 0xff) {
    buffer[attributeAt] = AttributeFlag.optional | AttributeFlag.extendedLength;
    storeU16(attributeAt + 2, length);
    return end;
  }
  buffer[attributeAt] = AttributeFlag.optional;
  buffer[attributeAt + 2] = length;
  buffer.copyWithin(attributeAt + 3, attributeAt + 4, end);
  return end - 1;
}

function storeU16(at: number, value: number): void {
  buffer[at] = value >>> 8;
  buffer[at + 1] = value;
}
