import { BatchWriter, fieldRoom, isAscii } from './batchWriter.ts';
import type { SessionUp, ToSupervisorMessage, Transition } from './envelopes.ts';
import { peerloom } from './generated/peerloom.ts';

/** Writes batches from a host to the supervisor. */
export class ToSupervisorWriter extends BatchWriter {
  /** What the session agreed on that came up last. */
  #agreement = '';

  /** Octets `[start, end)` of `bytes` are to be written to a connection. They are copied. */
  send(
    peer: number,
    connection: number,
    bytes: Uint8Array,
    start = 0,
    end: number = bytes.length,
  ): void {
    this.bytesEnvelope(1, peer, connection, bytes, start, end, false);
  }

  /** Octets `[start, end)` of a shared buffer are to be written to a connection; `buffer`: its number. */
  sendShared(peer: number, connection: number, buffer: number, start: number, end: number): void {
    this.numbersEnvelope(13, peer, connection, buffer, start, end);
  }

  /** The host has done with `count` octets of `Data`. */
  consumed(count: number): void {
    this.numbersEnvelope(2, count, 0, 0);
  }

  /**
   * One whole UPDATE message, `[start, end)` of `bytes`, for those who subscribe. It is copied.
   * @param postFault - an RFC 7606 action has changed what it means
   */
  update(
    peer: number,
    session: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    postFault: boolean,
  ): void {
    this.bytesEnvelope(10, peer, session, bytes, start, end, postFault);
  }

  /** Any other envelope. */
  message(message: ToSupervisorMessage): void {
    if (message.kind === 'transition' && this.#transition(message)) return;
    if (message.kind === 'sessionUp') return this.#sessionUp(message);
    this.#encode(message);
  }

  #transition({ peer, connection, from, to, event, why, time }: Transition): boolean {
    if (!isAscii(why)) return false;
    this.begin(why.length + 7 * fieldRoom);
    this.number(1, peer);
    this.number(2, connection);
    this.number(3, from);
    this.number(4, to);
    this.number(5, event);
    this.text(6, why);
    this.double(7, time);
    this.end(7);
    return true;
  }

  /** What this session agreed on is left out when the one before agreed on the same. */
  #sessionUp(message: { readonly kind: 'sessionUp' } & SessionUp): void {
    const { localAddress, remoteAddress, remoteRouterId } = message;
    const json = message.json === this.#agreement ? '' : message.json;
    this.#agreement = message.json;
    const texts = json + localAddress + remoteAddress + remoteRouterId;
    if (!isAscii(texts)) return this.#encode({ ...message, json });
    this.begin(texts.length + 12 * fieldRoom);
    this.number(1, message.peer);
    this.number(2, message.session);
    this.number(3, message.connection);
    this.double(4, message.time);
    this.text(5, json);
    this.number(6, message.remoteAs);
    this.text(7, remoteRouterId);
    this.text(8, localAddress);
    this.number(9, message.localPort);
    this.text(10, remoteAddress);
    this.number(11, message.remotePort);
    this.number(12, message.dialled ? 1 : 0);
    this.end(8);
  }

  #encode(message: ToSupervisorMessage): void {
    this.encodedEnvelope(peerloom.ToSupervisor.encode({ [message.kind]: message }).finish());
  }
}
