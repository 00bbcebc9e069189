import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Two ends of a TCP connection on loopback, both paused. */
export interface TcpPair extends AsyncDisposable {
  readonly ours: Socket;
  readonly theirs: Socket;
}

export async function tcpPair(): Promise<TcpPair> {
  const server = createServer({ pauseOnConnect: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const theirs = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  theirs.pause();
  const [ours] = (await once(server, 'connection')) as [Socket];
  if (theirs.connecting) await once(theirs, 'connect');
  theirs.on('error', () => {});
  server.close();
  return {
    ours,
    theirs,
    async [Symbol.asyncDispose]() {
      const closed = [ours, theirs].map((socket) =>
        socket.closed ? Promise.resolve([]) : once(socket, 'close'),
      );
      ours.destroy();
      theirs.destroy();
      await Promise.all(closed);
    },
  };
}
