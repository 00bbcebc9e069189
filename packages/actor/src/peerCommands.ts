import { isDeepStrictEqual } from 'node:util';
import { resolveFsmOptions, StuckCode } from '@peerloom/fsm';
import { type Command, CommandKind, type CommonPeerOptions } from '@peerloom/ipc';
import { CeaseSubcode } from '@peerloom/wire';
import { fsmOptionsOf, sharedOptions } from './openMessage.ts';
import type { PeerActor } from './peerActor.ts';

/** Does what an operator, or the supervisor, asks of a peer. */
export function obey(actor: PeerActor, { action, text }: Command): void {
  const { status } = actor;
  switch (action) {
    case CommandKind.none:
      break;
    case CommandKind.start:
      status.shutdown = false;
      status.shutdownText = '';
      // All of a configuration are started with the same words, and the recorder of each keeps them.
      actor.step(
        actor.context.share({ type: 'start', cause: 'manual', ...(text !== '' && { why: text }) }),
      );
      break;
    case CommandKind.shutdown:
      status.shutdown = true;
      status.shutdownText = text;
      actor.step({ type: 'stop', cause: 'manual', text });
      break;
    case CommandKind.clear:
      if (status.shutdown) break;
      actor.step({
        type: 'stop',
        cause: 'manual',
        subcode: CeaseSubcode.administrativeReset,
        text,
      });
      actor.step({ type: 'start', cause: 'manual' });
      break;
    case CommandKind.softIn:
      actor.session?.askForRefresh();
      break;
    case CommandKind.softOut:
      actor.session?.refresh();
      break;
    case CommandKind.deconfigure:
      actor.step({ type: 'stop', cause: 'manual', subcode: CeaseSubcode.peerDeconfigured });
      break;
    case CommandKind.retryNow:
      actor.step({ type: 'retryNow' });
      break;
  }
}

/** Options that belong to the TCP connection: a change takes a new one. */
const transportOptions = [
  'port',
  'sourceAddress',
  'ttl',
  'multihop',
  'ttlSecurity',
  'password',
] as const satisfies readonly (keyof CommonPeerOptions)[];

/** Gives a peer other options. Returns whether connections had to end for them. */
export function reconfigure(actor: PeerActor, options: CommonPeerOptions): 'kept' | 'reset' {
  const before = actor.connections;
  const anew =
    transportOptions.some((key) => actor.options[key] !== options[key]) ||
    isOtherLimit(actor, options);
  actor.options = sharedOptions(options, actor.context);
  const fsmOptions = fsmOptionsOf(actor.options, actor.restarting, actor.context);
  actor.step({ type: 'options', options: resolveFsmOptions(fsmOptions), anew });
  const ended = before.some((connection) => !actor.connections.includes(connection));
  return ended ? 'reset' : 'kept';
}

/** Whether a limit changes that the peer is kept down for. */
function isOtherLimit(
  { fsm, options }: PeerActor,
  { maximumPrefixes }: CommonPeerOptions,
): boolean {
  return (
    fsm.stuckReason?.code === StuckCode.maximumPrefixes &&
    !isDeepStrictEqual(options.maximumPrefixes, maximumPrefixes)
  );
}
