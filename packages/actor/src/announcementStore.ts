import type { RoutePack } from '@peerloom/ipc';
import { AnnouncementTable, type BlockId, RibStore } from '@peerloom/rib';
import {
  announceTo,
  announceToAll,
  type OwnRoutes,
  withdrawFrom,
  withdrawFromAll,
} from './announcements.ts';
import { RoutePackWriter } from './routePack.ts';

/** To whom something is announced: to one peer, by its number, or to all. */
export type AnnouncementScope = number | 'all';

/** Something that a host is told of routes. */
export interface AnnouncementStep {
  readonly action: 'announce' | 'withdraw';
  readonly pack: RoutePack;
}

interface LoggedStep extends AnnouncementStep {
  readonly scope: AnnouncementScope;
}

/** Octets of packs from which on they are worked into tables. A full table, as it is announced once, is less. */
const longestLog = 64 * 1024 * 1024;
/** Packs from which on. A small one costs more to keep than what is in it. */
const mostSteps = 1024;
/** So many times as much is kept at the most: while somebody is told of it, nothing gets less. */
const headroom = 2;

/**
 * What is announced, kept for actors that are made anew: the Adj-RIB-Out of an actor is gone with its worker.
 *
 * Kept are the packs that the hosts were told, in their order: they cost no time, and their memory is that
 * which the hosts read them from. When they become many, `settle` works them into tables, which know one
 * state of each route and forget the rest. Nothing moves while a host is told what is kept, and it may
 * take its time: whoever adds waits while the store `isFull`, so that packs never become more than 128 MiB or
 * 2048, and the one that made them so.
 */
export class AnnouncementStore {
  readonly #log: LoggedStep[] = [];
  #logged = 0;
  #isFull = false;
  readonly #store = new RibStore();
  readonly #everyone = new AnnouncementTable(this.#store);
  /** Peers that routes of their own have been announced to, whether these are in a table yet or not. */
  readonly #owners = new Map<number, Owner>();
  /** Steps are being told: nothing may move meanwhile. */
  #tellings = 0;

  /** Keeps what has been announced or withdrawn, also when the store `isFull`: to wait is for the caller. */
  add(scope: AnnouncementScope, step: AnnouncementStep): void {
    this.#log.push({ scope, ...step });
    this.#logged += step.pack.octets.length;
    this.#isFull ||= this.#isLong(headroom);
    if (scope === 'all' || step.action === 'withdraw' || this.#owners.has(scope)) return;
    this.#owners.set(scope, new Owner(this.#store));
  }

  /**
   * It is time for `settle`: many packs are kept, or some peers have routes of their own, of which each pack
   * for all may make any void.
   */
  get isDue(): boolean {
    if (this.#log.length === 0 || this.#tellings > 0) return false;
    return this.#isLong() || this.#owners.size > 0;
  }

  /**
   * Nothing is to be added until `settle` has made room, which it cannot while somebody is told what is kept.
   * It stays true until half is gone: not each pack that goes is worth waking everyone who waits.
   */
  get isFull(): boolean {
    return this.#isFull;
  }

  /**
   * Works the oldest pack into the tables, some milliseconds of work. Returns whether there is more to do: until
   * there is none, or somebody is told what is kept, for nothing may move then.
   */
  settle(): boolean {
    if (this.#tellings > 0) return false;
    const step = this.#log.shift();
    if (step === undefined) return false;
    this.#logged -= step.pack.octets.length;
    this.#isFull &&= this.#isLong();
    this.#apply(step);
    return this.#log.length > 0;
  }

  /** The peer is no more. */
  forget(peer: number): void {
    const owner = this.#owners.get(peer);
    if (owner === undefined) return;
    owner.own?.clear();
    this.#owners.delete(peer);
  }

  /** What a host is told that all peers are: step by step, and what comes meanwhile, too. */
  *forAll(): Generator<AnnouncementStep, void, undefined> {
    yield* this.#telling(this.#everyone, (step) => (step.scope === 'all' ? step : undefined));
  }

  /** Whether there may be anything that one peer is told beside that. */
  hasOwn(peer: number): boolean {
    return this.#owners.has(peer);
  }

  /** What one peer is told beside that, when its host has been told what all are. */
  *forPeer(peer: number): Generator<AnnouncementStep, void, undefined> {
    const own = this.#owners.get(peer)?.own;
    let hasAny = own !== undefined && own.routeCount > 0;
    yield* this.#telling(own, (step) => {
      hasAny ||= step.scope === peer;
      if (step.scope === peer) return step;
      // What all are told later, or no longer, is void for the one who had it alone.
      return step.scope === 'all' && hasAny ? { action: 'withdraw', pack: step.pack } : undefined;
    });
  }

  /**
   * What stands in a table, then the packs that are not in it yet. Those that come meanwhile have been told
   * their hosts already, and are told them once more, in their order: the last word is the same.
   */
  *#telling(
    table: AnnouncementTable | undefined,
    chosen: (step: LoggedStep) => AnnouncementStep | undefined,
  ): Generator<AnnouncementStep, void, undefined> {
    this.#tellings += 1;
    try {
      if (table !== undefined) {
        for (const pack of packsOf(table, this.#store)) yield { action: 'announce', pack };
      }
      for (let at = 0; at < this.#log.length; at += 1) {
        const step = chosen(this.#log[at]!);
        if (step !== undefined) yield step;
      }
    } finally {
      this.#tellings -= 1;
    }
  }

  #isLong(times = 1): boolean {
    return this.#logged > longestLog * times || this.#log.length > mostSteps * times;
  }

  #apply({ scope, action, pack }: LoggedStep): void {
    if (scope === 'all') {
      const owners = [...this.#owners.values()];
      if (action === 'announce') announceToAll(this.#everyone, owners, pack);
      else withdrawFromAll(this.#everyone, owners, pack);
      return;
    }
    const owner = this.#owners.get(scope);
    // It has nothing that could be withdrawn, or is no more: numbers are not used again.
    if (owner === undefined) return;
    if (action === 'announce') announceTo(owner, this.#everyone, pack);
    else withdrawFrom(owner, this.#everyone, pack);
  }
}

/** The table of one peer. */
class Owner implements OwnRoutes {
  readonly #store: RibStore;
  own: AnnouncementTable | undefined = undefined;

  constructor(store: RibStore) {
    this.#store = store;
  }

  makeOwn(): AnnouncementTable {
    this.own ??= new AnnouncementTable(this.#store);
    return this.own;
  }
}

/** All routes of a table. Neighbours in it mostly have the same attributes, as they had when they came. */
function* packsOf(
  table: AnnouncementTable,
  { attributes }: RibStore,
): Generator<RoutePack, void, undefined> {
  const writer = new RoutePackWriter('reach');
  const nlri = new Uint8Array(0x1_0000);
  for (const announced of table.families) {
    const { family, hasPathIds, keys } = announced;
    let lastBlock: BlockId = 0;
    for (let key = announced.next(1); key > 0; key = announced.next(key + 1)) {
      const block = announced.blockAt(key);
      if (block === lastBlock) writer.sameBlock();
      else writer.recordOf(family, attributes.bytes(block));
      lastBlock = block;
      const end = keys.writeNlri(key, nlri, 0, hasPathIds);
      writer.routes(nlri.subarray(0, end), hasPathIds);
      for (let pack = writer.take(); pack !== undefined; pack = writer.take()) yield pack;
    }
  }
  writer.flush();
  for (let pack = writer.take(); pack !== undefined; pack = writer.take()) yield pack;
}
