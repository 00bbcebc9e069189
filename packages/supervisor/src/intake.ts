import type { Connection } from './connection.ts';
import { CreditWindow } from './creditWindow.ts';

/** Octets that one read of a socket brings at the most. */
const chunk = 64 * 1024;

/**
 * Which connections of a host are read from. While the window is full, those that have sent much are
 * paused, so that TCP slows their senders down; and they go on in the order in which they were paused,
 * as many at a time as there is room for.
 *
 * A quiet peer's KEEPALIVEs must come through while a noisy one is held up, or its hold timer would end
 * a session that nothing is wrong with; so it may go beyond the window, until that is overfull: then
 * everybody waits.
 */
export class Intake {
  /** Connections whose actors the host has. */
  readonly connections: Set<Connection> = new Set();
  readonly window: CreditWindow;
  /** Those that are paused, the longest first. */
  readonly #waiting = new Set<Connection>();
  /** Those that are read from and may be noisy. */
  readonly #loud = new Set<Connection>();
  /** Counts up whenever the host has caught up: see `Connection.noisy`. */
  #epoch = 0;
  #resuming = false;

  /**
   * @param limit - octets that may be on their way to the host
   * @param now - milliseconds, of any clock
   */
  constructor(limit: number, now?: () => number) {
    this.window = new CreditWindow(limit, now);
  }

  /** Somebody is paused. */
  get paused(): boolean {
    return this.#waiting.size > 0;
  }

  /** A connection of this host; read from unless everybody waits. */
  attach(connection: Connection): void {
    this.connections.add(connection);
    if (this.window.overfull) this.#waiting.add(connection);
    else connection.resume();
  }

  detach(connection: Connection): void {
    this.connections.delete(connection);
    this.#waiting.delete(connection);
    this.#loud.delete(connection);
  }

  /**
   * Octets of a connection are on their way to the host. Returns whether this has filled the window.
   * `waits`: they are kept back for a while, so that the delay that they meet is not the host's.
   */
  read(connection: Connection, octets: number, waits: boolean = false): boolean {
    const { window } = this;
    const wasFull = window.full;
    connection.count(octets, this.#epoch);
    window.take(octets, waits);
    if (connection.noisy) this.#loud.add(connection);
    if (!window.full) return false;
    // Others may be about to be read in this turn of the event loop, too: they wait from the beginning.
    for (const each of this.#loud) if (each.noisy) this.#pause(each);
    this.#loud.clear();
    if (window.overfull && this.#waiting.size < this.connections.size) {
      for (const each of this.connections) this.#pause(each);
    }
    return !wasFull;
  }

  /** The host has done with octets: those who have waited longest go on. */
  consumed(octets: number): void {
    this.window.giveBack(octets);
    this.#resume();
  }

  /** As many as there is room for; more in the next turn of the event loop, unless these have filled it. */
  #resume(): void {
    const { window } = this;
    let room = window.size - window.inFlight;
    for (const connection of this.#waiting) {
      if (room <= 0) break;
      room -= chunk;
      this.#waiting.delete(connection);
      this.#loud.add(connection);
      connection.resume();
    }
    if (this.#waiting.size === 0) this.#epoch += 1;
    else if (!window.full) this.#resumeSoon();
  }

  /** Those who were resumed may have nothing to send, and must not keep the others waiting. */
  #resumeSoon(): void {
    if (this.#resuming) return;
    this.#resuming = true;
    setImmediate(() => {
      this.#resuming = false;
      this.#resume();
    });
  }

  #pause(connection: Connection): void {
    if (!this.connections.has(connection) || this.#waiting.has(connection)) return;
    this.#waiting.add(connection);
    connection.pause();
  }
}
