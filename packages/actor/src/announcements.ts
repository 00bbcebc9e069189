import type { Announcement, AnnounceResult, HostAnnounceResult, Withdrawal } from '@peerloom/ipc';
import type { AnnouncementTable, BlockId } from '@peerloom/rib';
import { NlriWalker } from '@peerloom/wire';
import {
  type EncodedRoutes,
  encodeAnnouncement,
  encodeWithdrawal,
  type RouteField,
} from './announcement.ts';
import type { PeerRoutes } from './peerRoutes.ts';

const walker = new NlriWalker();

/** Errors that one call tells in words. */
const mostErrors = 10;

/** Adds up what became of the parts of a call. */
class Tally {
  #accepted = 0;
  #rejected = 0;
  readonly #errors: string[] = [];
  readonly #refused: number[] = [];

  add(accepted: number): void {
    this.#accepted += accepted;
  }

  reject(text: string): void {
    this.#rejected++;
    if (this.#errors.length < mostErrors && !this.#errors.includes(text)) this.#errors.push(text);
  }

  /** The item at `place` could not be taken. */
  refuse(place: number, error: unknown): void {
    this.#refused.push(place);
    this.reject(error instanceof Error ? error.message : String(error));
  }

  get result(): HostAnnounceResult {
    return {
      accepted: this.#accepted,
      rejected: this.#rejected,
      errors: this.#errors,
      ...(this.#refused.length > 0 && { refused: this.#refused }),
    };
  }
}

/** Does something with each item; one that cannot be taken holds up no other. */
function tallied<Item>(
  items: readonly Item[],
  take: (item: Item, tally: Tally) => void,
): HostAnnounceResult {
  const tally = new Tally();
  for (const [place, item] of items.entries()) {
    try {
      take(item, tally);
    } catch (error) {
      tally.refuse(place, error);
    }
  }
  return tally.result;
}

/** Announces to one peer. What all are told in the same words is not kept a second time. */
export function announceTo(
  routes: PeerRoutes,
  everyone: AnnouncementTable,
  announcements: readonly Announcement[],
): HostAnnounceResult {
  return tallied(announcements, (announcement, tally) => {
    const encoded = encodeAnnouncement(announcement);
    withBlock(everyone, encoded, (block) => {
      if (!holds(everyone, encoded, block)) announceField(routes.makeOwn(), encoded, block);
      else if (routes.own !== undefined) withdraw(routes.own, announcement);
    });
    tally.add(encoded.routes);
  });
}

/** Announces to all peers of the host, present and to come. What single ones were told of the same routes is void. */
export function announceToAll(
  everyone: AnnouncementTable,
  peers: readonly PeerRoutes[],
  announcements: readonly Announcement[],
): HostAnnounceResult {
  return tallied(announcements, (announcement, tally) => {
    const encoded = encodeAnnouncement(announcement);
    withBlock(everyone, encoded, (block) => announceField(everyone, encoded, block));
    for (const { own } of peers) if (own !== undefined) withdraw(own, announcement);
    tally.add(encoded.routes * peers.length);
  });
}

/** Withdraws from one peer what is announced to it alone. What all are told cannot be kept from one. */
export function withdrawFrom(
  routes: PeerRoutes,
  everyone: AnnouncementTable,
  withdrawals: readonly Withdrawal[],
): AnnounceResult {
  return tallied(withdrawals, (withdrawal, tally) => {
    tally.add(routes.own === undefined ? 0 : withdraw(routes.own, withdrawal));
    if (holds(everyone, encodeWithdrawal(withdrawal), undefined)) {
      const what = 'nlri' in withdrawal ? `routes of ${withdrawal.family}` : withdrawal.prefix;
      tally.reject(`${what}: announced to all peers, and to be withdrawn from all or from none`);
    }
  });
}

/** Withdraws from all peers of the host, whoever it was announced to. */
export function withdrawFromAll(
  everyone: AnnouncementTable,
  peers: readonly PeerRoutes[],
  withdrawals: readonly Withdrawal[],
): AnnounceResult {
  return tallied(withdrawals, (withdrawal, tally) => {
    let withdrawn = withdraw(everyone, withdrawal) * peers.length;
    for (const { own } of peers) if (own !== undefined) withdrawn += withdraw(own, withdrawal);
    tally.add(withdrawn);
  });
}

/** Calls `use` with the attribute block of an announcement. Blocks are the same in all tables of a host. */
function withBlock(
  table: AnnouncementTable,
  { attributes, family, prependsLocalAs }: EncodedRoutes,
  use: (block: BlockId) => void,
): void {
  const block = table.block(attributes, family, prependsLocalAs);
  try {
    use(block);
  } finally {
    table.release(block);
  }
}

function announceField(table: AnnouncementTable, routes: RouteField, block: BlockId): void {
  table.announceField(routes.family, routes.bytes, 0, routes.bytes.length, block);
}

function withdraw(table: AnnouncementTable, withdrawal: Withdrawal): number {
  const { family, bytes } = encodeWithdrawal(withdrawal);
  return table.withdrawField(family, bytes, 0, bytes.length);
}

/** Whether the table announces all these routes, with `block` if one is given. */
function holds(
  table: AnnouncementTable,
  { family, bytes }: RouteField,
  block: BlockId | undefined,
): boolean {
  const announced = table.family(family);
  if (announced === undefined || announced.routes === 0) return false;
  walker.reset(bytes, 0, bytes.length, family, announced.hasPathIds, 'reach', true);
  while (walker.next()) {
    const nlri = bytes.subarray(walker.start, walker.end);
    const key = announced.find(nlri, nlri.length);
    if (key === 0 || (block !== undefined && announced.blockAt(key) !== block)) return false;
  }
  return true;
}
