import { ByteWriter, parseAddress, parseIpv4, parsePrefix } from '@peerloom/wire';
import type { Bgp4mpMessage, Bgp4mpSession, Bgp4mpStateChange } from './bgp4mp.ts';
import { Bgp4mpSubtype, MrtType, TableDumpV2Subtype } from './record.ts';
import type { PeerIndexTable, RibEntry, RibRecord } from './tableDumpV2.ts';

/** When a record was made: seconds since the UNIX epoch, with a fraction where microseconds are wanted. */
export type MrtTime = number;

/**
 * Encodes PEER_INDEX_TABLE (RFC 6396 §4.3.1). It must come before the RIB records that name its peers.
 * @throws RangeError for an address that is none, or more than 65,535 peers.
 */
export function encodePeerIndexTable(
  time: MrtTime,
  table: Omit<PeerIndexTable, 'kind'>,
): Uint8Array {
  const writer = begin(time, MrtType.tableDumpV2, TableDumpV2Subtype.peerIndexTable);
  writer.u32(ipv4(table.collectorIdentifier));
  const viewName = new TextEncoder().encode(table.viewName);
  writer.u16(count(viewName.length, 'octets of the view name'));
  writer.bytes(viewName);
  writer.u16(count(table.peers.length, 'peers'));
  for (const peer of table.peers) {
    const bytes = address(peer.address);
    writer.u8((bytes.length === 16 ? 1 : 0) | 2);
    writer.u32(ipv4(peer.bgpIdentifier));
    writer.bytes(bytes);
    writer.u32(peer.as);
  }
  return finish(writer);
}

/** A unicast prefix and every peer's route to it, as {@link encodeRib} takes them. */
export type RibToWrite = Pick<RibRecord, 'sequence' | 'prefix' | 'entries'>;

/**
 * Encodes RIB_IPV4_UNICAST or RIB_IPV6_UNICAST, with ADD-PATH (RFC 8050 §4.1) when the entries carry
 * path identifiers: all of them must, or none. Attributes are written as they are: AS numbers of 4
 * octets, MP_REACH_NLRI abbreviated to its next hop (RFC 6396 §4.3.4).
 * @throws RangeError for a prefix that is none, or more than 65,535 entries.
 */
export function encodeRib(time: MrtTime, rib: RibToWrite): Uint8Array {
  const prefix = parsePrefix(rib.prefix);
  if (prefix === undefined) throw new RangeError(`${rib.prefix} is no prefix such as 10.0.0.0/8`);
  const addPath = rib.entries.some((entry) => entry.pathId !== undefined);
  const isIpv6 = prefix.bytes.length === 16;
  const plain = isIpv6 ? TableDumpV2Subtype.ribIpv6Unicast : TableDumpV2Subtype.ribIpv4Unicast;
  const paths = isIpv6
    ? TableDumpV2Subtype.ribIpv6UnicastAddPath
    : TableDumpV2Subtype.ribIpv4UnicastAddPath;
  const writer = begin(time, MrtType.tableDumpV2, addPath ? paths : plain);
  writer.u32(rib.sequence);
  writer.u8(prefix.length);
  writer.bytes(prefix.bytes.subarray(0, (prefix.length + 7) >>> 3));
  writer.u16(count(rib.entries.length, 'entries of a RIB record'));
  for (const entry of rib.entries) writeEntry(writer, entry, addPath);
  return finish(writer);
}

function writeEntry(writer: ByteWriter, entry: RibEntry, addPath: boolean): void {
  writer.u16(entry.peerIndex);
  writer.u32(entry.originatedTime);
  if (addPath) {
    if (entry.pathId === undefined) {
      throw new RangeError(
        'some entries of the RIB record have a path identifier, and some have none',
      );
    }
    writer.u32(entry.pathId);
  }
  writer.u16(count(entry.attributes.length, 'octets of path attributes'));
  writer.bytes(entry.attributes);
}

/** Encodes BGP4MP_MESSAGE in one of its eight subtypes, with the extended timestamp (BGP4MP_ET) if `microseconds`. */
export function encodeBgp4mpMessage(
  time: MrtTime,
  message: Omit<Bgp4mpMessage, 'kind'>,
  microseconds: boolean = false,
): Uint8Array {
  const { fourOctetAs, addPath, isLocal } = message;
  const base = isLocal ? Bgp4mpSubtype.messageLocal : Bgp4mpSubtype.message;
  const subtype = addPath
    ? Bgp4mpSubtype.messageAddPath + (fourOctetAs ? 1 : 0) + (isLocal ? 2 : 0)
    : base + (fourOctetAs ? (isLocal ? 1 : 3) : 0);
  const writer = beginBgp4mp(time, subtype, microseconds);
  writeSession(writer, message, fourOctetAs);
  writer.bytes(message.message);
  return finish(writer);
}

/** Encodes BGP4MP_STATE_CHANGE_AS4, with the extended timestamp (BGP4MP_ET) if `microseconds`. */
export function encodeBgp4mpStateChange(
  time: MrtTime,
  change: Omit<Bgp4mpStateChange, 'kind'>,
  microseconds: boolean = false,
): Uint8Array {
  const writer = beginBgp4mp(time, Bgp4mpSubtype.stateChangeAs4, microseconds);
  writeSession(writer, change, true);
  writer.u16(change.oldState);
  writer.u16(change.newState);
  return finish(writer);
}

function writeSession(writer: ByteWriter, session: Bgp4mpSession, fourOctetAs: boolean): void {
  for (const as of [session.peerAs, session.localAs]) {
    if (fourOctetAs) writer.u32(as);
    else writer.u16(as);
  }
  writer.u16(session.interfaceIndex);
  const peer = address(session.peerAddress);
  const local = address(session.localAddress);
  if (peer.length !== local.length) {
    throw new RangeError(
      `${session.peerAddress} and ${session.localAddress} are of different address families; a BGP4MP record has room for one`,
    );
  }
  writer.u16(peer.length === 16 ? 2 : 1);
  writer.bytes(peer);
  writer.bytes(local);
}

const lengthOffset = 8;

function begin(time: MrtTime, type: number, subtype: number): ByteWriter {
  const writer = new ByteWriter();
  writer.u32(Math.floor(time));
  writer.u16(type);
  writer.u16(subtype);
  writer.u32(0);
  return writer;
}

function beginBgp4mp(time: MrtTime, subtype: number, microseconds: boolean): ByteWriter {
  const writer = begin(time, microseconds ? MrtType.bgp4mpEt : MrtType.bgp4mp, subtype);
  if (microseconds) writer.u32(Math.floor((time - Math.floor(time)) * 1e6 + 1e-3));
  return writer;
}

function finish(writer: ByteWriter): Uint8Array {
  const bytes = writer.toBytes();
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(lengthOffset, bytes.length - 12);
  return bytes;
}

function count(value: number, what: string): number {
  if (value <= 0xffff) return value;
  throw new RangeError(`${value} ${what}; a 16-bit count takes 65535 at most`);
}

function address(text: string): Uint8Array {
  const bytes = parseAddress(text);
  if (bytes === undefined) throw new RangeError(`${text} is no IPv4 or IPv6 address`);
  return bytes;
}

function ipv4(text: string): number {
  const value = parseIpv4(text);
  if (value === undefined) throw new RangeError(`${text} is no dotted quad such as 192.0.2.1`);
  return value;
}
