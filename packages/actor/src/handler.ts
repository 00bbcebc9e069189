import type {
  Announcement,
  AnnounceResult,
  NegotiatedSession,
  SessionEnd,
  Withdrawal,
} from '@peerloom/ipc';
import {
  type DecodeResult,
  decodeUpdate,
  type NotificationMessage,
  type OpenMessage,
  type SessionOptions,
  type UpdateMessage,
} from '@peerloom/wire';
import { ActorError } from './actorError.ts';

/** The peer that a callback is about. */
export interface HandlerPeer {
  /** Its number in the engine. */
  readonly peer: number;
  /** IPv4 or IPv6, canonical text. */
  readonly address: string;
  /** As configured; empty when it is not. */
  readonly description: string;
  /** Our AS towards this peer. */
  readonly localAs: number;
}

/** The Established session that a callback is about; one object for all callbacks of a session. */
export interface HandlerSession {
  /** Whose session it is. */
  readonly peer: HandlerPeer;
  /** What the two OPENs agreed on. */
  readonly negotiated: NegotiatedSession;
  /** The same as far as bytes depend on it: what `@peerloom/wire` wants to be given. */
  readonly options: SessionOptions;
  /** Announces routes to this peer. They are kept, and sent again when the session comes back. */
  announce(announcements: readonly Announcement[]): AnnounceResult;
  /** Withdraws routes that were announced. */
  withdraw(withdrawals: readonly Withdrawal[]): AnnounceResult;
}

/** What a callback may answer: nothing, or the NOTIFICATION with which the session is to end. */
export type HandlerAnswer = NotificationMessage | undefined | void;

/**
 * An embedder's code beside the actors, inside their worker. It is called synchronously, in the order
 * in which things happen to a peer, for all peers of the worker in turn: keep calls short, for every
 * peer of the worker waits (KEEPALIVEs and timers run between calls; `handlerSlowest` tells the
 * longest). A worker that a call keeps from answering for a minute, or what `limits.workerAnswerTime` of the
 * engine says, is taken for hung and replaced. What a call throws ends that peer's session with Cease/Out of
 * Resources and is reported as `handler-error`; no other peer notices.
 */
export interface PeerHandler {
  /** When a well-formed OPEN has arrived, before the FSM judges it. */
  onOpen?(peer: HandlerPeer, open: OpenMessage): HandlerAnswer;
  /** When the session is Established, before any UPDATE of it. */
  onSessionUp?(session: HandlerSession): HandlerAnswer;
  /** For each UPDATE that RFC 7606 lets through, after its routes have gone to the Adj-RIB-In. */
  onUpdate?(session: HandlerSession, update: ReceivedUpdate): HandlerAnswer;
  /** When the session has ended, however it did. */
  onSessionDown?(session: HandlerSession, end: SessionEnd): void;
}

/** A received UPDATE, undecoded. Valid during the call that gives it only: `copy` what is to stay. */
export class ReceivedUpdate {
  /** The message is `bytes[start, end)`, header included. */
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  /** An RFC 7606 action has changed what it means: its routes are withdrawn, or an attribute is gone. */
  postFault = false;
  #options: SessionOptions | undefined = undefined;

  /** @internal */
  set(
    bytes: Uint8Array,
    start: number,
    end: number,
    postFault: boolean,
    options: SessionOptions,
  ): this {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.postFault = postFault;
    this.#options = options;
    return this;
  }

  /** The message as an object. */
  decode(): DecodeResult<UpdateMessage> {
    return decodeUpdate(this.bytes, this.start, this.end, this.#options!);
  }

  /** The message's bytes, to keep. */
  copy(): Uint8Array {
    return this.bytes.slice(this.start, this.end);
  }
}

const callbacks = ['onOpen', 'onSessionUp', 'onUpdate', 'onSessionDown'] as const;

/**
 * Loads a handler module: its default export is a {@link PeerHandler}, or a function that makes one,
 * called once in each worker.
 *
 * @throws {ActorError} `ERR_PEERLOOM_HANDLER` with what is wrong with the module
 */
export async function loadHandler(url: string): Promise<PeerHandler> {
  const refuse = (why: string, cause?: unknown): never => {
    throw new ActorError('ERR_PEERLOOM_HANDLER', `the handler module ${url} ${why}`, { cause });
  };
  const module = (await import(url).catch((error: unknown) =>
    refuse(`cannot be loaded: ${String(error)}`, error),
  )) as { readonly default?: unknown };
  let handler = module.default;
  if (typeof handler === 'function') {
    try {
      handler = await (handler as () => unknown)();
    } catch (error) {
      refuse(`fails to make its handler: ${String(error)}`, error);
    }
  }
  if (typeof handler !== 'object' || handler === null) {
    refuse('must have a default export that is a handler, or a function that makes one');
  }
  const entries = callbacks.map((name) => [name, (handler as PeerHandler)[name]] as const);
  const wrong = entries.find(
    ([, callback]) => callback !== undefined && typeof callback !== 'function',
  );
  if (wrong !== undefined) refuse(`has a ${wrong[0]} that is no function`);
  if (entries.every(([, callback]) => callback === undefined)) {
    refuse(`has none of the callbacks ${callbacks.join(', ')}`);
  }
  return handler as PeerHandler;
}
