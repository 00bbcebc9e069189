import type { MessagePort } from 'node:worker_threads';
import { runHost } from './runHost.ts';

/** What the supervisor hands to the one long task of each worker; both ports are transferred. */
export interface HostTask {
  /** Carries the `HostControl` of `@peerloom/ipc` over Comlink. */
  readonly control: MessagePort;
  /** Carries batches. */
  readonly mail: MessagePort;
}

/** The entry point of a worker (Piscina calls it): runs an actor host until it is told to stop. */
export default async function hostTask({ control, mail }: HostTask): Promise<void> {
  await runHost({ control, mail });
}
