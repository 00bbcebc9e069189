/**
 * The TCP options BGP needs and Node.js lacks, set before the first SYN leaves:
 *
 * ```ts
 * import { dial, ttlSecurity } from '@peerloom/sockets';
 *
 * const socket = dial({ address: '192.0.2.1', port: 179, password: 'secret', ...ttlSecurity(1) });
 * socket.once('connect', () => console.log('up'));
 * ```
 *
 * @module
 */
export { protectAccepted } from './accepted.ts';
export { fileDescriptor } from './descriptor.ts';
export { type DialOptions, dial } from './dial.ts';
export { ListenerOptions } from './listenerOptions.ts';
export {
  SocketOptionError,
  type SocketOptionErrorCode,
  type SocketOptionErrorDetails,
} from './socketOptionError.ts';
export { type AddressPrefix, type SocketFamily, type System, system } from './system.ts';
export {
  checkTcpOptions,
  hasTcpOptions,
  maximumPasswordLength,
  type TcpOptions,
  ttlSecurity,
} from './tcpOptions.ts';
