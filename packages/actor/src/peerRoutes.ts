import type { Announcement, AnnounceResult, Withdrawal } from '@peerloom/ipc';
import { AdjRibIn, type ReceivedRoute, type RoutePage, type RouteQuery } from '@peerloom/rib';
import type { FamilyKey } from '@peerloom/wire';
import type { ActorContext } from './actorContext.ts';
import { GracefulRestart } from './gracefulRestart.ts';
import type { PeerActor } from './peerActor.ts';

/** A peer's routes: what it has announced, and what is announced to it. They outlive its sessions. */
export class PeerRoutes {
  /** The actor whose routes they are now. */
  owner: PeerActor;
  readonly table: AdjRibIn;
  readonly restart: GracefulRestart;
  readonly #context: ActorContext;

  constructor(owner: PeerActor, context: ActorContext) {
    this.owner = owner;
    this.#context = context;
    this.table = new AdjRibIn(context.store, { storeRoutes: owner.options.storeRoutes });
    this.restart = new GracefulRestart(() => this.owner, context, this.table);
  }

  announce(_announcements: readonly Announcement[]): AnnounceResult {
    return { accepted: 0, rejected: 0, errors: [] };
  }

  withdraw(_withdrawals: readonly Withdrawal[]): AnnounceResult {
    return { accepted: 0, rejected: 0, errors: [] };
  }

  outCounts(_family: FamilyKey): { advertised: number; pending: number } {
    return { advertised: 0, pending: 0 };
  }

  /** Families that there are routes of in one direction. */
  families(direction: 'received' | 'advertised'): FamilyKey[] {
    return direction === 'received' ? Array.from(this.table.families, ({ family }) => family) : [];
  }

  /** A page of the routes of one family. */
  page(direction: 'received' | 'advertised', query: RouteQuery): RoutePage<ReceivedRoute> {
    return direction === 'received' ? this.table.routes(query) : { routes: [] };
  }

  /** Nothing is left of the peer. */
  dispose(): void {
    this.restart.dispose();
    this.table.clear();
    this.#context.reclaim();
  }
}
