import {
  type AsPathSegment,
  decodeUpdate,
  type FamilyKey,
  familyKey,
  MessageType,
  type Nlri,
  WellKnownCommunity,
} from '@peerloom/wire';
import type { Bgp4mpMessage, Bgp4mpStateChange } from './bgp4mp.ts';
import type { MrtEntry } from './decodeRecord.ts';
import { type MrtRecord, MrtType } from './record.ts';
import { decodeRibAttributes, dumpOptions, type RibAttributes } from './ribAttributes.ts';
import type { PeerIndexTable, RibRecord } from './tableDumpV2.ts';

/** What `bgpdump -m` prints for a route without a next hop that it knows. */
const noNextHop = '255.255.255.255';
const noPeers: PeerIndexTable = {
  kind: 'peerIndexTable',
  collectorIdentifier: '0.0.0.0',
  viewName: '',
  peers: [],
};

/**
 * Prints routes and updates one a line, in the fields and order of `bgpdump -m`, so that scripts made for
 * it go on working. It keeps the PEER_INDEX_TABLE that came last: use one for each file.
 */
export class BgpdumpFormatter {
  #peers = noPeers;

  /** The lines of one record, without line ends; none for a record that announces and withdraws nothing. */
  lines(record: MrtRecord, entry: MrtEntry): string[] {
    switch (entry.kind) {
      case 'peerIndexTable':
        this.#peers = entry;
        return [];
      case 'tableDump': {
        const route = decodeRibAttributes(entry.attributes, false);
        const { peerAddress, peerAs, prefix } = entry;
        const head = `TABLE_DUMP|${record.timestamp}|B|${peerAddress}|${peerAs}|${prefix}`;
        return [`${head}|${attributeFields(route)}`];
      }
      case 'rib':
        return this.#ribLines(record, entry);
      case 'message':
        return messageLines(record, entry);
      case 'stateChange':
        return [stateLine(record, entry)];
      // What it would take to print other families no script expects.
      default:
        return [];
    }
  }

  #ribLines(record: MrtRecord, rib: RibRecord): string[] {
    return rib.entries.map((entry) => {
      const peer = this.#peers.peers[entry.peerIndex];
      const name = entry.pathId === undefined ? 'TABLE_DUMP2' : 'TABLE_DUMP2_AP';
      const path = entry.pathId === undefined ? '' : `${entry.pathId}|`;
      const from = `${peer?.address ?? '0.0.0.0'}|${peer?.as ?? 0}`;
      const route = decodeRibAttributes(entry.attributes, true);
      return `${name}|${record.timestamp}|B|${from}|${rib.prefix}|${path}${attributeFields(route)}`;
    });
  }
}

/** `kind`: what bgpdump appends to the type for some subtypes. */
function timeField(record: MrtRecord, kind: '' | '_AP' | '_LOCAL' = ''): string {
  if (record.type !== MrtType.bgp4mpEt) return `BGP4MP${kind}|${record.timestamp}`;
  return `BGP4MP_ET${kind}|${record.timestamp}.${String(record.microseconds).padStart(6, '0')}`;
}

function stateLine(record: MrtRecord, change: Bgp4mpStateChange): string {
  const { peerAddress, peerAs, oldState, newState } = change;
  return `${timeField(record)}|STATE|${peerAddress}|${peerAs}|${oldState}|${newState}`;
}

const everyPrefixFamily: ReadonlySet<FamilyKey> = new Set(
  [1, 2].flatMap((afi) => [familyKey(afi, 1), familyKey(afi, 2)]),
);

function messageLines(record: MrtRecord, entry: Bgp4mpMessage): string[] {
  const { message } = entry;
  if (message[18] !== MessageType.update) return [];
  const options = dumpOptions(entry.fourOctetAs, entry.addPath ? everyPrefixFamily : new Set());
  const decoded = decodeUpdate(message, 0, message.length, options);
  const update = decoded.ok ? decoded.message : decoded.remaining;
  if (update === undefined) return [];

  const time = timeField(record, entry.addPath ? '_AP' : entry.isLocal ? '_LOCAL' : '');
  // With path identifiers bgpdump names who has sent a local message, and without the peer all the same.
  const from =
    entry.isLocal && entry.addPath
      ? `${entry.localAddress}|${entry.localAs}`
      : `${entry.peerAddress}|${entry.peerAs}`;
  const lines: string[] = [];
  const withdraw = (withdrawn: readonly Nlri[]): void => {
    for (const nlri of withdrawn) {
      lines.push(`${time}|W|${from}|${prefixOf(nlri)}${pathField(nlri)}`);
    }
  };
  const announce = (announced: readonly Nlri[], nextHops: readonly string[]): void => {
    if (announced.length === 0) return;
    const fields = attributeFields({ attributes: update.attributes, nextHops });
    for (const nlri of announced) {
      lines.push(`${time}|A|${from}|${prefixOf(nlri)}${pathField(nlri)}|${fields}`);
    }
  };
  withdraw(update.withdrawn);
  for (const one of update.attributes) if (one.type === 'mpUnreachNlri') withdraw(one.withdrawn);
  announce(
    update.nlri,
    update.attributes.flatMap((one) => (one.type === 'nextHop' ? [one.nextHop] : [])),
  );
  for (const one of update.attributes) {
    if (one.type !== 'mpReachNlri') continue;
    announce(
      one.nlri,
      one.nextHops.map((hop) => hop.address),
    );
  }
  return lines;
}

function prefixOf(nlri: Nlri): string {
  return 'prefix' in nlri ? nlri.prefix : '';
}

function pathField(nlri: Nlri): string {
  return nlri.pathId === undefined ? '' : `|${nlri.pathId}`;
}

/**
 * AS path, ORIGIN, next hop, LOCAL_PREF, MULTI_EXIT_DISC, communities, ATOMIC_AGGREGATE, AGGREGATOR. Large
 * communities have no field there: bgpdump shows them in its long format only.
 */
function attributeFields({ attributes, nextHops }: RibAttributes): string {
  let path = '';
  let origin = 'INCOMPLETE';
  let localPreference = 0;
  let multiExitDiscriminator = 0;
  let communities = '';
  let atomicAggregate = 'NAG';
  let aggregator = '';
  for (const one of attributes) {
    if (one.type === 'asPath') path = pathText(one.segments);
    else if (one.type === 'origin') origin = one.origin.toUpperCase();
    else if (one.type === 'localPreference') localPreference = one.value;
    else if (one.type === 'multiExitDiscriminator') multiExitDiscriminator = one.value;
    else if (one.type === 'communities') communities = one.communities.map(communityText).join(' ');
    else if (one.type === 'atomicAggregate') atomicAggregate = 'AG';
    else if (one.type === 'aggregator') aggregator = `${one.as} ${one.address}`;
  }
  return `${path}|${origin}|${nextHops[0] ?? noNextHop}|${localPreference}|${multiExitDiscriminator}|${communities}|${atomicAggregate}|${aggregator}|`;
}

/** The names that bgpdump knows (RFC 1997); what came later has its number. */
const communityNames: ReadonlyMap<number, string> = new Map([
  [WellKnownCommunity['no-export'], 'no-export'],
  [WellKnownCommunity['no-advertise'], 'no-advertise'],
  [WellKnownCommunity['no-export-subconfed'], 'local-AS'],
]);

function communityText(community: number): string {
  return communityNames.get(community) ?? `${community >>> 16}:${community & 0xffff}`;
}

const brackets = {
  sequence: ['', '', ' '],
  set: ['{', '}', ','],
  confederationSequence: ['(', ')', ' '],
  confederationSet: ['[', ']', ','],
} as const;

function pathText(segments: readonly AsPathSegment[]): string {
  return segments
    .map(({ kind, asNumbers }) => {
      const [open, close, between] = brackets[kind];
      return `${open}${asNumbers.join(between)}${close}`;
    })
    .join(' ');
}
