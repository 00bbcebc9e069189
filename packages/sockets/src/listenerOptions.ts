import { isIPv6, type Server } from 'node:net';
import { fileDescriptor } from './descriptor.ts';
import { type AddressPrefix, type SocketFamily, type System, system } from './system.ts';
import { checkTcpOptions, type TcpOptions } from './tcpOptions.ts';

/**
 * What a listening socket must know of its neighbours before they call: the MD5 keys, one for each
 * neighbour or range, and the TTL rules that the kernel can hold for all of them together.
 *
 * A TTL rule belongs to a socket and not to an address, so the listener itself can only refuse what
 * no neighbour may send (the lowest `minimumTtl`, and none at all while a neighbour has no rule);
 * `protectAccepted` sets the neighbour's own rule and checks the SYN against it.
 */
export class ListenerOptions {
  readonly #server: Server;
  readonly #system: () => System;
  readonly #neighbors = new Map<string, TcpOptions>();
  /** How many neighbours have each `minimumTtl`; index 0 counts those that have none. */
  readonly #minimumTtls = new Uint32Array(256);
  #minimumTtl = 0;
  #savesSyn = false;
  #sendsFar = false;

  /** `server` must be listening. Nothing is asked of the system until a neighbour has options. */
  constructor(server: Server, calls: () => System = system) {
    this.#server = server;
    this.#system = calls;
  }

  /** Neighbours and ranges that are set, with or without options. */
  get size(): number {
    return this.#neighbors.size;
  }

  /**
   * Adds a neighbour or a range, or changes it. The kernel takes the key of the longest prefix that
   * matches, so within a range with a key a neighbour can have another one, but not none.
   * A connection that is already open keeps its old key.
   *
   * @throws SocketOptionError when an option cannot be set; the neighbour is as before then.
   */
  set(prefix: AddressPrefix, options: TcpOptions): void {
    checkTcpOptions(options);
    const key = keyOf(prefix);
    const before = this.#neighbors.get(key);
    if (options.minimumTtl !== undefined || options.ttl !== undefined) this.#sendFar();
    if (options.password !== before?.password) this.#setPassword(prefix, options.password);
    if (before !== undefined) this.#minimumTtls[before.minimumTtl ?? 0]! -= 1;
    this.#minimumTtls[options.minimumTtl ?? 0]! += 1;
    this.#neighbors.set(key, options);
    this.#holdMinimumTtl();
  }

  /** Forgets a neighbour or a range, its key included. Does nothing when there is no such one. */
  remove(prefix: AddressPrefix): void {
    const key = keyOf(prefix);
    const before = this.#neighbors.get(key);
    if (before === undefined) return;
    if (before.password !== undefined) this.#setPassword(prefix, undefined);
    this.#minimumTtls[before.minimumTtl ?? 0]! -= 1;
    this.#neighbors.delete(key);
    this.#holdMinimumTtl();
  }

  /** The answer to a SYN leaves before we know whose it is: with TTL 255 it satisfies a neighbour that uses GTSM (RFC 5082 §3), and harms no other. */
  #sendFar(): void {
    if (this.#sendsFar) return;
    this.#onDescriptor((fd, family) => this.#system().setTtl(fd, family, 255));
    this.#sendsFar = true;
  }

  #holdMinimumTtl(): void {
    const lowest = Math.max(
      0,
      this.#minimumTtls.findIndex((count) => count > 0),
    );
    const someHave = this.#neighbors.size > this.#minimumTtls[0]!;
    this.#onDescriptor((fd, family) => {
      if (lowest !== this.#minimumTtl) {
        this.#system().setMinimumTtl(fd, family, lowest);
        this.#minimumTtl = lowest;
      }
      if (someHave && !this.#savesSyn) {
        this.#system().saveSyn(fd, true);
        this.#savesSyn = true;
      }
    });
  }

  #setPassword(prefix: AddressPrefix, password: string | undefined): void {
    this.#onDescriptor((fd, family) => this.#system().setPassword(fd, family, prefix, password));
  }

  #onDescriptor(call: (fd: number, family: SocketFamily) => void): void {
    const fd = fileDescriptor(this.#server);
    const address = this.#server.address();
    if (fd === undefined || address === null || typeof address === 'string') return;
    call(fd, isIPv6(address.address) ? 6 : 4);
  }
}

function keyOf(prefix: AddressPrefix): string {
  return `${prefix.address}/${prefix.length}`;
}
