import type { MessagePort } from 'node:worker_threads';
import {
  type CommandKind,
  type CommonPeerOptions,
  type HostControl,
  mailPatience,
  type RemoteHostControl,
  SharedBuffers,
  type SpawnRefusal,
  type SpawnRequest,
  type ToHostMessage,
  ToHostWriter,
  type ToSupervisorMessage,
  ToSupervisorReader,
} from '@peerloom/ipc';
import { wrap } from 'comlink';
import type { Connection } from './connection.ts';
import { Intake } from './intake.ts';
import type { SupervisorCounters } from './metrics.ts';
import { errorText, PeerloomError } from './peerloomError.ts';
import { Questions } from './questions.ts';

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

/** Who carries out what a host asks for. */
export interface HostSink {
  /** Octets for a connection, a view of a batch of `batchLength`. */
  onSend(link: HostLink, connection: number, bytes: Uint8Array, batchLength: number): void;
  /** An UPDATE for those who subscribe; the bytes are a view of the batch. */
  onUpdate(
    link: HostLink,
    peer: number,
    session: number,
    bytes: Uint8Array,
    postFault: boolean,
  ): void;
  onMessage(link: HostLink, message: ToSupervisorMessage): void;
  /** Every envelope of a batch has been handed out. */
  onBatchEnd(link: HostLink): void;
  /** The host sent bytes that are no batch. */
  onBroken(link: HostLink, why: string): void;
  /** The host answers nothing of what it is asked, and has not for as long as it may. */
  onSilent(link: HostLink): void;
}

/**
 * One actor host as the supervisor reaches it, in a worker or in this thread: the control port for
 * questions, the mail port for batches, and the window that bounds what is on its way there.
 */
export class HostLink {
  /** Which host it is, from 0. */
  readonly index: number;
  readonly #control: RemoteHostControl;
  readonly #controlPort: MessagePort;
  readonly #mail: MessagePort;
  readonly #sink: HostSink;
  readonly #counters: SupervisorCounters;
  readonly #writer = new ToHostWriter();
  readonly #reader = new ToSupervisorReader();
  /** Packed messages that the host has handed over, to be sent from where they are. */
  readonly #shared = new SharedBuffers();
  readonly #intake: Intake;
  readonly #progressed = new Set<Connection>();
  readonly #questions: Questions;
  /** What the actor is told that was made last. */
  #lastOptions: CommonPeerOptions | undefined;
  #flushing = false;
  /** Runs while some progress waits for a batch. */
  #reminder: NodeJS.Timeout | undefined;
  /** Runs while a short read waits for company. */
  #departure: NodeJS.Timeout | undefined;
  #dead: PeerloomError | undefined;

  /** `answerTime`: milliseconds that the host may be without any answer to what it is asked. */
  constructor(
    index: number,
    control: MessagePort,
    mail: MessagePort,
    sink: HostSink,
    counters: SupervisorCounters,
    bytesInFlight: number,
    answerTime: number,
  ) {
    this.index = index;
    this.#controlPort = control;
    // A MessagePort of Node.js is the EventTarget that Comlink wants; it needs no adapter.
    this.#control = wrap<HostControl>(control);
    this.#mail = mail;
    this.#sink = sink;
    this.#counters = counters;
    this.#intake = new Intake(bytesInFlight);
    this.#questions = new Questions(answerTime, () => sink.onSilent(this));
    mail.on('message', (message: Uint8Array | SharedArrayBuffer) => {
      if (message instanceof SharedArrayBuffer) this.#shared.add(message);
      else this.#receive(message);
    });
  }

  /** Connections whose actors the host has. */
  get connections(): ReadonlySet<Connection> {
    return this.#intake.connections;
  }

  /** The host has not died. */
  get alive(): boolean {
    return this.#dead === undefined;
  }

  /** Octets on their way to the host. */
  get inFlight(): number {
    return this.#intake.window.inFlight;
  }

  /** Octets that may be on their way, for now. */
  get window(): number {
    return this.#intake.window.size;
  }

  /** Some of its sockets are paused. */
  get paused(): boolean {
    return this.#intake.paused;
  }

  /**
   * Asks the host something.
   *
   * @throws PeerloomError `ERR_PEERLOOM_WORKER` when the host is dead, dies before it answers, or is given up
   * because it answers nothing; `ERR_PEERLOOM_HOST` when it refuses.
   */
  ask<T>(question: (control: RemoteHostControl) => Promise<T>): Promise<T> {
    if (this.#dead !== undefined) return Promise.reject(this.#dead);
    return this.#questions.ask(() =>
      question(this.#control).catch((cause: unknown) => {
        throw new PeerloomError('ERR_PEERLOOM_HOST', errorText(cause), { cause });
      }),
    );
  }

  /** Has actors made. What several are told is sent once: many peers are told the same. */
  spawn(requests: readonly SpawnRequest[]): Promise<SpawnRefusal[]> {
    const parts = requests.map(({ options, ...rest }) => {
      const isNew = options !== undefined && options !== this.#lastOptions;
      this.#lastOptions = options;
      return isNew ? { options, ...rest } : rest;
    });
    return this.ask((control) => control.spawn(parts));
  }

  /** Octets read from a connection. They are copied, and the chunk is of no more use. */
  data(connection: Connection, chunk: Uint8Array): void {
    if (this.#dead !== undefined) return;
    const octets = chunk.length;
    this.#counters.bytesReceived += octets;
    this.#writer.data(connection.peer, connection.id, chunk);
    release(chunk);
    const waits = connection.established && octets <= shortRead;
    if (this.#intake.read(connection, octets, waits)) this.#counters.pauses += 1;
    if (waits && !this.#writer.full) this.#departure ??= setTimeout(this.#depart, mailPatience);
    else this.#written();
  }

  /** The kernel has taken more from a connection; told with the next batch, which a little may wait for. */
  progress(connection: Connection): void {
    this.#progressed.add(connection);
    if (connection.progress >= muchProgress) this.#schedule();
    else this.#reminder ??= setTimeout(this.#remind, littlePatience).unref();
  }

  message(message: ToHostMessage): void {
    if (this.#dead !== undefined) return;
    this.#writer.message(message);
    this.#written();
  }

  command(peer: number, action: CommandKind, text = ''): void {
    this.message({ kind: 'command', peer, action, text });
  }

  /** A connection of this host, to be read from. */
  attach(connection: Connection): void {
    this.#intake.attach(connection);
  }

  detach(connection: Connection): void {
    this.#intake.detach(connection);
    this.#progressed.delete(connection);
  }

  /** Sends what has been written, now. */
  flush(): void {
    if (this.#dead !== undefined) return;
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

  /** The host is gone: nothing more is sent, and whoever waits for an answer gets the reason. */
  die(reason: PeerloomError): void {
    if (this.#dead !== undefined) return;
    this.#dead = reason;
    clearTimeout(this.#reminder);
    clearTimeout(this.#departure);
    this.#questions.fail(reason);
    this.#mail.close();
    this.#controlPort.close();
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
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => {
      this.#flushing = false;
      this.flush();
    });
  }

  #receive(batch: Uint8Array): void {
    if (this.#dead !== undefined) return;
    if (batch.length === 0) return this.#writer.reuse(batch.buffer as ArrayBuffer);
    this.#counters.batchesFromHosts += 1;
    this.#counters.batchBytesFromHosts += batch.length;
    const reader = this.#reader;
    const sink = this.#sink;
    reader.open(batch);
    // Whatever stands in the batch after something that ended the host is of nobody.
    while (this.#dead === undefined && reader.next()) {
      switch (reader.kind) {
        case 'send':
          this.#counters.bytesSent += reader.bytes.length;
          sink.onSend(this, reader.connection, reader.bytes, batch.length);
          break;
        case 'sendShared':
          this.#sendShared(reader);
          break;
        case 'consumed':
          this.#intake.consumed(reader.count);
          break;
        case 'update':
          sink.onUpdate(this, reader.peer, reader.connection, reader.bytes, reader.postFault);
          break;
        default:
          sink.onMessage(this, reader.message!);
      }
    }
    sink.onBatchEnd(this);
    if (reader.fault !== undefined) sink.onBroken(this, reader.fault);
  }

  /** Shared memory is of no batch: nothing is gained by a copy. */
  #sendShared({ connection, buffer, start, end }: ToSupervisorReader): void {
    const bytes = this.#shared.view(buffer, start, end);
    if (bytes === undefined) {
      this.#sink.onBroken(this, `there is no shared buffer ${buffer} with octets ${start}–${end}`);
      return;
    }
    this.#counters.bytesSent += bytes.length;
    this.#sink.onSend(this, connection, bytes, 0);
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
