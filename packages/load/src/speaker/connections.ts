import type { Server, Socket } from 'node:net';
import { dial, type TcpOptions, ttlSecurity } from '@peerloom/sockets';
import { now } from '../measure/clock.ts';
import type { SpeakerPlan } from '../plan.ts';
import type { HostContext } from './hostContext.ts';
import { Link, type LinkOwner } from './link.ts';
import { listen } from './listening.ts';

/** Who hears of connections that come to be, or do not, beside what comes on them. */
export interface ConnectionsOwner extends LinkOwner {
  onDialConnected(dial: number, link: Link): void;
  onDialFailed(dial: number, error: NodeJS.ErrnoException): void;
  /** The device has connected to a passive speaker. */
  onAccepted(link: Link): void;
}

/** The TCP side of one speaker: what it dials, where it listens, and what is open. */
export class Connections {
  readonly #plan: SpeakerPlan;
  readonly #context: HostContext;
  readonly #owner: ConnectionsOwner;
  readonly #dials = new Map<number, Socket>();
  readonly #links = new Map<number, Link>();
  #server: Server | undefined;

  constructor(plan: SpeakerPlan, context: HostContext, owner: ConnectionsOwner) {
    this.#plan = plan;
    this.#context = context;
    this.#owner = owner;
  }

  /** The link of that number, unless it is gone. */
  get(id: number): Link | undefined {
    return this.#links.get(id);
  }

  /** Connections that are not yet closed. */
  get size(): number {
    return this.#links.size + this.#dials.size;
  }

  /** Waits for the device's connections, where the speaker is passive. */
  listen(): void {
    const { target, note } = this.#context;
    const { sourceAddress, group } = this.#plan;
    if (!group.passive || sourceAddress === undefined) return;
    const options = {
      address: sourceAddress,
      port: group.listenPort,
      from: target.address,
      ...tcpOptionsOf(this.#plan),
    };
    const accept = (socket: Socket): void => this.#owner.onAccepted(this.#attach(socket, now()));
    this.#server = listen(options, accept, note);
  }

  /** Dials the device; `number` is what the owner calls it. */
  dial(number: number, time: number): void {
    const { address, port } = this.#context.target;
    const { sourceAddress } = this.#plan;
    const socket = dial({
      address,
      port,
      ...(sourceAddress !== undefined && { localAddress: sourceAddress }),
      ...tcpOptionsOf(this.#plan),
    });
    this.#dials.set(number, socket);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (this.#dials.delete(number)) this.#owner.onDialFailed(number, error);
    });
    socket.once('connect', () => {
      if (!this.#dials.delete(number)) return;
      this.#context.setUp.connect.record(now() - time);
      this.#owner.onDialConnected(number, this.#attach(socket, time));
    });
  }

  /** Gives a dial up. */
  abort(number: number): void {
    this.#dials.get(number)?.destroy();
    this.#dials.delete(number);
  }

  /** Resets every connection at once, so that whatever is still to be said finds it gone. */
  reset(): void {
    for (const { socket } of this.#links.values()) socket.resetAndDestroy();
  }

  /** Lets nobody in any more. */
  stopListening(): void {
    this.#server?.close();
    this.#server = undefined;
  }

  /** Drops whatever is still open. */
  destroy(): void {
    this.stopListening();
    for (const { socket } of this.#links.values()) socket.destroy();
    for (const socket of this.#dials.values()) socket.destroy();
  }

  #attach(socket: Socket, began: number): Link {
    const { memory, nextConnection } = this.#context;
    const { index, group } = this.#plan;
    const { extendedMessage } = group;
    const options = { id: nextConnection(), began, extendedMessage, memory, speaker: index };
    const link = new Link(socket, options, this.#owner);
    this.#links.set(link.id, link);
    socket.once('close', () => this.#links.delete(link.id));
    return link;
  }
}

function tcpOptionsOf({ group }: SpeakerPlan): TcpOptions {
  return {
    ...(group.password !== undefined && { password: group.password }),
    ...(group.ttl !== undefined && { ttl: group.ttl }),
    ...(group.ttlSecurity !== undefined && ttlSecurity(group.ttlSecurity)),
  };
}
