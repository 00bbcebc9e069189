import { encodeEndOfRib, type FamilyKey, MessageType } from '@peerloom/wire';
import type { ActorContext } from './actorContext.ts';
import type { EstablishedSession } from './establishedSession.ts';
import type { PeerActor } from './peerActor.ts';

/** Octets that may be at the supervisor for one connection, not yet taken by the kernel. */
export const sendWindow: number = 256 * 1024;

/** What one session sends. */
export class Outbound {
  readonly #session: EstablishedSession;
  #pending: FamilyKey[];

  constructor(_actor: PeerActor, _context: ActorContext, session: EstablishedSession) {
    this.#session = session;
    this.#pending = [...session.negotiated.options.families];
  }

  get canSend(): boolean {
    return this.#pending.length > 0 && this.#session.connection.unsentBytes < sendWindow;
  }

  send(): void {
    const family = this.#pending.shift();
    if (family === undefined) return;
    this.#session.transmit(MessageType.update, encodeEndOfRib(family));
  }

  refresh(_family: FamilyKey): void {}

  endOfRibReceived(_family: FamilyKey): void {}

  end(): void {
    this.#pending = [];
  }
}
