import type { Socket } from 'node:net';
import type { ConnectionEnds } from '@peerloom/ipc';
import { errorCode, errorText } from './peerloomError.ts';
import { explainClosed } from './systemReason.ts';

/**
 * Octets up to which what was sent in parts is joined: a copy costs less than a list of parts for the
 * system. The OPEN and the KEEPALIVE that answers the peer's leave so.
 */
const joined = 4096;

/** Octets that a connection may send in an epoch of its host, and still count as quiet. */
const quiet = 8192;

const nothing = new Uint8Array(0);

/** Where a connection's bytes and its end go to. */
export interface ConnectionOwner {
  /** Octets were read. The chunk is the owner's. */
  onData(connection: Connection, chunk: Uint8Array): void;
  /** The kernel has taken more of what was sent; `takeProgress` says how much. */
  onProgress(connection: Connection): void;
  /** The connection has ended and its actor has not closed it. Comes once; nothing is read after it. */
  onEnded(connection: Connection, errno: string, text: string): void;
  /** The descriptor is gone. The last that is heard of the connection. */
  onGone(connection: Connection): void;
}

/**
 * One TCP connection to a peer, whoever opened it. An error of the socket is told to the owner and
 * never thrown.
 */
export class Connection {
  /** Given by the supervisor, never used again. */
  readonly id: number;
  /** The peer's id. */
  readonly peer: number;
  readonly ends: ConnectionEnds;
  /** The actor's number of the attempt that led to it; `undefined`: the neighbour has connected. */
  readonly dial: number | undefined;
  /** Octets read and octets handed to the socket. */
  bytesReceived = 0;
  bytesSent = 0;
  /** Whether its session is Established: it counts as pending before. */
  established = false;

  readonly #socket: Socket;
  readonly #owner: ConnectionOwner;
  #state: 'open' | 'closing' | 'gone' = 'open';
  #reported = 0;
  /** The kernel has not taken the last write at once: what follows it gathers until it has. */
  #isHeldUp = false;
  /** What has been sent since it was last written. */
  #parts: Uint8Array[] | undefined = undefined;
  #recent = 0;
  #before = 0;
  #epoch = 0;
  #deadline: NodeJS.Timeout | undefined;

  /** Takes over a connected socket that is paused. `resume` begins to read. */
  constructor(
    id: number,
    peer: number,
    socket: Socket,
    ends: ConnectionEnds,
    dial: number | undefined,
    owner: ConnectionOwner,
  ) {
    this.id = id;
    this.peer = peer;
    this.ends = ends;
    this.dial = dial;
    this.#socket = socket;
    this.#owner = owner;
    (socket as ConnectedSocket)[connectionOf] = this;
    socket.on('data', onData);
    socket.on('end', onEnd);
    socket.on('error', onError);
    socket.on('close', onClose);
  }

  /** Whether we have opened it. */
  get dialled(): boolean {
    return this.dial !== undefined;
  }

  /** Octets that are to be sent and that the kernel has not taken yet. */
  get unsent(): number {
    let octets = this.#socket.writableLength;
    for (const { length } of this.#parts ?? []) octets += length;
    return octets;
  }

  /** Neither side has ended it. */
  get open(): boolean {
    return this.#state === 'open';
  }

  /** It has sent much in the epoch in which it sent last, or the one before. */
  get noisy(): boolean {
    return this.#recent + this.#before >= quiet;
  }

  /** Counts octets that were read in an epoch. */
  count(octets: number, epoch: number): void {
    if (epoch !== this.#epoch) {
      this.#before = this.#recent;
      this.#recent = 0;
    }
    this.#epoch = epoch;
    this.#recent += octets;
  }

  pause(): void {
    if (this.#state === 'open') this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /**
   * Sends octets that are a view of a batch of `batchLength`; they leave with `flush`. Returns whether they
   * are the first to. While the socket is held up a small view is copied, for it would keep the whole batch in
   * memory until the peer reads again.
   */
  send(bytes: Uint8Array, batchLength: number): boolean {
    if (this.#state !== 'open') return false;
    const isCopied = this.#isHeldUp && bytes.length * 4 < batchLength;
    const own = isCopied ? Buffer.from(bytes) : bytes;
    if (this.#parts !== undefined) {
      this.#parts.push(own);
      return false;
    }
    this.#parts = [own];
    return true;
  }

  /** What was sent leaves, in one system call: now, or once what left before has been taken. */
  flush(): void {
    if (!this.#isHeldUp) this.#write();
  }

  #write(): void {
    const parts = this.#parts;
    this.#parts = undefined;
    if (this.#state !== 'open' || parts === undefined) return;
    const socket = this.#socket;
    const before = this.bytesSent;
    for (const { length } of parts) this.bytesSent += length;
    if (parts.length === 1) {
      socket.write(parts[0]!);
    } else if (this.bytesSent - before <= joined) {
      socket.write(Buffer.concat(parts));
    } else {
      socket.cork();
      for (const part of parts) socket.write(part);
      socket.uncork();
    }
    if (socket.writableLength === 0) this.#owner.onProgress(this);
    else if (!this.#isHeldUp) this.#follow();
  }

  /**
   * Goes on when the kernel has taken what it has not taken at once: nothing is written after it, and that this has
   * been done is heard. Most writes are taken at once; with a callback each of them would cost a turn of the event
   * loop's queue more, and each connection 96 octets.
   */
  #follow(): void {
    this.#isHeldUp = true;
    this.#socket.write(nothing, () => {
      this.#isHeldUp = false;
      if (this.#state !== 'open') return;
      this.#owner.onProgress(this);
      this.#write();
    });
  }

  /** Octets that the kernel has taken since `takeProgress` was called. */
  get progress(): number {
    return this.bytesSent - this.#socket.writableLength - this.#reported;
  }

  /** The same, and counts anew. */
  takeProgress(): number {
    const { progress } = this;
    this.#reported += progress;
    return progress;
  }

  /**
   * Ends the connection in order: what was sent leaves first, then our FIN, and what still comes in is
   * dropped, for closing with unread octets would reset the connection and could take the NOTIFICATION
   * along. After `patience` milliseconds it is reset.
   */
  close(patience: number): void {
    if (this.#state !== 'open') return;
    this.#write();
    this.#state = 'closing';
    this.#socket.end();
    this.#socket.resume();
    this.#deadline = setTimeout(() => this.#socket.resetAndDestroy(), patience);
  }

  /** Drops what is unsent and resets the connection. */
  reset(): void {
    if (this.#state === 'gone') return;
    this.#state = 'closing';
    this.#parts = undefined;
    this.#socket.resetAndDestroy();
  }

  /** For the socket: octets have come. */
  received(chunk: Uint8Array): void {
    if (this.#state !== 'open') return;
    this.bytesReceived += chunk.length;
    this.#owner.onData(this, chunk);
  }

  /** For the socket: it has ended. */
  ended(errno: string, text: string): void {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    // What we still had for a peer that is gone is of no use to anyone.
    this.#parts = undefined;
    this.#socket.destroy();
    this.#owner.onEnded(this, errno, text);
  }

  /** For the socket: its descriptor is closed. */
  gone(): void {
    this.ended('', explainClosed('', ''));
    this.#state = 'gone';
    clearTimeout(this.#deadline);
    this.#owner.onGone(this);
  }
}

// One set of listeners for all sockets: a closure for each event of each connection adds up.

const connectionOf: unique symbol = Symbol('connection');

interface ConnectedSocket extends Socket {
  [connectionOf]: Connection;
}

function onData(this: Socket, chunk: Uint8Array): void {
  (this as ConnectedSocket)[connectionOf].received(chunk);
}

function onEnd(this: Socket): void {
  (this as ConnectedSocket)[connectionOf].ended('', explainClosed('', ''));
}

function onError(this: Socket, error: Error): void {
  const errno = errorCode(error, 'UNKNOWN');
  (this as ConnectedSocket)[connectionOf].ended(errno, explainClosed(errno, errorText(error)));
}

function onClose(this: Socket): void {
  (this as ConnectedSocket)[connectionOf].gone();
}
