import type { NegotiatedSession, RetainedRoutes } from '@peerloom/fsm';
import type { PrefixCounts } from '@peerloom/ipc';
import {
  AdjRibIn,
  type AdvertisedRoute,
  AnnouncementTable,
  type ReceivedRoute,
  type RoutePage,
  type RouteQuery,
} from '@peerloom/rib';
import type { FamilyKey } from '@peerloom/wire';
import type { ActorContext } from './actorContext.ts';
import { GracefulRestart } from './gracefulRestart.ts';
import type { PeerActor } from './peerActor.ts';

const nothing: ReadonlySet<FamilyKey> = new Set();

/** A peer's routes: what it has announced, and what is announced to it alone. They outlive its sessions. */
export class PeerRoutes {
  /** The actor whose routes they are now. */
  owner: PeerActor;
  readonly table: AdjRibIn;
  readonly #context: ActorContext;
  /** What is announced to this peer alone; none for most peers. */
  #own: AnnouncementTable | undefined = undefined;
  /** Only while routes are, or may be, kept over a restart of the peer. */
  #restart: GracefulRestart | undefined = undefined;

  constructor(owner: PeerActor, context: ActorContext) {
    this.owner = owner;
    this.#context = context;
    this.table = new AdjRibIn(context.store, { storeRoutes: owner.options.storeRoutes });
  }

  /** A session is up: what is kept of the one before is gone on from, or goes. */
  sessionUp(negotiated: NegotiatedSession): void {
    if (this.#restart !== undefined) return this.#restart.sessionUp(negotiated);
    const gracefulRestart = negotiated.gracefulRestart !== undefined;
    this.table.sessionUp(negotiated.options, { gracefulRestart, forwarding: nothing });
  }

  /** The session has ended; `retained`: routes that may outlive it. */
  sessionDown(retained: RetainedRoutes | undefined, negotiated?: NegotiatedSession): void {
    if (retained !== undefined) this.#restart ??= new GracefulRestart(this, this.#context);
    const keepStale = negotiated?.gracefulRestart?.notification === true;
    if (this.#restart === undefined) this.table.sessionDown();
    else this.#restart.sessionDown(retained, keepStale);
  }

  /** A family's End-of-RIB has come, and `removed` stale routes went with it. */
  endOfRib(family: FamilyKey, removed: number): void {
    this.#restart?.endOfRib(family, removed);
  }

  /** What is announced to the peer, in order of precedence: to it alone, then to all. */
  get announced(): readonly AnnouncementTable[] {
    const { everyone, toAll } = this.#context;
    return this.#own === undefined ? toAll : [this.#own, everyone];
  }

  /** What is announced to this peer alone, if anything ever was. */
  get own(): AnnouncementTable | undefined {
    return this.#own;
  }

  /** The table of what is announced to this peer alone. */
  makeOwn(): AnnouncementTable {
    if (this.#own === undefined) {
      this.#own = new AnnouncementTable(this.#context.store);
      this.owner.session?.outbound.table.addTable(this.#own, 0);
    }
    return this.#own;
  }

  /** Of one family: routes that the peer is told, those that it cannot be, and about how many changes wait to be sent. */
  outCounts(family: FamilyKey): Pick<PrefixCounts, 'advertised' | 'unsendable' | 'pending'> {
    const { session } = this.owner;
    if (session === undefined) return { advertised: 0, pending: 0 };
    const { table } = session.outbound;
    const routes = this.announced.map((each) => each.family(family)?.routes ?? 0);
    const unsendable = table.unsendableOf(family);
    return {
      advertised: routes.reduce((sum, count) => sum + count, 0) - unsendable.routes,
      pending: table.backlogOf(family),
      ...(unsendable.routes > 0 && { unsendable }),
    };
  }

  /** Families that there may be routes of in one direction. */
  families(direction: 'received' | 'advertised'): FamilyKey[] {
    if (direction === 'received') return Array.from(this.table.families, ({ family }) => family);
    const { session } = this.owner;
    return session === undefined ? [] : [...session.negotiated.options.families];
  }

  /** A page of the routes of one family. */
  page(
    direction: 'received' | 'advertised',
    query: RouteQuery,
  ): RoutePage<ReceivedRoute | AdvertisedRoute> {
    if (direction === 'received') return this.table.routes(query);
    const page = this.owner.session?.outbound.table.routes(query) ?? { routes: [] };
    // What cannot be sent is not advertised: its number and reason are in the snapshot.
    return { ...page, routes: page.routes.filter(({ problem }) => problem === undefined) };
  }

  /** Nothing is left of the peer. */
  dispose(): void {
    this.#restart?.dispose();
    this.table.clear();
    this.#own?.clear();
  }
}
