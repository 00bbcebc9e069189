import {
  AttributeCode,
  type FamilyKey,
  ipv4Unicast,
  isPrefixFamily,
  NlriCursor,
  noFamily,
  splitUpdate,
  UpdatePacker,
  UpdateView,
  WellKnownCommunity,
} from '@peerloom/wire';
import {
  type AttributeDigest,
  digestAttributes,
  emptyDigest,
  withFirstAs,
} from './attributeDigest.ts';
import { GrowingUint32 } from './growing.ts';
import { type MessageStream, StreamBuilder } from './messageStream.ts';
import { PrefixIndex, type PrefixIndexData } from './prefixIndex.ts';

/** Messages that one speaker sends: `[start, end)` of a table's. */
export interface Feed {
  readonly start: number;
  readonly end: number;
}

/**
 * All that a run announces: encoded once, in shared memory, whoever sends it and in however many
 * threads. Messages have numbers, and so have prefixes.
 */
export interface RouteTable {
  readonly announcements: MessageStream;
  /** For each announcing message what withdraws its routes, under the same number: an UPDATE for each field. */
  readonly withdrawals: MessageStream;
  /** Where each message's routes begin in `routes`, and, last, where they end. */
  readonly routeStarts: Uint32Array;
  /** Numbers of prefixes; the top bit says that the message withdraws the prefix. */
  readonly routes: Uint32Array;
  /** The message that announces each prefix; the last one, where there are several. */
  readonly messageOf: Uint32Array;
  /** 1 for prefixes that several messages announce. */
  readonly isShared: Uint8Array;
  /** `AttributeDigest.value` of each message, with the first AS where that is not the speaker's; 0 where it announces nothing. */
  readonly digests: Uint32Array;
  /** 1 for messages whose routes a neighbour need not pass on (NO_EXPORT, NO_ADVERTISE). */
  readonly isKept: Uint8Array;
  readonly prefixes: PrefixIndexData;
  /** Milliseconds from the first message to each, of a recording; absent otherwise. */
  readonly times?: Float64Array;
  /** One for each source, in their order; where there are more sources they begin again at the first. */
  readonly feeds: readonly Feed[];
  /** Families of its routes. */
  readonly families: readonly FamilyKey[];
  readonly addPath: boolean;
  /** Whose routes they are. */
  readonly owner: RouteOwner;
  /** Routes or UPDATEs of the file that are not in it, as nobody may send them. */
  readonly leftOut: number;
  /** Recorded peers whose part no source takes, and how many routes or UPDATEs of the file were theirs. */
  readonly unused: ReadonlyMap<string, number>;
  /** UPDATEs of families whose routes are no prefixes: they are sent, and what becomes of them is not looked at. */
  readonly unjudged: number;
}

/**
 * Whose routes a table has:
 *
 * - `external`: paths begin with the AS of the speaker that sends them, and next hops are its own;
 * - `internal`: the paths are others', with LOCAL_PREF, and next hops are the speaker's own;
 * - `verbatim`: messages are sent as they are.
 */
export type RouteOwner = 'external' | 'internal' | 'verbatim';

/** The bit of `RouteTable.routes` that marks a withdrawal. */
export const withdrawnBit = 0x8000_0000;

const longestMessage = 65_535;

/** Takes UPDATEs in and makes a `RouteTable` of them. */
export class RouteTableBuilder {
  /** Routes or UPDATEs of a file that cannot be sent. */
  leftOut = 0;
  /** As `RouteTable.unused`. */
  unused: ReadonlyMap<string, number> = new Map();
  #unjudged = 0;
  readonly #announcements = new StreamBuilder();
  readonly #withdrawals = new StreamBuilder();
  readonly #routeStarts = new GrowingUint32();
  readonly #routes = new GrowingUint32();
  readonly #digests = new GrowingUint32();
  readonly #kept = new GrowingUint32();
  readonly #times: number[] = [];
  readonly #prefixes = new PrefixIndex();
  readonly #families = new Set<FamilyKey>();
  readonly #addPath: boolean;
  readonly #owner: RouteOwner;
  readonly #view = new UpdateView();
  readonly #cursor = new NlriCursor();
  readonly #packer = new UpdatePacker(longestMessage);
  readonly #digest: AttributeDigest = emptyDigest();

  /** `addPath`: NLRI carry Path Identifiers (RFC 7911 §3). */
  constructor(addPath: boolean, owner: RouteOwner) {
    this.#addPath = addPath;
    this.#owner = owner;
  }

  /** Messages taken in so far: the number of the next one. */
  get messages(): number {
    return this.#announcements.count;
  }

  /** Prefixes met so far. */
  get prefixCount(): number {
    return this.#prefixes.count;
  }

  /** Whether a prefix that the cursor shows has been met. */
  knows(cursor: NlriCursor, family: FamilyKey): boolean {
    return this.#prefixes.find(cursor, family) >= 0;
  }

  /**
   * Appends one UPDATE with AS numbers of four octets, header included. Returns false, and takes
   * nothing, where it is malformed.
   *
   * @param time milliseconds since the first message, of a recording
   */
  add(message: Uint8Array, time?: number): boolean {
    const view = this.#view;
    if (splitUpdate(view, message, 0, message.length) !== undefined) return false;
    const families = [view.mpReachFamily, view.mpUnreachFamily];
    if (families.some((family) => family !== noFamily && !isPrefixFamily(family))) this.#unjudged++;
    this.#announcements.begin();
    this.#routeStarts.push(this.#routes.length);
    this.#noteAttributes(view);
    this.#announcements.end(message);
    this.#walk(message, view.withdrawnStart, view.withdrawnEnd, ipv4Unicast, withdrawnBit);
    if (view.mpUnreachFamily !== noFamily) {
      const { mpUnreachStart, mpUnreachEnd, mpUnreachFamily } = view;
      this.#walk(message, mpUnreachStart, mpUnreachEnd, mpUnreachFamily, withdrawnBit);
    }
    this.#walk(message, view.nlriStart, view.nlriEnd, ipv4Unicast, 0);
    if (view.mpReachFamily !== noFamily) {
      const { mpReachNlriStart, mpReachNlriEnd, mpReachFamily } = view;
      this.#walk(message, mpReachNlriStart, mpReachNlriEnd, mpReachFamily, 0);
    }
    this.#addWithdrawal(view);
    if (time !== undefined) this.#times.push(time);
    return true;
  }

  /** The table, whose sources send what `feeds` says. */
  finish(feeds: readonly Feed[]): RouteTable {
    this.#routeStarts.push(this.#routes.length);
    const messageOf = new Uint32Array(new SharedArrayBuffer(this.#prefixes.count * 4));
    const isShared = new Uint8Array(new SharedArrayBuffer(this.#prefixes.count));
    const met = new Uint8Array(this.#prefixes.count);
    const routes = this.#routes.share();
    const routeStarts = this.#routeStarts.share();
    for (let message = 0; message < this.messages; message++) {
      for (let at = routeStarts[message]!; at < routeStarts[message + 1]!; at++) {
        const prefix = routes[at]!;
        if (prefix >= withdrawnBit) continue;
        if (met[prefix] === 1) isShared[prefix] = 1;
        met[prefix] = 1;
        messageOf[prefix] = message;
      }
    }
    const times = new Float64Array(new SharedArrayBuffer(this.#times.length * 8));
    times.set(this.#times);
    return {
      announcements: this.#announcements.finish(),
      withdrawals: this.#withdrawals.finish(),
      routeStarts,
      routes,
      messageOf,
      isShared,
      digests: this.#digests.share(),
      isKept: Uint8Array.from(this.#kept.share()),
      prefixes: this.#prefixes.share(),
      ...(times.length > 0 && { times }),
      feeds,
      families: [...this.#families],
      addPath: this.#addPath,
      owner: this.#owner,
      leftOut: this.leftOut,
      unused: this.unused,
      unjudged: this.#unjudged,
    };
  }

  /** Finds what depends on the speaker that sends it, and what a receiver must find again. */
  #noteAttributes(view: UpdateView): void {
    const stream = this.#announcements;
    const { bytes, cursor } = view;
    let kept = 0;
    cursor.reset(bytes, view.attributesStart, view.attributesEnd);
    while (cursor.next()) {
      const { valueStart, valueEnd } = cursor;
      if (cursor.code === AttributeCode.asPath) {
        const isSequence = valueEnd - valueStart >= 6 && bytes[valueStart] === 2;
        if (isSequence && this.#owner === 'external') stream.as = valueStart + 2;
      } else if (cursor.code === AttributeCode.nextHop && valueEnd - valueStart === 4) {
        if (this.#owner !== 'verbatim') stream.nextHop4 = valueStart;
      } else if (cursor.code === AttributeCode.communities) {
        for (let at = valueStart; at + 4 <= valueEnd; at += 4) {
          const community = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
          if (keeping.has(community)) kept = 1;
        }
      }
    }
    const nextHopLength = view.mpReachNextHopEnd - view.mpReachNextHopStart;
    const hasOwn = this.#owner !== 'verbatim' && view.mpReachFamily !== noFamily;
    if (hasOwn && nextHopLength >= 16) {
      stream.nextHop6 = view.mpReachNextHopStart;
    }
    this.#kept.push(kept);
    if (!view.hasReachableNlri) {
      this.#digests.push(0);
      return;
    }
    digestAttributes(bytes, view.attributesStart, view.attributesEnd, 0, this.#digest);
    const { value, firstAs } = this.#digest;
    this.#digests.push(this.#owner === 'external' ? value : withFirstAs(value, firstAs));
  }

  #walk(bytes: Uint8Array, start: number, end: number, family: FamilyKey, bit: number): void {
    if (start === end) return;
    this.#families.add(family);
    if (!isPrefixFamily(family)) return;
    const cursor = this.#cursor.reset(bytes, start, end, family, this.#addPath);
    while (cursor.next()) this.#routes.push((this.#prefixes.intern(cursor, family) | bit) >>> 0);
  }

  #addWithdrawal(view: UpdateView): void {
    const { bytes } = view;
    const stream = this.#withdrawals;
    stream.begin();
    const { nlriStart, nlriEnd, mpReachNlriStart, mpReachNlriEnd } = view;
    const parts: Uint8Array[] = [];
    if (nlriEnd > nlriStart) {
      this.#packer.withdraw(ipv4Unicast);
      this.#packer.add(bytes, nlriStart, nlriEnd);
      parts.push(this.#packer.finish()[0]!.slice());
    }
    if (mpReachNlriEnd > mpReachNlriStart) {
      this.#packer.withdraw(view.mpReachFamily);
      this.#packer.add(bytes, mpReachNlriStart, mpReachNlriEnd);
      parts.push(this.#packer.finish()[0]!);
    }
    stream.end(parts.length === 1 ? parts[0]! : Buffer.concat(parts));
  }
}

const keeping: ReadonlySet<number> = new Set([
  WellKnownCommunity['no-export'],
  WellKnownCommunity['no-advertise'],
  WellKnownCommunity['no-export-subconfed'],
]);
