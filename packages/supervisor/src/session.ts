import type { NegotiatedSession, SessionAgreement, SessionEnd, SessionUp } from '@peerloom/ipc';
import { parseFamilyName, type SessionOptions } from '@peerloom/wire';
import { BoundedChannel } from './boundedChannel.ts';
import type { Peer } from './peer.ts';
import type { Readers } from './readers.ts';
import { ReceivedUpdate } from './receivedUpdate.ts';

/** This many UPDATEs are missing here, because the reader was slow. */
export interface LostUpdates {
  readonly kind: 'lost';
  /** How many. */
  readonly count: number;
}

/** What `session.updates()` gives. */
export type SessionUpdate = ReceivedUpdate | LostUpdates;

/** What a session needs of the engine to give out its UPDATEs. */
export interface UpdateSource {
  /** Has the UPDATEs of the peer sent here, until the function returned is called. */
  subscribeTo(peer: Peer): () => void;
  /** Octets that may wait for one reader. */
  readonly updateBytes: number;
  readonly readers: Readers;
  onLost(count: number): void;
}

/** One time that a peer is Established, from its first UPDATE to its end. */
export class Session {
  /** Whose session it is. */
  readonly peer: Peer;
  /** Number of the session within its peer. */
  readonly id: number;
  /** Milliseconds since the UNIX epoch. */
  readonly since: number;

  readonly #source: UpdateSource;
  readonly #up: SessionUp;
  // Thousands of sessions that nobody looks at should weigh little: what follows is made when asked for.
  #agreement: SessionAgreement | undefined;
  #options: SessionOptions | undefined;
  #aborter: AbortController | undefined;
  #closed: PromiseWithResolvers<SessionEnd> | undefined;
  #end: SessionEnd | undefined;
  /** Who reads, and how each gives up its subscription. */
  #readers: Map<BoundedChannel<SessionUpdate>, () => void> | undefined;
  /** UPDATEs since the beginning, for the first who asks. */
  #first: BoundedChannel<SessionUpdate> | undefined;

  /** Sessions are made by the engine. `keep`: somebody will want its UPDATEs from the first on. */
  constructor(peer: Peer, up: SessionUp, source: UpdateSource, keep: boolean) {
    this.peer = peer;
    this.id = up.session;
    this.since = up.time;
    this.#up = up;
    this.#source = source;
    if (keep) this.#first = this.#open(undefined);
  }

  /** What the two OPENs agreed on. Read only: much of it is shared with other sessions. */
  get negotiated(): NegotiatedSession {
    this.#agreement ??= agreementOf(this.#up.json);
    return negotiatedBy(this.#up, this.#agreement);
  }

  /** How the session ended, once it has. */
  get closed(): Promise<SessionEnd> {
    this.#closed ??= Promise.withResolvers<SessionEnd>();
    if (this.#end !== undefined) this.#closed.resolve(this.#end);
    return this.#closed.promise;
  }

  /** Aborts when the session ends. */
  get signal(): AbortSignal {
    this.#aborter ??= new AbortController();
    if (this.#end !== undefined) this.#aborter.abort();
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
    if (this.#readers === undefined || this.#readers.size === 0) return;
    this.#options ??= sessionOptionsOf(this.negotiated);
    const update = new ReceivedUpdate(bytes.slice(), this.#options, postFault);
    for (const channel of this.#readers.keys()) channel.push(update, bytes.length);
  }

  /** For the engine: the session has ended. */
  end(end: SessionEnd): void {
    this.#end = end;
    for (const [channel, unsubscribe] of this.#readers ?? []) {
      channel.end();
      unsubscribe();
    }
    this.#readers = undefined;
    this.#aborter?.abort();
    this.#closed?.resolve(end);
  }

  #open(signal: AbortSignal | undefined): BoundedChannel<SessionUpdate> {
    const channel = new BoundedChannel<SessionUpdate>({
      items: Number.MAX_SAFE_INTEGER,
      weight: this.#source.updateBytes,
      readers: this.#source.readers,
      lost: (count) => {
        this.#source.onLost(count);
        return { kind: 'lost', count };
      },
      onReturn: () => {
        this.#readers?.get(channel)?.();
        this.#readers?.delete(channel);
      },
    });
    if (this.#end !== undefined || signal?.aborted) {
      channel.end();
    } else {
      this.#readers ??= new Map();
      this.#readers.set(channel, this.#source.subscribeTo(this.peer));
    }
    if (signal !== undefined) channel.endWith(signal);
    return channel;
  }
}

function negotiatedBy(up: SessionUp, agreement: SessionAgreement): NegotiatedSession {
  const { session, connection, dialled, remoteAs, remoteRouterId } = up;
  const { localAddress, localPort, remoteAddress, remotePort } = up;
  const ends = { localAddress, localPort, remoteAddress, remotePort };
  return { session, connection, ends, dialled, remoteAs, remoteRouterId, ...agreement };
}

/** What was read last: most sessions agree on the same. */
let read = { json: '', agreement: {} as SessionAgreement };

function agreementOf(json: string): SessionAgreement {
  if (json !== read.json) read = { json, agreement: JSON.parse(json) as SessionAgreement };
  return read.agreement;
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
