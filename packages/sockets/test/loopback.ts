import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import {
  type DialOptions,
  dial,
  ListenerOptions,
  protectAccepted,
  type TcpOptions,
} from '@peerloom/sockets';

/** A listener on an ephemeral loopback port, with what it accepted so far. */
export interface Loopback extends AsyncDisposable {
  readonly server: Server;
  readonly options: ListenerOptions;
  readonly port: number;
  readonly accepted: Socket[];
  /** Applied to each accepted connection, as the supervisor does. */
  acceptedOptions: TcpOptions;
  /** Why `protectAccepted` refused connections, in their order. */
  readonly refusals: Error[];
}

export async function listen(address: string, ipv6Only = true): Promise<Loopback> {
  const server = createServer();
  server.listen({ port: 0, host: address, ipv6Only });
  await once(server, 'listening');
  const loopback: Loopback = {
    server,
    options: new ListenerOptions(server),
    port: (server.address() as { port: number }).port,
    accepted: [],
    acceptedOptions: {},
    refusals: [],
    async [Symbol.asyncDispose]() {
      for (const socket of loopback.accepted) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  server.on('connection', (socket) => {
    socket.on('error', () => {});
    loopback.accepted.push(socket);
    try {
      protectAccepted(socket, loopback.acceptedOptions);
      socket.write('hello');
    } catch (error) {
      loopback.refusals.push(error as Error);
      socket.destroy();
    }
  });
  return loopback;
}

/**
 * `hello` when the connection opens and data comes through, the error's code when it fails, and
 * `silence` when `patience` ms pass without either, as when the kernel drops a SYN it cannot trust.
 */
export async function attempt(options: DialOptions, patience = 2000): Promise<string> {
  const socket = dial(options);
  const outcome = await new Promise<string>((resolve) => {
    const timer = setTimeout(() => resolve('silence'), patience);
    const settle = (text: string): void => {
      clearTimeout(timer);
      resolve(text);
    };
    socket.once('data', (data) => settle(data.toString()));
    socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
    socket.once('close', () => settle('closed'));
  });
  socket.destroy();
  return outcome;
}
