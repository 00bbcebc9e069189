import type { Socket } from 'node:net';
import { fileDescriptor } from './descriptor.ts';
import { SocketOptionError } from './socketOptionError.ts';
import { type System, system } from './system.ts';
import type { TcpOptions } from './tcpOptions.ts';

/**
 * Gives an accepted connection the TTL rules of its neighbour. Its MD5 key it has from the listener.
 *
 * A far host can complete the handshake and send data before these rules are in force, so the TTL of
 * its SYN is checked as well: no router on the way can have raised it (RFC 5082 §5.1).
 *
 * @throws SocketOptionError `ERR_SOCKET_TTL_TOO_LOW` when the SYN came from too far away, or another
 * code when an option cannot be set. The caller then destroys the socket.
 */
export function protectAccepted(
  socket: Socket,
  options: TcpOptions,
  calls: () => System = system,
): void {
  const { ttl, minimumTtl } = options;
  if (ttl === undefined && minimumTtl === undefined) return;
  const fd = fileDescriptor(socket);
  if (fd === undefined) return;
  const family = socket.remoteFamily === 'IPv6' ? 6 : 4;
  if (ttl !== undefined) calls().setTtl(fd, family, ttl);
  if (minimumTtl === undefined) return;
  calls().setMinimumTtl(fd, family, minimumTtl);
  const synTtl = calls().savedSynTtl(fd);
  if (synTtl !== undefined && synTtl < minimumTtl) {
    throw new SocketOptionError('ERR_SOCKET_TTL_TOO_LOW', {
      option: 'minimumTtl',
      text: `the connection from ${socket.remoteAddress} was opened with TTL ${synTtl}, and ttlSecurity asks for at least ${minimumTtl} (RFC 5082)`,
      remedy: 'allow more hops, or have the neighbour send with TTL 255',
    });
  }
}
