import type { PeerSnapshot } from '@peerloom/ipc';
import type { Engine, Peer } from '@peerloom/supervisor';
import { parseAddress } from '@peerloom/wire';
import type { NeighborDetail } from '../print/neighbor.ts';
import { type SummaryRow, summaryRow } from '../print/summary.ts';
import type { TcpRow } from '../print/tcp.ts';

/** A line of the summary for each peer. */
export async function* summaryRows(engine: Engine): AsyncGenerator<SummaryRow> {
  const now = Date.now();
  for (const snapshot of sorted(await engine.snapshot())) yield summaryRow(snapshot, now);
}

/** Everything about the peers given. */
export async function* neighborDetails(
  engine: Engine,
  peers: readonly Peer[],
): AsyncGenerator<NeighborDetail> {
  if (peers.length === 1) {
    yield detail(peers[0]!, await peers[0]!.snapshot());
    return;
  }
  const byId = new Map(peers.map((peer) => [peer.id, peer]));
  for (const snapshot of sorted(await engine.snapshot())) {
    const peer = byId.get(snapshot.peer);
    if (peer !== undefined) yield detail(peer, snapshot);
  }
}

/** Connections and listeners. */
export async function* connections(engine: Engine): AsyncGenerator<TcpRow> {
  for (const { address, port } of engine.addresses) {
    yield {
      state: 'Listen',
      localAddress: address,
      localPort: port,
      remoteAddress: '',
      remotePort: 0,
    };
  }
  for (const report of engine.connections()) {
    const { peer, dialled, localAddress, localPort, remoteAddress, remotePort } = report;
    const bgpState = engine.peer(peer, localAddress)?.state ?? engine.peer(peer)?.state;
    yield {
      neighbor: peer,
      dialledBy: dialled ? 'us' : 'neighbor',
      state: 'Established',
      ...(bgpState !== undefined && { bgpState }),
      localAddress,
      localPort,
      remoteAddress,
      remotePort,
    };
  }
}

function detail(peer: Peer, snapshot: PeerSnapshot): NeighborDetail {
  const { password, ...options } = peer.options;
  return { ...snapshot, options: { ...options, passwordSet: password !== undefined } };
}

/** IPv4 before IPv6, each by number: the order in which people look for an address. */
function sorted(snapshots: readonly PeerSnapshot[]): PeerSnapshot[] {
  const keyed = snapshots.map((snapshot) => ({ snapshot, key: sortKey(snapshot.address) }));
  return keyed
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ snapshot }) => snapshot);
}

function sortKey(address: string): string {
  const [plain] = address.split('%') as [string];
  const octets = parseAddress(plain);
  // 4 octets sort before 16, for '4' does so before 'g'.
  return octets === undefined
    ? address
    : octets.length.toString(36) + Buffer.from(octets).toString('latin1');
}
