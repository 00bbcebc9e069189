import type { ToSupervisorMessage } from '@peerloom/ipc';
import type { SimulatedClock } from './simulatedClock.ts';
import type { TestHost } from './testHost.ts';

/** One end of a connection between two hosts. */
interface End {
  readonly host: TestHost;
  readonly peer: number;
  readonly connection: number;
  other: End;
  open: boolean;
  /** Octets sent and not yet taken by "the kernel", while the other end does not read. */
  held: Uint8Array[];
}

/**
 * Joins hosts as a network and their supervisors would: what one dials the other accepts, what one sends
 * the other receives a millisecond later. Clock and order are the test's.
 */
export class Network {
  readonly #clock: SimulatedClock;
  readonly #links = new Map<string, { readonly host: TestHost; readonly peer: number }>();
  readonly #ends = new Map<string, End>();
  #lastConnection = 1000;
  /** While set, nobody can connect, and dials fail with it. */
  dialError: string | undefined = undefined;
  /** Hosts that read nothing: what is sent to them stays with the sender's kernel. */
  readonly deaf = new Set<TestHost>();

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
  }

  /** Two peers are each other's neighbours. */
  link(a: TestHost, peerAtA: number, b: TestHost, peerAtB: number): void {
    this.#links.set(this.#key(a, peerAtA), { host: b, peer: peerAtB });
    this.#links.set(this.#key(b, peerAtB), { host: a, peer: peerAtA });
    for (const host of [a, b]) {
      host.onMessage = (message) => this.#hear(host, message);
      host.onSend = (_peer, connection, bytes) => this.#send(host, connection, bytes);
    }
  }

  /** Breaks every connection: both ends get an error. */
  cut(errno = 'ECONNRESET'): void {
    for (const end of this.#ends.values()) if (end.open) this.#close(end, errno, true);
    this.#clock.settle();
  }

  /** Lets a host that did not read take what has waited for it. */
  hear(host: TestHost): void {
    this.deaf.delete(host);
    for (const end of this.#ends.values()) {
      if (end.other.host !== host) continue;
      for (const bytes of end.held.splice(0)) this.#deliver(end, bytes);
    }
  }

  #hear(host: TestHost, message: ToSupervisorMessage): void {
    if (message.kind === 'dial') this.#later(() => this.#dial(host, message.peer, message.dial));
    if (message.kind !== 'close') return;
    const end = this.#ends.get(this.#key(host, message.connection));
    if (end !== undefined) this.#later(() => this.#close(end, message.reset ? 'ECONNRESET' : ''));
  }

  #dial(host: TestHost, peer: number, dial: number): void {
    const target = this.#links.get(this.#key(host, peer));
    if (target === undefined || this.dialError !== undefined) {
      const errno = this.dialError ?? 'ECONNREFUSED';
      host.writer.message({ kind: 'dialFailed', peer, dial, errno, text: `dial failed: ${errno}` });
      return host.flush();
    }
    const ours = this.#end(host, peer);
    const theirs = this.#end(target.host, target.peer);
    ours.other = theirs;
    theirs.other = ours;
    const near = { localAddress: '192.0.2.1', localPort: 40000 };
    const far = { remoteAddress: '192.0.2.2', remotePort: 179 };
    const { connection } = ours;
    host.writer.message({ kind: 'connected', peer, connection, dial, ...near, ...far });
    target.host.writer.message({
      kind: 'accepted',
      peer: target.peer,
      connection: theirs.connection,
      localAddress: far.remoteAddress,
      localPort: far.remotePort,
      remoteAddress: near.localAddress,
      remotePort: near.localPort,
    });
    host.flush();
    target.host.flush();
  }

  #end(host: TestHost, peer: number): End {
    const connection = ++this.#lastConnection;
    const end = { host, peer, connection, open: true, held: [] } as unknown as End;
    this.#ends.set(this.#key(host, connection), end);
    return end;
  }

  #send(host: TestHost, connection: number, bytes: Uint8Array): void {
    const end = this.#ends.get(this.#key(host, connection));
    if (end === undefined) return;
    if (this.deaf.has(end.other.host)) end.held.push(bytes);
    else this.#later(() => this.#deliver(end, bytes));
  }

  #deliver(end: End, bytes: Uint8Array): void {
    if (end.open) {
      end.host.writer.written(end.peer, end.connection, bytes.length);
      end.host.flush();
    }
    const { other } = end;
    if (!other.open) return;
    other.host.writer.data(other.peer, other.connection, bytes);
    other.host.flush();
  }

  /** `end` is closed by its own side, unless `both` are told. */
  #close(end: End, errno: string, both = false): void {
    const { other } = end;
    const told = both ? [end, other] : [other];
    for (const { host, peer, connection, open } of told) {
      if (!open) continue;
      const text = errno === '' ? 'the peer closed the connection' : errno;
      host.writer.message({ kind: 'closed', peer, connection, errno, text });
    }
    end.open = false;
    other.open = false;
    for (const { host } of told) host.flush();
  }

  #later(callback: () => void): void {
    this.#clock.schedule(1, callback);
  }

  #key(host: TestHost, number: number): string {
    let name = this.#names.get(host);
    if (name === undefined) this.#names.set(host, (name = String(this.#names.size)));
    return `${name}:${number}`;
  }
  readonly #names = new Map<TestHost, string>();
}
