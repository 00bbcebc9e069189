import { decodeMrtRecord, dumpOptions } from '@peerloom/mrt';
import { readMrtFile } from '@peerloom/mrt/file';
import {
  decodeUpdate,
  encodeUpdate,
  type FamilyKey,
  familyKey,
  ipv4Unicast,
  MessageType,
  type PathAttribute,
  type UpdateMessage,
} from '@peerloom/wire';
import { feedsOfPeers } from './feedsOfPeers.ts';
import {
  announcedAttributes,
  encodable,
  newTable,
  type RouteEncoding,
  updateOptions,
} from './routeEncoding.ts';
import type { RouteTable } from './routeTable.ts';

/** An UPDATE as it will be sent, and milliseconds since the first one of the file. */
interface TimedUpdate {
  readonly bytes: Uint8Array;
  readonly time: number;
}

/**
 * The UPDATEs of a BGP4MP or BGP4MP_ET file with their times: those of one of the collector's peers for
 * each source, in turn. What the collector sent itself is left out, and so are malformed UPDATEs.
 *
 * @throws MrtError, the system's error when the file cannot be opened, or the reason of `signal`
 */
export async function readMrtUpdates(
  options: { readonly file: string; readonly peers?: readonly string[] },
  encoding: RouteEncoding,
  signal?: AbortSignal,
): Promise<RouteTable> {
  const recorded = new Map<string, TimedUpdate[]>();
  const unused = new Map<string, number>();
  let began: number | undefined;
  let leftOut = 0;
  for await (const record of readMrtFile(options.file)) {
    signal?.throwIfAborted();
    const entry = decodeMrtRecord(record);
    if (entry?.kind !== 'message' || entry.isLocal || entry.message[18] !== MessageType.update)
      continue;
    if (options.peers?.includes(entry.peerAddress) === false) continue;
    let own = recorded.get(entry.peerAddress);
    const isOneTooMany = options.peers === undefined && recorded.size >= encoding.sources;
    if (own === undefined && isOneTooMany) {
      unused.set(entry.peerAddress, (unused.get(entry.peerAddress) ?? 0) + 1);
      continue;
    }
    const addPath = entry.addPath ? encoding.families : new Set<FamilyKey>();
    const reading = dumpOptions(entry.fourOctetAs, addPath);
    const { message } = entry;
    const decoded = decodeUpdate(message, 0, message.length, {
      ...reading,
      families: encoding.families,
      // Recordings have no LOCAL_PREF: they come from external neighbours.
      peerType: 'external',
    });
    const updates = decoded.ok ? encodable(() => announced(decoded.message, encoding)) : undefined;
    if (updates === undefined) {
      leftOut++;
      continue;
    }
    const time = record.timestamp * 1000 + record.microseconds / 1000;
    began ??= time;
    for (const bytes of updates) {
      if (own === undefined) recorded.set(entry.peerAddress, (own = []));
      own.push({ bytes, time: time - began });
    }
  }
  const builder = newTable(encoding);
  const feeds = feedsOfPeers(options, recorded, builder, (own) => {
    for (const { bytes, time } of own) if (!builder.add(bytes, time)) leftOut++;
  });
  builder.leftOut = leftOut;
  builder.unused = unused;
  return builder.finish(feeds);
}

/** The UPDATE as a speaker sends it: only its families, its AS first, its next hops. */
function announced(message: UpdateMessage, encoding: RouteEncoding): Uint8Array[] {
  const { families, nextHop6 } = encoding;
  const reach = message.attributes.find((one) => one.type === 'mpReachNlri');
  const unreach = message.attributes.find((one) => one.type === 'mpUnreachNlri');
  const has = (one: { readonly afi: number; readonly safi: number } | undefined): boolean =>
    one !== undefined && families.has(familyKey(one.afi, one.safi));
  const withIpv4 = families.has(ipv4Unicast);
  const nlri = withIpv4 ? message.nlri : [];
  const withdrawn = withIpv4 ? message.withdrawn : [];
  const attributes: PathAttribute[] = [];
  if (nlri.length > 0 || has(reach)) {
    const others = message.attributes.filter((one) => one.type !== 'mpUnreachNlri');
    attributes.push(...announcedAttributes(others, undefined, encoding));
  }
  if (reach !== undefined && has(reach)) {
    attributes.push({ ...reach, nextHops: [{ address: nextHop6 }] });
  }
  if (unreach !== undefined && has(unreach)) attributes.push(unreach);
  if (nlri.length + withdrawn.length + attributes.length === 0) return [];
  return encodeUpdate({ kind: 'update', withdrawn, nlri, attributes }, updateOptions(encoding));
}
