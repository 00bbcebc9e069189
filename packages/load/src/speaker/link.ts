import { Socket } from 'node:net';
import { type DialOptions, dial } from '@peerloom/sockets';
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

/**
 * What every link of the thread reads into: it is dealt with before the next one reads. Not a `Buffer`, whose
 * `slice` copies nothing: what the codec keeps of a message would change under it.
 */
const received = new Uint8Array(1 << 16);

/** Who hears what comes of a link, and on it. */
export interface LinkOwner {
  /** The dial has led to a connection. */
  onConnected(link: Link): void;
  /** It has not, and never will. */
  onDialFailed(link: Link, error: NodeJS.ErrnoException): void;
  /** A whole message, which the deframer shows until the next one. `time`: when it was read, as of `now`. */
  onMessage(link: Link, message: Deframer, time: number): void;
  /** Bytes that are no message. */
  onFault(link: Link, fault: Fault): void;
  /** TCP has taken something that was sent. */
  onTaken(link: Link): void;
  /** The device has closed it, or it is lost. `errno` is empty for an orderly end. */
  onClosed(link: Link, errno: string, text: string): void;
}

/** Whose connection a link is. */
export interface LinkOptions {
  /** Never used again in its thread. */
  readonly id: number;
  /** The owner's number of the dial; 0: the device has connected. */
  readonly dial: number;
  /** When the dial began, or the connection was accepted. */
  readonly began: number;
  readonly extendedMessage: boolean;
  readonly memory: RunMemory;
  /** Who counts what comes on it. */
  readonly speaker: number;
}

/** One TCP connection of a speaker, from the dial to the end. */
export class Link {
  readonly id: number;
  readonly dial: number;
  readonly began: number;
  readonly socket: Socket;
  readonly #memory: RunMemory;
  readonly #speaker: number;
  readonly #deframer: Deframer;
  readonly #owner: LinkOwner;
  #state: 'dialling' | 'open' | 'closed' | 'gone';
  #errno = '';
  #reason = 'the device closed the connection';
  /** What was sent while messages are being read; `undefined` while none are. */
  #gathered: Uint8Array[] | undefined;

  /** Takes an accepted connection over, or dials. */
  constructor(from: Socket | DialOptions, options: LinkOptions, owner: LinkOwner) {
    const { id, dial: number, began, extendedMessage, memory, speaker } = options;
    this.id = id;
    this.dial = number;
    this.began = began;
    this.#memory = memory;
    this.#speaker = speaker;
    this.#deframer = new Deframer(
      extendedMessage ? maximumExtendedMessageLength : maximumMessageLength,
    );
    this.#owner = owner;
    if (from instanceof Socket) {
      this.#state = 'open';
      this.socket = from;
      from.on('data', (chunk: Uint8Array) => this.#read(chunk, chunk.length));
    } else {
      this.#state = 'dialling';
      // A stream with a chunk for each read would cost more than all that is done about what was read.
      const onRead = {
        buffer: received,
        callback: (length: number) => this.#read(received, length),
      };
      this.socket = dial({ ...from, onRead });
      this.socket.on('connect', () => this.#connected());
    }
    this.socket.on('error', (error) => this.#failed(error));
    this.socket.on('close', () => this.#closed());
  }

  /** Whether it is a connection, neither closed nor lost. */
  get open(): boolean {
    return this.#state === 'open';
  }

  /** Whether it has not yet come to be a connection. */
  get dialling(): boolean {
    return this.#state === 'dialling';
  }

  /** Whether the system has no socket for it any more. */
  get gone(): boolean {
    return this.#state === 'gone';
  }

  /** Sends a message. Those that answer what was read together leave together, in one system call. */
  send(bytes: Uint8Array): void {
    if (this.#gathered === undefined) this.#write(bytes);
    else this.#gathered.push(bytes);
  }

  /** Hands what was sent so far to the socket, for whoever writes to it beside `send`. */
  flush(): void {
    const gathered = this.#gathered;
    if (gathered === undefined || gathered.length === 0) return;
    this.socket.write(
      gathered.length === 1 ? gathered[0]! : Buffer.concat(gathered),
      this.#onTaken,
    );
    gathered.length = 0;
  }

  /** Closes it, after what was sent, or by a TCP reset at once. What still comes is not heard. */
  close(reset: boolean): void {
    this.flush();
    this.#state = 'closed';
    if (reset) {
      this.socket.resetAndDestroy();
      return;
    }
    this.socket.end();
    this.socket.resume();
    setTimeout(() => this.socket.destroy(), closePatience).unref();
  }

  /** Gives the dial up; nothing is heard of it any more. */
  abort(): void {
    this.#state = 'gone';
    this.socket.destroy();
  }

  /** Node.js asks for a turn of its own for each callback of a write; one that TCP takes at once needs none. */
  #write(bytes: Uint8Array): void {
    const { socket } = this;
    if (socket.writableLength > 0) {
      socket.write(bytes, this.#onTaken);
      return;
    }
    socket.write(bytes);
    if (socket.writableLength === 0) this.#onTaken();
  }

  readonly #onTaken = (): void => {
    if (this.#state === 'open') this.#owner.onTaken(this);
  };

  #connected(): void {
    if (this.#state !== 'dialling') return;
    this.#state = 'open';
    this.#owner.onConnected(this);
  }

  #failed(error: NodeJS.ErrnoException): void {
    if (this.#state === 'dialling') {
      this.#state = 'gone';
      this.#owner.onDialFailed(this, error);
    }
    this.#errno = error.code ?? 'UNKNOWN';
    this.#reason = error.message;
  }

  #closed(): void {
    const wasConnected = this.#state === 'open' || this.#state === 'closed';
    this.#state = 'gone';
    if (wasConnected) this.#owner.onClosed(this, this.#errno, this.#reason);
  }

  #read(chunk: Uint8Array, length: number): boolean {
    if (this.#state !== 'open') return true;
    const deframer = this.#deframer;
    const time = now();
    let messages = 0;
    this.#gathered = [];
    deframer.push(chunk, 0, length);
    while (this.open && deframer.next()) {
      messages++;
      this.#owner.onMessage(this, deframer, time);
    }
    count(this.#memory, this.#speaker, Counter.octetsReceived, length);
    count(this.#memory, this.#speaker, Counter.messagesReceived, messages);
    if (this.open && deframer.fault !== undefined) this.#owner.onFault(this, deframer.fault);
    this.flush();
    this.#gathered = undefined;
    return true;
  }
}
