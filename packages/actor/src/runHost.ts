import type { MessagePort } from 'node:worker_threads';
import type { HostControl, MailPort } from '@peerloom/ipc';
import { expose } from 'comlink';
import { type Clock, systemClock } from './clock.ts';
import { ActorHost } from './host.ts';

/** What a host is made of. */
export interface HostPorts {
  /** Where `HostControl` is offered over Comlink; not needed when the caller uses the host directly. */
  readonly control?: MessagePort;
  /** Where batches come and go. */
  readonly mail: MailPort;
  /** For tests. */
  readonly clock?: Clock;
}

/**
 * Runs an actor host in this thread until it is told to `stop`. The promise settles then, with both
 * ports closed.
 */
export async function runHost({ control, mail, clock = systemClock }: HostPorts): Promise<void> {
  const host = startHost({ mail, clock });
  if (control !== undefined) expose(controlOf(host), control);
  await host.done;
  // The answer to `stop` is on its way through the port: let it out first.
  setImmediate(() => control?.close());
}

/** An actor host in this thread that the caller holds directly: `workers: 0`, and tests. */
export function startHost({ mail, clock = systemClock }: HostPorts): ActorHost {
  return new ActorHost(mail, clock);
}

/** The control interface alone: what else the host has is no business of the other thread's. */
function controlOf(host: ActorHost): HostControl {
  return {
    spawn: (requests) => host.spawn(requests),
    update: (peer, options) => host.update(peer, options),
    snapshot: (peer) => host.snapshot(peer),
    announce: (peer, routes) => host.announce(peer, routes),
    withdraw: (peer, routes) => host.withdraw(peer, routes),
    routes: (peer, query) => host.routes(peer, query),
    recorder: (peer) => host.recorder(peer),
    subscribeUpdates: (peer, on) => host.subscribeUpdates(peer, on),
    setHandler: (url) => host.setHandler(url),
    usage: () => host.usage(),
    stop: (text) => host.stop(text),
  };
}
