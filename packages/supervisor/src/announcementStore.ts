import type {
  Announcement,
  EncodedAnnouncement,
  RouteAnnouncement,
  Withdrawal,
} from '@peerloom/ipc';
import {
  Afi,
  type FamilyKey,
  familyKey,
  isPrefixFamily,
  NlriWalker,
  nlriOctets,
  parseFamilyName,
  parsePrefix,
  Safi,
} from '@peerloom/wire';

const ipv4Unicast = familyKey(Afi.ipv4, Safi.unicast);

type Octets = Pick<EncodedAnnouncement, 'family' | 'nlri' | 'addPath'>;

/** What tells a route from the others: a number for a plain IPv4 prefix, for there may be a million of them. */
type RouteKey = string | number;

/** Routes by their key. */
type Routes = Map<RouteKey, Announcement>;

/** A route that had another one's place. */
interface Replaced {
  readonly routes: Routes;
  readonly key: RouteKey;
  readonly before: Announcement;
  readonly by: Announcement;
}

/** Takes back announcements, by their places in the call. */
type TakeBack = (places: Iterable<number>) => void;

/**
 * What is announced, kept for actors that are made anew: the Adj-RIB-Out of an actor is gone with its
 * worker. A route costs a map entry and its key, for encoded routes share their announcement.
 */
export class AnnouncementStore {
  readonly #all: Routes = new Map();
  readonly #byPeer = new Map<number, Routes>();
  readonly #walker = new NlriWalker();

  /** Routes that every peer is told. */
  get size(): number {
    return this.#all.size;
  }

  /**
   * Keeps announcements from when they are told on, so that no host that comes up meanwhile misses them. What is
   * returned takes those back that turn out to be refused: what they had replaced stands again.
   */
  announce(scope: number | 'all', announcements: readonly Announcement[]): TakeBack {
    const replaced: Replaced[] = [];
    for (const announcement of announcements) {
      for (const key of this.#keysOf(announcement)) this.#set(scope, key, announcement, replaced);
    }
    return (places) => {
      for (const place of places) this.#takeBack(scope, announcements[place]!, replaced);
    };
  }

  withdraw(scope: number | 'all', withdrawals: readonly Withdrawal[]): void {
    for (const withdrawal of withdrawals) {
      for (const key of this.#keysOf(withdrawal)) this.#delete(scope, key);
    }
  }

  /** The peer is no more. */
  forget(peer: number): void {
    this.#byPeer.delete(peer);
  }

  /** What every peer is told. */
  forAll(): Iterable<Announcement> {
    return this.#listOf(this.#all);
  }

  /** Whether there is anything that one peer is told beside that. */
  hasOwn(peer: number): boolean {
    return (this.#byPeer.get(peer)?.size ?? 0) > 0;
  }

  /** What one peer is told beside that. */
  forPeer(peer: number): Iterable<Announcement> {
    const routes = this.#byPeer.get(peer);
    return routes === undefined ? [] : this.#listOf(routes);
  }

  #set(
    scope: number | 'all',
    key: RouteKey,
    announcement: Announcement,
    replaced: Replaced[],
  ): void {
    const remove = (routes: Routes): void => {
      const before = routes.get(key);
      if (before === undefined) return;
      routes.delete(key);
      replaced.push({ routes, key, before, by: announcement });
    };
    // The latest word counts, for those too who had another one for themselves.
    if (scope === 'all') for (const routes of this.#byPeer.values()) remove(routes);
    const routes = this.#routesOf(scope);
    // Removed first, so that the order of the map is that of the announcements.
    remove(routes);
    routes.set(key, announcement);
  }

  #takeBack(
    scope: number | 'all',
    announcement: Announcement,
    replaced: readonly Replaced[],
  ): void {
    const routes = this.#routesOf(scope);
    for (const key of this.#keysOf(announcement)) {
      if (routes.get(key) === announcement) routes.delete(key);
    }
    for (const { routes: there, key, before, by } of replaced) {
      if (by === announcement && !there.has(key)) there.set(key, before);
    }
  }

  #delete(scope: number | 'all', key: RouteKey): void {
    if (scope !== 'all') {
      this.#byPeer.get(scope)?.delete(key);
      return;
    }
    this.#all.delete(key);
    for (const routes of this.#byPeer.values()) routes.delete(key);
  }

  #routesOf(scope: number | 'all'): Routes {
    if (scope === 'all') return this.#all;
    let routes = this.#byPeer.get(scope);
    if (routes === undefined) {
      routes = new Map();
      this.#byPeer.set(scope, routes);
    }
    return routes;
  }

  /** One after the other, as they stand when their turn comes: the reader may take its time. */
  *#listOf(routes: Routes): Generator<Announcement, void, undefined> {
    for (const announcement of new Set(routes.values())) {
      yield* this.#only(announcement, (key) => routes.get(key) === announcement);
    }
  }

  /** The part of an announcement whose keys are wanted; the announcement itself when it is all of it. */
  #only(announcement: Announcement, wanted: (key: RouteKey) => boolean): Announcement[] {
    if (!isEncoded(announcement)) {
      return [...this.#keysOf(announcement)].some(wanted) ? [announcement] : [];
    }
    const pieces: Uint8Array[] = [];
    let length = 0;
    for (const key of this.#keysOf(announcement)) {
      if (!wanted(key)) continue;
      const piece = announcement.nlri.subarray(this.#walker.start, this.#walker.end);
      pieces.push(piece);
      length += piece.length;
    }
    if (length === announcement.nlri.length) return [announcement];
    return length === 0 ? [] : [{ ...announcement, nlri: Buffer.concat(pieces, length) }];
  }

  /** The keys of the routes in it. Those that cannot be read have none: the actor says what is wrong with them. */
  *#keysOf(item: Announcement | Withdrawal): Iterable<RouteKey> {
    if ('nlri' in item) {
      yield* this.#keysOfNlri(item);
      return;
    }
    const { prefix: text, family: name, pathId } = item;
    const family = name === undefined ? undefined : parseFamilyName(name);
    if (name === undefined || (family !== undefined && isPrefixFamily(family))) {
      const key = keyOfPrefix(item, family);
      if (key !== undefined) yield key;
    } else if (family !== undefined) {
      const nlri = nlriOctets(text, family, pathId);
      if (nlri === undefined) return;
      yield* this.#keysOfNlri({ family: name, nlri, addPath: pathId !== undefined });
    }
  }

  *#keysOfNlri({ family: name, nlri, addPath = false }: Octets): Iterable<RouteKey> {
    const family = parseFamilyName(name);
    if (family === undefined) return;
    const walker = this.#walker;
    walker.reset(nlri, 0, nlri.length, family, addPath, 'reach');
    while (walker.next()) {
      const { keyBytes, keyStart, keyEnd } = walker;
      yield routeKey(family, walker.pathId, keyBytes.subarray(keyStart, keyEnd));
    }
  }
}

function isEncoded(announcement: Announcement): announcement is EncodedAnnouncement {
  return 'nlri' in announcement;
}

/** Done at once, for there may be many thousands of them. */
function keyOfPrefix(
  route: Pick<RouteAnnouncement, 'prefix' | 'pathId'>,
  named: FamilyKey | undefined,
): RouteKey | undefined {
  const prefix = parsePrefix(route.prefix);
  if (prefix === undefined) return undefined;
  const family = named ?? familyKey(prefix.afi === Afi.ipv4 ? Afi.ipv4 : Afi.ipv6, Safi.unicast);
  const octets = Math.ceil(prefix.length / 8);
  const bytes = new Uint8Array(1 + octets);
  bytes[0] = prefix.length;
  bytes.set(prefix.bytes.subarray(0, octets), 1);
  return routeKey(family, route.pathId ?? 0, bytes);
}

/** As the walker has it: a prefix's length and octets. In a text, one character an octet. */
function routeKey(family: FamilyKey, pathId: number, bytes: Uint8Array): RouteKey {
  if (family === ipv4Unicast && pathId === 0) {
    let word = 0;
    for (let octet = 1; octet <= 4; octet += 1) word = word * 256 + (bytes[octet] ?? 0);
    return word * 256 + bytes[0]!;
  }
  let key = `${family} ${pathId} `;
  for (const octet of bytes) key += String.fromCharCode(octet);
  return key;
}
