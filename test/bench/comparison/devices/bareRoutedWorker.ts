import { type MessagePort, workerData } from 'node:worker_threads';
import { ToHostReader, ToSupervisorWriter } from '@peerloom/ipc';

/** What the worker of a server without BGP is given. */
export interface BareTask {
  readonly mail: MessagePort;
  readonly answer: Uint8Array;
}

const { mail, answer } = workerData as BareTask;
const reader = new ToHostReader();
const writer = new ToSupervisorWriter();
/** Connections that are to be answered once something comes in on them. */
const fresh = new Set<number>();

mail.on('message', (batch: Uint8Array) => {
  reader.open(batch);
  while (reader.next()) {
    if (reader.kind === 'accepted') {
      fresh.add((reader.message as { readonly connection: number }).connection);
    } else if (reader.kind === 'data' && fresh.delete(reader.connection)) {
      writer.send(reader.peer, reader.connection, answer);
    }
  }
  const answers = writer.take();
  if (answers !== undefined) mail.postMessage(answers, [answers.buffer]);
});
