import type { EncodedAnnouncement, RoutePack } from '@peerloom/ipc';
import { AnnouncementTable, RibStore } from '@peerloom/rib';
import { blockOptions, encodePathAttributes } from '@peerloom/wire';
import { describe, expect, it } from 'vitest';
import { packAnnouncements, packWithdrawals } from '../src/announcementPacker.ts';
import {
  announceTo,
  announceToAll,
  type OwnRoutes,
  withdrawFrom,
  withdrawFromAll,
} from '../src/announcements.ts';
import { Tally } from '../src/tally.ts';

const family = 'ipv4-labeled-unicast';

/** 10.1.0.0/16 with labels, and as a withdrawal names it (RFC 8277 §2.4). */
const oneLabel = Uint8Array.of(40, 0, 6, 65, 10, 1);
const twoLabels = Uint8Array.of(64, 0, 6, 64, 0, 12, 129, 10, 1);
const withoutLabel = Uint8Array.of(40, 0x80, 0, 0, 10, 1);

function onlyPack(packs: Iterable<RoutePack>): RoutePack {
  const [first, ...others] = packs;
  expect(others).toEqual([]);
  return first!;
}

function announcing(nlri: Uint8Array, metric: number): RoutePack {
  const attributes = encodePathAttributes(
    [
      { type: 'origin', origin: 'igp' },
      { type: 'multiExitDiscriminator', value: metric },
    ],
    blockOptions,
  );
  const announcement: EncodedAnnouncement = { family, nlri, attributes };
  return onlyPack(packAnnouncements([announcement], new Tally()));
}

function tables(): { readonly everyone: AnnouncementTable; readonly peer: OwnRoutes } {
  const store = new RibStore();
  let own: AnnouncementTable | undefined;
  const peer: OwnRoutes = {
    get own() {
      return own;
    },
    makeOwn: () => (own ??= new AnnouncementTable(store)),
  };
  return { everyone: new AnnouncementTable(store), peer };
}

it('a route with several labels is announced and withdrawn as it is shown', () => {
  const { everyone, peer } = tables();
  const route = { family, prefix: '10.1.0.0/16 label 100/200' };
  announceToAll(everyone, [peer], onlyPack(packAnnouncements([route], new Tally())));
  expect(everyone.routeCount).toBe(1);
  const withdrawing = onlyPack(packWithdrawals([route], new Tally()));
  expect(withdrawFromAll(everyone, [peer], withdrawing)).toBe(1);
});

it('a route is not announced without a label where the family asks for one', () => {
  const tally = new Tally();
  const packs = packAnnouncements([{ family, prefix: '10.1.0.0/16' }], tally);
  expect([...packs]).toEqual([]);
  expect(tally.result).toMatchObject({ rejected: 1 });
});

describe.for([
  ['a label', oneLabel],
  ['two labels', twoLabels],
] as const)('a route with %s', ([, nlri]) => {
  const withdrawing = onlyPack(packWithdrawals([{ family, nlri: withoutLabel }], new Tally()));

  it('that one peer is told is void when all are told of it', () => {
    const { everyone, peer } = tables();
    announceTo(peer, everyone, announcing(nlri, 1));
    expect(peer.own!.routeCount).toBe(1);
    announceToAll(everyone, [peer], announcing(nlri, 2));
    expect([everyone.routeCount, peer.own!.routeCount]).toEqual([1, 0]);
  });

  it('is not kept for one peer in the words that all are told', () => {
    const { everyone, peer } = tables();
    announceToAll(everyone, [peer], announcing(nlri, 2));
    announceTo(peer, everyone, announcing(nlri, 1));
    announceTo(peer, everyone, announcing(nlri, 2));
    expect(peer.own!.routeCount).toBe(0);
  });

  it('that all are told cannot be kept from one, and can be withdrawn from all', () => {
    const { everyone, peer } = tables();
    announceToAll(everyone, [peer], announcing(nlri, 1));
    expect(withdrawFrom(peer, everyone, withdrawing)).toMatchObject({ accepted: 0, rejected: 1 });
    expect(withdrawFromAll(everyone, [peer], withdrawing)).toBe(1);
    expect(everyone.routeCount).toBe(0);
  });
});
