import { formatEndpoint } from './address.ts';
import { errorCode, errorText, PeerloomError, type PeerloomErrorCode } from './peerloomError.ts';

/** What an attempt to connect was about. */
export interface DialTarget {
  readonly address: string;
  readonly port: number;
  readonly sourceAddress?: string | undefined;
  readonly password?: string | undefined;
  readonly ttlSecurity?: number | undefined;
}

/** What a failed attempt to connect most likely means, and what would be right. */
export function explainDial(errno: string, target: DialTarget, otherwise: string): string {
  const neighbor = formatEndpoint(target.address, target.port);
  const source = target.sourceAddress;
  switch (errno) {
    case 'ECONNREFUSED':
      return `${neighbor} refused: no BGP speaker listens there${source === undefined ? '' : ` for ${source}`}. Start it, or check address and port`;
    case 'ECONNRESET':
      return `${neighbor} accepted and hung up: it does not know us as a neighbour. Configure our address there${source === undefined ? ', or set sourceAddress to the one it knows' : `, which is ${source}`}`;
    case 'ETIMEDOUT':
      return `${neighbor} does not answer: it is down, a filter drops our packets, ${target.password === undefined ? 'it expects an MD5 password, ' : 'the MD5 passwords differ, '}${target.ttlSecurity === undefined ? 'or it is further away than the TTL reaches (multihop)' : 'or it does not send with TTL 255, as ttlSecurity asks it to (a refusal is not seen then either)'}`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `there is no route to ${target.address}: check the interface, the mask and the routes of this machine`;
    case 'EADDRNOTAVAIL':
      return source === undefined
        ? `no local port is left for ${neighbor}: widen net.ipv4.ip_local_port_range`
        : `sourceAddress ${source} is not an address of this machine: configure it on an interface, or set another`;
    case 'EADDRINUSE':
      return `no local port is left on ${source ?? 'this machine'} for ${neighbor}: widen net.ipv4.ip_local_port_range`;
    case 'EACCES':
    case 'EPERM':
      return `this machine does not let us connect to ${neighbor}: a firewall rule or a security policy forbids it`;
    case 'EMFILE':
    case 'ENFILE':
      return `no file descriptor is left to connect to ${neighbor}: raise ulimit -n (and fs.file-max)`;
    default:
      return `could not connect to ${neighbor}: ${otherwise}`;
  }
}

/** What the end of an open connection means. An empty `errno` is an orderly end. */
export function explainClosed(errno: string, otherwise: string): string {
  switch (errno) {
    case '':
      return 'the neighbour closed the connection';
    case 'ECONNRESET':
      return 'the neighbour reset the connection';
    case 'EPIPE':
      return 'the neighbour had closed the connection when we sent';
    case 'ETIMEDOUT':
      return 'the neighbour has stopped acknowledging what we send';
    default:
      return otherwise;
  }
}

/** The error for a refused listen: what it means, and the remedy. */
export function listenError(error: unknown, address: string, port: number): PeerloomError {
  const errno = errorCode(error);
  const [code, why] = explainListen(errno, address, port);
  const where = formatEndpoint(address, port);
  return new PeerloomError(code, `cannot listen on ${where}: ${why ?? errorText(error)}`, {
    cause: error,
  });
}

function explainListen(
  errno: string,
  address: string,
  port: number,
): [PeerloomErrorCode, string | undefined] {
  switch (errno) {
    case 'EADDRINUSE':
      return [
        'ERR_PEERLOOM_ADDRESS_IN_USE',
        `another process listens there. Find it with "ss -ltnp 'sport = :${port}'" and stop it, or choose another port`,
      ];
    case 'EACCES':
    case 'EPERM':
      return [
        'ERR_PEERLOOM_NOT_PERMITTED',
        `port ${port} needs a right that this process has not. Give it to the Node.js binary (setcap cap_net_bind_service=+ep), or lower net.ipv4.ip_unprivileged_port_start to ${port} (sysctl -w), or start through authbind, or choose a port from 1024 on`,
      ];
    case 'EADDRNOTAVAIL':
      return [
        'ERR_PEERLOOM_ADDRESS_NOT_AVAILABLE',
        `${address} is not an address of this machine. Configure it on an interface, or listen on ${address.includes(':') ? '::' : '0.0.0.0'}`,
      ];
    case 'EAFNOSUPPORT':
      return [
        'ERR_PEERLOOM_ADDRESS_NOT_AVAILABLE',
        'IPv6 is switched off on this machine. Leave out the address, or switch IPv6 on (sysctl net.ipv6.conf.all.disable_ipv6=0)',
      ];
    case 'EMFILE':
    case 'ENFILE':
      return ['ERR_PEERLOOM_LISTEN', 'no file descriptor is left: raise ulimit -n'];
    default:
      return ['ERR_PEERLOOM_LISTEN', undefined];
  }
}
