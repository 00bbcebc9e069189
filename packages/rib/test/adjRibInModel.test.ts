import { familyName, formatNlri, type Nlri, type UpdateOptions } from '@peerloom/wire';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { AdjRibIn } from '../src/adjRibIn.ts';
import { RibStore } from '../src/ribStore.ts';
import {
  announcement,
  attributesOf,
  endOfRib,
  ipv4Unicast,
  ipv6Unicast,
  sessionOptions,
  vpnIpv4,
  withdrawal,
} from './sessions.ts';

const families = [ipv4Unicast, ipv6Unicast, vpnIpv4];

/** What an Adj-RIB-In should be: text of the NLRI's key to what is known of the route. */
interface ModelRoute {
  nlri: string;
  seed: number;
  stale: boolean;
}
type Model = Map<number, Map<string, ModelRoute>>;

function nlriOf(family: number, index: number, label: number, pathId: number | undefined): Nlri {
  const path = pathId === undefined ? {} : { pathId };
  if (family === ipv6Unicast)
    return { kind: 'prefix', prefix: `2001:db8:${index + 1}::/48`, ...path };
  const prefix = `10.${index}.0.0/16`;
  if (family === ipv4Unicast) return { kind: 'prefix', prefix, ...path };
  return { kind: 'vpn', routeDistinguisher: '65000:1', labels: [label], prefix, ...path };
}

const families$ = fc.constantFrom(...families);
const indexes = fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 12 });
const peer = fc.nat({ max: 1 });
const command = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('announce' as const),
      peer,
      family: families$,
      indexes,
      seed: fc.nat({ max: 3 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('withdraw' as const),
      peer,
      family: families$,
      indexes,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('endOfRib' as const), peer, family: families$ }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('restart' as const), peer, keepStale: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('refresh' as const), peer, family: families$ }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('endRefresh' as const), peer, family: families$ }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), peer }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('reclaim' as const),
      limit: fc.integer({ min: 1, max: 9 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('age' as const) }) },
);

/** One peer, the real one and the model side by side. */
class Pair {
  readonly rib: AdjRibIn;
  readonly model: Model = new Map(families.map((family) => [family, new Map()]));
  readonly options: UpdateOptions;
  readonly #refreshing = new Set<number>();

  constructor(store: RibStore, addPath: boolean) {
    this.options = sessionOptions({
      families: new Set(families),
      addPathReceive: new Set(addPath ? families : []),
    });
    this.rib = new AdjRibIn(store);
    this.rib.sessionUp(this.options);
  }

  announce(family: number, which: readonly number[], seed: number): void {
    const routes = this.#model(family);
    const nlri = which.map((index) => this.#nlri(family, index, seed));
    const expected = { announced: 0, changed: 0, unchanged: 0 };
    for (const each of nlri) {
      const text = formatNlri(each);
      const before = routes.get(keyText(each));
      if (before === undefined) expected.announced += 1;
      else if (before.seed === seed && before.nlri === text) expected.unchanged += 1;
      else expected.changed += 1;
      routes.set(keyText(each), { nlri: text, seed, stale: false });
    }
    const messages = announcement(family, nlri, attributesOf(seed), this.options);
    expect(this.#receive(messages)).toMatchObject(expected);
  }

  withdraw(family: number, which: readonly number[]): void {
    const nlri = which.map((index) => this.#nlri(family, index, 0));
    let withdrawn = 0;
    for (const each of nlri) if (this.#model(family).delete(keyText(each))) withdrawn += 1;
    expect(this.#receive(withdrawal(family, nlri, this.options))).toMatchObject({ withdrawn });
  }

  endOfRib(family: number): void {
    const withdrawn = this.#refreshing.has(family) ? 0 : this.#sweep(family);
    expect(this.#receive(endOfRib(family))).toMatchObject({ withdrawn, endOfRib: family });
  }

  restart(keepStale: boolean): void {
    for (const family of families) {
      for (const [key, route] of this.#model(family)) {
        if (route.stale && !keepStale && !this.#refreshing.has(family)) {
          this.#model(family).delete(key);
        } else route.stale = true;
      }
    }
    this.#refreshing.clear();
    this.rib.sessionDown({ families: new Set(families), keepStale });
    this.rib.sessionUp(this.options, { gracefulRestart: false, forwarding: new Set(families) });
  }

  refresh(family: number): void {
    this.#refreshing.add(family);
    for (const route of this.#model(family).values()) route.stale = true;
    expect(this.rib.beginRouteRefresh(family)).toBe(true);
  }

  endRefresh(family: number): void {
    const expected = this.#refreshing.delete(family) ? this.#sweep(family) : -1;
    expect(this.rib.endRouteRefresh(family)).toBe(expected);
  }

  drop(): void {
    for (const routes of this.model.values()) routes.clear();
    this.#refreshing.clear();
    this.rib.sessionDown();
    this.rib.sessionUp(this.options);
  }

  check(): void {
    for (const family of families) {
      const { routes } = this.rib.routes({ family, limit: 1000 });
      const held = routes.map(({ nlri, attributes, stale }) => ({
        nlri: formatNlri(nlri),
        seed:
          attributes.flatMap((each) => (each.type === 'communities' ? each.communities : []))[0]! &
          0xff,
        stale,
      }));
      const expected = [...this.#model(family).values()];
      expect(sorted(held), familyName(family)).toEqual(sorted(expected));
      expect(this.rib.family(family)?.routes ?? 0).toBe(expected.length);
      expect(this.rib.family(family)?.staleRoutes ?? 0).toBe(
        expected.filter(({ stale }) => stale).length,
      );
    }
  }

  #nlri(family: number, index: number, seed: number): Nlri {
    const pathId = this.options.addPathReceive.has(family) ? index % 3 : undefined;
    return nlriOf(family, index >>> 1, 16 + (seed >>> 1), pathId);
  }

  #model(family: number): Map<string, ModelRoute> {
    return this.model.get(family)!;
  }

  #sweep(family: number): number {
    let swept = 0;
    for (const [key, route] of this.#model(family)) {
      if (route.stale && this.#model(family).delete(key)) swept += 1;
    }
    return swept;
  }

  #receive(messages: Uint8Array[]) {
    expect(messages).toHaveLength(1);
    return this.rib.receive(messages[0]!, 0, messages[0]!.length);
  }
}

function keyText(nlri: Nlri): string {
  const text = nlri.kind === 'prefix' || nlri.kind === 'vpn' ? nlri.prefix : '';
  return `${text} ${nlri.pathId}`;
}

function sorted<T extends { nlri: string }>(routes: T[]): T[] {
  return routes.toSorted((a, b) => (a.nlri < b.nlri ? -1 : 1));
}

test.each([false, true])('two peers hold what a simple model holds (ADD-PATH %s)', (addPath) => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 80, size: 'max' }), (commands) => {
      const store = new RibStore({ waitsForRoutes: true });
      const pairs = [new Pair(store, addPath), new Pair(store, addPath)];
      for (const each of commands) {
        if (each.kind === 'reclaim') {
          store.reclaim(each.limit);
          continue;
        }
        if (each.kind === 'age') {
          store.age();
          continue;
        }
        const pair = pairs[each.peer]!;
        if (each.kind === 'announce') pair.announce(each.family, each.indexes, each.seed);
        else if (each.kind === 'withdraw') pair.withdraw(each.family, each.indexes);
        else if (each.kind === 'restart') pair.restart(each.keepStale);
        else if (each.kind === 'drop') pair.drop();
        else pair[each.kind](each.family);
      }
      for (const pair of pairs) pair.check();
      for (const pair of pairs) pair.drop();
      store.age();
      store.age();
      expect(store.isWaiting).toBe(false);
      while (store.reclaim(7));
      expect(store.statistics).toMatchObject({ attributeBlocks: 0, routeKeys: 0 });
    }),
    { numRuns: 100 },
  );
});
