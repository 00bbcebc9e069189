import type * as announcing from '@peerloom/actor/announcing';
import type { Announcement, AnnounceResult, Withdrawal } from '@peerloom/ipc';
import type { Core } from './core.ts';
import type { HostLink } from './hostLink.ts';
import type { HostPool } from './hostPool.ts';
import type { PeerRecord } from './peerRecord.ts';
import { Turns } from './turns.ts';

/** What encodes announcements, and keeps them. It is loaded when there is something to announce. */
type Announcing = typeof announcing;

/** Tells the hosts what is announced, and tells it again to those that are replaced. */
export class Announcer {
  readonly #core: Core;
  readonly #pool: HostPool;
  /** The host of a peer whose actor can be told something. */
  readonly #linkOf: (record: PeerRecord) => HostLink | undefined;
  #announcing: Promise<Announcing> | undefined;
  #store: announcing.AnnouncementStore | undefined;
  /** A call is carried out pack by pack: the packs of another would come between, and perhaps before those that they follow. */
  readonly #turns = new Turns<PeerRecord>();
  /** Packs are being worked into the tables of the store. */
  #settling = false;
  /** Resolves when the store, which is full, is so no longer. */
  #room: PromiseWithResolvers<void> | undefined;

  constructor(core: Core, pool: HostPool, linkOf: (record: PeerRecord) => HostLink | undefined) {
    this.#core = core;
    this.#pool = pool;
    this.#linkOf = linkOf;
  }

  /** Announces to a peer or to all of them, and remembers it for actors to come. */
  announce(
    scope: PeerRecord | 'all',
    announcements: readonly Announcement[],
  ): Promise<AnnounceResult> {
    return this.#turns.take(scope, () => this.#announce(scope, announcements));
  }

  /** Withdraws from a peer or from all of them. */
  withdraw(scope: PeerRecord | 'all', withdrawals: readonly Withdrawal[]): Promise<AnnounceResult> {
    return this.#turns.take(scope, () => this.#withdraw(scope, withdrawals));
  }

  /** Tells a new host what all peers are told. */
  async tellAll(link: HostLink): Promise<void> {
    if (this.#store === undefined) return;
    await this.#tell(link, 'all', this.#store.forAll());
  }

  /** Tells a peer that has been made anew what it is told beside that. */
  async tellOwn(link: HostLink, peer: number): Promise<void> {
    if (this.#store === undefined) return;
    await this.#tell(link, peer, this.#store.forPeer(peer));
  }

  /** Whether there may be anything for `tellOwn`. */
  hasOwn(peer: number): boolean {
    return this.#store?.hasOwn(peer) === true;
  }

  /** The peer is no more. */
  forget(peer: number): void {
    this.#store?.forget(peer);
  }

  async #announce(
    scope: PeerRecord | 'all',
    announcements: readonly Announcement[],
  ): Promise<AnnounceResult> {
    const { packAnnouncements, Tally } = await this.#load(scope);
    const tally = new Tally();
    for (const pack of packAnnouncements(announcements, tally)) {
      await this.#keep(scope, { action: 'announce', pack });
      const counts = await this.#eachHost(scope, (link, to) =>
        link.ask((control) => control.announce(to, pack)),
      );
      for (const routes of counts) tally.accept(routes);
    }
    return tally.result;
  }

  async #withdraw(
    scope: PeerRecord | 'all',
    withdrawals: readonly Withdrawal[],
  ): Promise<AnnounceResult> {
    const { packWithdrawals, Tally } = await this.#load(scope);
    const tally = new Tally();
    for (const pack of packWithdrawals(withdrawals, tally)) {
      await this.#keep(scope, { action: 'withdraw', pack });
      const results = await this.#eachHost(scope, (link, to) =>
        link.ask((control) => control.withdraw(to, pack)),
      );
      for (const result of results) tally.add(result);
    }
    return tally.result;
  }

  async #load(scope: PeerRecord | 'all'): Promise<Announcing> {
    this.#core.assertThere(scope);
    this.#announcing ??= import('@peerloom/actor/announcing');
    const loaded = await this.#announcing;
    this.#store ??= new loaded.AnnouncementStore();
    return loaded;
  }

  /**
   * Before any host is told, so that none that comes up meanwhile misses it. Where the store is full this waits
   * for whoever is being told what is in it: that ends, for a host that does not answer is ended itself.
   */
  async #keep(scope: PeerRecord | 'all', step: announcing.AnnouncementStep): Promise<void> {
    const store = this.#store!;
    while (store.isFull) await (this.#room ??= Promise.withResolvers()).promise;
    // What is kept for a peer that went between two packs, nobody would forget.
    this.#core.assertThere(scope);
    store.add(numberOf(scope), step);
    this.#settleWhenDue();
  }

  async #tell(
    link: HostLink,
    to: number | 'all',
    steps: Iterable<announcing.AnnouncementStep>,
  ): Promise<void> {
    try {
      for (const { action, pack } of steps) {
        if (action === 'announce') await link.ask((control) => control.announce(to, pack));
        else await link.ask((control) => control.withdraw(to, pack));
      }
    } finally {
      // Also when the host has died: somebody may wait for room, and nothing was settled meanwhile.
      this.#settleWhenDue();
    }
  }

  /** One pack a turn of the event loop, beside everything else. */
  #settleWhenDue(): void {
    const store = this.#store!;
    if (this.#settling || !store.isDue) return;
    this.#settling = true;
    setImmediate(() => {
      this.#settling = false;
      store.settle();
      if (!store.isFull) {
        this.#room?.resolve();
        this.#room = undefined;
      }
      this.#settleWhenDue();
    });
  }

  async #eachHost<Result>(
    scope: PeerRecord | 'all',
    ask: (link: HostLink, to: number | 'all') => Promise<Result>,
  ): Promise<Result[]> {
    const links =
      scope === 'all'
        ? this.#pool.slots.flatMap(({ link }) => link ?? [])
        : [this.#linkOf(scope)].filter((link) => link !== undefined);
    const answers = await Promise.all(
      links.map((link) =>
        ask(link, numberOf(scope)).catch((error: unknown) => {
          // A host that has died is told when it is back: it is all remembered.
          if (link.alive) throw error;
          return undefined;
        }),
      ),
    );
    return answers.filter((answer) => answer !== undefined);
  }
}

function numberOf(scope: PeerRecord | 'all'): number | 'all' {
  return scope === 'all' ? 'all' : scope.id;
}
