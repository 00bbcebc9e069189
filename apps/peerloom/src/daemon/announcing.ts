import type { Announcement, AnnounceResult, Withdrawal } from '@peerloom/ipc';
import type { Engine } from '@peerloom/supervisor';
import type { Done } from '../control/methods.ts';
import { CommandError, ExitCode } from '../exitCode.ts';
import { countText } from '../print/count.ts';
import { peerAt } from './peerCommands.ts';

/** Announces a route to one neighbor, or to all there are and will be. */
export async function announce(
  engine: Engine,
  route: Announcement,
  name: string,
  to: string | undefined,
): Promise<Done> {
  const peer = to === undefined ? undefined : peerAt(engine, to);
  const result = await (peer ?? engine).announce(route);
  return done(`announced ${name}`, 'to', result, engine, peer?.address);
}

/** Withdraws a route from one neighbor, or from all. */
export async function withdraw(
  engine: Engine,
  route: Withdrawal,
  name: string,
  from: string | undefined,
): Promise<Done> {
  const peer = from === undefined ? undefined : peerAt(engine, from);
  const result = await (peer ?? engine).withdraw(route);
  return done(`withdrew ${name}`, 'from', result, engine, peer?.address);
}

function done(
  what: string,
  preposition: string,
  { accepted, rejected, errors }: AnnounceResult,
  engine: Engine,
  address: string | undefined,
): Done {
  if (rejected > 0) {
    const others = accepted > 0 ? `; ${countText(accepted, 'neighbor')} took it` : '';
    throw new CommandError('ERR_PEERLOOM_ROUTE', `${errors.join('; ')}${others}`, ExitCode.failure);
  }
  const neighbors = address === undefined ? engine.peers.map((peer) => peer.address) : [address];
  const who = address ?? `all neighbors, ${neighbors.length} now`;
  return { text: `${what} ${preposition} ${who}`, neighbors };
}
