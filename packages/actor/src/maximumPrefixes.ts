import type { MaximumPrefixesOptions } from '@peerloom/ipc';
import { type FamilyKey, familyName, familyOfKey } from '@peerloom/wire';

/** What a number of prefixes means under the limits of a peer. */
export type PrefixVerdict =
  | { readonly verdict: 'warning'; readonly text: string }
  | { readonly verdict: 'exceeded'; readonly text: string; readonly data: Uint8Array };

/** Watches how many prefixes a peer has announced in each family during one session (RFC 4486 §4). */
export class MaximumPrefixes {
  /** What has been said of a family already; each thing is said once a session. */
  readonly #said = new Map<FamilyKey, 'warning' | 'exceeded'>();

  /** The limit of a family; `undefined`: none. */
  static limitOf(
    options: MaximumPrefixesOptions | undefined,
    family: FamilyKey,
  ): number | undefined {
    if (options === undefined) return undefined;
    return options.families?.[familyName(family)] ?? options.limit;
  }

  /** Whether `check` has nothing to say while a family has no more than `count` prefixes. */
  isSilent(options: MaximumPrefixesOptions | undefined, family: FamilyKey, count: number): boolean {
    const limit = MaximumPrefixes.limitOf(options, family);
    if (limit === undefined) return true;
    const said = this.#said.get(family);
    if (said === undefined) return count * 100 < limit * options!.warningPercent;
    return said === 'exceeded' || count <= limit;
  }

  /** What is to be said now that a family has `count` prefixes; mostly nothing. */
  check(
    options: MaximumPrefixesOptions | undefined,
    family: FamilyKey,
    count: number,
  ): PrefixVerdict | undefined {
    if (this.isSilent(options, family, count)) return undefined;
    const limit = MaximumPrefixes.limitOf(options, family)!;
    const name = familyName(family);
    if (count <= limit) {
      this.#said.set(family, 'warning');
      const text = `the peer has announced ${count} of at most ${limit} ${name} prefixes`;
      return { verdict: 'warning', text };
    }
    this.#said.set(family, 'exceeded');
    const text = `the peer has announced ${count} ${name} prefixes; at most ${limit} are accepted`;
    if (options!.action === 'warn') return { verdict: 'warning', text };
    return { verdict: 'exceeded', text, data: ceaseData(family, limit) };
  }
}

/** The data of Cease/Maximum Number of Prefixes Reached: AFI, SAFI and the limit (RFC 4486 §4). */
function ceaseData(family: FamilyKey, limit: number): Uint8Array {
  const { afi, safi } = familyOfKey(family);
  const data = new Uint8Array(7);
  const view = new DataView(data.buffer);
  view.setUint16(0, afi);
  view.setUint8(2, safi);
  view.setUint32(3, limit);
  return data;
}
