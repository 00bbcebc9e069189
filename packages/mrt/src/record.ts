/** MRT record types (RFC 6396 §4; `bgp4mpEt` §4.4 with the extended header of §3). */
export const MrtType = { tableDump: 12, tableDumpV2: 13, bgp4mp: 16, bgp4mpEt: 17 } as const;
export type MrtType = (typeof MrtType)[keyof typeof MrtType];

/** Subtypes of TABLE_DUMP_V2 (RFC 6396 §4.3, RFC 8050 §4). */
export const TableDumpV2Subtype = {
  peerIndexTable: 1,
  ribIpv4Unicast: 2,
  ribIpv4Multicast: 3,
  ribIpv6Unicast: 4,
  ribIpv6Multicast: 5,
  ribGeneric: 6,
  ribIpv4UnicastAddPath: 8,
  ribIpv4MulticastAddPath: 9,
  ribIpv6UnicastAddPath: 10,
  ribIpv6MulticastAddPath: 11,
  ribGenericAddPath: 12,
} as const;
export type TableDumpV2Subtype = (typeof TableDumpV2Subtype)[keyof typeof TableDumpV2Subtype];

/** Subtypes of BGP4MP and BGP4MP_ET (RFC 6396 §4.4, RFC 8050 §3). */
export const Bgp4mpSubtype = {
  stateChange: 0,
  message: 1,
  messageAs4: 4,
  stateChangeAs4: 5,
  messageLocal: 6,
  messageAs4Local: 7,
  messageAddPath: 8,
  messageAs4AddPath: 9,
  messageLocalAddPath: 10,
  messageAs4LocalAddPath: 11,
} as const;
export type Bgp4mpSubtype = (typeof Bgp4mpSubtype)[keyof typeof Bgp4mpSubtype];

/** One MRT record, its body not yet looked into (RFC 6396 §2). */
export interface MrtRecord {
  /** Seconds since the UNIX epoch, 0–4294967295. */
  readonly timestamp: number;
  /** 0–999999; 0 in records without the extended timestamp (RFC 6396 §3). */
  readonly microseconds: number;
  readonly type: number;
  readonly subtype: number;
  /** The message, without the microseconds field of an extended record. A view: copy it to keep it. */
  readonly body: Uint8Array;
  /** Where the record begins in the input, in octets. */
  readonly offset: number;
}

/** Octets of the common header: timestamp, type, subtype, length. */
export const mrtHeaderLength = 12;

/** Types whose body begins with a microseconds field (RFC 6396 §3): BGP4MP_ET, ISIS_ET, OSPFv3_ET. */
export function hasMicroseconds(type: number): boolean {
  return type === MrtType.bgp4mpEt || type === 33 || type === 49;
}
