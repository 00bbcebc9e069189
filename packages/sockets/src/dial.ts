import {
  isIPv6,
  type OnReadOpts,
  Socket,
  type SocketConstructorOpts,
  type TcpSocketConnectOpts,
} from 'node:net';
import { system } from './system.ts';
import { checkTcpOptions, hasTcpOptions, type TcpOptions } from './tcpOptions.ts';

/** Where to dial, from where, and how. */
export interface DialOptions extends TcpOptions {
  /** An IPv4 or IPv6 address; names are not looked up. */
  readonly address: string;
  readonly port: number;
  /** Source address; absent: the system chooses by its routes. */
  readonly localAddress?: string;
  /**
   * Reads into a buffer of the caller's, which many sockets may share, and hands the octets over at once: no
   * chunk is allocated, and the socket's stream gives no `data`. Absent: the socket is read as a stream.
   */
  readonly onRead?: OnReadOpts;
}

/**
 * Begins to connect and returns the socket at once, as `net.connect` does: `connect`, `error` and
 * `close` follow, and `destroy()` aborts. The options are in force before the first SYN leaves: the
 * socket is made by socket(2), set up, and then handed to Node.js, whose libuv connects on it.
 * Without options it is Node's own path, for which koffi need not be there.
 * Nagle's algorithm is off: a KEEPALIVE must not wait for the answer to an UPDATE.
 *
 * @throws SocketOptionError when an option cannot be set; nothing has been sent then.
 */
export function dial(options: DialOptions): Socket {
  const reading = options.onRead === undefined ? {} : { onread: options.onRead };
  const socket = hasTcpOptions(options) ? socketWith(options, reading) : new Socket(reading);
  const target: TcpSocketConnectOpts = {
    host: options.address,
    port: options.port,
    ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
  };
  return socket.connect(target).setNoDelay(true);
}

function socketWith(options: DialOptions, reading: { onread?: OnReadOpts }): Socket {
  checkTcpOptions(options);
  const family = isIPv6(options.address) ? 6 : 4;
  const { ttl, minimumTtl, password, address } = options;
  const calls = system();
  const fd = calls.openSocket(family);
  try {
    if (ttl !== undefined) calls.setTtl(fd, family, ttl);
    if (minimumTtl !== undefined) calls.setMinimumTtl(fd, family, minimumTtl);
    if (password !== undefined) {
      calls.setPassword(fd, family, { address, length: family === 4 ? 32 : 128 }, password);
    }
    // `manualStart`: a socket that is given a descriptor would begin to read at once, and fail, for it is not connected.
    return new Socket({ ...reading, fd, manualStart: true } as SocketConstructorOpts);
  } catch (error) {
    calls.closeSocket(fd);
    throw error;
  }
}
