import type { ConnectionEnds, PeerStateName } from '@peerloom/ipc';
import { type Column, tableLines } from './table.ts';

/** A line of `show tcp brief`, and of its `--json` form. */
export interface TcpRow extends ConnectionEnds {
  /** The neighbor that the connection belongs to; absent for a listener. */
  readonly neighbor?: string;
  /** Which side dialled. */
  readonly dialledBy?: 'us' | 'neighbor';
  /** Of the TCP connection. */
  readonly state: 'Established' | 'Listen';
  /** Of the neighbor's BGP state machine. */
  readonly bgpState?: PeerStateName;
}

const columns: readonly Column<TcpRow>[] = [
  {
    title: 'Local Address',
    align: 'left',
    width: 21,
    text: (row) => endText(row.localAddress, row.localPort),
  },
  {
    title: 'Foreign Address',
    align: 'left',
    width: 21,
    text: (row) => (row.state === 'Listen' ? '*' : endText(row.remoteAddress, row.remotePort)),
  },
  { title: 'Dialled by', align: 'left', text: ({ dialledBy }) => dialledBy ?? '' },
  {
    title: '(state)',
    align: 'left',
    text: ({ state }) => (state === 'Listen' ? 'LISTEN' : 'ESTAB'),
  },
  { title: 'BGP state', align: 'left', text: ({ bgpState }) => bgpState ?? '' },
];

/** `show tcp brief`. */
export function tcpLines(rows: readonly TcpRow[]): readonly string[] {
  return tableLines(columns, rows);
}

/** `192.0.2.1:179`, `[2001:db8::1]:179`. */
export function endText(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
