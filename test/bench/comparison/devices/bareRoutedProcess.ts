// No BGP speaker, but in the engine's shape: this thread has the sockets, a worker has the answer, and what happens
// crosses between them as mail, in batches as the engine's own. As there, a connection is told of with the first that
// comes in on it, and then answered in one go. It says how many it has answered. For the command line see
// `bareAnswer.ts`.

import { createServer, type Socket } from 'node:net';
import { MessageChannel, Worker } from 'node:worker_threads';
import { ToHostWriter, ToSupervisorReader } from '@peerloom/ipc';
import { answer, countAnswered, listening, tellAnswered } from './bareAnswer.ts';
import type { BareTask } from './bareRoutedWorker.ts';

const { port1: mail, port2 } = new MessageChannel();
const task: BareTask = { mail: port2, answer };
const worker = new Worker(new URL('bareRoutedWorker.ts', import.meta.url), {
  workerData: task,
  transferList: [port2],
});
worker.once('exit', () => process.exit(1));

const sockets = new Map<number, Socket>();
const writer = new ToHostWriter();
const reader = new ToSupervisorReader();
let connections = 0;
let isScheduled = false;

/** Sends what was written in this turn of the event loop, at its end. */
function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  setImmediate(() => {
    isScheduled = false;
    const batch = writer.take();
    if (batch !== undefined) mail.postMessage(batch, [batch.buffer]);
  });
}

mail.on('message', (batch: Uint8Array) => {
  reader.open(batch);
  while (reader.next()) {
    if (reader.kind !== 'send') continue;
    sockets.get(reader.connection)?.write(reader.bytes);
    countAnswered();
  }
});

const server = createServer({ noDelay: true }, (socket) => {
  connections += 1;
  const connection = connections;
  sockets.set(connection, socket);
  socket.once('data', () => {
    const { localAddress = '', localPort = 0, remoteAddress = '', remotePort = 0 } = socket;
    const ends = { localAddress, localPort, remoteAddress, remotePort };
    writer.message({ kind: 'accepted', peer: connection, connection, ...ends });
  });
  socket.on('data', (bytes) => {
    writer.data(connection, connection, bytes);
    schedule();
  });
  socket.on('error', () => {});
  socket.on('close', () => sockets.delete(connection));
});
server.listen(listening, tellAnswered);
