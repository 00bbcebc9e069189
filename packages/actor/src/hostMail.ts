import {
  CommandKind,
  type MailPort,
  NoticeCode,
  SharedBuffers,
  type ToHostMessage,
  ToHostReader,
  ToSupervisorWriter,
} from '@peerloom/ipc';
import type { Clock } from './clock.ts';
import type { ArrivedBatch, ChunkReader } from './connection.ts';
import { DelayHistogram } from './delayHistogram.ts';
import type { PeerActor } from './peerActor.ts';
import { obey } from './peerCommands.ts';
import type { Supervised } from './supervised.ts';

/** Octets of credit that are given back at once rather than at the end of the turn. */
const creditStep = 128 * 1024;

/** Octets of a buffer that is worth sending back. */
const largeBuffer = 64 * 1024;

/** A batch as long as chunks of it wait to be read. */
class Batch implements ArrivedBatch {
  stamp: number;
  readonly bytes: Uint8Array;
  /** Chunks that have not been read; and one more while the batch itself is. */
  unread = 1;

  constructor(bytes: Uint8Array, stamp: number) {
    this.bytes = bytes;
    this.stamp = stamp;
  }
}

/** Whose mail it is: the peers of a host. */
export interface Addressees {
  get(peer: number): Supervised | undefined;
  /** Nothing is to be left of the peer. */
  forget(peer: number): void;
}

/** The mail of a host: takes batches from the supervisor apart, and puts those to it together. */
export class HostMail implements ChunkReader {
  /** What goes to the supervisor. */
  readonly writer: ToSupervisorWriter = new ToSupervisorWriter();
  /** From a batch's beginning at the supervisor until an envelope of it is done with. */
  readonly delay: DelayHistogram = new DelayHistogram();
  /** Octets that have arrived and not yet been read. */
  queued = 0;
  readonly #port: MailPort;
  readonly #clock: Clock;
  readonly #peers: Addressees;
  readonly #reader = new ToHostReader();
  /** Batches of which something is unread, in the order in which they came. */
  readonly #waiting = new Set<Batch>();
  /** Shared buffers that the supervisor has been given. */
  readonly #shared = new SharedBuffers();
  /** Octets that are read, and not yet given back. */
  #credit = 0;

  /** @param onMail - called when a batch has been taken apart */
  constructor(port: MailPort, clock: Clock, peers: Addressees, onMail: () => void) {
    this.#port = port;
    this.#clock = clock;
    this.#peers = peers;
    port.on('message', (batch) => {
      this.#receive(batch);
      onMail();
    });
  }

  /** Milliseconds since the oldest batch was begun of which something is unread; 0 when there is none. */
  get oldest(): number {
    const [batch] = this.#waiting;
    return batch === undefined ? 0 : Math.max(0, this.#clock.now() - batch.stamp);
  }

  chunkRead(bytes: number, batch: ArrivedBatch): void {
    this.queued -= bytes;
    this.#credit += bytes;
    if (this.#credit >= creditStep) this.#writeCredit();
    this.#done(batch);
    // Whoever holds a chunk has got its batch from here.
    this.#release(batch as Batch);
  }

  /** Has whole messages sent on a connection. They are copied, unless they stand in shared memory. */
  send(peer: number, connection: number, bytes: Uint8Array): void {
    const { buffer, byteOffset, length } = bytes;
    if (!(buffer instanceof SharedArrayBuffer)) return this.writer.send(peer, connection, bytes);
    const number = this.#shared.numberOf(buffer) ?? this.#share(buffer);
    this.writer.sendShared(peer, connection, number, byteOffset, byteOffset + length);
  }

  /** Sends what has been written; unless `force`, only if it is enough for a batch. */
  flush(force: boolean): void {
    if (force) this.#writeCredit();
    else if (!this.writer.full) return;
    const batch = this.writer.take();
    if (batch !== undefined) this.#port.postMessage(batch, [batch.buffer]);
  }

  close(): void {
    this.flush(true);
    this.#port.close();
  }

  /** What has been written before may name the buffer whose number this one gets: it goes first. */
  #share(buffer: SharedArrayBuffer): number {
    this.flush(true);
    this.#port.postMessage(buffer, []);
    return this.#shared.add(buffer);
  }

  #receive(bytes: Uint8Array): void {
    const reader = this.#reader;
    const batch = new Batch(bytes, this.#clock.now());
    reader.open(bytes);
    while (reader.next()) {
      const { peer, connection } = reader;
      if (reader.kind === 'data') this.#data(peer, connection, reader.bytes, batch);
      else if (reader.kind === 'written') {
        const { count } = reader;
        this.#with(peer, (actor) => actor.written(connection, count));
      } else this.#message(reader.message!, batch);
    }
    if (reader.fault !== undefined) this.#complain(reader.fault);
    if (batch.unread > 1) this.#waiting.add(batch);
    this.#release(batch);
  }

  #data(peer: number, connection: number, bytes: Uint8Array, batch: Batch): void {
    this.queued += bytes.length;
    batch.unread++;
    const taken = this.#with(peer, (actor) => actor.data(connection, bytes, batch));
    if (taken !== true) this.chunkRead(bytes.length, batch);
  }

  /** An envelope of the batch is done with. */
  #done(batch: ArrivedBatch): void {
    this.delay.add(this.#clock.now() - batch.stamp);
  }

  /** Sends the buffer of a large batch back once nobody reads it any longer: an empty batch brings it. */
  #release(batch: Batch): void {
    if (--batch.unread > 0) return;
    this.#waiting.delete(batch);
    const buffer = batch.bytes.buffer as ArrayBuffer;
    if (buffer.byteLength < largeBuffer) return;
    this.#port.postMessage(new Uint8Array(buffer, 0, 0), [buffer]);
  }

  #message(message: ToHostMessage, batch: Batch): void {
    switch (message.kind) {
      case 'stamp':
        batch.stamp = message.time;
        return;
      case 'accepted':
      case 'connected': {
        const taken = this.#with(message.peer, (actor) => {
          if (message.kind === 'accepted') actor.accepted(message);
          else actor.connected(message);
          return true;
        });
        // Nobody to own it: the peer is gone, or was never here.
        if (taken === undefined) {
          const { peer, connection } = message;
          this.writer.message({ kind: 'close', peer, connection, reset: false });
        }
        break;
      }
      case 'dialFailed':
        this.#with(message.peer, (actor) => actor.dialFailed(message));
        break;
      case 'refused':
        this.#with(message.peer, (actor) => actor.refused(message));
        break;
      case 'closed':
        this.#with(message.peer, (actor) => actor.closed(message));
        break;
      case 'command': {
        const { peer, action } = message;
        this.#peers.get(peer)?.commanded(message);
        this.#with(peer, (actor) => obey(actor, message));
        if (action !== CommandKind.deconfigure) break;
        this.#peers.forget(peer);
        this.writer.message({ kind: 'stopped', peer });
        break;
      }
    }
    this.#done(batch);
  }

  /** Runs something of a peer's; if that fails, only its own actor does. */
  #with<Result>(peer: number, run: (actor: PeerActor) => Result): Result | undefined {
    return this.#peers.get(peer)?.run(run);
  }

  #writeCredit(): void {
    if (this.#credit === 0) return;
    this.writer.consumed(this.#credit);
    this.#credit = 0;
  }

  #complain(text: string): void {
    const code = NoticeCode.badBatch;
    const time = this.#clock.now();
    this.writer.message({ kind: 'notice', peer: 0, code, text, time, json: '' });
  }
}
