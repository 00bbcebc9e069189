import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Deframer, encodeKeepalive, MessageType } from '@peerloom/wire';
import { encodeHello } from '../../hello.ts';

/** Seconds. The device has to send a KEEPALIVE each third of it (RFC 4271 §4.4). */
const holdTime = 9;
const interval = (holdTime * 1000) / 3;

/**
 * A session that announces nothing, and looks when the device's keepalives come. What it sees is from the
 * outside, the same for every device; a device that sends them a little early (jitter) has that much more time.
 */
export class Witness {
  readonly #socket: Socket;
  readonly #keepalives: NodeJS.Timeout;
  #last: number | undefined;
  #longest = 0;
  #lost = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const keepalive = encodeKeepalive();
    this.#keepalives = setInterval(() => socket.write(keepalive), interval);
    const deframer = new Deframer(4096);
    socket.on('data', (chunk: Buffer) => {
      deframer.push(chunk);
      while (deframer.next()) if (deframer.type === MessageType.keepalive) this.#note();
    });
    socket.on('error', () => {});
    socket.once('close', () => {
      this.#lost = true;
    });
  }

  /** Brings a session up, from one loopback address to another. */
  static async start(
    target: { readonly address: string; readonly port: number },
    localAddress: string,
    as: number,
  ): Promise<Witness> {
    const socket = connect({
      host: target.address,
      port: target.port,
      localAddress,
      noDelay: true,
    });
    await once(socket, 'connect');
    const witness = new Witness(socket);
    socket.write(encodeHello(as, holdTime, localAddress));
    return witness;
  }

  /** How late the latest KEEPALIVE was, one that is still due included; `undefined` where the session is lost or never was. */
  stop(): number | undefined {
    const up = this.#last !== undefined && !this.#lost;
    this.#note();
    clearInterval(this.#keepalives);
    this.#socket.destroy();
    return up ? Math.max(0, this.#longest - interval) : undefined;
  }

  #note(): void {
    const now = performance.now();
    if (this.#last !== undefined) this.#longest = Math.max(this.#longest, now - this.#last);
    this.#last = now;
  }
}
