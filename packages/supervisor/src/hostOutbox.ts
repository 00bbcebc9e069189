import type { MessagePort } from 'node:worker_threads';
import { mailPatience, type ToHostMessage, ToHostWriter } from '@peerloom/ipc';
import type { Connection } from './connection.ts';
import type { SupervisorCounters } from './metrics.ts';

/** From so many octets on a chunk's memory is given back at once. */
const largeChunk = 16 * 1024;

/**
 * The length of a KEEPALIVE (RFC 4271 §4.4). A read of an Established session that is no longer holds one, or
 * the end of something that was slow to come: it waits for company, for to wake a worker costs more than to
 * read what it is woken for. Ten thousand sessions send 333 a second, one at a time. Whatever follows takes it
 * along, and the hold timers allow for the wait.
 */
const shortRead = 19;

/**
 * Octets taken by the kernel that a host is told of at once: it may be waiting to send more. Of less, such
 * as of each KEEPALIVE, it is told along with something else, or after so many milliseconds.
 */
const muchProgress = 16 * 1024;
const littlePatience = 200;

/**
 * What goes to one host, put together in batches. A batch leaves when it is full, else after the events of the
 * turn; what is worth no batch of its own waits for one a while longer.
 */
export class HostOutbox {
  readonly #mail: MessagePort;
  readonly #counters: SupervisorCounters;
  readonly #writer = new ToHostWriter();
  readonly #progressed = new Set<Connection>();
  #scheduled = false;
  /** Runs while some progress waits for a batch. */
  #reminder: NodeJS.Timeout | undefined;
  /** Runs while a short read waits for company. */
  #departure: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(mail: MessagePort, counters: SupervisorCounters) {
    this.#mail = mail;
    this.#counters = counters;
  }

  /** Octets read from a connection. They are copied, and the chunk is of no more use. Returns whether they wait for company. */
  data(connection: Connection, chunk: Uint8Array): boolean {
    const waits = connection.established && chunk.length <= shortRead;
    this.#writer.data(connection.peer, connection.id, chunk);
    release(chunk);
    if (waits && !this.#writer.full) this.#departure ??= setTimeout(this.#depart, mailPatience);
    else this.#written();
    return waits;
  }

  message(message: ToHostMessage): void {
    this.#writer.message(message);
    this.#written();
  }

  /** The kernel has taken more from a connection; told with the next batch, which a little may wait for. */
  progress(connection: Connection): void {
    this.#progressed.add(connection);
    if (connection.progress >= muchProgress) this.#schedule();
    else this.#reminder ??= setTimeout(this.#remind, littlePatience).unref();
  }

  /** Nothing more is told of a connection. */
  detach(connection: Connection): void {
    this.#progressed.delete(connection);
  }

  /** A large buffer has come back, for another batch to be written into. */
  reuse(buffer: ArrayBuffer): void {
    this.#writer.reuse(buffer);
  }

  /** Sends what has been written, now. */
  flush(): void {
    if (this.#closed) return;
    for (const connection of this.#progressed) {
      const count = connection.takeProgress();
      if (count > 0) this.#writer.written(connection.peer, connection.id, count);
    }
    this.#progressed.clear();
    const batch = this.#writer.take();
    if (batch === undefined) return;
    this.#counters.batchesToHosts += 1;
    this.#counters.batchBytesToHosts += batch.length;
    this.#mail.postMessage(batch, [batch.buffer]);
  }

  /** Sends nothing more. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#reminder);
    clearTimeout(this.#departure);
  }

  #written(): void {
    if (this.#writer.full) this.flush();
    else this.#schedule();
  }

  readonly #depart = (): void => {
    this.#departure = undefined;
    this.flush();
  };

  readonly #remind = (): void => {
    this.#reminder = undefined;
    this.flush();
  };

  /** After the events of this turn have been read. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.flush();
    });
  }
}

/**
 * Frees the memory of a large chunk that is the only one in its buffer: the next read then finds it warm,
 * and no collection has to find out that it is free.
 */
function release({ buffer, byteLength }: Uint8Array): void {
  if (byteLength < largeChunk || byteLength !== buffer.byteLength) return;
  (buffer as ArrayBuffer).transfer(0);
}
