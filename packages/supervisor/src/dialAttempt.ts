import type { Socket } from 'node:net';
import type { PeerOptions } from '@peerloom/ipc';
import { dial } from '@peerloom/sockets';
import { errorCode, errorText } from './peerloomError.ts';
import { explainDial } from './systemReason.ts';
import { tcpOptionsOf } from './tcpOptionsOf.ts';

/** What comes of a {@link DialAttempt}: one of the two, once, and neither after it was aborted. */
export interface DialOutcome {
  /** The socket is paused. */
  connected(socket: Socket): void;
  /** `errno` is the system's name of the error, `text` what it means and what would be right. */
  failed(errno: string, text: string): void;
}

/** One attempt to connect to a peer. It takes as long as the system lets it; the actor's ConnectRetryTimer aborts it. */
export class DialAttempt {
  /** The actor's number for it. */
  readonly dial: number;
  #socket: Socket | undefined;

  constructor(peer: PeerOptions, number: number, outcome: DialOutcome) {
    this.dial = number;
    const { address, port, sourceAddress } = peer;
    const fail = (error: unknown): void => {
      const errno = errorCode(error, 'UNKNOWN');
      outcome.failed(errno, explainDial(errno, peer, errorText(error)));
    };
    let socket: Socket;
    try {
      socket = dial({
        address,
        port,
        ...(sourceAddress === undefined ? {} : { localAddress: sourceAddress }),
        ...tcpOptionsOf(peer),
      });
    } catch (error) {
      // The answer comes later in any case, as if the system had given it.
      setImmediate(fail, error);
      return;
    }
    this.#socket = socket;
    socket.pause();
    socket.once('connect', () => {
      if (this.#socket === undefined) return;
      this.#socket = undefined;
      socket.off('error', onError);
      outcome.connected(socket);
    });
    const onError = (error: Error): void => {
      if (this.#socket === undefined) return;
      this.#socket = undefined;
      fail(error);
    };
    socket.on('error', onError);
  }

  /** Gives up: nothing more is heard of it. */
  abort(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.destroy();
  }
}
