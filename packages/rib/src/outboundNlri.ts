import {
  ByteWriter,
  decodeNlri,
  encodeNlri,
  type FamilyKey,
  familyOfKey,
  type Nlri,
  Safi,
  type UpdateOptions,
} from '@peerloom/wire';
import type { RouteKeyId, RouteKeyTable } from './routeKeyTable.ts';

const kept = new Uint8Array(0xffff);
const written = new ByteWriter(64);

/** How the NLRI of announcements are written on a session. */
export class OutboundNlri {
  readonly #family: FamilyKey;
  readonly #keys: RouteKeyTable;
  readonly #keptPathIds: boolean;
  readonly #sendsPathIds: boolean;
  readonly #multipleLabels: boolean;
  readonly #isLabeled: boolean;

  /** `keys`: of the announcements; `keptPathIds`: they are kept with Path Identifiers. */
  constructor(
    family: FamilyKey,
    keys: RouteKeyTable,
    keptPathIds: boolean,
    options: UpdateOptions,
  ) {
    const { safi } = familyOfKey(family);
    this.#family = family;
    this.#keys = keys;
    this.#keptPathIds = keptPathIds;
    this.#sendsPathIds = keptPathIds && options.addPathSend.has(family);
    this.#multipleLabels = options.multipleLabels?.has(family) === true;
    this.#isLabeled = safi === Safi.labeledUnicast || safi === Safi.mplsVpn;
  }

  /** Whether the route concerns the session at all: without ADD-PATH, only routes announced without a Path Identifier do. */
  concerns(key: RouteKeyId): boolean {
    return this.#sendsPathIds || this.#keys.pathId(key) === 0;
  }

  /** Why the NLRI cannot be announced on the session, `undefined` if it can. */
  problem(key: RouteKeyId): string | undefined {
    if (!this.#isLabeled || this.#multipleLabels) return undefined;
    const nlri = this.#decode(key);
    const labels = nlri !== undefined && 'labels' in nlri ? nlri.labels.length : 1;
    if (labels <= 1) return undefined;
    return `${labels} labels: the peer has not agreed to more than one (RFC 8277 §2.1)`;
  }

  /** Octets that `write` will write. */
  length(key: RouteKeyId, isWithdrawal: boolean): number {
    if (!this.#isLabeled || !isWithdrawal) return this.#keys.nlriLength(key, this.#sendsPathIds);
    return this.#encodeWithdrawal(key).length;
  }

  /** Writes the NLRI to `target[at…]` and returns the offset after it. */
  write(key: RouteKeyId, target: Uint8Array, at: number, isWithdrawal: boolean): number {
    if (!this.#isLabeled || !isWithdrawal) {
      return this.#keys.writeNlri(key, target, at, this.#sendsPathIds);
    }
    const bytes = this.#encodeWithdrawal(key);
    target.set(bytes, at);
    return at + bytes.length;
  }

  /** A withdrawal does not name labels (RFC 8277 §2.4). */
  #encodeWithdrawal(key: RouteKeyId): Uint8Array {
    const { pathId, ...route } = this.#decode(key) as Nlri;
    const nlri = this.#sendsPathIds ? { ...route, pathId: pathId ?? 0 } : route;
    written.reset();
    encodeNlri(written, nlri, this.#family, this.#sendsPathIds, 'unreach');
    return written.view();
  }

  #decode(key: RouteKeyId): Nlri | undefined {
    const end = this.#keys.writeNlri(key, kept, 0, this.#keptPathIds);
    const result = decodeNlri(kept, 0, end, this.#family, this.#keptPathIds, 'reach', true);
    return result.ok ? result.nlri[0] : undefined;
  }
}
