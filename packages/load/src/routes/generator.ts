import {
  Afi,
  baseSessionOptions,
  encodePathAttributes,
  type FamilyKey,
  familyKey,
  ipv4Unicast,
  NlriCursor,
  type PathAttribute,
  Safi,
  UpdatePacker,
} from '@peerloom/wire';
import { now } from '../measure/clock.ts';
import {
  communityCounts,
  ipv4Lengths,
  ipv6Lengths,
  largeCommunityCounts,
  pathLengths,
  prefixesPerUpdate,
  repetitions,
} from './internetShape.ts';
import { Random } from './random.ts';
import { localPreference } from './routeEncoding.ts';
import { type Feed, type RouteTable, RouteTableBuilder } from './routeTable.ts';

/** What the generator is to make. */
export interface GeneratorOptions {
  readonly seed: number;
  /** IPv4 prefixes of each source. */
  readonly prefixes: number;
  /** IPv6 prefixes of each source. */
  readonly ipv6Prefixes: number;
  readonly sources: number;
  /** `same`: all announce one table; `overlapping`: each shares prefixes with the next; `disjoint`: none. */
  readonly distribution: 'same' | 'overlapping' | 'disjoint';
  /** The share of its prefixes that a source has in common with the next one, 0–0.5, when overlapping. */
  readonly overlap: number;
  /** Most prefixes in an UPDATE; absent: as they come in the Internet. */
  readonly prefixesPerUpdate?: number;
  /** The speakers' AS, first in every path; another speaker's is put in its place when it sends. */
  readonly firstAs: number;
  /** Sessions are internal: paths without the speakers' own AS, and LOCAL_PREF. */
  readonly internal: boolean;
  /** Next hops, for each speaker to put its own in their place. */
  readonly nextHop4: string;
  readonly nextHop6: string;
  readonly addPath: boolean;
}

const ipv6Unicast = familyKey(Afi.ipv6, Safi.unicast);

/** A table like today's Internet's, the same one for the same options. */
export function generateTable(options: GeneratorOptions): RouteTable {
  const generator = new TableGenerator(options);
  const steps = generator.feeds();
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return generator.builder.finish(value);
  }
}

/** Milliseconds of work between two looks at what else there is to do. */
const slice = 50;

/**
 * As `generateTable`, but the thread hears signals meanwhile: millions of prefixes take seconds.
 *
 * @returns `undefined` when it was aborted
 */
export async function generateTableInSlices(
  options: GeneratorOptions,
  signal: AbortSignal | undefined,
): Promise<RouteTable | undefined> {
  const generator = new TableGenerator(options);
  const steps = generator.feeds();
  for (let began = now(); ; ) {
    const { done, value } = steps.next();
    if (done === true) return generator.builder.finish(value);
    if (now() - began < slice) continue;
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    if (signal?.aborted === true) return undefined;
    began = now();
  }
}

class TableGenerator {
  readonly builder: RouteTableBuilder;
  readonly #options: GeneratorOptions;
  readonly #random: Random;
  readonly #packer = new UpdatePacker(4096);
  readonly #cursor = new NlriCursor();
  readonly #pool: readonly number[];

  constructor(options: GeneratorOptions) {
    this.#options = options;
    this.#random = new Random(options.seed);
    this.builder = new RouteTableBuilder(
      options.addPath,
      options.internal ? 'internal' : 'external',
    );
    // Transit networks are few and origins many.
    this.#pool = Array.from({ length: 400 }, () => this.#publicAs());
  }

  /** Makes the routes, an UPDATE a step, and says which source sends which. */
  *feeds(): Generator<undefined, Feed[]> {
    const { sources, distribution, overlap, prefixes, ipv6Prefixes } = this.#options;
    if (distribution === 'same') return [yield* this.#chunk(prefixes, ipv6Prefixes)];
    const feeds: Feed[] = [];
    if (distribution === 'disjoint' || overlap === 0) {
      while (feeds.length < sources) feeds.push(yield* this.#chunk(prefixes, ipv6Prefixes));
      return feeds;
    }
    // A feed is one stretch of messages: what it shares with the one before, its own, and what it shares
    // with the one after, whose feed begins there.
    const shared = [Math.round(prefixes * overlap), Math.round(ipv6Prefixes * overlap)] as const;
    let start = this.builder.messages;
    yield* this.#chunk(...shared);
    while (feeds.length < sources) {
      const feedStart = start;
      yield* this.#chunk(prefixes - 2 * shared[0], ipv6Prefixes - 2 * shared[1]);
      start = this.builder.messages;
      yield* this.#chunk(...shared);
      feeds.push({ start: feedStart, end: this.builder.messages });
    }
    return feeds;
  }

  *#chunk(ipv4: number, ipv6: number): Generator<undefined, Feed> {
    const start = this.builder.messages;
    yield* this.#routes(ipv4Unicast, ipv4);
    yield* this.#routes(ipv6Unicast, ipv6);
    return { start, end: this.builder.messages };
  }

  *#routes(family: FamilyKey, count: number): Generator<undefined, void> {
    const random = this.#random;
    const limit = this.#options.prefixesPerUpdate ?? Number.POSITIVE_INFINITY;
    for (let left = count; left > 0; ) {
      const wanted =
        this.#options.prefixesPerUpdate === undefined ? prefixesPerUpdate.draw(random) : limit;
      const size = Math.min(wanted, left);
      this.#packer.announce(this.#attributes(family));
      const pack = new Set<string>();
      let near: Uint8Array | undefined;
      for (let i = 0; i < size; i++) {
        near = this.#prefix(family, near, pack);
        this.#packer.add(near);
      }
      for (const message of this.#packer.finish()) this.builder.add(message);
      left -= size;
      yield;
    }
  }

  /** A new prefix as NLRI; `near` the one before, more often than not, as one network's are. */
  #prefix(family: FamilyKey, near: Uint8Array | undefined, pack: Set<string>): Uint8Array {
    const random = this.#random;
    const pathId = this.#options.addPath ? [0, 0, 0, 1] : [];
    const skip = pathId.length;
    for (let attempt = 0; ; attempt++) {
      const isIpv4 = family === ipv4Unicast;
      // Short prefixes are few: where they have run out a longer one takes their place.
      const drawn = (isIpv4 ? ipv4Lengths : ipv6Lengths).draw(random);
      const length = attempt < 8 ? drawn : isIpv4 ? 24 : 48;
      const octets = (length + 7) >>> 3;
      const nlri = new Uint8Array(skip + 1 + octets);
      nlri.set(pathId);
      nlri[skip] = length;
      const isNear = near !== undefined && attempt < 4 && random.below(10) < 7;
      for (let i = 0; i < octets; i++) {
        const kept = isNear && i < (isIpv4 ? 2 : 4) ? near[skip + 1 + i] : undefined;
        nlri[skip + 1 + i] = kept ?? random.uint32();
      }
      if (!isNear) this.#makeGlobal(nlri, skip + 1, isIpv4);
      nlri[nlri.length - 1]! &= 0xff00 >>> (length - (octets - 1) * 8);
      const key = String.fromCharCode(...nlri);
      const cursor = this.#cursor.reset(nlri, 0, nlri.length, family, this.#options.addPath);
      cursor.next();
      if (pack.has(key) || this.builder.knows(cursor, family)) continue;
      pack.add(key);
      return nlri;
    }
  }

  /** Global unicast: 1.0.0.0–223.255.255.255 without private and special blocks (RFC 6890); 2000::/3. */
  #makeGlobal(nlri: Uint8Array, at: number, isIpv4: boolean): void {
    const random = this.#random;
    if (!isIpv4) {
      nlri[at] = 0x24 + random.below(6);
      return;
    }
    do {
      nlri[at] = 1 + random.below(223);
    } while (specialBlocks.has(nlri[at]));
  }

  #attributes(family: FamilyKey): Uint8Array {
    const random = this.#random;
    const { internal, firstAs, nextHop4, nextHop6 } = this.#options;
    const path = internal ? [] : [firstAs];
    const length = pathLengths.draw(random);
    while (path.length < length - 1) path.push(this.#pool[random.below(this.#pool.length)]!);
    const origin = this.#publicAs();
    for (let i = repetitions.draw(random); i > 0; i--) path.push(origin);
    const attributes: PathAttribute[] = [
      { type: 'origin', origin: random.below(10) < 9 ? 'igp' : 'incomplete' },
      { type: 'asPath', segments: [{ kind: 'sequence', asNumbers: path }] },
    ];
    if (internal) attributes.push({ type: 'localPreference', value: localPreference });
    if (random.below(100) < 8) {
      attributes.push({ type: 'multiExitDiscriminator', value: random.below(1000) });
    }
    if (random.below(100) < 6) {
      attributes.push({ type: 'aggregator', as: origin, address: '192.0.2.1' });
    }
    this.#addCommunities(attributes, path);
    if (family === ipv4Unicast) attributes.push({ type: 'nextHop', nextHop: nextHop4 });
    else {
      const nextHops = [{ address: nextHop6 }];
      attributes.push({
        type: 'mpReachNlri',
        afi: Afi.ipv6,
        safi: Safi.unicast,
        nextHops,
        nlri: [],
      });
    }
    return encodePathAttributes(attributes, encoding);
  }

  #addCommunities(attributes: PathAttribute[], path: readonly number[]): void {
    const random = this.#random;
    const as = (): number => path[random.below(path.length)]!;
    const communities = new Set<number>();
    for (let i = communityCounts.draw(random); i > 0; i--) {
      // The upper half must not be 0 or 65535: these are reserved (RFC 1997).
      communities.add((((as() & 0xffff) % 65_534) + 1) * 65_536 + random.below(65_536));
    }
    if (communities.size > 0)
      attributes.push({ type: 'communities', communities: [...communities] });
    const large = largeCommunityCounts.draw(random);
    if (large > 0) {
      attributes.push({
        type: 'largeCommunities',
        communities: Array.from({ length: large }, (_, index) => ({
          globalAdministrator: as(),
          localData1: index,
          localData2: random.below(100_000),
        })),
      });
    }
  }

  /** An AS number of the kind that registries give out, of two octets or four. */
  #publicAs(): number {
    const random = this.#random;
    return random.below(10) < 6 ? 1000 + random.below(63_000) : 131_072 + random.below(270_000);
  }
}

/** First octets with private or special addresses in them, whole or in part. */
const specialBlocks: ReadonlySet<number> = new Set([10, 100, 127, 169, 172, 192, 198, 203]);

const encoding = { ...baseSessionOptions, fourOctetAs: true };
