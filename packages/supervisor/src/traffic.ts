import type { Socket } from 'node:net';
import type { ConnectionEnds } from '@peerloom/ipc';
import type { Actors } from './actors.ts';
import { canonicalAddress } from './address.ts';
import { Connection, type ConnectionOwner } from './connection.ts';
import type { Core } from './core.ts';
import { DialAttempt } from './dialAttempt.ts';
import type { HostLink } from './hostLink.ts';
import { none, type PeerRecord } from './peerRecord.ts';

/** The connections of all peers: opened, read, written, closed as their actors say. */
export class Traffic implements ConnectionOwner {
  readonly #core: Core;
  readonly #actors: Actors;
  readonly #connections = new Map<number, Connection>();
  /** Those that something of the batch at hand is for. */
  #written: Connection[] = [];
  /** Accepted connections that their actors have not been told of, with the turn in which they came. */
  readonly #fresh = new Map<Connection, number>();
  /** Turns of the event loop in which some were fresh. */
  #turn = 0;
  #nextId = 1;
  #pending = 0;
  #onEmpty: (() => void) | undefined;

  constructor(core: Core, actors: Actors) {
    this.#core = core;
    this.#actors = actors;
  }

  /** Accepted connections whose session is not Established. */
  get pending(): number {
    return this.#pending;
  }

  /** Open connections, and those that are closing. */
  get size(): number {
    return this.#connections.size;
  }

  all(): IterableIterator<Connection> {
    return this.#connections.values();
  }

  /**
   * A connection that a peer has opened, for an actor that is ready. The actor hears of it with the first
   * that the peer says, or at the end of the next turn: a peer that dials sends its OPEN at once, and is
   * then answered with OPEN and KEEPALIVE in one go, which saves either side a segment to write and to read.
   */
  accept(record: PeerRecord, socket: Socket, ends: ConnectionEnds): void {
    const link = this.#actors.linkOf(record);
    if (link === undefined) {
      socket.destroy();
      return;
    }
    const connection = this.#attach(record, socket, ends, undefined);
    this.#core.counters.connectionsAccepted += 1;
    this.#pending += 1;
    link.attach(connection);
    if (this.#fresh.size === 0) setImmediate(this.#endTurn);
    this.#fresh.set(connection, this.#turn);
  }

  /** The actor wants a connection. */
  dial(record: PeerRecord, dial: number): void {
    const { counters } = this.#core;
    record.lastDial = Math.max(record.lastDial, dial);
    counters.dials += 1;
    const attempt = new DialAttempt(record.told, dial, {
      connected: (socket) => {
        record.attempts = without(record.attempts, attempt);
        counters.dialsConnected += 1;
        this.#connected(record, dial, socket);
      },
      failed: (errno, text) => {
        record.attempts = without(record.attempts, attempt);
        counters.dialsFailed += 1;
        const { id: peer } = record;
        this.#actors.linkOf(record)?.message({ kind: 'dialFailed', peer, dial, errno, text });
      },
    });
    record.attempts = record.attempts.concat(attempt);
  }

  /** The actor no longer wants it, and does not know yet when it has got it. */
  abortDial(record: PeerRecord, dial: number): void {
    const attempt = record.attempts.find((each) => each.dial === dial);
    if (attempt !== undefined) {
      attempt.abort();
      record.attempts = without(record.attempts, attempt);
      this.#core.counters.dialsAborted += 1;
    }
    record.connections.find((each) => each.dial === dial)?.reset();
  }

  /** Octets for a connection. It may be gone, and the actor not know yet: they are dropped then. */
  send(id: number, bytes: Uint8Array, batchLength: number): void {
    const connection = this.#connections.get(id);
    if (connection === undefined) return;
    if (connection.send(bytes, batchLength)) this.#written.push(connection);
  }

  /** The batch is at its end: what was sent leaves. */
  flush(): void {
    for (const connection of this.#written) connection.flush();
    this.#written.length = 0;
  }

  /** The actor has done with a connection. `reset`: what is unsent is dropped. */
  close(id: number, reset: boolean): void {
    const connection = this.#connections.get(id);
    if (connection === undefined) return;
    if (reset) connection.reset();
    else connection.close(this.#core.limits.closeTime * 1000);
  }

  /** The session on this connection is Established. */
  established(id: number): void {
    const connection = this.#connections.get(id);
    if (connection === undefined || connection.established) return;
    if (!connection.dialled) this.#pending -= 1;
    connection.established = true;
  }

  /** The peer is removed: what its actor has left open is closed in order, and no host knows of it. */
  release(record: PeerRecord): void {
    this.#abort(record);
    for (const connection of record.connections) {
      record.slot?.link?.detach(connection);
      this.close(connection.id, false);
    }
  }

  /** The peer's actor is gone: nobody is left to talk to its connections. */
  drop(record: PeerRecord): void {
    this.#abort(record);
    for (const connection of record.connections) connection.reset();
    for (const { socket } of record.takeWaiting()) socket.resetAndDestroy();
  }

  /** Resolves when every connection is gone; those that are not after `patience` milliseconds are reset. */
  async drained(patience: number): Promise<void> {
    if (this.#connections.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        for (const connection of this.#connections.values()) connection.reset();
      }, patience);
      this.#onEmpty = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  onData(connection: Connection, chunk: Uint8Array): void {
    this.#introduce(connection);
    this.#linkOf(connection)?.data(connection, chunk);
  }

  onProgress(connection: Connection): void {
    this.#linkOf(connection)?.progress(connection);
  }

  onEnded(connection: Connection, errno: string, text: string): void {
    const { peer, id } = connection;
    this.#introduce(connection);
    this.#linkOf(connection)?.message({ kind: 'closed', peer, connection: id, errno, text });
  }

  onGone(connection: Connection): void {
    this.#connections.delete(connection.id);
    this.#fresh.delete(connection);
    if (!connection.dialled && !connection.established) this.#pending -= 1;
    const record = this.#core.peers.get(connection.peer);
    if (record !== undefined) {
      record.slot?.link?.detach(connection);
      record.connections = without(record.connections, connection);
      if (record.connections.length === 0) record.idleSince = Date.now();
      if (record.isStranger && !this.#core.closing) {
        this.#core.strangers.fruitless(record, connection.ends);
      }
    }
    if (this.#connections.size === 0) this.#onEmpty?.();
  }

  /** Tells the actor of an accepted connection, unless it knows. */
  #introduce(connection: Connection): void {
    if (!this.#fresh.delete(connection)) return;
    const { id, peer, ends } = connection;
    this.#linkOf(connection)?.message({ kind: 'accepted', peer, connection: id, ...ends });
  }

  /** What has come in the turn before has waited long enough. */
  readonly #endTurn = (): void => {
    for (const [connection, turn] of this.#fresh) {
      if (turn === this.#turn) break;
      if (connection.open) this.#introduce(connection);
      else this.#fresh.delete(connection);
    }
    this.#turn += 1;
    if (this.#fresh.size > 0) setImmediate(this.#endTurn);
  };

  #abort(record: PeerRecord): void {
    for (const attempt of record.attempts) attempt.abort();
    record.attempts = none;
  }

  #connected(record: PeerRecord, dial: number, socket: Socket): void {
    const link = this.#actors.linkOf(record);
    const ends = endsOf(socket);
    if (link === undefined || ends === undefined) {
      socket.destroy();
      return;
    }
    const connection = this.#attach(record, socket, ends, dial);
    link.message({ kind: 'connected', peer: record.id, connection: connection.id, dial, ...ends });
    link.attach(connection);
  }

  #attach(
    record: PeerRecord,
    socket: Socket,
    ends: ConnectionEnds,
    dial: number | undefined,
  ): Connection {
    const connection = new Connection(this.#nextId++, record.id, socket, ends, dial, this);
    this.#connections.set(connection.id, connection);
    record.connections = record.connections.concat(connection);
    return connection;
  }

  #linkOf(connection: Connection): HostLink | undefined {
    return this.#core.peers.get(connection.peer)?.slot?.link;
  }
}

function without<T>(elements: readonly T[], element: T): readonly T[] {
  const others = elements.filter((each) => each !== element);
  return others.length === 0 ? none : others;
}

/** The two ends of a socket in canonical text; `undefined` when it is closed already. */
export function endsOf(socket: Socket): ConnectionEnds | undefined {
  const { localAddress, localPort, remoteAddress, remotePort } = socket;
  if (localAddress === undefined || remoteAddress === undefined) return undefined;
  if (localPort === undefined || remotePort === undefined) return undefined;
  return {
    localAddress: canonicalOf(localAddress),
    localPort,
    remoteAddress: canonicalOf(remoteAddress),
    remotePort,
  };
}

/** What the system names an IPv4 address is canonical. */
function canonicalOf(address: string): string {
  return address.includes(':') ? canonicalAddress(address)! : address;
}
