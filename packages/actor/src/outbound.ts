import { NoticeCode } from '@peerloom/ipc';
import { AdjRibOut, type OutboundSession, type PendingListener } from '@peerloom/rib';
import type { FamilyKey } from '@peerloom/wire';
import type { EstablishedSession } from './establishedSession.ts';
import type { PeerActor } from './peerActor.ts';
import { routesText } from './routesText.ts';
import { Alarm } from './timerWheel.ts';

/** Octets that may be at the supervisor for one connection, not yet taken by the kernel. */
export const sendWindow: number = 256 * 1024;
/** Octets that a session hands over at a time: what is packed at a time goes in one piece. */
const pieceBytes = 80 * 1024;
/** Octets after which the next peer has its turn. */
const sliceBytes = 64 * 1024;

/**
 * What one session sends of routes: pulls from the Adj-RIB-Out as far as the window allows. A peer that
 * reads slowly leaves its routes where they are, and gets their latest state when it reads on.
 */
export class Outbound implements PendingListener {
  readonly table: AdjRibOut;
  readonly #actor: PeerActor;
  readonly #session: EstablishedSession;
  /** The table has nothing more, and will say when it has. */
  #isDrained = false;
  /** As one that has restarted: families whose End-of-RIB has not come yet (RFC 4724 §4.1). */
  #awaited: Set<FamilyKey> | undefined = undefined;
  #deferral: Alarm | undefined = undefined;
  #saidUnsendable = 0;

  constructor(actor: PeerActor, session: EstablishedSession) {
    const { context } = actor;
    this.#actor = actor;
    this.#session = session;
    this.table = new AdjRibOut(context.store, {
      tables: actor.routes.announced,
      listener: this,
    });
    // What is negotiated says of the procedures what there is to say (RFC 7313); an object for that alone adds up.
    this.table.sessionUp(outboundSession(actor, session), session.negotiated);
    this.#defer();
  }

  /** Whether there may be something to send, and there is room for it. */
  get canSend(): boolean {
    return (
      !this.#isDrained &&
      this.#awaited === undefined &&
      this.#session.connection.unsentBytes + pieceBytes <= sendWindow
    );
  }

  /** Sends a slice. */
  send(): void {
    if (!this.canSend) return;
    const session = this.#session;
    const { maximumSendLength } = session.negotiated.options;
    for (let budget = sliceBytes; budget > 0 && this.canSend; ) {
      const bytes = this.table.pull(Math.max(pieceBytes, maximumSendLength));
      if (bytes === undefined) {
        this.#isDrained = !this.table.isPending;
        break;
      }
      budget -= bytes.length;
      if (bytes.length > 0) session.transmit(bytes);
    }
    this.#sayUnsendable();
  }

  /** For the table: it has something again. */
  onPending(): void {
    this.#isDrained = false;
    this.#actor.context.enqueue(this.#actor);
  }

  /** Sends a family again: BoRR, routes and EoRR where the peer knows them (RFC 7313 §4). */
  refresh(family: FamilyKey): void {
    this.table.refresh(family);
    this.onPending();
  }

  /** The peer has told all its routes of a family. */
  endOfRibReceived(family: FamilyKey): void {
    if (this.#awaited?.delete(family) === true && this.#awaited.size === 0) this.#deferralOver();
  }

  /** The session has ended. What was announced stays for the next one. */
  end(): void {
    this.table.sessionDown();
    if (this.#deferral !== undefined) this.#actor.context.wheel.disarm(this.#deferral);
    this.#isDrained = true;
  }

  /** RFC 4724 §4.1: one that has restarted first hears its peers out. */
  #defer(): void {
    const { gracefulRestart, options } = this.#session.negotiated;
    const switches = this.#actor.options.capabilities.gracefulRestart;
    const waits = this.#actor.restarting && gracefulRestart?.peerRestarted === false;
    if (!waits || switches === false || switches.selectionDeferralTime === 0) return;
    this.#awaited = new Set(options.families);
    const alarm = new Alarm(() => this.#actor.protect(() => this.#deferralOver()));
    this.#deferral = alarm;
    const { wheel, clock } = this.#actor.context;
    wheel.arm(alarm, clock.now() + switches.selectionDeferralTime * 1000);
  }

  #deferralOver(): void {
    this.#awaited = undefined;
    if (this.#deferral !== undefined) this.#actor.context.wheel.disarm(this.#deferral);
    this.#actor.context.enqueue(this.#actor);
  }

  /** Once for each reason, not for each route. */
  #sayUnsendable(): void {
    const { count, problem } = this.table.unsendable;
    if (count === 0 || this.#saidUnsendable > 0) return;
    this.#saidUnsendable = count;
    const text = `${routesText(count, 'route')} not announced to the peer: ${problem}`;
    this.#actor.notices.give(NoticeCode.routesUnsendable, text, { routes: count });
  }
}

/** The session as the tables look at it. */
function outboundSession(actor: PeerActor, session: EstablishedSession): OutboundSession {
  const address = session.connection.ends.localAddress
    .replace(/^::ffff:(?=\d+\.)/i, '')
    .split('%')[0]!;
  const { role } = actor.fsm.options;
  return {
    options: session.negotiated.options,
    localAs: actor.options.localAs,
    nextHopSelf: actor.context.share(address.includes(':') ? { ipv6: address } : { ipv4: address }),
    ...(role !== undefined && { role }),
  };
}
