import { parseAddress } from '@peerloom/wire';
import { type AttributeDigest, addressKey } from '../routes/attributeDigest.ts';
import { localPreference } from '../routes/routeEncoding.ts';
import type { RouteOwner } from '../routes/routeTable.ts';

/** Who the sources of a run are, as a sink may find them in a route. Plain values: they go to every thread. */
export interface SourceIdentities {
  readonly ases: readonly number[];
  readonly routerIds: readonly string[];
  /** IPv4 and IPv6. */
  readonly nextHops: readonly string[];
}

/** What stands between the sources and a sink. */
export interface Passage {
  readonly owner: RouteOwner;
  /** The device is an external neighbour of the sink. */
  readonly toExternal: boolean;
  /** The device is an internal neighbour of the sources, too: it reflects. */
  readonly fromInternal: boolean;
  /** The device does not add its own AS to paths, nor change next hops (RFC 7947). */
  readonly transparent: boolean;
}

/** What a router that passes a route on must do to its attributes, and must not, beside those it must keep. */
export class PassingRules {
  readonly #passage: Passage;
  readonly #ases: ReadonlySet<number>;
  readonly #routerIds: ReadonlySet<number>;
  readonly #nextHops: ReadonlySet<number>;

  constructor(passage: Passage, sources: SourceIdentities) {
    this.#passage = passage;
    this.#ases = new Set(sources.ases);
    this.#routerIds = new Set(sources.routerIds.map(keyOf));
    this.#nextHops = new Set(sources.nextHops.map(keyOf));
  }

  /**
   * The rule that a route breaks, in words; `undefined` when it keeps them all.
   *
   * @param nextHop `addressKey` of its next hop
   */
  breach(digest: AttributeDigest, nextHop: number): string | undefined {
    const { owner, toExternal, fromInternal, transparent } = this.#passage;
    const isOurs = owner !== 'external' || this.#ases.has(digest.firstAs);
    if (toExternal) {
      if (!transparent && !digest.isPrepended) {
        return "AS_PATH does not begin with the device's AS (RFC 4271 §5.1.2)";
      }
      if (!isOurs) return notOurs;
      if (digest.localPreference !== undefined) {
        return 'LOCAL_PREF is not for external neighbours (RFC 4271 §5.1.5)';
      }
      if (digest.originatorId !== undefined || digest.hasClusterList) {
        return 'ORIGINATOR_ID and CLUSTER_LIST are not for external neighbours (RFC 4456 §8)';
      }
      if (transparent && !this.#isOurNextHop(nextHop)) {
        return 'a route server must not change NEXT_HOP (RFC 7947 §2.2.1)';
      }
      return undefined;
    }
    if (!isOurs) return notOurs;
    if (digest.localPreference === undefined) {
      return 'LOCAL_PREF is missing (RFC 4271 §5.1.5)';
    }
    return fromInternal ? this.#reflectionBreach(digest, nextHop) : undefined;
  }

  /**
   * The same of MULTI_EXIT_DISC. What a device gives to its own neighbours is for it to choose: only the very
   * value that the source has sent is known to be passed on where it must not be.
   *
   * @param neighbor the AS of the sink
   * @param sent the source's value, asked for when it matters; 0: none
   */
  multiExitDiscBreach(
    { firstAs, multiExitDisc }: AttributeDigest,
    neighbor: number,
    sent: () => number,
  ): string | undefined {
    const { owner, toExternal, transparent } = this.#passage;
    if (multiExitDisc === 0 || owner !== 'external' || !toExternal || transparent) return undefined;
    if (firstAs === neighbor || multiExitDisc !== sent()) return undefined;
    return 'MULTI_EXIT_DISC of a neighbouring AS is not for another one (RFC 4271 §5.1.4)';
  }

  #reflectionBreach(digest: AttributeDigest, nextHop: number): string | undefined {
    const { originatorId, hasClusterList } = digest;
    if (originatorId === undefined || !this.#routerIds.has(originatorId)) {
      return "ORIGINATOR_ID must be the source's BGP Identifier (RFC 4456 §8)";
    }
    if (!hasClusterList) return 'CLUSTER_LIST is missing (RFC 4456 §8)';
    if (!this.#isOurNextHop(nextHop)) {
      return 'a route reflector should not change NEXT_HOP (RFC 4456 §10)';
    }
    const isKept = this.#passage.owner === 'verbatim' || digest.localPreference === localPreference;
    return isKept ? undefined : 'a route reflector should not change LOCAL_PREF (RFC 4456 §10)';
  }

  #isOurNextHop(nextHop: number): boolean {
    return this.#passage.owner === 'verbatim' || this.#nextHops.has(nextHop);
  }
}

function keyOf(address: string): number {
  const bytes = parseAddress(address)!;
  return addressKey(bytes, 0, bytes.length);
}

const notOurs = 'AS_PATH does not begin with the AS of a speaker that announces routes';
