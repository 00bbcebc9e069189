import type { PeerSnapshot, PeerStateName } from '@peerloom/ipc';
import { durationText } from './duration.ts';
import { type Column, tableLines } from './table.ts';

/** A line of `show ip bgp summary`, and of its `--json` form. */
export interface SummaryPeer {
  readonly address: string;
  /** The AS of the session, else the one configured. */
  readonly remoteAs: number | 'external' | 'internal';
  readonly state: PeerStateName;
  /** Whole seconds that the session has been Established; 0 while it is not. */
  readonly uptimeSeconds: number;
  readonly messagesReceived: number;
  readonly messagesSent: number;
  /** In the Adj-RIB-In, over all families. */
  readonly prefixesReceived: number;
  readonly flaps: number;
  readonly lastError: string | null;
}

/** `show ip bgp summary --json`. */
export interface Summary {
  readonly routerId: string;
  readonly localAs: number;
  readonly peers: readonly SummaryPeer[];
}

/** A peer as the summary has it, with what only the table shows. */
export interface SummaryRow extends SummaryPeer {
  readonly inputQueue: number;
  readonly outputQueue: number;
  /** Why it is held in Idle, where somebody or something holds it there. */
  readonly held?: 'Admin' | 'PfxCt';
  /** Seconds that the session has been up, or down since it was up; absent when it never was. */
  readonly sinceChange?: number;
}

/** What the summary shows of a peer; `now` in milliseconds since the epoch. */
export function summaryRow(snapshot: PeerSnapshot, now: number): SummaryRow {
  const { session, lastError, established } = snapshot;
  const received = Object.values(snapshot.prefixes).reduce(
    (sum, family) => sum + family.received,
    0,
  );
  const sinceChange = session ? session.uptime : (now - snapshot.stateSince) / 1000;
  return {
    address: snapshot.address,
    remoteAs: session?.remoteAs ?? snapshot.remoteAs,
    state: snapshot.state,
    uptimeSeconds: session ? Math.floor(session.uptime) : 0,
    messagesReceived: snapshot.received.total,
    messagesSent: snapshot.sent.total,
    prefixesReceived: received,
    flaps: snapshot.flaps,
    lastError: lastError ? errorLine(lastError) : null,
    inputQueue: snapshot.inputQueue,
    outputQueue: snapshot.outputQueue,
    ...heldBy(snapshot),
    ...(established > 0 && { sinceChange }),
  };
}

/** The words that routers have for it. */
function heldBy({ shutdown, stuckReason }: PeerSnapshot): Pick<SummaryRow, 'held'> {
  if (shutdown) return { held: 'Admin' };
  return stuckReason?.code === 'maximum-prefixes' ? { held: 'PfxCt' } : {};
}

/** The `--json` form of a row: exactly the documented keys. */
export function summaryPeer(row: SummaryRow): SummaryPeer {
  const { inputQueue: _in, outputQueue: _out, held: _held, sinceChange: _since, ...peer } = row;
  return peer;
}

/** An error as one line of text. */
export function errorLine({
  name,
  text,
}: {
  readonly name: string;
  readonly text: string;
}): string {
  return text === '' || text === name ? name : `${name}: ${text}`;
}

const columns: readonly Column<SummaryRow>[] = [
  { title: 'Neighbor', align: 'left', width: 15, text: ({ address }) => address },
  { title: 'V', align: 'right', text: () => '4' },
  { title: 'AS', align: 'right', width: 10, text: ({ remoteAs }) => String(remoteAs) },
  { title: 'MsgRcvd', align: 'right', text: (row) => String(row.messagesReceived) },
  { title: 'MsgSent', align: 'right', text: (row) => String(row.messagesSent) },
  { title: 'InQ', align: 'right', width: 4, text: ({ inputQueue }) => String(inputQueue) },
  { title: 'OutQ', align: 'right', width: 4, text: ({ outputQueue }) => String(outputQueue) },
  {
    title: 'Up/Down',
    align: 'right',
    width: 8,
    text: ({ sinceChange }) => (sinceChange === undefined ? 'never' : durationText(sinceChange)),
  },
  { title: 'State/PfxRcd', align: 'right', text: stateOrPrefixes },
];

function stateOrPrefixes({ state, prefixesReceived, held }: SummaryRow): string {
  if (state === 'Established') return String(prefixesReceived);
  return held !== undefined && state === 'Idle' ? `Idle (${held})` : state;
}

/** `show ip bgp summary`; of more than `most` peers the first ones, and how many there are. */
export function summaryLines(
  speaker: { readonly routerId: string; readonly localAs: number },
  rows: readonly SummaryRow[],
  most: number = Number.POSITIVE_INFINITY,
): readonly string[] {
  const up = rows.filter(({ state }) => state === 'Established').length;
  const prefixes = rows.reduce((sum, { prefixesReceived }) => sum + prefixesReceived, 0);
  const shown = rows.slice(0, most);
  return [
    `BGP router identifier ${speaker.routerId}, local AS number ${speaker.localAs}`,
    '',
    ...(rows.length === 0 ? [] : [...tableLines(columns, shown), '']),
    ...(shown.length < rows.length ? [`... and ${rows.length - shown.length} more`] : []),
    `Total number of neighbors ${rows.length}, established ${up}, prefixes received ${prefixes}`,
  ];
}
