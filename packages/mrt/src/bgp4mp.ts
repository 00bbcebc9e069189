import { FieldReader } from './fieldReader.ts';
import { Bgp4mpSubtype, type MrtRecord } from './record.ts';

/** What every BGP4MP record says of the session it was seen on (RFC 6396 §4.4). */
export interface Bgp4mpSession {
  readonly peerAs: number;
  readonly localAs: number;
  readonly interfaceIndex: number;
  readonly peerAddress: string;
  readonly localAddress: string;
}

/** A BGP message as it was seen on the wire. */
export interface Bgp4mpMessage extends Bgp4mpSession {
  readonly kind: 'message';
  /** AS_PATH and AGGREGATOR have 4-octet AS numbers. */
  readonly fourOctetAs: boolean;
  /** NLRI carry path identifiers (RFC 8050 §3). */
  readonly addPath: boolean;
  /** The collector sent it, to the peer (RFC 6396 §4.4.5). */
  readonly isLocal: boolean;
  /** The whole message, header included. A view of the record. */
  readonly message: Uint8Array;
}

/** A change of the session's state, each 1 Idle … 6 Established. */
export interface Bgp4mpStateChange extends Bgp4mpSession {
  readonly kind: 'stateChange';
  readonly oldState: number;
  readonly newState: number;
}

const messageSubtypes: Readonly<
  Record<
    number,
    { readonly fourOctetAs: boolean; readonly addPath: boolean; readonly isLocal: boolean }
  >
> = {
  [Bgp4mpSubtype.message]: { fourOctetAs: false, addPath: false, isLocal: false },
  [Bgp4mpSubtype.messageAs4]: { fourOctetAs: true, addPath: false, isLocal: false },
  [Bgp4mpSubtype.messageLocal]: { fourOctetAs: false, addPath: false, isLocal: true },
  [Bgp4mpSubtype.messageAs4Local]: { fourOctetAs: true, addPath: false, isLocal: true },
  [Bgp4mpSubtype.messageAddPath]: { fourOctetAs: false, addPath: true, isLocal: false },
  [Bgp4mpSubtype.messageAs4AddPath]: { fourOctetAs: true, addPath: true, isLocal: false },
  [Bgp4mpSubtype.messageLocalAddPath]: { fourOctetAs: false, addPath: true, isLocal: true },
  [Bgp4mpSubtype.messageAs4LocalAddPath]: { fourOctetAs: true, addPath: true, isLocal: true },
};

/**
 * Decodes a BGP4MP or BGP4MP_ET record; `undefined` for a subtype that no RFC defines.
 * @throws MrtError `ERR_MRT_MALFORMED`.
 */
export function decodeBgp4mp(record: MrtRecord): Bgp4mpMessage | Bgp4mpStateChange | undefined {
  const fields = new FieldReader(record);
  const subtype = messageSubtypes[record.subtype];
  if (subtype !== undefined) {
    const session = decodeSession(fields, subtype.fourOctetAs);
    return {
      kind: 'message',
      ...session,
      ...subtype,
      message: fields.bytes(fields.left, 'message'),
    };
  }
  const fourOctetAs = record.subtype === Bgp4mpSubtype.stateChangeAs4;
  if (!fourOctetAs && record.subtype !== Bgp4mpSubtype.stateChange) return undefined;
  const session = decodeSession(fields, fourOctetAs);
  return {
    kind: 'stateChange',
    ...session,
    oldState: fields.u16('old state'),
    newState: fields.u16('new state'),
  };
}

function decodeSession(fields: FieldReader, fourOctetAs: boolean): Bgp4mpSession {
  const peerAs = fields.as(fourOctetAs, 'peer AS');
  const localAs = fields.as(fourOctetAs, 'local AS');
  const interfaceIndex = fields.u16('interface index');
  const afi = fields.u16('address family');
  if (afi !== 1 && afi !== 2) throw fields.malformed(`address family ${afi}; 1 and 2 are possible`);
  const isIpv6 = afi === 2;
  return {
    peerAs,
    localAs,
    interfaceIndex,
    peerAddress: fields.address(isIpv6, 'peer address'),
    localAddress: fields.address(isIpv6, 'local address'),
  };
}
