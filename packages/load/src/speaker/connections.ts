import type { Server } from 'node:net';
import { type TcpOptions, ttlSecurity } from '@peerloom/sockets';
import { now } from '../measure/clock.ts';
import type { SpeakerPlan } from '../plan.ts';
import type { HostContext } from './hostContext.ts';
import { Link, type LinkOptions, type LinkOwner } from './link.ts';
import { listen } from './listening.ts';

/** Who hears of connections that come to be, or do not, beside what comes on them. */
export interface ConnectionsOwner extends LinkOwner {
  /** The device has connected to a passive speaker. */
  onAccepted(link: Link): void;
}

/** The TCP side of one speaker: what it dials, where it listens, and what is open. */
export class Connections {
  readonly #plan: SpeakerPlan;
  readonly #context: HostContext;
  readonly #owner: ConnectionsOwner;
  /** Those that are there, and perhaps some that have gone since the last one came. */
  #links: readonly Link[] = [];
  #server: Server | undefined;

  constructor(plan: SpeakerPlan, context: HostContext, owner: ConnectionsOwner) {
    this.#plan = plan;
    this.#context = context;
    this.#owner = owner;
  }

  /** The link of that number, unless it is gone. */
  get(id: number): Link | undefined {
    return this.#links.find((link) => link.id === id && !link.gone);
  }

  /** Connections that are not yet closed, and dials that are under way. */
  get size(): number {
    return this.#present.length;
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
    this.#server = listen(
      options,
      (socket) => {
        const link = new Link(socket, this.#optionsOf(0, now()), this.#owner);
        this.#links = [...this.#present, link];
        this.#owner.onAccepted(link);
      },
      note,
    );
  }

  /** Dials the device; `number` is what the owner calls it, from 1. */
  dial(number: number, time: number): void {
    const { address, port } = this.#context.target;
    const { sourceAddress } = this.#plan;
    const target = {
      address,
      port,
      ...(sourceAddress !== undefined && { localAddress: sourceAddress }),
      ...tcpOptionsOf(this.#plan),
    };
    const link = new Link(target, this.#optionsOf(number, time), this.#owner);
    this.#links = [...this.#present, link];
  }

  /** Gives a dial up. */
  abort(number: number): void {
    this.#present.find((link) => link.dialling && link.dial === number)?.abort();
  }

  /** Resets every connection at once, so that whatever is still to be said finds it gone. */
  reset(): void {
    for (const link of this.#present) if (!link.dialling) link.socket.resetAndDestroy();
  }

  /** Lets nobody in any more. */
  stopListening(): void {
    this.#server?.close();
    this.#server = undefined;
  }

  /** Drops whatever is still open. */
  destroy(): void {
    this.stopListening();
    for (const { socket } of this.#present) socket.destroy();
  }

  get #present(): Link[] {
    return this.#links.filter(({ gone }) => !gone);
  }

  #optionsOf(dial: number, began: number): LinkOptions {
    const { memory, nextConnection } = this.#context;
    const { index: speaker, group } = this.#plan;
    const { extendedMessage } = group;
    return { id: nextConnection(), dial, began, extendedMessage, memory, speaker };
  }
}

function tcpOptionsOf({ group }: SpeakerPlan): TcpOptions {
  return {
    ...(group.password !== undefined && { password: group.password }),
    ...(group.ttl !== undefined && { ttl: group.ttl }),
    ...(group.ttlSecurity !== undefined && ttlSecurity(group.ttlSecurity)),
  };
}
