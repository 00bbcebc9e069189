import type { FamilyKey, Nlri, NlriContext, PathAttribute } from '@peerloom/wire';
import { encodeAnnouncement } from './announcementBlock.ts';
import type { AttributeStore, BlockId } from './attributeStore.ts';
import { type AnnouncementListener, FamilyAnnouncements } from './familyAnnouncements.ts';
import type { RibStore } from './ribStore.ts';

/** Blocks of announcements are a context of their own: nothing that a session's `validationContext` can be. */
const announcementContext = 0x80 | 1;

/** A route to announce. */
export interface Announcement {
  readonly family: FamilyKey;
  /**
   * With a `pathId` only peers with ADD-PATH are told, without one all are (with Path Identifier 0 where
   * ADD-PATH is in use).
   */
  readonly nlri: Nlri;
  /** What is missing is added for each session, see `OutboundAttributes`: an empty list will do. The next hop is a `nextHop` or `mpReachNlri` attribute. */
  readonly attributes: readonly PathAttribute[];
  /** External peers get the local AS in front of the AS_PATH that is given. Default false: it is sent as given. */
  readonly prependsLocalAs?: boolean;
}

/** A route to withdraw. Labels do not matter. */
export type Withdrawal = Pick<Announcement, 'family' | 'nlri'>;

/**
 * What is to be announced, to one peer or to many: the desired state, whether sessions are up or not. An
 * `AdjRibOut` brings a session to that state and keeps it there.
 *
 * Peers with the same table share its memory, and what is packed for one session serves all that have
 * agreed on the same.
 */
export class AnnouncementTable {
  readonly #store: RibStore;
  readonly #attributes: AttributeStore;
  readonly #families = new Map<FamilyKey, FamilyAnnouncements>();
  readonly #listeners = new Set<AnnouncementListener>();

  /** `store`: the one that all peers of the worker share. */
  constructor(store: RibStore) {
    this.#store = store;
    this.#attributes = store.attributes;
  }

  /** Families that there are or were routes of. */
  get families(): Iterable<FamilyAnnouncements> {
    return this.#families.values();
  }

  /** Routes announced, over all families. */
  get routeCount(): number {
    let count = 0;
    for (const { routes } of this.#families.values()) count += routes;
    return count;
  }

  /** Announcements of a family; `undefined` if there has been none. */
  family(family: FamilyKey): FamilyAnnouncements | undefined {
    return this.#families.get(family);
  }

  /**
   * Announces routes, in place of what was announced for the same NLRI. Returns how many are new or changed.
   * Throws for what cannot be sent in any session, a `WireError` of the codec or a `RibError`
   * (`ERR_RIB_BAD_ROUTE`); the announcements before the faulty one stand.
   */
  announce(announcements: Iterable<Announcement>): number {
    let changed = 0;
    let last: Announcement | undefined;
    let block = 0;
    for (const each of announcements) {
      // Routes mostly come by the list with the same attributes.
      if (
        last?.attributes !== each.attributes ||
        last.family !== each.family ||
        last.prependsLocalAs !== each.prependsLocalAs
      ) {
        if (block !== 0) this.release(block);
        block = 0;
        block = this.block(each.attributes, each.family, each.prependsLocalAs);
      }
      last = each;
      try {
        const field = this.#familyOf(each.family).encode(each.nlri, 'reach');
        changed += this.announceField(each.family, field, 0, field.length, block);
      } catch (error) {
        this.release(block);
        throw error;
      }
    }
    if (block !== 0) this.release(block);
    return changed;
  }

  /** Withdraws routes; returns how many of them were announced. Throws as `announce`. */
  withdraw(withdrawals: Iterable<Withdrawal>): number {
    let withdrawn = 0;
    for (const { family, nlri } of withdrawals) {
      const announcements = this.#families.get(family);
      if (announcements === undefined) continue;
      const field = announcements.encode(nlri, 'unreach');
      withdrawn += announcements.withdraw(field, 0, field.length);
    }
    return withdrawn;
  }

  /** Withdraws everything; returns how many routes. */
  clear(): number {
    let withdrawn = 0;
    for (const family of this.#families.values()) withdrawn += family.clear();
    return withdrawn;
  }

  /**
   * The block of these attributes, for `announceField`. It holds a reference, to be given back by `release`.
   * Throws as `announce`.
   */
  block(
    attributes: readonly PathAttribute[],
    family: FamilyKey,
    prependsLocalAs: boolean = false,
  ): BlockId {
    const bytes = encodeAnnouncement(attributes, family, prependsLocalAs);
    return this.encodedBlock(bytes, 0, bytes.length);
  }

  /** As `block`, of attributes that stand as `encodeAnnouncement` has made them in `bytes[start, end)`. */
  encodedBlock(bytes: Uint8Array, start: number, end: number): BlockId {
    return this.#attributes.intern(bytes, start, end, announcementContext);
  }

  /** Gives a block of `block` back. */
  release(block: BlockId): void {
    this.#attributes.release(block);
  }

  /**
   * The quick way, for tables by the million: announces the routes whose NLRI stand in `bytes[start, end)`,
   * valid and one after the other as in an UPDATE, with a Path Identifier before each (0 for none) unless
   * the family is one of unknown framing. Returns how many are new or changed.
   */
  announceField(
    family: FamilyKey,
    bytes: Uint8Array,
    start: number,
    end: number,
    block: BlockId,
  ): number {
    return this.#familyOf(family).announce(bytes, start, end, block);
  }

  /**
   * Withdraws the routes whose NLRI stand in `bytes[start, end)`, in a field of withdrawals as `announceField`
   * wants it for announcements, or in one of announcements if `context` says so. Returns how many were announced.
   */
  withdrawField(
    family: FamilyKey,
    bytes: Uint8Array,
    start: number,
    end: number,
    context: NlriContext = 'unreach',
  ): number {
    return this.#families.get(family)?.withdraw(bytes, start, end, context) ?? 0;
  }

  /** Has `listener` told of each family that is added. */
  listen(listener: AnnouncementListener): void {
    this.#listeners.add(listener);
  }

  /** Takes `listen` back. */
  stopListening(listener: AnnouncementListener): void {
    this.#listeners.delete(listener);
  }

  #familyOf(family: FamilyKey): FamilyAnnouncements {
    const known = this.#families.get(family);
    if (known !== undefined) return known;
    const added = new FamilyAnnouncements(this.#store, family);
    this.#families.set(family, added);
    for (const listener of this.#listeners) listener.familyAdded(added);
    return added;
  }
}
