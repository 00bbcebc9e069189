import { type MessagePort, workerData } from 'node:worker_threads';
import { ToHostReader, ToSupervisorWriter } from '@peerloom/ipc';

/** What the worker of a server without BGP is given. */
export interface BareTask {
  readonly mail: MessagePort;
  readonly open: Uint8Array;
  readonly keepalive: Uint8Array;
}

const { mail, open, keepalive } = workerData as BareTask;
const reader = new ToHostReader();
const writer = new ToSupervisorWriter();
/** Connections that have been sent an OPEN, and no more. */
const begun = new Set<number>();

mail.on('message', (batch: Uint8Array) => {
  reader.open(batch);
  while (reader.next()) {
    if (reader.kind === 'accepted') {
      const { connection } = reader.message as { readonly connection: number };
      begun.add(connection);
      writer.send(connection, connection, open);
    } else if (reader.kind === 'data' && begun.delete(reader.connection)) {
      writer.send(reader.peer, reader.connection, keepalive);
    }
  }
  const answers = writer.take();
  if (answers !== undefined) mail.postMessage(answers, [answers.buffer]);
});
