import {
  decodeUpdate,
  endOfRibFamilyOf,
  familyKey,
  formatNlri,
  MessageType,
  type Nlri,
  type PathAttribute,
  type UpdateOptions,
} from '@peerloom/wire';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { AdjRibOut } from '../src/adjRibOut.ts';
import { AnnouncementTable } from '../src/announcementTable.ts';
import { RibStore } from '../src/ribStore.ts';
import { attributesOf, ipv4Unicast, ipv6Unicast, sessionOptions, vpnIpv4 } from './sessions.ts';

const families = [ipv4Unicast, ipv6Unicast, vpnIpv4];

/** A peer that believes what it is told: text of the NLRI without labels to what was said of it. */
class Receiver {
  readonly routes = new Map<string, string>();
  readonly endOfRibs: number[] = [];
  readonly refreshes: number[] = [];
  readonly #options: UpdateOptions;

  constructor(sender: UpdateOptions) {
    this.#options = { ...sender, addPathReceive: sender.addPathSend };
  }

  receive(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const length = bytes[at + 16]! * 256 + bytes[at + 17]!;
      expect(length).toBeLessThanOrEqual(this.#options.maximumSendLength);
      expect(at + length).toBeLessThanOrEqual(bytes.length);
      if (bytes[at + 18] === MessageType.update) this.#update(bytes, at, at + length);
      else this.refreshes.push(bytes[at + 21]!);
      at += length;
    }
  }

  #update(bytes: Uint8Array, start: number, end: number): void {
    const decoded = decodeUpdate(bytes, start, end, this.#options);
    if (!decoded.ok) throw new Error(decoded.fault.text);
    expect(decoded.faults).toEqual([]);
    const { message } = decoded;
    const ended = endOfRibFamilyOf(message);
    if (ended !== undefined) this.endOfRibs.push(ended);
    for (const nlri of message.withdrawn) this.routes.delete(textOf(ipv4Unicast, nlri));
    const attributes: PathAttribute[] = [];
    const announced: [number, Nlri][] = message.nlri.map((nlri) => [ipv4Unicast, nlri]);
    for (const each of message.attributes) {
      if (each.type === 'mpUnreachNlri') {
        const family = familyKey(each.afi, each.safi);
        for (const nlri of each.withdrawn) this.routes.delete(textOf(family, nlri));
      } else if (each.type === 'mpReachNlri') {
        const family = familyKey(each.afi, each.safi);
        announced.push(...each.nlri.map((nlri): [number, Nlri] => [family, nlri]));
        attributes.push({ ...each, nlri: [] });
      } else attributes.push(each);
    }
    for (const [family, nlri] of announced) {
      this.routes.set(textOf(family, nlri), saidOf(nlri, attributes));
    }
  }
}

function textOf(family: number, nlri: Nlri): string {
  const route = nlri.kind === 'vpn' || nlri.kind === 'labeled' ? { ...nlri, labels: [] } : nlri;
  return `${family} ${formatNlri(route)}`;
}

function saidOf(nlri: Nlri, attributes: readonly PathAttribute[]): string {
  const labels = 'labels' in nlri ? nlri.labels.join() : '';
  return `${labels} ${JSON.stringify(attributes.toSorted((a, b) => (a.type < b.type ? -1 : 1)))}`;
}

function nlriOf(family: number, index: number, seed: number): Nlri {
  const pathId = index % 4 === 3 ? { pathId: index % 3 } : {};
  if (family === ipv6Unicast)
    return { kind: 'prefix', prefix: `2001:db8:${index + 1}::/48`, ...pathId };
  const prefix = `10.${index}.0.0/16`;
  if (family === ipv4Unicast) return { kind: 'prefix', prefix, ...pathId };
  return { kind: 'vpn', routeDistinguisher: '65000:1', labels: [16 + seed], prefix, ...pathId };
}

/** What a session adds of its own. */
interface Self {
  readonly options: UpdateOptions;
  readonly localAs: number;
  readonly ipv4: string;
}

/** What a session should say of a route, put together here by hand. */
function expectedOf(
  family: number,
  nlri: Nlri,
  seed: number,
  { options, localAs, ...self }: Self,
): string {
  const isInternal = options.peerType === 'internal';
  const path = seed % 2 === 0 ? [65001, 70000 + seed] : isInternal ? [] : [localAs];
  const nextHop: PathAttribute =
    family === ipv4Unicast
      ? { type: 'nextHop', nextHop: seed === 3 ? '192.0.2.9' : self.ipv4 }
      : {
          type: 'mpReachNlri',
          afi: family >>> 8,
          safi: family & 0xff,
          nextHops: [{ address: family === ipv6Unicast ? '2001:db8::9' : self.ipv4 }],
          nlri: [],
        };
  const attributes: PathAttribute[] = [
    { type: 'origin', origin: 'igp' },
    {
      type: 'asPath',
      segments: path.length === 0 ? [] : [{ kind: 'sequence', asNumbers: path }],
    },
    { type: 'communities', communities: [65001 * 65536 + seed] },
    nextHop,
    ...(isInternal ? [{ type: 'localPreference', value: 100 } as const] : []),
  ];
  return saidOf(nlri, attributes);
}

/** What the user announces: with an AS_PATH for even seeds, with a next hop for seed 3. */
function givenOf(seed: number): PathAttribute[] {
  const [, , communities] = attributesOf(seed);
  return [
    communities!,
    ...(seed % 2 === 0
      ? [
          {
            type: 'asPath' as const,
            segments: [{ kind: 'sequence' as const, asNumbers: [65001, 70000 + seed] }],
          },
        ]
      : []),
  ];
}

const sessions: readonly Partial<UpdateOptions>[] = [
  {},
  { maximumSendLength: 65535 },
  { fourOctetAs: false },
  { peerType: 'internal' },
  { addPathSend: new Set(families) },
  { addPathSend: new Set([ipv4Unicast]), peerType: 'internal' },
  { families: new Set([ipv6Unicast]) },
];

const which = {
  family: fc.constantFrom(...families),
  indexes: fc.array(fc.nat({ max: 11 }), { minLength: 1, maxLength: 6 }),
  table: fc.nat({ max: 2 }),
};
const peer = fc.nat({ max: 3 });
const command = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('announce' as const),
      seed: fc.nat({ max: 3 }),
      ...which,
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('withdraw' as const), ...which }) },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('pull' as const), peer, times: fc.nat({ max: 4 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('restart' as const),
      peer,
      session: fc.oneof(fc.constant(0), fc.nat({ max: sessions.length - 1 })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('down' as const), peer }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('refresh' as const), peer }) },
);

/** Three tables: 0 is for all peers, 1 and 2 are the first and second peer's own. */
type Desired = Map<string, { family: number; nlri: Nlri; seed: number }>;

class Peer {
  readonly out: AdjRibOut;
  readonly desired: readonly Desired[];
  receiver: Receiver | undefined;
  options: UpdateOptions = sessionOptions();
  isWoken = true;
  readonly #localAs: number;
  readonly #ipv4: string;

  constructor(
    index: number,
    store: RibStore,
    tables: readonly AnnouncementTable[],
    desired: readonly Desired[],
  ) {
    // The last two send the same, the others not quite.
    this.#localAs = Math.min(index, 2) + 64990;
    this.#ipv4 = `198.51.100.${Math.min(index, 2) + 1}`;
    this.out = new AdjRibOut(store, {
      tables,
      listener: { onPending: () => (this.isWoken = true) },
    });
    this.desired = desired;
  }

  restart(session: number): void {
    this.options = sessionOptions({ families: new Set(families), ...sessions[session] });
    this.receiver = new Receiver(this.options);
    const nextHopSelf = { ipv4: this.#ipv4, ipv6: '2001:db8::9' };
    this.out.sessionUp(
      { options: this.options, localAs: this.#localAs, nextHopSelf },
      { enhancedRouteRefresh: session % 2 === 0 },
    );
    this.isWoken = true;
  }

  down(): void {
    this.out.sessionDown();
    this.receiver = undefined;
  }

  /** One message at a time, so that changes come between any two. */
  pull(times: number): void {
    for (let time = 0; time < times; time += 1) {
      const bytes = this.out.pull(this.options.maximumSendLength);
      if (bytes === undefined) {
        if (this.receiver !== undefined) this.isWoken = false;
        return;
      }
      expect(bytes.length).toBeLessThanOrEqual(this.options.maximumSendLength);
      this.receiver!.receive(bytes);
    }
  }

  /** Everything is pulled, as far as the peer has been woken for it; then it must know what is so. */
  check(): void {
    if (this.receiver === undefined) return;
    expect(this.isWoken || !this.out.isPending).toBe(true);
    this.pull(Number.POSITIVE_INFINITY);
    expect(this.out.isSynchronized).toBe(true);
    expect(this.out.isPending).toBe(false);
    expect(this.out.backlog).toBe(0);
    const expected = new Map<string, string>();
    const self = { options: this.options, localAs: this.#localAs, ipv4: this.#ipv4 };
    for (const table of this.desired.toReversed()) {
      for (const { family, nlri, seed } of table.values()) {
        if (!this.options.families.has(family)) continue;
        const { pathId, ...route } = nlri;
        const sendsPathIds = this.options.addPathSend.has(family);
        if (!sendsPathIds && (pathId ?? 0) !== 0) continue;
        const sent = (sendsPathIds ? { ...route, pathId: pathId ?? 0 } : route) as Nlri;
        expected.set(textOf(family, sent), expectedOf(family, sent, seed, self));
      }
    }
    const told = this.receiver.routes;
    expect(told).toEqual(expected);
    expect(new Set(this.receiver.endOfRibs)).toEqual(this.options.families);
    expect(this.receiver.endOfRibs).toHaveLength(this.options.families.size);
    this.#checkRoutes(expected);
  }

  /** What is shown as advertised is what was told. */
  #checkRoutes(expected: ReadonlyMap<string, string>): void {
    const shown = new Map<string, string>();
    for (const family of this.options.families) {
      let cursor: number | undefined;
      do {
        const page = this.out.routes({ family, limit: 7, ...(cursor !== undefined && { cursor }) });
        for (const { nlri, attributes, sent } of page.routes) {
          expect(sent).toBe(true);
          shown.set(textOf(family, nlri), saidOf(nlri, attributes));
        }
        ({ cursor } = page);
      } while (cursor !== undefined);
    }
    expect(shown).toEqual(expected);
  }
}

test('whatever comes when, each peer ends with exactly what is to be announced to it', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60, size: 'max' }), (commands) => {
      const store = new RibStore();
      const tables = [0, 1, 2].map(() => new AnnouncementTable(store));
      const desired: Desired[] = [new Map(), new Map(), new Map()];
      const peers = [1, 2, 0, 0].map((own, index) => {
        const order = own === 0 ? [0] : [own, 0];
        return new Peer(
          index,
          store,
          order.map((each) => tables[each]!),
          order.map((each) => desired[each]!),
        );
      });
      for (const each of peers) each.restart(0);
      for (const each of commands) {
        if (each.kind === 'announce') {
          const { family, table, seed } = each;
          const attributes = givenOf(seed);
          if (seed === 3 && family === ipv4Unicast) {
            attributes.push({ type: 'nextHop', nextHop: '192.0.2.9' });
          }
          const nlri = each.indexes.map((index) => nlriOf(family, index, seed));
          tables[table]!.announce(nlri.map((route) => ({ family, nlri: route, attributes })));
          for (const route of nlri) {
            const full = { ...route, pathId: route.pathId ?? 0 } as Nlri;
            desired[table]!.set(textOf(family, full), { family, nlri: full, seed });
          }
        } else if (each.kind === 'withdraw') {
          const { family, table } = each;
          const nlri = each.indexes.map((index) => nlriOf(family, index, 0));
          tables[table]!.withdraw(nlri.map((route) => ({ family, nlri: route })));
          for (const route of nlri) {
            desired[table]!.delete(textOf(family, { ...route, pathId: route.pathId ?? 0 }));
          }
        } else if (each.kind === 'pull') peers[each.peer]!.pull(each.times);
        else if (each.kind === 'restart') peers[each.peer]!.restart(each.session);
        else if (each.kind === 'down') peers[each.peer]!.down();
        else peers[each.peer]!.out.refresh();
      }
      tables.forEach((table, index) => expect(table.routeCount).toBe(desired[index]!.size));
      for (const each of peers) each.check();
      for (const each of peers) each.down();
      for (const table of tables) {
        table.clear();
        for (const { keys } of table.families) expect(keys.count).toBe(0);
      }
      expect(store.statistics.attributeBlocks).toBe(0);
    }),
    { numRuns: 200 },
  );
});
