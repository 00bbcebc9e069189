import type { ConnectionEnds } from '@peerloom/ipc';
import { Deframer } from '@peerloom/wire';

/** Bytes that have arrived and are not yet read. */
interface Chunk {
  readonly bytes: Uint8Array;
  readonly batch: ArrivedBatch;
  next: Chunk | undefined;
}

/** The batch that chunks have arrived in. */
export interface ArrivedBatch {
  /** When it was begun, in milliseconds since the UNIX epoch. */
  readonly stamp: number;
}

/** Who wants to know that a chunk has been read, and nobody needs its bytes any longer. */
export interface ChunkReader {
  chunkRead(bytes: number, batch: ArrivedBatch): void;
}

/** How a connection ended. */
export interface ConnectionEnd {
  /** The system's name, empty for an orderly end. */
  readonly errno: string;
  readonly text: string;
}

/**
 * One TCP connection of a peer as its actor sees it: input that waits to be read, cut into messages
 * on the way, and what the supervisor still holds of our output.
 */
export class Connection {
  readonly id: number;
  readonly ends: ConnectionEnds;
  /** Whether we opened it. */
  readonly dialled: boolean;
  readonly deframer: Deframer = new Deframer();
  /** Octets handed to the supervisor and not yet taken by the kernel. */
  unsentBytes = 0;
  /** Octets that have arrived and not yet been cut into messages. */
  unreadBytes = 0;
  /** An OPEN has arrived: what a peer that ends the connection before has not said is a hint. */
  heard = false;
  readonly #reader: ChunkReader;
  #first: Chunk | undefined = undefined;
  #last: Chunk | undefined = undefined;
  /** The chunk that the deframer holds. */
  #current: Chunk | undefined = undefined;
  #end: ConnectionEnd | undefined = undefined;

  constructor(id: number, ends: ConnectionEnds, dialled: boolean, reader: ChunkReader) {
    this.id = id;
    this.ends = ends;
    this.dialled = dialled;
    this.#reader = reader;
  }

  /** Whether there is anything to read: bytes, or the end. */
  get readable(): boolean {
    return this.#current !== undefined || this.#first !== undefined || this.#end !== undefined;
  }

  /** Takes bytes in. They stay referenced until they have been read. */
  push(bytes: Uint8Array, batch: ArrivedBatch): void {
    const chunk: Chunk = { bytes, batch, next: undefined };
    if (this.#last === undefined) this.#first = chunk;
    else this.#last.next = chunk;
    this.#last = chunk;
    this.unreadBytes += bytes.length;
  }

  /** Notes that nothing will follow what has arrived. */
  finish(end: ConnectionEnd): void {
    this.#end = end;
  }

  /** How it ended, once everything before has been read. */
  get ended(): ConnectionEnd | undefined {
    return this.#current === undefined && this.#first === undefined ? this.#end : undefined;
  }

  /**
   * Moves `deframer` on to the next whole message. `false`: there is none in what has arrived, or the
   * deframer has met a fault.
   */
  nextMessage(): boolean {
    for (;;) {
      if (this.deframer.next()) return true;
      this.#release();
      if (this.deframer.fault !== undefined) return false;
      const chunk = this.#first;
      if (chunk === undefined) return false;
      this.#first = chunk.next;
      if (chunk.next === undefined) this.#last = undefined;
      this.#current = chunk;
      this.deframer.push(chunk.bytes);
    }
  }

  /** Gives up what has not been read: the connection is gone, or nothing more of it is wanted. */
  discard(): void {
    this.#release();
    for (let chunk = this.#first; chunk !== undefined; chunk = chunk.next) {
      this.unreadBytes -= chunk.bytes.length;
      this.#reader.chunkRead(chunk.bytes.length, chunk.batch);
    }
    this.#first = undefined;
    this.#last = undefined;
    this.#end = undefined;
  }

  #release(): void {
    const chunk = this.#current;
    if (chunk === undefined) return;
    this.#current = undefined;
    this.unreadBytes -= chunk.bytes.length;
    this.#reader.chunkRead(chunk.bytes.length, chunk.batch);
  }
}
