import type { Announcement, Withdrawal } from '@peerloom/ipc';
import { AnnouncementTable, RibStore } from '@peerloom/rib';
import { blockOptions, encodePathAttributes } from '@peerloom/wire';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packAnnouncements, packWithdrawals } from '../src/announcementPacker.ts';
import {
  type AnnouncementScope,
  type AnnouncementStep,
  AnnouncementStore,
} from '../src/announcementStore.ts';
import {
  announceTo,
  announceToAll,
  type OwnRoutes,
  withdrawFrom,
  withdrawFromAll,
} from '../src/announcements.ts';
import { Tally } from '../src/tally.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What a host holds, without its actors. */
class Tables {
  readonly #store = new RibStore();
  readonly #everyone = new AnnouncementTable(this.#store);
  readonly #peers = new Map<number, OwnRoutes>();

  take(scope: AnnouncementScope, { action, pack }: AnnouncementStep): void {
    const all = [...this.#peers.values()];
    if (scope === 'all') {
      if (action === 'announce') announceToAll(this.#everyone, all, pack);
      else withdrawFromAll(this.#everyone, all, pack);
    } else if (action === 'announce') announceTo(this.#peer(scope), this.#everyone, pack);
    else withdrawFrom(this.#peer(scope), this.#everyone, pack);
  }

  /** Every route with its attributes, by who is told. */
  get contents(): Record<string, string[]> {
    const tables = [['all', this.#everyone] as const].concat(
      Array.from(this.#peers, ([peer, { own }]) => [String(peer), own!] as never),
    );
    return Object.fromEntries(
      tables
        .filter(([, table]) => table !== undefined && table.routeCount > 0)
        .map(([scope, table]) => [scope, this.#routesOf(table)]),
    );
  }

  #peer(peer: number): OwnRoutes {
    const known = this.#peers.get(peer);
    if (known !== undefined) return known;
    let own: AnnouncementTable | undefined;
    const store = this.#store;
    const routes: OwnRoutes = {
      get own() {
        return own;
      },
      makeOwn: () => (own ??= new AnnouncementTable(store)),
    };
    this.#peers.set(peer, routes);
    return routes;
  }

  #routesOf(table: AnnouncementTable): string[] {
    const nlri = new Uint8Array(64);
    const routes: string[] = [];
    for (const family of table.families) {
      for (let key = family.next(1); key > 0; key = family.next(key + 1)) {
        const end = family.keys.writeNlri(key, nlri, 0, family.hasPathIds);
        const block = this.#store.attributes.bytes(family.blockAt(key));
        routes.push(`${family.family} ${hex(nlri.subarray(0, end))} ${hex(block)}`);
      }
    }
    return routes.toSorted();
  }
}

const announcing = (...items: Announcement[]): AnnouncementStep[] =>
  Array.from(packAnnouncements(items, new Tally()), (pack) => ({ action: 'announce', pack }));
const withdrawing = (...items: Withdrawal[]): AnnouncementStep[] =>
  Array.from(packWithdrawals(items, new Tally()), (pack) => ({ action: 'withdraw', pack }));

/** A host that has been told what the store keeps, for all and for these peers. */
function toldBy(store: AnnouncementStore, peers: readonly number[] = []): Tables {
  const tables = new Tables();
  for (const step of store.forAll()) tables.take('all', step);
  for (const peer of peers) for (const step of store.forPeer(peer)) tables.take(peer, step);
  return tables;
}

const a = { prefix: '10.0.0.0/24' };
const b = { prefix: '10.0.1.0/24', communities: ['65001:1'] };
const flow = { family: 'ipv4-flowspec', prefix: 'dst 198.51.100.0/24 && proto =17' };
const vpn = { family: 'ipv4-vpn', prefix: 'rd 65001:7 10.1.0.0/16 label 100' };
const attributes = encodePathAttributes([{ type: 'origin', origin: 'egp' }], blockOptions);
const nlri = Uint8Array.of(24, 10, 0, 0, 24, 10, 0, 1, 24, 10, 0, 2);
const labeled = {
  family: 'ipv4-labeled-unicast',
  attributes,
  nlri: Uint8Array.of(64, 0, 6, 64, 0, 12, 129, 10, 1),
};
const table = { family: 'ipv4-unicast', attributes, nlri };

describe('what is announced', () => {
  it('is the same for a host that comes later as for one that heard all of it, at any time', () => {
    const peers = [7, 8];
    const items: Announcement[] = [
      a,
      b,
      table,
      flow,
      vpn,
      labeled,
      { ...labeled, nextHop: Uint8Array.of(192, 0, 2, 1) },
      { ...a, multiExitDiscriminator: 5 },
      { ...a, pathId: 7 },
      { prefix: '2001:db8::/32' },
    ];
    const operation = fc.record({
      scope: fc.constantFrom<AnnouncementScope>('all', 'all', 7, 8),
      withdraws: fc.boolean(),
      items: fc.subarray(items, { minLength: 1 }),
      settles: fc.nat({ max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 12 }), (operations) => {
        const store = new AnnouncementStore();
        const present = new Tables();
        for (const { scope, withdraws, items: chosen, settles } of operations) {
          for (const step of withdraws ? withdrawing(...chosen) : announcing(...chosen)) {
            store.add(scope, step);
            present.take(scope, step);
          }
          for (let each = 0; each < settles; each += 1) store.settle();
        }
        expect(toldBy(store, peers).contents).toEqual(present.contents);
        while (store.settle());
        expect(toldBy(store, peers).contents).toEqual(present.contents);
      }),
    );
  });

  it('is told in packs that the host reads from where they are, while they are few', () => {
    const store = new AnnouncementStore();
    const [step] = announcing(table, b);
    store.add('all', step!);
    expect([...store.forAll()].map(({ pack }) => pack)).toEqual([step!.pack]);
    expect([...store.forAll()][0]!.pack).toBe(step!.pack);
    expect(store.isDue).toBe(false);
  });

  it('is as much as there is room for, however few the packs', () => {
    const store = new AnnouncementStore();
    const octets = new Uint8Array(16 * 1024 * 1024);
    const pack = { octets, context: 'reach', records: 0, routes: 0 } as const;
    const filled = Array.from({ length: 9 }, () => {
      store.add('all', { action: 'announce', pack });
      return store.isFull;
    });
    expect(filled).toEqual([...Array(8).fill(false), true]);
    while (store.isDue) store.settle();
    expect(store.isFull).toBe(false);
  });

  it('is worked into tables when the packs are many, and a route then counts once', () => {
    const store = new AnnouncementStore();
    for (let each = 0; each < 1025; each += 1) {
      for (const step of announcing({ ...a, multiExitDiscriminator: each })) store.add('all', step);
    }
    expect(store.isDue).toBe(true);
    while (store.isDue) store.settle();
    while (store.settle());
    const steps = [...store.forAll()];
    expect(steps.map(({ pack }) => pack.routes)).toEqual([1]);
    expect(toldBy(store).contents['all']![0]).toMatch(/80040400000400$/);
  });

  it('is told in parts from the tables, too', () => {
    const store = new AnnouncementStore();
    const many = new Uint8Array(50_000 * 4);
    for (let each = 0; each < 50_000; each += 1) {
      many.set([24, 10, each >> 8, each & 255], each * 4);
    }
    for (const step of announcing({ ...table, nlri: many }, vpn)) store.add('all', step);
    while (store.settle());
    const steps = [...store.forAll()];
    expect(steps.length).toBeGreaterThan(3);
    expect(steps.reduce((sum, { pack }) => sum + pack.routes, 0)).toBe(50_001);
    for (const { pack } of steps) expect(pack.octets.length).toBeLessThan(132 * 1024);
  });
});

describe('a host that is being told', () => {
  it('hears what comes meanwhile in the end, and nothing moves under it', () => {
    const store = new AnnouncementStore();
    for (const step of announcing(a, b)) store.add('all', step);
    while (store.settle());
    for (const step of announcing({ prefix: '10.9.0.0/16' })) store.add('all', step);
    const tables = new Tables();
    const telling = store.forAll();
    tables.take('all', telling.next().value!);
    for (const step of withdrawing(b)) store.add('all', step);
    expect(store.isDue).toBe(false);
    expect(store.settle()).toBe(false);
    for (const step of telling) tables.take('all', step);
    expect(tables.contents['all']).toHaveLength(2);
    while (store.settle());
    expect(toldBy(store).contents).toEqual(tables.contents);
  });

  it('has those wait who add, when so much is kept that nothing more should be', () => {
    const store = new AnnouncementStore();
    const [step] = announcing(a);
    store.add('all', step!);
    const telling = store.forAll();
    telling.next();
    let added = 1;
    for (; !store.isFull; added += 1) store.add('all', step!);
    expect(added).toBe(2049);
    store.settle();
    expect(store.isFull).toBe(true);
    telling.return();
    for (; store.isFull; added -= 1) store.settle();
    expect(added).toBe(1024);
    expect(store.isDue).toBe(false);
  });

  it('that dies meanwhile holds up nobody', () => {
    const store = new AnnouncementStore();
    for (const step of announcing(a)) store.add('all', step);
    for (const _ of store.forAll()) break;
    expect(store.settle()).toBe(false);
    expect(toldBy(store).contents['all']).toHaveLength(1);
  });
});

describe('what is announced to one peer', () => {
  it('is worked into tables soon, for what all are told may make any of it void', () => {
    const store = new AnnouncementStore();
    for (const step of announcing(a)) store.add('all', step);
    expect(store.isDue).toBe(false);
    for (const step of announcing(b)) store.add(7, step);
    expect(store.isDue).toBe(true);
    expect([store.hasOwn(7), store.hasOwn(8)]).toEqual([true, false]);
  });

  it.for([false, true])('is forgotten with the peer, settled: %s', (settled) => {
    const store = new AnnouncementStore();
    for (const step of announcing(a, b)) store.add(7, step);
    if (settled) while (store.settle());
    store.forget(7);
    expect(store.hasOwn(7)).toBe(false);
    while (store.settle());
    expect(toldBy(store, [7]).contents).toEqual({});
  });
});
