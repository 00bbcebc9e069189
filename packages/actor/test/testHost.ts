import {
  type Announcement,
  type AnnounceResult,
  type Command,
  CommandKind,
  type MailPort,
  type NegotiatedSession,
  type NoticeCode,
  type PeerOptions,
  type PeerSnapshot,
  peerOptionDefaults,
  type SessionAgreement,
  type SessionEnd,
  SharedBuffers,
  type SpawnContext,
  ToHostWriter,
  type ToSupervisorMessage,
  ToSupervisorReader,
  type Withdrawal,
} from '@peerloom/ipc';
import { Deframer, decodeNotification, type NotificationMessage } from '@peerloom/wire';
import { announceInPacks, withdrawInPacks } from '../src/announcementPacker.ts';
import { ActorHost } from '../src/host.ts';
import type { SimulatedClock } from './simulatedClock.ts';

/** Options of a peer at `address`, with defaults but for what the test says. */
export function peerOptions(options: Partial<PeerOptions> = {}): PeerOptions {
  return {
    ...peerOptionDefaults,
    address: '192.0.2.2',
    localAs: 65001,
    remoteAs: 65002,
    routerId: '192.0.2.1',
    ...options,
    capabilities: { ...peerOptionDefaults.capabilities, ...options.capabilities },
  };
}

/** One UPDATE that a host gave to those who subscribe. */
export interface SubscribedUpdate {
  readonly peer: number;
  readonly session: number;
  readonly bytes: Uint8Array;
  readonly postFault: boolean;
}

/**
 * An actor host with the test in the place of the supervisor: what the host says is taken apart and
 * kept, and nothing happens but what the test makes happen.
 */
export class TestHost {
  readonly host: ActorHost;
  readonly clock: SimulatedClock;
  /** Everything that the host said but bytes, credit and UPDATEs, in order. */
  readonly messages: ToSupervisorMessage[] = [];
  readonly updates: SubscribedUpdate[] = [];
  /** Octets of `Data` that the host has given back. */
  consumed = 0;
  /** Buffers of batches that the host has given back. */
  readonly returned: ArrayBuffer[] = [];
  closed = false;
  /** Whether "the kernel" takes what is sent, a millisecond later. */
  kernelTakes = true;
  /** Called for each `Send`; the default keeps the bytes by connection. */
  onSend: (peer: number, connection: number, bytes: Uint8Array) => void = (
    peer,
    connection,
    bytes,
  ) => {
    const soFar = this.sent.get(connection) ?? [];
    soFar.push(bytes);
    this.sent.set(connection, soFar);
    if (!this.kernelTakes) return;
    this.clock.schedule(1, () => this.written(peer, connection, bytes.length));
  };
  onMessage: (message: ToSupervisorMessage) => void = () => {};
  readonly sent = new Map<number, Uint8Array[]>();
  readonly writer: ToHostWriter;
  #listener: (batch: Uint8Array) => void = () => {};
  readonly #reader = new ToSupervisorReader();
  readonly #shared = new SharedBuffers();
  #lastConnection = 0;

  constructor(clock: SimulatedClock) {
    this.clock = clock;
    this.writer = new ToHostWriter(() => clock.now());
    const mail: MailPort = {
      postMessage: (sent) => {
        if (sent instanceof SharedArrayBuffer) this.#shared.add(sent);
        else this.#receive(sent);
      },
      on: (_event, listener) => {
        this.#listener = listener;
      },
      close: () => {
        this.closed = true;
      },
    };
    this.host = new ActorHost(mail, clock);
  }

  /** Delivers what the test has written, and lets the host run. */
  flush(): void {
    this.deliver();
    this.clock.settle();
  }

  /** Delivers what the test has written. */
  deliver(): void {
    const batch = this.writer.take();
    if (batch !== undefined) this.#listener(batch);
  }

  /** Delivers any bytes as a batch. */
  deliverRaw(batch: Uint8Array): void {
    this.#listener(batch);
  }

  command(peer: number, action: CommandKind, text = ''): void {
    const command: { readonly kind: 'command' } & Command = { kind: 'command', peer, action, text };
    this.writer.message(command);
    this.flush();
  }

  /** Makes the actor of a peer. */
  spawn(peer: number, options: PeerOptions = peerOptions(), context: SpawnContext = {}): void {
    this.host.make({ peer, address: options.address, options, context });
  }

  /** Spawns a peer and starts it. */
  start(peer: number, options: PeerOptions = peerOptions()): void {
    this.spawn(peer, options);
    this.command(peer, CommandKind.start);
  }

  /** A number for a connection that is not used yet. */
  nextConnection(): number {
    return ++this.#lastConnection;
  }

  /** The neighbour connects to us. */
  accept(peer: number, connection: number = this.nextConnection()): number {
    this.writer.message({ kind: 'accepted', peer, connection, ...ends });
    this.flush();
    return connection;
  }

  /** The last dial that the peer asked for is up. */
  connect(peer: number, connection: number = this.nextConnection()): number {
    const dial = this.last('dial', peer)!.dial;
    this.writer.message({ kind: 'connected', peer, connection, dial, ...ends });
    this.flush();
    return connection;
  }

  /** The neighbour sends bytes. */
  receive(peer: number, connection: number, ...messages: Uint8Array[]): void {
    for (const bytes of messages) this.writer.data(peer, connection, bytes);
    this.flush();
  }

  /** The kernel takes what was sent. */
  written(peer: number, connection: number, count: number): void {
    this.writer.written(peer, connection, count);
    this.flush();
  }

  /** Announces as the supervisor does. */
  announce(peer: number | 'all', announcements: readonly Announcement[]): AnnounceResult {
    return announceInPacks(announcements, (pack) => this.host.announce(peer, pack));
  }

  /** Withdraws as the supervisor does. */
  withdraw(peer: number | 'all', withdrawals: readonly Withdrawal[]): AnnounceResult {
    return withdrawInPacks(withdrawals, (pack) => this.host.withdraw(peer, pack));
  }

  snapshot(peer: number): PeerSnapshot {
    return this.host.snapshot(peer)[0]!;
  }

  last<Kind extends ToSupervisorMessage['kind']>(
    kind: Kind,
    peer?: number,
  ): Extract<ToSupervisorMessage, { kind: Kind }> | undefined {
    return this.all(kind, peer).at(-1);
  }

  all<Kind extends ToSupervisorMessage['kind']>(
    kind: Kind,
    peer?: number,
  ): Extract<ToSupervisorMessage, { kind: Kind }>[] {
    return this.messages.filter(
      (message): message is Extract<ToSupervisorMessage, { kind: Kind }> =>
        message.kind === kind &&
        (peer === undefined || (message as { readonly peer?: number }).peer === peer),
    );
  }

  notices(code: NoticeCode, peer?: number): Extract<ToSupervisorMessage, { kind: 'notice' }>[] {
    return this.all('notice', peer).filter((notice) => notice.code === code);
  }

  sessionUp(peer: number): NegotiatedSession | undefined {
    const message = this.last('sessionUp', peer);
    if (message === undefined) return undefined;
    const { session, connection, dialled, remoteAs, remoteRouterId, json } = message;
    const { localAddress, localPort, remoteAddress, remotePort } = message;
    const ends = { localAddress, localPort, remoteAddress, remotePort };
    const agreement = JSON.parse(json) as SessionAgreement;
    return { session, connection, ends, dialled, remoteAs, remoteRouterId, ...agreement };
  }

  sessionDown(peer: number): SessionEnd | undefined {
    const message = this.last('sessionDown', peer);
    return message && (JSON.parse(message.json) as SessionEnd);
  }

  /** The messages that went out on a connection. */
  sentMessages(connection: number): { readonly type: number; readonly bytes: Uint8Array }[] {
    const deframer = new Deframer(65535);
    const messages: { type: number; bytes: Uint8Array }[] = [];
    for (const chunk of this.sent.get(connection) ?? []) {
      deframer.push(chunk);
      while (deframer.next()) {
        messages.push({
          type: deframer.type,
          bytes: deframer.bytes.slice(deframer.start, deframer.end),
        });
      }
    }
    if (deframer.fault !== undefined) throw new Error(deframer.fault.text);
    return messages;
  }

  /** The NOTIFICATION that went out on a connection, if one did. */
  sentNotification(connection: number): NotificationMessage | undefined {
    const found = this.sentMessages(connection).findLast(({ type }) => type === 3);
    const result = found && decodeNotification(found.bytes, 0, found.bytes.length);
    return result?.ok === true ? result.message : undefined;
  }

  #receive(batch: Uint8Array<ArrayBuffer>): void {
    // As a port does it, so that whoever still has a view of the buffer finds it empty.
    if (batch.length === 0) return void this.returned.push(batch.buffer.transfer());
    const reader = this.#reader;
    reader.open(batch);
    while (reader.next()) {
      const { peer, connection } = reader;
      if (reader.kind === 'send') this.onSend(peer, connection, reader.bytes.slice());
      else if (reader.kind === 'sendShared') {
        const { buffer, start, end } = reader;
        this.onSend(peer, connection, this.#shared.view(buffer, start, end)!);
      } else if (reader.kind === 'consumed') this.consumed += reader.count;
      else if (reader.kind === 'update') {
        const bytes = reader.bytes.slice();
        this.updates.push({ peer, session: connection, bytes, postFault: reader.postFault });
      } else {
        this.messages.push(reader.message!);
        this.onMessage(reader.message!);
      }
    }
    if (reader.fault !== undefined) throw new Error(reader.fault);
  }
}

const ends = {
  localAddress: '192.0.2.1',
  localPort: 179,
  remoteAddress: '192.0.2.2',
  remotePort: 40000,
};
