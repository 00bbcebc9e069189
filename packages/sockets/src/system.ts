import { linuxSystem } from './linuxSystem.ts';
import { unsupportedSystem } from './unsupportedSystem.ts';

/** An IPv4 or IPv6 prefix; `length` 32 or 128 is a single neighbour. */
export interface AddressPrefix {
  /** Dotted quad or RFC 4291 text; an IPv6 link-local address may end in `%interface`. */
  readonly address: string;
  /** Bits, 0–32 or 0–128. */
  readonly length: number;
}

/** The address family of a socket: 4 for `AF_INET`, 6 for `AF_INET6`. */
export type SocketFamily = 4 | 6;

/**
 * The system calls behind the options, by file descriptor. One implementation per platform; each
 * member throws a `SocketOptionError` when the option is not in force afterwards.
 */
export interface System {
  /** A new TCP socket, unbound and unconnected, closed on exec. The caller owns the descriptor. */
  openSocket(family: SocketFamily): number;
  closeSocket(fd: number): void;
  /** `IP_TTL` / `IPV6_UNICAST_HOPS`. */
  setTtl(fd: number, family: SocketFamily, ttl: number): void;
  /** `IP_MINTTL` / `IPV6_MINHOPCOUNT`; 0 takes everything. */
  setMinimumTtl(fd: number, family: SocketFamily, minimumTtl: number): void;
  /** `TCP_MD5SIG_EXT`: the key for segments from and to `prefix`; `undefined` removes it, and is no error when there is none. */
  setPassword(
    fd: number,
    family: SocketFamily,
    prefix: AddressPrefix,
    password: string | undefined,
  ): void;
  /** `TCP_SAVE_SYN` on a listener: its connections remember the SYN that opened them. */
  saveSyn(fd: number, on: boolean): void;
  /** TTL or Hop Limit that the SYN of an accepted connection came with; `undefined` when it was not saved. Can be asked once. */
  savedSynTtl(fd: number): number | undefined;
}

let current: System | undefined;

/** The implementation for this platform. Loads koffi on first use, so who needs no option never pays for it. */
export function system(): System {
  current ??= process.platform === 'linux' ? linuxSystem() : unsupportedSystem(process.platform);
  return current;
}
