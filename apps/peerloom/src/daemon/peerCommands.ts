import type { Engine, Peer } from '@peerloom/supervisor';
import type { Done } from '../control/methods.ts';
import { CommandError, usageError } from '../exitCode.ts';

/**
 * The peer that a command names: by its address, or as `ADDRESS@SOURCE` where several have it. Throws a
 * `CommandError` where there is none.
 */
export function peerAt(engine: Engine, name: string): Peer {
  const [address, source] = name.split('@') as [string, string?];
  const peer = engine.peer(address, source);
  if (peer !== undefined) return peer;
  const several = engine.peers.filter((each) => each.address === address);
  if (source === undefined && several.length > 1) {
    const names = several.slice(0, 3).map((each) => `${address}@${each.options.sourceAddress}`);
    throw usageError(
      `${address} is the address of ${several.length} neighbors: name one as ${names.join(', ')}`,
    );
  }
  throw new CommandError(
    'ERR_PEERLOOM_NO_PEER',
    `there is no neighbor ${name}; show ip bgp summary lists them`,
  );
}

/** The peers that a command names; `*` is all of them. */
export function peersAt(engine: Engine, name: string): readonly Peer[] {
  return name === '*' ? engine.peers : [peerAt(engine, name)];
}

/** `neighbor A shutdown [text]`. */
export async function shutdownPeer(engine: Engine, name: string, text: string): Promise<Done> {
  if (Buffer.byteLength(text) > 255) {
    throw usageError(
      `the text for the neighbor has ${Buffer.byteLength(text)} octets; at most 255 fit (RFC 9003)`,
    );
  }
  const peer = peerAt(engine, name);
  await peer.shutdown(text);
  return done('is shut down', [peer]);
}

/** `neighbor A no shutdown`. */
export async function startPeer(engine: Engine, name: string): Promise<Done> {
  const peer = peerAt(engine, name);
  await peer.noShutdown();
  return done('is started', [peer]);
}

/** `clear ip bgp A [soft [in|out]]`. */
export function clearPeers(
  engine: Engine,
  name: string,
  soft: 'in' | 'out' | 'both' | undefined,
): Done {
  const peers = peersAt(engine, name);
  for (const peer of peers) peer.clear(soft === undefined ? {} : { soft });
  const what = {
    in: 'is asked for its routes again',
    out: 'is sent our routes again',
    both: 'exchanges routes with us again',
  };
  return done(soft === undefined ? 'is reset' : what[soft], peers);
}

function done(what: string, peers: readonly Peer[]): Done {
  const neighbors = peers.map(({ address }) => address);
  const who = neighbors.length === 1 ? neighbors[0]! : `each of ${neighbors.length} neighbors`;
  return { text: `${who} ${what}`, neighbors };
}
