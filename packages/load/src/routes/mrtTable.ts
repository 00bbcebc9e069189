import { decodeMrtRecord, decodeRibAttributes, type MrtPeer } from '@peerloom/mrt';
import { readMrtFile } from '@peerloom/mrt/file';
import {
  encodePathAttributes,
  type FamilyKey,
  familyKey,
  mergeAs4Attributes,
  parsePrefix,
  UpdatePacker,
} from '@peerloom/wire';
import { feedsOfPeers } from './feedsOfPeers.ts';
import {
  announcedAttributes,
  encodable,
  newTable,
  type RouteEncoding,
  updateOptions,
} from './routeEncoding.ts';
import type { RouteTable, RouteTableBuilder } from './routeTable.ts';

/** What is taken of a table file. */
export interface MrtTableOptions {
  readonly file: string;
  /** Addresses of the peers whose routes are taken, in the order of the sources; absent: as they come. */
  readonly peers?: readonly string[];
  /** Routes of each peer at the most. */
  readonly limit?: number;
}

/** Routes that share their attributes: NLRI, by family. */
interface Pack {
  readonly attributes: Uint8Array;
  readonly fourOctetAs: boolean;
  readonly family: FamilyKey;
  readonly nlri: Uint8Array[];
}

/** The routes of one peer of the collector, by their attributes. */
class PeerRoutes {
  readonly packs: Map<string, Pack> = new Map();
  count = 0;
  #lastPrefix = '';

  /** Adds a route. Without path identifiers the first of several paths to a prefix is taken. */
  add(
    prefix: string,
    attributes: Uint8Array,
    fourOctetAs: boolean,
    pathId: number | undefined,
  ): void {
    if (pathId === undefined && prefix === this.#lastPrefix) return;
    this.#lastPrefix = prefix;
    const parsed = parsePrefix(prefix)!;
    const family = familyKey(parsed.afi, 1);
    const key = `${family}${Buffer.from(attributes.buffer, attributes.byteOffset, attributes.length).toString('latin1')}`;
    let pack = this.packs.get(key);
    if (pack === undefined) {
      pack = { attributes: attributes.slice(), fourOctetAs, family, nlri: [] };
      this.packs.set(key, pack);
    }
    const octets = parsed.bytes.subarray(0, (parsed.length + 7) >>> 3);
    const id = pathId === undefined ? [] : [pathId >>> 24, pathId >>> 16, pathId >>> 8, pathId];
    pack.nlri.push(Uint8Array.from([...id, parsed.length, ...octets]));
    this.count++;
  }
}

/**
 * The routes of a TABLE_DUMP or TABLE_DUMP_V2 file: those of one of the collector's peers for each
 * source, in turn.
 *
 * @throws MrtError, the system's error when the file cannot be opened, or the reason of `signal`
 */
export async function readMrtTable(
  options: MrtTableOptions,
  encoding: RouteEncoding,
  signal?: AbortSignal,
): Promise<RouteTable> {
  const limit = options.limit ?? Number.POSITIVE_INFINITY;
  const routes = new Map<string, PeerRoutes>();
  const unused = new Map<string, number>();
  let peers: readonly MrtPeer[] = [];
  const take = (
    address: string,
    prefix: string,
    attributes: Uint8Array,
    fourOctetAs: boolean,
    pathId?: number,
  ): void => {
    if (options.peers?.includes(address) === false) return;
    if (!encoding.families.has(familyKey(prefix.includes(':') ? 2 : 1, 1))) return;
    let own = routes.get(address);
    if (own === undefined) {
      if (options.peers === undefined && routes.size >= encoding.sources) {
        unused.set(address, (unused.get(address) ?? 0) + 1);
        return;
      }
      own = new PeerRoutes();
      routes.set(address, own);
    }
    if (own.count >= limit) return;
    own.add(prefix, attributes, fourOctetAs, encoding.addPath ? (pathId ?? 0) : undefined);
  };
  for await (const record of readMrtFile(options.file)) {
    signal?.throwIfAborted();
    const entry = decodeMrtRecord(record);
    if (entry?.kind === 'peerIndexTable') peers = entry.peers;
    else if (entry?.kind === 'tableDump') {
      take(entry.peerAddress, entry.prefix, entry.attributes, false);
    } else if (entry?.kind === 'rib' && entry.family % 256 === 1) {
      for (const { peerIndex, attributes, pathId } of entry.entries) {
        take(
          peers[peerIndex]?.address ?? String(peerIndex),
          entry.prefix,
          attributes,
          true,
          pathId,
        );
      }
    }
  }
  const builder = newTable(encoding);
  const feeds = feedsOfPeers(options, routes, builder, (own) => {
    for (const pack of own.packs.values()) addPack(builder, pack, encoding);
  });
  builder.unused = unused;
  return builder.finish(feeds);
}

const packer = new UpdatePacker(4096);

function addPack(builder: RouteTableBuilder, pack: Pack, encoding: RouteEncoding): void {
  const { attributes } = decodeRibAttributes(pack.attributes, pack.fourOctetAs);
  const merged = pack.fourOctetAs ? attributes : mergeAs4Attributes([...attributes]);
  const announced = announcedAttributes(
    merged.filter(({ type }) => type !== 'nextHop'),
    pack.family,
    encoding,
  );
  const block = encodable(() => encodePathAttributes(announced, updateOptions(encoding)));
  if (block === undefined) {
    builder.leftOut += pack.nlri.length;
    return;
  }
  packer.announce(block);
  for (const nlri of pack.nlri) packer.add(nlri);
  for (const message of packer.finish()) if (!builder.add(message)) builder.leftOut++;
}
