import type { Socket } from 'node:net';
import {
  Deframer,
  type Fault,
  maximumExtendedMessageLength,
  maximumMessageLength,
} from '@peerloom/wire';
import { now } from '../measure/clock.ts';
import { Counter, count, type RunMemory } from './runMemory.ts';

/** Milliseconds that an orderly end may take. */
const closePatience = 1000;

/** Who hears what comes on a link. */
export interface LinkOwner {
  /** A whole message, which the deframer shows until the next one. `time`: when it was read, as of `now`. */
  onMessage(link: Link, message: Deframer, time: number): void;
  /** Bytes that are no message. */
  onFault(link: Link, fault: Fault): void;
  /** The device has closed it, or it is lost. `errno` is empty for an orderly end. */
  onClosed(link: Link, errno: string, text: string): void;
}

/** One TCP connection of a speaker. */
export class Link {
  /** Never used again in its thread. */
  readonly id: number;
  readonly socket: Socket;
  /** When the dial began, or the connection was accepted. */
  readonly began: number;
  readonly #memory: RunMemory;
  readonly #speaker: number;
  readonly #deframer: Deframer;
  readonly #owner: LinkOwner;
  #open = true;

  constructor(
    socket: Socket,
    options: {
      readonly id: number;
      readonly began: number;
      readonly extendedMessage: boolean;
      readonly memory: RunMemory;
      /** Who counts what comes on it. */
      readonly speaker: number;
    },
    owner: LinkOwner,
  ) {
    const { extendedMessage } = options;
    this.id = options.id;
    this.socket = socket;
    this.began = options.began;
    this.#memory = options.memory;
    this.#speaker = options.speaker;
    this.#deframer = new Deframer(
      extendedMessage ? maximumExtendedMessageLength : maximumMessageLength,
    );
    this.#owner = owner;
    let errno = '';
    let text = 'the device closed the connection';
    socket.on('data', (chunk: Uint8Array) => this.#read(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      errno = error.code ?? 'UNKNOWN';
      text = error.message;
    });
    socket.once('close', () => {
      this.#open = false;
      owner.onClosed(this, errno, text);
    });
  }

  /** Whether it has neither been closed nor lost. */
  get open(): boolean {
    return this.#open;
  }

  /** Closes it, after what was written, or by a TCP reset at once. What still comes is not heard. */
  close(reset: boolean): void {
    this.#open = false;
    if (reset) {
      this.socket.resetAndDestroy();
      return;
    }
    this.socket.end();
    this.socket.resume();
    setTimeout(() => this.socket.destroy(), closePatience).unref();
  }

  #read(chunk: Uint8Array): void {
    if (!this.#open) return;
    const deframer = this.#deframer;
    const time = now();
    let messages = 0;
    deframer.push(chunk);
    while (this.#open && deframer.next()) {
      messages++;
      this.#owner.onMessage(this, deframer, time);
    }
    count(this.#memory, this.#speaker, Counter.octetsReceived, chunk.length);
    count(this.#memory, this.#speaker, Counter.messagesReceived, messages);
    if (this.#open && deframer.fault !== undefined) this.#owner.onFault(this, deframer.fault);
  }
}
