import { BatchWriter, fieldRoom, isAscii } from './batchWriter.ts';
import type { Accepted, Command, ToHostMessage } from './envelopes.ts';
import { peerloom } from './generated/peerloom.ts';

/** The clock of stamps: milliseconds since the UNIX epoch, with fractions, alike in every thread. */
export function stampClock(): number {
  return performance.timeOrigin + performance.now();
}

/** Writes batches from the supervisor to a host. Each begins with a `Stamp` of when it was begun. */
export class ToHostWriter extends BatchWriter {
  readonly #now: () => number;

  /** @param now - milliseconds since the UNIX epoch; must be the clock that the host reads too */
  constructor(now: () => number = stampClock) {
    super();
    this.#now = now;
  }

  /** Bytes `[start, end)` of `bytes` were read from a connection. They are copied. */
  data(
    peer: number,
    connection: number,
    bytes: Uint8Array,
    start = 0,
    end: number = bytes.length,
  ): void {
    this.#stamp();
    this.bytesEnvelope(1, peer, connection, bytes, start, end, false);
  }

  /** The kernel has taken `count` more octets of what was sent on a connection. */
  written(peer: number, connection: number, count: number): void {
    this.#stamp();
    this.numbersEnvelope(2, peer, connection, count);
  }

  /** Any other envelope. */
  message(message: ToHostMessage): void {
    if (message.kind !== 'stamp') this.#stamp();
    if (message.kind === 'accepted' && this.#accepted(message)) return;
    if (message.kind === 'command' && this.#command(message)) return;
    this.encodedEnvelope(peerloom.ToHost.encode({ [message.kind]: message }).finish());
  }

  #accepted(message: Accepted): boolean {
    const { peer, connection, localAddress, localPort, remoteAddress, remotePort } = message;
    // An IPv6 zone has whatever name its interface has.
    const texts = localAddress + remoteAddress;
    if (!isAscii(texts)) return false;
    this.begin(texts.length + 6 * fieldRoom);
    this.number(1, peer);
    this.number(2, connection);
    this.text(3, localAddress);
    this.number(4, localPort);
    this.text(5, remoteAddress);
    this.number(6, remotePort);
    this.end(3);
    return true;
  }

  #command({ peer, action, text }: Command): boolean {
    if (!isAscii(text)) return false;
    this.begin(text.length + 3 * fieldRoom);
    this.number(1, peer);
    this.number(2, action);
    this.text(3, text);
    this.end(7);
    return true;
  }

  #stamp(): void {
    if (this.byteLength > 0) return;
    this.begin(fieldRoom);
    this.double(1, this.#now());
    this.end(8);
  }
}
