import { createRequire } from 'node:module';
import { MessageChannel, Worker } from 'node:worker_threads';
import { wrap } from 'comlink';
import type { HostControl, HostReport, HostSetup, ThreadUsage } from '../speaker/hostControl.ts';

/** A host as seen from the main thread: every answer is a promise. */
type RemoteHost = {
  [Method in keyof HostControl]: (
    ...args: Parameters<HostControl[Method]>
  ) => Promise<Awaited<ReturnType<HostControl[Method]>>>;
};

/** The worker threads of a run, each with its share of the speakers. */
export class Hosts {
  readonly #workers: readonly Worker[];
  readonly #hosts: readonly RemoteHost[];
  readonly #waiting = new Set<(error: Error) => void>();
  #failure: Error | undefined;
  #ended = false;

  /** Starts threads that have no speakers yet. */
  constructor(count: number) {
    const file = createRequire(import.meta.url).resolve('@peerloom/load/worker');
    const pairs = Array.from({ length: count }, () => {
      const { port1, port2 } = new MessageChannel();
      const worker = new Worker(file, {
        workerData: { control: port2 },
        transferList: [port2],
        name: 'peerloom-load',
      });
      worker.once('error', (error) => this.#fail(error));
      worker.once('exit', (code) => {
        port1.close();
        this.#fail(new Error(`a worker thread of the load tester ended with status ${code}`));
      });
      return { worker, host: wrap(port1) as unknown as RemoteHost };
    });
    this.#workers = pairs.map(({ worker }) => worker);
    this.#hosts = pairs.map(({ host }) => host);
  }

  /** How many there are. */
  get count(): number {
    return this.#hosts.length;
  }

  /** Hands its part to each of them. */
  async setUp(setups: readonly HostSetup[]): Promise<void> {
    await this.each((host, index) => host.setUp(setups[index]!));
  }

  /** Throws when a thread has died. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Asks all of them, and gives their answers. Rejects when a thread has died: Comlink would wait for ever. */
  async each<T>(ask: (host: RemoteHost, index: number) => Promise<T>): Promise<T[]> {
    this.check();
    return await new Promise<T[]>((resolve, reject) => {
      this.#waiting.add(reject);
      Promise.all(this.#hosts.map(ask))
        .then(resolve, reject)
        .finally(() => this.#waiting.delete(reject));
    });
  }

  /** What all have measured since the last call. */
  async report(): Promise<HostReport[]> {
    return await this.each((host) => host.report());
  }

  /** How busy each has been so far. */
  async usage(): Promise<ThreadUsage[]> {
    return await this.each((host) => host.usage());
  }

  /** Ends all sessions, then the threads. */
  async close(): Promise<void> {
    const patience = new Promise<void>((resolve) => {
      setTimeout(resolve, 5000).unref();
    });
    await Promise.race([this.each((host) => host.shutDown()).catch(() => {}), patience]);
    this.#ended = true;
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #fail(error: Error): void {
    if (this.#ended) return;
    this.#failure ??= error;
    for (const reject of this.#waiting) reject(error);
  }
}
