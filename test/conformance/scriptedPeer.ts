import { connect, type Socket } from 'node:net';
import {
  type Capability,
  Deframer,
  decodeNotification,
  decodeOpen,
  encodeKeepalive,
  encodeOpen,
  MessageType,
  type MessageType as MessageTypeValue,
  type NotificationMessage,
  type OpenMessage,
} from '@peerloom/wire';

/** How long an engine may take to answer, in milliseconds: only ever waited for in full by a failing test. */
const patience = 10_000;

/** One whole message as it came, header included. */
export interface ReceivedMessage {
  readonly type: MessageTypeValue;
  readonly bytes: Uint8Array;
}

/** What the scripted peer says of itself in its OPEN. */
export interface ScriptedOpen {
  readonly as: number;
  readonly bgpIdentifier: string;
  readonly holdTime?: number;
  readonly capabilities?: readonly Capability[];
}

/**
 * A neighbour that sends exactly the octets that a test gives it, right or wrong, over real TCP, and
 * hands back whatever the engine answers.
 */
export class ScriptedPeer implements Disposable {
  readonly #socket: Socket;
  readonly #deframer = new Deframer(65_535);
  readonly #received: ReceivedMessage[] = [];
  readonly #waiting = new Set<() => void>();
  #closed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#deframer.push(chunk);
      while (this.#deframer.next()) {
        const { bytes, start, end, type } = this.#deframer;
        this.#received.push({ type: type as MessageTypeValue, bytes: bytes.slice(start, end) });
      }
      this.#wake();
    });
    const gone = (): void => {
      this.#closed = true;
      this.#wake();
    };
    socket.on('close', gone);
    socket.on('end', gone);
    socket.on('error', gone);
  }

  /** Connects from `sourceAddress` to the engine's listener. */
  static async connect(
    address: string,
    port: number,
    sourceAddress: string,
  ): Promise<ScriptedPeer> {
    const socket = connect({ host: address, port, localAddress: sourceAddress, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new ScriptedPeer(socket);
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Exchanges OPEN and KEEPALIVE until the engine must hold the session to be Established. */
  async establish(open: ScriptedOpen): Promise<OpenMessage> {
    this.send(encodeOpen(openOf(open)));
    const theirs = await this.next(MessageType.open);
    await this.next(MessageType.keepalive);
    this.send(encodeKeepalive());
    const decoded = decodeOpen(theirs.bytes, 0, theirs.bytes.length);
    if (!decoded.ok) throw new Error(`the engine's OPEN is malformed: ${decoded.fault.text}`);
    return decoded.message;
  }

  /** The next message of this type; those before it are skipped. */
  async next(type: MessageTypeValue): Promise<ReceivedMessage> {
    return this.#until(`a message of type ${type}`, () => {
      const index = this.#received.findIndex((message) => message.type === type);
      if (index < 0) return undefined;
      return this.#received.splice(0, index + 1).at(-1);
    });
  }

  async notification(): Promise<NotificationMessage> {
    const { bytes } = await this.next(MessageType.notification);
    const decoded = decodeNotification(bytes, 0, bytes.length);
    if (!decoded.ok)
      throw new Error(`the engine's NOTIFICATION is malformed: ${decoded.fault.text}`);
    return decoded.message;
  }

  /** Resolves once the engine has closed the connection. */
  async closed(): Promise<void> {
    await this.#until('the end of the connection', () => (this.#closed ? true : undefined));
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Types of what came and was not asked for yet. */
  pendingTypes(): number[] {
    return this.#received.map((message) => message.type);
  }

  close(): void {
    this.#socket.destroy();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #wake(): void {
    for (const waiter of this.#waiting) waiter();
  }

  async #until<T>(what: string, look: () => T | undefined): Promise<T> {
    const found = look();
    if (found !== undefined) return found;
    return new Promise<T>((resolve, reject) => {
      const settle = (): void => {
        const value = look();
        if (value === undefined && !this.#closed) return;
        this.#waiting.delete(settle);
        clearTimeout(timer);
        if (value !== undefined) resolve(value);
        else reject(new Error(`the connection ended while waiting for ${what}; ${this.#story()}`));
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(settle);
        reject(new Error(`${patience} ms went by without ${what}; ${this.#story()}`));
      }, patience);
      this.#waiting.add(settle);
    });
  }

  #story(): string {
    return `received and not asked for: ${JSON.stringify(this.pendingTypes())}, connection ${this.#closed ? 'closed' : 'open'}`;
  }
}

/** The OPEN that says `open`, 4-octet AS capability included. */
export function openOf(open: ScriptedOpen): OpenMessage {
  return {
    kind: 'open',
    version: 4,
    myAs: open.as > 0xffff ? 23_456 : open.as,
    holdTime: open.holdTime ?? 90,
    bgpIdentifier: open.bgpIdentifier,
    capabilities: open.capabilities ?? [
      { type: 'multiprotocol', afi: 1, safi: 1 },
      { type: 'multiprotocol', afi: 2, safi: 1 },
      { type: 'routeRefresh' },
      { type: 'fourOctetAs', as: open.as },
    ],
  };
}
