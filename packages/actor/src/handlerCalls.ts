import { type NegotiatedSession, NoticeCode, type SessionEnd } from '@peerloom/ipc';
import {
  CeaseSubcode,
  ErrorCode,
  type NotificationMessage,
  notification,
  type OpenMessage,
} from '@peerloom/wire';
import { announceInPacks, withdrawInPacks } from './announcementPacker.ts';
import { announceTo, withdrawFrom } from './announcements.ts';
import type { EstablishedSession } from './establishedSession.ts';
import {
  type HandlerAnswer,
  type HandlerPeer,
  type HandlerSession,
  ReceivedUpdate,
} from './handler.ts';
import type { PeerActor } from './peerActor.ts';

/** Handed to `onUpdate` for every message: calls do not nest. */
const receivedUpdate = new ReceivedUpdate();

/**
 * Calls the embedder's handler on behalf of one peer: measures it, and turns what it throws into the
 * end of this peer's session. Every method returns the NOTIFICATION to end it with, if any.
 */
export class HandlerCalls {
  readonly #actor: PeerActor;
  #peer: HandlerPeer | undefined = undefined;
  #session: HandlerSession | undefined = undefined;

  constructor(actor: PeerActor) {
    this.#actor = actor;
  }

  open(open: OpenMessage): NotificationMessage | undefined {
    const { handler } = this.#actor.context;
    if (handler?.onOpen === undefined) return undefined;
    return this.#guard('onOpen', () => handler.onOpen!(this.#describePeer(), open));
  }

  sessionUp(
    session: EstablishedSession,
    negotiated: NegotiatedSession,
  ): NotificationMessage | undefined {
    const { handler } = this.#actor.context;
    this.#session = undefined;
    if (handler === undefined) return undefined;
    this.#session = this.#describeSession(session, negotiated);
    if (handler.onSessionUp === undefined) return undefined;
    return this.#guard('onSessionUp', () => handler.onSessionUp!(this.#session!));
  }

  update(
    session: EstablishedSession,
    bytes: Uint8Array,
    start: number,
    end: number,
    postFault: boolean,
  ): NotificationMessage | undefined {
    const { handler } = this.#actor.context;
    if (handler?.onUpdate === undefined) return undefined;
    // A handler may have been given while the session was up already.
    this.#session ??= this.#describeSession(session, session.describe());
    const { options } = session.negotiated;
    receivedUpdate.set(bytes, start, end, postFault, options);
    return this.#guard('onUpdate', () => handler.onUpdate!(this.#session!, receivedUpdate));
  }

  sessionDown(end: SessionEnd): void {
    const { handler } = this.#actor.context;
    const session = this.#session;
    this.#session = undefined;
    if (session === undefined || handler?.onSessionDown === undefined) return;
    this.#guard('onSessionDown', () => handler.onSessionDown!(session, end));
  }

  #guard(name: string, call: () => HandlerAnswer): NotificationMessage | undefined {
    const { clock } = this.#actor.context;
    const began = clock.now();
    try {
      const answer: unknown = call();
      if (answer instanceof Promise) answer.catch((error: unknown) => this.#failed(name, error));
      else if (isNotification(answer)) return answer;
      return undefined;
    } catch (error) {
      this.#failed(name, error);
      return notification(ErrorCode.cease, CeaseSubcode.outOfResources);
    } finally {
      const took = clock.now() - began;
      const { status } = this.#actor;
      status.handlerSlowest = Math.max(status.handlerSlowest, took);
      this.#actor.context.handlerTook(took);
    }
  }

  #failed(name: string, error: unknown): void {
    this.#actor.status.handlerErrors++;
    const stack = error instanceof Error ? error.stack : undefined;
    this.#actor.notices.give(NoticeCode.handlerError, `${name} failed: ${String(error)}`, {
      callback: name,
      stack,
    });
  }

  #describePeer(): HandlerPeer {
    const { peer, address, options } = this.#actor;
    const { description, localAs } = options;
    this.#peer ??= { peer, address, description, localAs };
    return this.#peer;
  }

  #describeSession(session: EstablishedSession, negotiated: NegotiatedSession): HandlerSession {
    const { everyone } = this.#actor.context;
    return {
      peer: this.#describePeer(),
      negotiated,
      options: session.negotiated.options,
      announce: (announcements) =>
        announceInPacks(announcements, (pack) => announceTo(this.#actor.routes, everyone, pack)),
      withdraw: (withdrawals) =>
        withdrawInPacks(withdrawals, (pack) => withdrawFrom(this.#actor.routes, everyone, pack)),
    };
  }
}

function isNotification(answer: unknown): answer is NotificationMessage {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    (answer as { readonly kind?: unknown }).kind === 'notification'
  );
}
