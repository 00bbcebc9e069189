import type { NegotiatedSession, SessionEnd } from '@peerloom/ipc';
import { parseFamilyName, type SessionOptions } from '@peerloom/wire';
import { BoundedChannel } from './boundedChannel.ts';
import type { Peer } from './peer.ts';
import { ReceivedUpdate } from './receivedUpdate.ts';

/** This many UPDATEs are missing here, because the reader was slow. */
export interface LostUpdates {
  readonly kind: 'lost';
  readonly count: number;
}

/** What `session.updates()` gives. */
export type SessionUpdate = ReceivedUpdate | LostUpdates;

/** What a session needs of the engine to give out its UPDATEs. */
export interface UpdateSource {
  /** Has the UPDATEs of the peer sent here, until the function returned is called. */
  subscribe(): () => void;
  /** Octets that may wait for one reader. */
  readonly bufferBytes: number;
  onLost(count: number): void;
}

/** One time that a peer is Established, from its first UPDATE to its end. */
export class Session {
  readonly peer: Peer;
  /** Number of the session within its peer. */
  readonly id: number;
  /** What the two OPENs agreed on. */
  readonly negotiated: NegotiatedSession;
  /** Milliseconds since the UNIX epoch. */
  readonly since: number;
  /** How the session ended, once it has. */
  readonly closed: Promise<SessionEnd>;

  readonly #source: UpdateSource;
  readonly #options: SessionOptions;
  readonly #aborter = new AbortController();
  readonly #resolveClosed: (end: SessionEnd) => void;
  /** Who reads, and how each gives up its subscription. */
  readonly #readers = new Map<BoundedChannel<SessionUpdate>, () => void>();
  /** UPDATEs since the beginning, for the first who asks. */
  #first: BoundedChannel<SessionUpdate> | undefined;

  /** Sessions are made by the engine. `keep`: somebody will want its UPDATEs from the first on. */
  constructor(
    peer: Peer,
    negotiated: NegotiatedSession,
    since: number,
    source: UpdateSource,
    keep: boolean,
  ) {
    this.peer = peer;
    this.id = negotiated.session;
    this.negotiated = negotiated;
    this.since = since;
    this.#source = source;
    this.#options = sessionOptionsOf(negotiated);
    const { promise, resolve } = Promise.withResolvers<SessionEnd>();
    this.closed = promise;
    this.#resolveClosed = resolve;
    if (keep) this.#first = this.#open(undefined);
  }

  /** Aborts when the session ends. */
  get signal(): AbortSignal {
    return this.#aborter.signal;
  }

  /**
   * The UPDATEs as they come, until the session ends or `signal` aborts. The first call on a session
   * from `peer.sessions()` has them from the first on; others have them from now on. A reader that is
   * slower than the peer is told how many it has missed, and where.
   */
  updates(
    options: { readonly signal?: AbortSignal } = {},
  ): AsyncIterableIterator<SessionUpdate, undefined> & AsyncDisposable {
    const first = this.#first;
    this.#first = undefined;
    if (first === undefined) return this.#open(options.signal);
    if (options.signal !== undefined) first.endWith(options.signal);
    return first;
  }

  /** Plain data, for `JSON.stringify`. */
  toJSON(): object {
    const { peer, id, since, negotiated } = this;
    return { peer: peer.address, id, since, negotiated };
  }

  /** For the engine: an UPDATE has come. The bytes are a view, and are copied if anyone wants them. */
  receive(bytes: Uint8Array, postFault: boolean): void {
    if (this.#readers.size === 0) return;
    const update = new ReceivedUpdate(bytes.slice(), this.#options, postFault);
    for (const channel of this.#readers.keys()) channel.push(update, bytes.length);
  }

  /** For the engine: the session has ended. */
  end(end: SessionEnd): void {
    for (const [channel, unsubscribe] of this.#readers) {
      channel.end();
      unsubscribe();
    }
    this.#readers.clear();
    this.#aborter.abort();
    this.#resolveClosed(end);
  }

  #open(signal: AbortSignal | undefined): BoundedChannel<SessionUpdate> {
    const channel = new BoundedChannel<SessionUpdate>({
      items: Number.MAX_SAFE_INTEGER,
      weight: this.#source.bufferBytes,
      lost: (count) => {
        this.#source.onLost(count);
        return { kind: 'lost', count };
      },
      onReturn: () => {
        this.#readers.get(channel)?.();
        this.#readers.delete(channel);
      },
    });
    if (this.#aborter.signal.aborted || signal?.aborted) channel.end();
    else this.#readers.set(channel, this.#source.subscribe());
    if (signal !== undefined) channel.endWith(signal);
    return channel;
  }
}

/** What bytes of the session depend on. */
function sessionOptionsOf(negotiated: NegotiatedSession): SessionOptions {
  return {
    fourOctetAs: negotiated.fourOctetAs,
    maximumReceiveLength: negotiated.maximumReceiveLength,
    maximumSendLength: negotiated.maximumSendLength,
    families: familyKeys(negotiated.families),
    addPathReceive: familyKeys(negotiated.addPathReceive),
    addPathSend: familyKeys(negotiated.addPathSend),
    extendedNextHop: familyKeys(negotiated.extendedNextHop),
    peerType: negotiated.peerType,
  };
}

function familyKeys(names: readonly string[]): ReadonlySet<number> {
  return new Set(names.flatMap((name) => parseFamilyName(name) ?? []));
}
