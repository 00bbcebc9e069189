import type { AnnounceResult, RoutePack } from '@peerloom/ipc';
import type { AnnouncementTable, BlockId } from '@peerloom/rib';
import {
  decodeNlri,
  type FamilyKey,
  familyName,
  formatNlri,
  type NlriContext,
  NlriWalker,
} from '@peerloom/wire';
import { forEachRecord } from './routePack.ts';
import { Tally } from './tally.ts';

const walker = new NlriWalker();

/** The tables of one peer. */
export interface OwnRoutes {
  /** What is announced to this peer alone, if anything ever was. */
  readonly own: AnnouncementTable | undefined;
  /** The table of that, made when there is none. */
  makeOwn(): AnnouncementTable;
}

/** Announces to one peer; returns how many routes. What all are told in the same words is not kept a second time. */
export function announceTo(
  routes: OwnRoutes,
  everyone: AnnouncementTable,
  pack: RoutePack,
): number {
  const { octets, context } = pack;
  forEachRecord(pack, (family, start, blockEnd, end) => {
    const block = everyone.encodedBlock(octets, start, blockEnd);
    if (!announcesAny(everyone, family)) {
      routes.makeOwn().announceField(family, octets, blockEnd, end, block);
    } else {
      forEachRoute(everyone, family, octets, blockEnd, end, context, (from, to) => {
        if (!holds(everyone, family, octets, from, to, context, block)) {
          routes.makeOwn().announceField(family, octets, from, to, block);
        } else routes.own?.withdrawField(family, octets, from, to, context);
        return true;
      });
    }
    everyone.release(block);
  });
  return pack.routes;
}

/**
 * Announces to all peers, present and to come; returns how many routes over all of them. What single ones
 * were told of the same routes is void.
 */
export function announceToAll(
  everyone: AnnouncementTable,
  peers: readonly Pick<OwnRoutes, 'own'>[],
  pack: RoutePack,
): number {
  const { octets, context } = pack;
  const owners = peers.flatMap(({ own }) => own ?? []);
  forEachRecord(pack, (family, start, blockEnd, end) => {
    const block = everyone.encodedBlock(octets, start, blockEnd);
    everyone.announceField(family, octets, blockEnd, end, block);
    everyone.release(block);
    for (const own of owners) own.withdrawField(family, octets, blockEnd, end, context);
  });
  return pack.routes * peers.length;
}

/** Withdraws from one peer what is announced to it alone. What all are told cannot be kept from one. */
export function withdrawFrom(
  { own }: Pick<OwnRoutes, 'own'>,
  everyone: AnnouncementTable,
  pack: RoutePack,
): AnnounceResult {
  const { octets, context } = pack;
  const tally = new Tally();
  forEachRecord(pack, (family, _, start, end) => {
    tally.accept(own?.withdrawField(family, octets, start, end, context) ?? 0);
    if (!announcesAny(everyone, family)) return;
    const isTold = forEachRoute(everyone, family, octets, start, end, context, (from, to) =>
      holds(everyone, family, octets, from, to, context),
    );
    if (!isTold) return;
    const what = routesText(family, octets, start, end, context);
    tally.reject(`${what}: announced to all peers, and to be withdrawn from all or from none`);
  });
  return tally.result;
}

/** Withdraws from all peers, whoever it was announced to; returns how many routes over all of them. */
export function withdrawFromAll(
  everyone: AnnouncementTable,
  peers: readonly Pick<OwnRoutes, 'own'>[],
  pack: RoutePack,
): number {
  const { octets, context } = pack;
  const owners = peers.flatMap(({ own }) => own ?? []);
  let withdrawn = 0;
  forEachRecord(pack, (family, _, start, end) => {
    withdrawn += everyone.withdrawField(family, octets, start, end, context) * peers.length;
    for (const own of owners) withdrawn += own.withdrawField(family, octets, start, end, context);
  });
  return withdrawn;
}

/** Visits the routes of a field one by one, as long as `visit` says so; returns whether it always did. */
function forEachRoute(
  table: AnnouncementTable,
  family: FamilyKey,
  octets: Uint8Array,
  start: number,
  end: number,
  context: NlriContext,
  visit: (start: number, end: number) => boolean,
): boolean {
  const { hasPathIds } = table.family(family)!;
  let next = start;
  while (next < end) {
    // Begun anew each time, for whoever visits may walk, too.
    walker.reset(octets, next, end, family, hasPathIds, context, true);
    if (!walker.next()) return false;
    next = walker.end;
    if (!visit(walker.start, next)) return false;
  }
  return true;
}

function announcesAny(table: AnnouncementTable, family: FamilyKey): boolean {
  return (table.family(family)?.routes ?? 0) > 0;
}

/** Whether the table announces the route `octets[start, end)`, with `block` if one is given. */
function holds(
  table: AnnouncementTable,
  family: FamilyKey,
  octets: Uint8Array,
  start: number,
  end: number,
  context: NlriContext,
  block?: BlockId,
): boolean {
  const announced = table.family(family)!;
  const nlri = octets.subarray(start, end);
  const key = announced.find(nlri, nlri.length, context);
  return key !== 0 && (block === undefined || announced.blockAt(key) === block);
}

/** What a field is called: by its route if it is a single one. */
function routesText(
  family: FamilyKey,
  octets: Uint8Array,
  start: number,
  end: number,
  context: NlriContext,
): string {
  const field = decodeNlri(octets, start, end, family, true, context, true);
  const [first, ...others] = field.ok ? field.nlri : [];
  if (first === undefined || others.length > 0) return `routes of ${familyName(family)}`;
  const { pathId, ...route } = first;
  return formatNlri(pathId === 0 ? route : first);
}
