import { type FamilyKey, ipv4Unicast, type UpdateOptions } from '@peerloom/wire';
import { AdjRibInFamily } from './adjRibInFamily.ts';
import { CountedFamily } from './countedFamily.ts';
import type { RibStore } from './ribStore.ts';

/** A peer's tables, one for each family that there are or were routes of; made when first needed. */
export class FamilyTables {
  /** Routes are kept, and not only counted. */
  readonly storeRoutes: boolean;
  readonly #store: RibStore;
  readonly #tables = new Map<FamilyKey, AdjRibInFamily>();
  #plain: AdjRibInFamily | undefined = undefined;

  constructor(store: RibStore, storeRoutes: boolean) {
    this.#store = store;
    this.storeRoutes = storeRoutes;
  }

  /** The table of nearly all routes, IPv4 unicast, at hand while routes are kept and the session has the family. */
  get plain(): AdjRibInFamily | undefined {
    return this.#plain;
  }

  get(family: FamilyKey): AdjRibInFamily | undefined {
    return this.#tables.get(family);
  }

  all(): Iterable<AdjRibInFamily> {
    return this.#tables.values();
  }

  /** `options`: of the session, which must have the family if the table is new. */
  getOrAdd(family: FamilyKey, options: UpdateOptions): AdjRibInFamily {
    return this.#tables.get(family) ?? this.#add(family, options);
  }

  delete(family: FamilyKey): void {
    this.#tables.delete(family);
  }

  /** A session has come up. */
  sessionUp({ families }: UpdateOptions): void {
    const isAtHand = this.storeRoutes && families.has(ipv4Unicast);
    this.#plain = isAtHand ? this.#tables.get(ipv4Unicast) : undefined;
  }

  #add(family: FamilyKey, options: UpdateOptions): AdjRibInFamily {
    const table = this.storeRoutes
      ? new AdjRibInFamily(this.#store, family, options)
      : new CountedFamily(this.#store, family, options);
    this.#tables.set(family, table);
    if (family === ipv4Unicast && this.storeRoutes && options.families.has(family)) {
      this.#plain = table;
    }
    return table;
  }
}
