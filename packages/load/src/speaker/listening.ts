import { createServer, type Server, type Socket } from 'node:net';
import {
  ListenerOptions,
  protectAccepted,
  SocketOptionError,
  type TcpOptions,
} from '@peerloom/sockets';

/** Where a passive speaker waits, and for whom. */
export interface ListeningOptions extends TcpOptions {
  readonly address: string;
  readonly port: number;
  /** The device: connections from elsewhere are closed. */
  readonly from: string;
}

/**
 * Listens for the device's connections to one passive speaker.
 *
 * @param onConnection gets each of them
 * @param onTrouble is told what is wrong, in words
 */
export function listen(
  options: ListeningOptions,
  onConnection: (socket: Socket) => void,
  onTrouble: (text: string) => void,
): Server {
  const { address, port, from } = options;
  const server = createServer({ noDelay: true });
  server.on('error', (error) => onTrouble(`a speaker cannot listen: ${error.message}`));
  server.once('listening', () => {
    const length = from.includes(':') ? 128 : 32;
    try {
      new ListenerOptions(server).set({ address: from, length }, options);
    } catch (error) {
      server.close();
      onTrouble(explained(error));
    }
  });
  server.on('connection', (socket) => {
    try {
      if (socket.remoteAddress !== from) {
        throw new Error(`${socket.remoteAddress} connected, and it is not the device: refused`);
      }
      protectAccepted(socket, options);
    } catch (error) {
      socket.destroy();
      onTrouble(explained(error));
      return;
    }
    onConnection(socket);
  });
  return server.listen({ host: address, port, ipv6Only: true });
}

function explained(error: unknown): string {
  return error instanceof Error || error instanceof SocketOptionError
    ? error.message
    : String(error);
}
