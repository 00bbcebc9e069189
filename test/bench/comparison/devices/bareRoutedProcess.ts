// No BGP speaker, but in the engine's shape: this thread has the sockets, a worker has the answers, and what happens
// crosses between them as mail, in batches as the engine's own. Who connects is sent an OPEN, and whatever comes then
// is answered with a KEEPALIVE, once. For the command line see `bareAnswer.ts`. It says how many it has answered.

import { createServer, type Socket } from 'node:net';
import { MessageChannel, Worker } from 'node:worker_threads';
import { ToHostWriter, ToSupervisorReader } from '@peerloom/ipc';
import { countAnswered, keepalive, listening, open, tellAnswered } from './bareAnswer.ts';
import type { BareTask } from './bareRoutedWorker.ts';

const { port1: mail, port2 } = new MessageChannel();
const task: BareTask = { mail: port2, open, keepalive };
const worker = new Worker(new URL('bareRoutedWorker.ts', import.meta.url), {
  workerData: task,
  transferList: [port2],
});
worker.once('exit', () => process.exit(1));

const sockets = new Map<number, Socket>();
const writer = new ToHostWriter();
const reader = new ToSupervisorReader();
let connections = 0;
let isDue = false;

/** Sends what is written in this turn, at its end. */
function written(): void {
  if (isDue) return;
  isDue = true;
  setImmediate(() => {
    isDue = false;
    const batch = writer.take();
    if (batch !== undefined) mail.postMessage(batch, [batch.buffer]);
  });
}

mail.on('message', (batch: Uint8Array) => {
  reader.open(batch);
  while (reader.next()) {
    if (reader.kind !== 'send') continue;
    sockets.get(reader.connection)?.write(reader.bytes);
    if (reader.bytes.length === keepalive.length) countAnswered();
  }
});

const server = createServer({ noDelay: true }, (socket) => {
  connections += 1;
  const connection = connections;
  const { localAddress = '', localPort = 0, remoteAddress = '', remotePort = 0 } = socket;
  const ends = { localAddress, localPort, remoteAddress, remotePort };
  sockets.set(connection, socket);
  writer.message({ kind: 'accepted', peer: connection, connection, ...ends });
  written();
  socket.on('error', () => {});
  socket.on('close', () => sockets.delete(connection));
  socket.on('data', (bytes) => {
    writer.data(connection, connection, bytes);
    written();
  });
});
server.listen(listening, tellAnswered);
