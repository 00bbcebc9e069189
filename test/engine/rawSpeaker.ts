import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Engine } from '@peerloom/supervisor';
import {
  Deframer,
  decodeNotification,
  encodeKeepalive,
  encodeUpdate,
  familyKey,
  MessageType,
  type NotificationMessage,
  type SessionOptions,
} from '@peerloom/wire';
import { encodeHello } from '../hello.ts';

const ipv4Unicast = familyKey(1, 1);
/** What its sessions agree on. */
export const rawSession: SessionOptions = {
  fourOctetAs: true,
  maximumReceiveLength: 4096,
  maximumSendLength: 4096,
  families: new Set([ipv4Unicast]),
  addPathReceive: new Set(),
  addPathSend: new Set(),
  extendedNextHop: new Set(),
  peerType: 'external',
};

/** A neighbour that does as a test says, octet by octet, over real TCP. */
export class RawSpeaker {
  readonly as: number;
  readonly socket: Socket;
  /** Messages received, by type. */
  readonly received = new Map<number, number>();
  notification: NotificationMessage | undefined;
  /** Called with each UPDATE: octets `[start, end)` are the message. */
  onUpdate: ((bytes: Uint8Array, start: number, end: number) => void) | undefined;
  /** KEEPALIVEs received. */
  keepalives = 0;
  /** Milliseconds: the longest that it had to wait for a KEEPALIVE. */
  longestSilence = 0;
  #lastKeepalive: number | undefined;
  readonly #deframer = new Deframer(65_535);
  #onKeepalive: (() => void) | undefined;

  private constructor(as: number, socket: Socket) {
    this.as = as;
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  /** Connects to an engine from a loopback address, and brings the session up. */
  static async establish(
    engine: Engine,
    as: number,
    localAddress: string,
    holdTime = 90,
    onUpdate?: RawSpeaker['onUpdate'],
  ): Promise<RawSpeaker> {
    const { address, port } = engine.addresses[0]!;
    const socket = connect({ host: address, port, localAddress, noDelay: true });
    await once(socket, 'connect');
    const speaker = new RawSpeaker(as, socket);
    speaker.onUpdate = onUpdate;
    const established = new Promise<void>((resolve, reject) => {
      speaker.#onKeepalive = resolve;
      socket.once('close', () =>
        reject(new Error(`the session of ${localAddress} did not come up`)),
      );
    });
    socket.write(encodeHello(as, holdTime, localAddress));
    await established;
    return speaker;
  }

  /** One UPDATE that announces prefixes; `tag` makes its attributes its own. */
  update(prefixes: readonly string[], tag = 0): Uint8Array {
    const [message] = encodeUpdate(
      {
        kind: 'update',
        withdrawn: [],
        attributes: [
          { type: 'origin', origin: 'igp' },
          { type: 'asPath', segments: [{ kind: 'sequence', asNumbers: [this.as] }] },
          { type: 'nextHop', nextHop: '192.0.2.99' },
          { type: 'multiExitDiscriminator', value: tag },
        ],
        nlri: prefixes.map((prefix) => ({ kind: 'prefix', prefix })),
      },
      rawSession,
    );
    return message!;
  }

  /** A KEEPALIVE. */
  readonly keepalive: Uint8Array = encodeKeepalive();

  announce(...prefixes: readonly string[]): void {
    this.socket.write(this.update(prefixes));
  }

  #keepalive(): void {
    const now = performance.now();
    this.longestSilence = Math.max(this.longestSilence, now - (this.#lastKeepalive ?? now));
    this.#lastKeepalive = now;
    this.keepalives += 1;
    this.#onKeepalive?.();
  }

  #read(chunk: Buffer): void {
    const deframer = this.#deframer;
    deframer.push(chunk);
    while (deframer.next()) {
      const { bytes, start, end, type } = deframer;
      this.received.set(type, (this.received.get(type) ?? 0) + 1);
      if (type === MessageType.update) this.onUpdate?.(bytes, start, end);
      if (type === MessageType.keepalive) this.#keepalive();
      if (type === MessageType.notification) {
        const decoded = decodeNotification(bytes, start, end);
        if (decoded.ok) this.notification = decoded.message;
      }
    }
  }
}
