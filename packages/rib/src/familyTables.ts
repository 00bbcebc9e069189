import { type FamilyKey, ipv4Unicast, type UpdateOptions } from '@peerloom/wire';
import { AdjRibInFamily } from './adjRibInFamily.ts';
import { CountedFamily } from './countedFamily.ts';
import type { RibStore } from './ribStore.ts';

const none: readonly never[] = [];
const ipv4UnicastAlone: readonly FamilyKey[] = [ipv4Unicast];

/**
 * A peer's tables, one for each family that there are or were routes of; made when first needed. They are few, and
 * peers many: a list takes a tenth of what a map would, and lists that are replaced are one for all while they are alike.
 */
export class FamilyTables {
  /** Routes are kept, and not only counted. */
  readonly storeRoutes: boolean;
  readonly #store: RibStore;
  #tables: readonly AdjRibInFamily[] = none;
  /** Families whose End-of-RIB has come in this session; kept beside the tables, for one without routes has none. */
  #ended: readonly FamilyKey[] = none;
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
    return this.#tables.find((table) => table.family === family);
  }

  /** A list that stays as it is while tables come and go. */
  get all(): readonly AdjRibInFamily[] {
    return this.#tables;
  }

  /** `options`: of the session, which must have the family if the table is new. */
  getOrAdd(family: FamilyKey, options: UpdateOptions): AdjRibInFamily {
    return this.get(family) ?? this.#add(family, options);
  }

  delete(family: FamilyKey): void {
    const others = this.#tables.filter((table) => table.family !== family);
    this.#tables = others.length === 0 ? none : others;
  }

  /** The peer has told all its routes of a family. */
  endOfRibReceived(family: FamilyKey): void {
    if (this.#ended.includes(family)) return;
    const isAlone = family === ipv4Unicast && this.#ended.length === 0;
    this.#ended = isAlone ? ipv4UnicastAlone : [...this.#ended, family];
  }

  /** Whether the peer has told all its routes of a family in this session. */
  hasEnded(family: FamilyKey): boolean {
    return this.#ended.includes(family);
  }

  /** A session has come up. */
  sessionUp({ families }: UpdateOptions): void {
    this.#ended = none;
    const isAtHand = this.storeRoutes && families.has(ipv4Unicast);
    this.#plain = isAtHand ? this.get(ipv4Unicast) : undefined;
  }

  #add(family: FamilyKey, options: UpdateOptions): AdjRibInFamily {
    const table = this.storeRoutes
      ? new AdjRibInFamily(this.#store, family, options)
      : new CountedFamily(this.#store, family, options);
    this.#tables = [...this.#tables, table];
    if (family === ipv4Unicast && this.storeRoutes && options.families.has(family)) {
      this.#plain = table;
    }
    return table;
  }
}
