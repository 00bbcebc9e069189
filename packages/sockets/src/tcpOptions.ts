import { SocketOptionError } from './socketOptionError.ts';

/** What BGP asks of a TCP connection and Node.js cannot set by itself. Every member is optional; with none, no system call beyond Node's own is made. */
export interface TcpOptions {
  /** TCP MD5 signature key (RFC 2385), 1–80 octets of UTF-8. Both ends must have the same. */
  readonly password?: string;
  /** TTL (IPv4) or Hop Limit (IPv6) of what we send, 1–255. Absent: the system's default, normally 64. */
  readonly ttl?: number;
  /** Segments that arrive with a lower TTL or Hop Limit are dropped by the kernel, 1–255 (RFC 5082). Absent: none is dropped. */
  readonly minimumTtl?: number;
}

/** Longest key that Linux keeps for one neighbour (`TCP_MD5SIG_MAXKEYLEN`). */
export const maximumPasswordLength = 80;

/**
 * The Generalized TTL Security Mechanism for a neighbour that is at most `hops` away (RFC 5082 §3):
 * we send with TTL 255 and take nothing below `256 − hops`. A directly connected neighbour is 1 hop away.
 *
 * @throws SocketOptionError `ERR_SOCKET_OPTION_VALUE` when `hops` is not a whole number in 1–254.
 */
export function ttlSecurity(hops: number): Required<Pick<TcpOptions, 'ttl' | 'minimumTtl'>> {
  checkRange('ttlSecurity', hops, 1, 254);
  return { ttl: 255, minimumTtl: 256 - hops };
}

/** Whether any option is set, so that the plain path of Node.js does not do. */
export function hasTcpOptions(options: TcpOptions): boolean {
  return (
    options.password !== undefined || options.ttl !== undefined || options.minimumTtl !== undefined
  );
}

/**
 * Checks the values, without touching a socket.
 *
 * @throws SocketOptionError `ERR_SOCKET_OPTION_VALUE`, saying which value and what range would be right.
 */
export function checkTcpOptions(options: TcpOptions): void {
  if (options.ttl !== undefined) checkRange('ttl', options.ttl, 1, 255);
  if (options.minimumTtl !== undefined) checkRange('minimumTtl', options.minimumTtl, 1, 255);
  if (options.password !== undefined) {
    const length = Buffer.byteLength(options.password);
    if (length < 1 || length > maximumPasswordLength) {
      throw new SocketOptionError('ERR_SOCKET_OPTION_VALUE', {
        option: 'password',
        text: `password has ${length} octets; a TCP MD5 key has 1 to ${maximumPasswordLength}`,
      });
    }
  }
}

function checkRange(option: string, value: number, low: number, high: number): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new SocketOptionError('ERR_SOCKET_OPTION_VALUE', {
    option,
    text: `${option} is ${value}; it must be a whole number from ${low} to ${high}`,
  });
}
