import type {
  Announcement,
  AnnounceResult,
  EncodedAnnouncement,
  RouteAnnouncement,
  RoutePack,
  Withdrawal,
} from '@peerloom/ipc';
import { copyPlainAnnouncement, longestAddition } from '@peerloom/rib';
import {
  type FamilyKey,
  ipv4Unicast,
  isPrefixFamily,
  type NlriContext,
  nlriOctets,
  validateNlri,
} from '@peerloom/wire';
import { encodedBlock, familyNamed, prefixOf, refuse, spelledBlock } from './announcement.ts';
import { RoutePackWriter } from './routePack.ts';
import { Tally } from './tally.ts';

const greatestPathId = 0xffff_ffff;
const nothing = new Uint8Array(0);

/**
 * Announcements, encoded and judged, a part at a time. `tally` hears of those that cannot be taken; such a
 * one holds up no other.
 */
export function packAnnouncements(
  announcements: Iterable<Announcement>,
  tally: Tally,
): Generator<RoutePack, void, undefined> {
  const packer = new AnnouncementPacker('reach');
  return packs(packer.writer, announcements, (item) => packer.announce(item), tally);
}

/** Withdrawals in the same way. */
export function packWithdrawals(
  withdrawals: Iterable<Withdrawal>,
  tally: Tally,
): Generator<RoutePack, void, undefined> {
  const packer = new AnnouncementPacker('unreach');
  return packs(packer.writer, withdrawals, (item) => packer.withdraw(item), tally);
}

/** Announces within a thread: `take` does so with each pack, and returns how many routes. */
export function announceInPacks(
  announcements: Iterable<Announcement>,
  take: (pack: RoutePack) => number,
): AnnounceResult {
  const tally = new Tally();
  for (const pack of packAnnouncements(announcements, tally)) tally.accept(take(pack));
  return tally.result;
}

/** Withdraws within a thread. */
export function withdrawInPacks(
  withdrawals: Iterable<Withdrawal>,
  take: (pack: RoutePack) => AnnounceResult,
): AnnounceResult {
  const tally = new Tally();
  for (const pack of packWithdrawals(withdrawals, tally)) tally.add(take(pack));
  return tally.result;
}

function* packs<Item>(
  writer: RoutePackWriter,
  items: Iterable<Item>,
  add: (item: Item) => void,
  tally: Tally,
): Generator<RoutePack, void, undefined> {
  const finished = function* (): Generator<RoutePack, void, undefined> {
    for (let pack = writer.take(); pack !== undefined; pack = writer.take()) yield pack;
  };
  for (const item of items) {
    writer.nextItem();
    try {
      add(item);
    } catch (error) {
      tally.reject(error instanceof Error ? error.message : String(error));
    }
    if (writer.hasFinished) yield* finished();
  }
  writer.flush();
  yield* finished();
}

/** Encodes what users announce and withdraw. What cannot be taken is thrown, and nothing of it is written. */
class AnnouncementPacker {
  readonly writer: RoutePackWriter;
  readonly #context: NlriContext;
  /** The announcement whose block is that of the last record, and its family. */
  #last: Announcement | undefined;
  #lastFamily: FamilyKey = 0;
  /** The family that was named last, and its name. */
  #named: FamilyKey = 0;
  #name: string | undefined;
  /** The next hop that came last, its family, and the octets that it stands in. */
  #nextHop: Uint8Array | undefined;
  #nextHopFamily: FamilyKey = 0;
  #nextHopHead: Uint8Array = nothing;

  constructor(context: NlriContext) {
    this.#context = context;
    this.writer = new RoutePackWriter(context);
  }

  announce(announcement: Announcement): void {
    if ('nlri' in announcement) this.#announceEncoded(announcement);
    else this.#announceSpelledOut(announcement);
  }

  withdraw(withdrawal: Withdrawal): void {
    const { writer } = this;
    const route = 'nlri' in withdrawal ? withdrawal : this.#fieldOf(withdrawal);
    if (route === undefined) {
      const { prefix: text, family: name, pathId = 0 } = withdrawal as SpelledOut;
      const [prefix, family] = prefixOf(text, name === undefined ? undefined : this.#family(name));
      assertPathId(text, pathId);
      writer.recordOf(family);
      writer.prefix(prefix, pathId);
      return;
    }
    const family = this.#soundFamily(route);
    writer.recordOf(family);
    writer.routes(route.nlri, route.addPath ?? false);
  }

  #announceEncoded(announcement: EncodedAnnouncement): void {
    const { writer } = this;
    const family = this.#soundFamily(announcement);
    if (family === this.#lastFamily && sameEncoded(this.#last, announcement)) writer.sameBlock();
    else {
      const end = this.#copyPlain(announcement, family);
      if (end < 0) writer.recordOf(family, encodedBlock(announcement, family));
      else writer.record(family, end);
    }
    this.#last = announcement;
    this.#lastFamily = family;
    writer.routes(announcement.nlri, announcement.addPath ?? false);
  }

  /** Writes the block of an announcement as it stands, and returns where it ends; −1 if it has to be read for that. */
  #copyPlain(announcement: EncodedAnnouncement, family: FamilyKey): number {
    const { attributes, nextHop, asPathIsFinal = false } = announcement;
    const { end } = this.writer;
    if (nextHop === undefined || family === ipv4Unicast) {
      if (nextHop !== undefined && nextHop.length !== 4) return -1;
      const octets = this.writer.reserve(attributes.length + longestAddition);
      return copyPlainAnnouncement(attributes, family, asPathIsFinal, nextHop, octets, end);
    }
    const head = this.#headOf(nextHop, family);
    const octets = this.writer.reserve(head.length + attributes.length + longestAddition);
    octets.set(head, end);
    const at = end + head.length;
    return copyPlainAnnouncement(attributes, family, asPathIsFinal, undefined, octets, at);
  }

  /** What a block begins with for a next hop: an MP_REACH_NLRI without NLRI. A table has few of them. */
  #headOf(nextHop: Uint8Array, family: FamilyKey): Uint8Array {
    if (nextHop !== this.#nextHop || family !== this.#nextHopFamily) {
      const addressed = { family: '', nlri: nothing, attributes: nothing, nextHop };
      this.#nextHopHead = encodedBlock(addressed, family);
      this.#nextHop = nextHop;
      this.#nextHopFamily = family;
    }
    return this.#nextHopHead;
  }

  #announceSpelledOut(announcement: RouteAnnouncement): void {
    const { writer } = this;
    const route = this.#fieldOf(announcement);
    if (route !== undefined) {
      const family = this.#soundFamily(route);
      this.#spelledRecord(announcement, family);
      writer.routes(route.nlri, route.addPath ?? false);
      return;
    }
    const { prefix: text, family: name, pathId = 0 } = announcement;
    const [prefix, family] = prefixOf(text, name === undefined ? undefined : this.#family(name));
    assertPathId(text, pathId);
    this.#spelledRecord(announcement, family);
    writer.prefix(prefix, pathId);
  }

  #spelledRecord(announcement: RouteAnnouncement, family: FamilyKey): void {
    const { writer } = this;
    const isSame = family === this.#lastFamily && sameSpelledOut(this.#last, announcement);
    if (isSame) writer.sameBlock();
    else writer.recordOf(family, spelledBlock(announcement, family));
    this.#last = announcement;
    this.#lastFamily = family;
  }

  /** The NLRI of a route whose family has no prefixes; `undefined` for a prefix. */
  #fieldOf({ prefix: text, family: name, pathId }: SpelledOut): Field | undefined {
    if (name === undefined || isPrefixFamily(this.#family(name, text))) return undefined;
    const nlri = nlriOctets(text, this.#family(name), pathId, this.#context);
    if (nlri === undefined) refuse(text, `it is no route of ${name}, as they are shown`);
    return { family: name, nlri, addPath: pathId !== undefined };
  }

  /** The family of a field in which there is nothing wrong. */
  #soundFamily({ family: name, nlri, addPath = false }: Field): FamilyKey {
    const family = this.#family(name);
    const fault = validateNlri(nlri, 0, nlri.length, family, addPath, this.#context, true);
    if (fault !== undefined) refuse(`routes of ${name}`, fault.text);
    return family;
  }

  #family(name: string, what = 'routes'): FamilyKey {
    if (name === this.#name) return this.#named;
    this.#named = familyNamed(name, what);
    this.#name = name;
    return this.#named;
  }
}

type Field = Pick<EncodedAnnouncement, 'family' | 'nlri' | 'addPath'>;
type SpelledOut = Pick<RouteAnnouncement, 'prefix' | 'family' | 'pathId'>;

/** Whether two encoded announcements have the same attributes, by their identity. */
function sameEncoded(a: Announcement | undefined, b: EncodedAnnouncement): boolean {
  return (
    a !== undefined &&
    'nlri' in a &&
    a.attributes === b.attributes &&
    a.nextHop === b.nextHop &&
    a.asPathIsFinal === b.asPathIsFinal
  );
}

/** The same for two that are spelled out. */
function sameSpelledOut(a: Announcement | undefined, b: RouteAnnouncement): boolean {
  return (
    a !== undefined &&
    'prefix' in a &&
    a.nextHop === b.nextHop &&
    a.origin === b.origin &&
    a.asPath === b.asPath &&
    a.asPathIsFinal === b.asPathIsFinal &&
    a.multiExitDiscriminator === b.multiExitDiscriminator &&
    a.localPreference === b.localPreference &&
    a.atomicAggregate === b.atomicAggregate &&
    a.aggregator === b.aggregator &&
    a.communities === b.communities &&
    a.largeCommunities === b.largeCommunities &&
    a.extendedCommunities === b.extendedCommunities
  );
}

function assertPathId(text: string, pathId: number): void {
  if (Number.isInteger(pathId) && pathId >= 0 && pathId <= greatestPathId) return;
  refuse(text, `its pathId is ${pathId}; it must be an integer from 0 to ${greatestPathId}`);
}
