import { Afi, clearAfter, type FamilyKey, familyKey, formatAddress, Safi } from '@peerloom/wire';
import { FieldReader } from './fieldReader.ts';
import { type MrtRecord, TableDumpV2Subtype } from './record.ts';

/** A peer of the collector (RFC 6396 §4.3.1); its place in the table is the index that RIB entries name. */
export interface MrtPeer {
  readonly bgpIdentifier: string;
  readonly address: string;
  readonly as: number;
}

/** PEER_INDEX_TABLE (RFC 6396 §4.3.1). */
export interface PeerIndexTable {
  readonly kind: 'peerIndexTable';
  readonly collectorIdentifier: string;
  readonly viewName: string;
  readonly peers: readonly MrtPeer[];
}

/** One peer's route to the prefix of its record (RFC 6396 §4.3.4, RFC 8050 §4.1). */
export interface RibEntry {
  readonly peerIndex: number;
  /** Seconds since the UNIX epoch. */
  readonly originatedTime: number;
  /** Where the record's subtype is one with ADD-PATH. */
  readonly pathId?: number;
  /**
   * Path attributes with 4-octet AS numbers. MP_REACH_NLRI is abbreviated to its next hop, though some
   * writers give it whole: see `nextHopOfRibEntry`. A view of the record.
   */
  readonly attributes: Uint8Array;
}

/** A RIB record: one prefix, and every peer's route to it. */
export interface RibRecord {
  readonly kind: 'rib';
  readonly sequence: number;
  readonly family: FamilyKey;
  /** Canonical text. */
  readonly prefix: string;
  readonly entries: readonly RibEntry[];
}

/**
 * A RIB_GENERIC record (RFC 6396 §4.3.3). Where its NLRI ends only its family's rules can tell, so the
 * rest of the record is left as it is: NLRI, entry count, entries. The views are of the record.
 */
export interface GenericRibRecord {
  readonly kind: 'genericRib';
  readonly sequence: number;
  readonly family: FamilyKey;
  /** The NLRI begins with a path identifier (RFC 8050 §4.2). */
  readonly addPath: boolean;
  readonly rest: Uint8Array;
}

interface RibSubtype {
  readonly afi: number;
  readonly safi: number;
  readonly addPath: boolean;
}
const prefixSubtypes: Readonly<Record<number, RibSubtype>> = {
  [TableDumpV2Subtype.ribIpv4Unicast]: { afi: Afi.ipv4, safi: Safi.unicast, addPath: false },
  [TableDumpV2Subtype.ribIpv4Multicast]: { afi: Afi.ipv4, safi: Safi.multicast, addPath: false },
  [TableDumpV2Subtype.ribIpv6Unicast]: { afi: Afi.ipv6, safi: Safi.unicast, addPath: false },
  [TableDumpV2Subtype.ribIpv6Multicast]: { afi: Afi.ipv6, safi: Safi.multicast, addPath: false },
  [TableDumpV2Subtype.ribIpv4UnicastAddPath]: { afi: Afi.ipv4, safi: Safi.unicast, addPath: true },
  [TableDumpV2Subtype.ribIpv4MulticastAddPath]: {
    afi: Afi.ipv4,
    safi: Safi.multicast,
    addPath: true,
  },
  [TableDumpV2Subtype.ribIpv6UnicastAddPath]: { afi: Afi.ipv6, safi: Safi.unicast, addPath: true },
  [TableDumpV2Subtype.ribIpv6MulticastAddPath]: {
    afi: Afi.ipv6,
    safi: Safi.multicast,
    addPath: true,
  },
};

/**
 * Decodes a TABLE_DUMP_V2 record; `undefined` for a subtype that no RFC defines.
 * @throws MrtError `ERR_MRT_MALFORMED`.
 */
export function decodeTableDumpV2(
  record: MrtRecord,
): PeerIndexTable | RibRecord | GenericRibRecord | undefined {
  const { subtype } = record;
  if (subtype === TableDumpV2Subtype.peerIndexTable) return decodePeerIndexTable(record);
  const known = prefixSubtypes[subtype];
  if (known !== undefined) return decodeRib(record, known);
  const addPath = subtype === TableDumpV2Subtype.ribGenericAddPath;
  if (!addPath && subtype !== TableDumpV2Subtype.ribGeneric) return undefined;
  const fields = new FieldReader(record);
  return {
    kind: 'genericRib',
    sequence: fields.u32('sequence number'),
    family: familyKey(fields.u16('address family'), fields.u8('subsequent address family')),
    addPath,
    rest: fields.bytes(fields.left, 'NLRI'),
  };
}

function decodePeerIndexTable(record: MrtRecord): PeerIndexTable {
  const fields = new FieldReader(record);
  const collectorIdentifier = fields.ipv4('collector BGP ID');
  const viewName = new TextDecoder().decode(
    fields.bytes(fields.u16('view name length'), 'view name'),
  );
  const count = fields.u16('peer count');
  const peers: MrtPeer[] = [];
  for (let index = 0; index < count; index += 1) {
    const type = fields.u8('peer type');
    peers.push({
      bgpIdentifier: fields.ipv4('peer BGP ID'),
      address: fields.address((type & 1) !== 0, 'peer address'),
      as: fields.as((type & 2) !== 0, 'peer AS'),
    });
  }
  return { kind: 'peerIndexTable', collectorIdentifier, viewName, peers };
}

function decodeRib(record: MrtRecord, subtype: RibSubtype): RibRecord {
  const fields = new FieldReader(record);
  const sequence = fields.u32('sequence number');
  const prefixLength = fields.u8('prefix length');
  const address = new Uint8Array(subtype.afi === Afi.ipv4 ? 4 : 16);
  if (prefixLength > address.length * 8) {
    throw fields.malformed(
      `prefix length ${prefixLength}; at most ${address.length * 8} is possible`,
    );
  }
  address.set(fields.bytes((prefixLength + 7) >>> 3, 'prefix'));
  clearAfter(address, prefixLength);
  const count = fields.u16('entry count');
  const entries: RibEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    const peerIndex = fields.u16('peer index');
    const originatedTime = fields.u32('originated time');
    const path = subtype.addPath ? { pathId: fields.u32('path identifier') } : {};
    const attributes = fields.bytes(fields.u16('attribute length'), 'attributes');
    entries.push({ peerIndex, originatedTime, ...path, attributes });
  }
  return {
    kind: 'rib',
    sequence,
    family: familyKey(subtype.afi, subtype.safi),
    prefix: `${formatAddress(address)}/${prefixLength}`,
    entries,
  };
}
