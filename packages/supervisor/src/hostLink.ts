import type { MessagePort } from 'node:worker_threads';
import {
  type CommandKind,
  type CommonPeerOptions,
  type HostControl,
  type RemoteHostControl,
  SharedBuffers,
  type SpawnRefusal,
  type SpawnRequest,
  type ToHostMessage,
  type ToSupervisorMessage,
  ToSupervisorReader,
} from '@peerloom/ipc';
import { wrap } from 'comlink';
import type { Connection } from './connection.ts';
import { HostOutbox } from './hostOutbox.ts';
import { Intake } from './intake.ts';
import type { SupervisorCounters } from './metrics.ts';
import { errorText, PeerloomError } from './peerloomError.ts';
import { Questions } from './questions.ts';

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
  readonly #outbox: HostOutbox;
  readonly #reader = new ToSupervisorReader();
  /** Packed messages that the host has handed over, to be sent from where they are. */
  readonly #shared = new SharedBuffers();
  readonly #intake: Intake;
  readonly #questions: Questions;
  /** What the actor is told that was made last. */
  #lastOptions: CommonPeerOptions | undefined;
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
    this.#outbox = new HostOutbox(mail, counters);
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
    const waits = this.#outbox.data(connection, chunk);
    if (this.#intake.read(connection, octets, waits)) this.#counters.pauses += 1;
  }

  /** The kernel has taken more from a connection; told with the next batch, which a little may wait for. */
  progress(connection: Connection): void {
    if (this.#dead !== undefined) return;
    this.#outbox.progress(connection);
  }

  message(message: ToHostMessage): void {
    if (this.#dead !== undefined) return;
    this.#outbox.message(message);
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
    this.#outbox.detach(connection);
  }

  /** Sends what has been written, now. */
  flush(): void {
    this.#outbox.flush();
  }

  /** The host is gone: nothing more is sent, and whoever waits for an answer gets the reason. */
  die(reason: PeerloomError): void {
    if (this.#dead !== undefined) return;
    this.#dead = reason;
    this.#outbox.close();
    this.#questions.fail(reason);
    this.#mail.close();
    this.#controlPort.close();
  }

  #receive(batch: Uint8Array): void {
    if (this.#dead !== undefined) return;
    if (batch.length === 0) return this.#outbox.reuse(batch.buffer as ArrayBuffer);
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
