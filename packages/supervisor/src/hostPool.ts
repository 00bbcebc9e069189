import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { Backoff } from './backoff.ts';
import { type EngineLimits, type WorkerMemory, workerMemoryDefaults } from './engineOptions.ts';
import { HostLink, type HostSink } from './hostLink.ts';
import type { SupervisorCounters } from './metrics.ts';
import { errorText, PeerloomError } from './peerloomError.ts';
import type { PeerRecord } from './peerRecord.ts';

/** A place for an actor host. Its peers stay with it when the host dies and another one takes its place. */
export interface HostSlot {
  readonly index: number;
  /** Peers that have been placed here. */
  readonly peers: Set<PeerRecord>;
  /** The host, while there is one that answers. */
  link: HostLink | undefined;
  /** When the last host here died: milliseconds since the UNIX epoch. */
  downSince: number;
}

/** Who hears of hosts that come and go. */
export interface HostPoolListener extends HostSink {
  /** A host answers, and has none of its peers yet. */
  onHostUp(slot: HostSlot): void;
  /** A host is gone, and the actors with it. */
  onHostDown(slot: HostSlot, link: HostLink, reason: PeerloomError, restartIn: number): void;
}

interface Slot extends HostSlot {
  readonly backoff: Backoff;
  upSince: number;
  timer: NodeJS.Timeout | undefined;
  /** Ends the thread of the host. */
  thread: AbortController;
}

/** Milliseconds that a host gets to answer for the first time. */
const startPatience = 30_000;

/**
 * The actor hosts: each in a worker thread of its own, or one in the calling thread. A host that dies
 * is replaced after a wait that doubles while it keeps dying.
 */
export class HostPool {
  readonly #listener: HostPoolListener;
  readonly #limits: EngineLimits;
  readonly #counters: SupervisorCounters;
  readonly #slots: readonly Slot[];
  readonly #workers: number;
  readonly #memory: WorkerMemory | undefined;
  #piscina: Piscina | undefined;
  #handler: string | undefined;
  #closed = false;

  constructor(
    workers: number,
    memory: WorkerMemory | undefined,
    handler: string | undefined,
    limits: EngineLimits,
    counters: SupervisorCounters,
    listener: HostPoolListener,
  ) {
    this.#listener = listener;
    this.#limits = limits;
    this.#counters = counters;
    this.#handler = handler;
    this.#slots = Array.from({ length: Math.max(1, workers) }, (_, index) => ({
      index,
      peers: new Set<PeerRecord>(),
      link: undefined,
      downSince: Date.now(),
      backoff: new Backoff(limits.workerRestartTime * 1000, limits.workerRestartTimeMaximum * 1000),
      upSince: 0,
      timer: undefined,
      thread: new AbortController(),
    }));
    this.#workers = workers;
    this.#memory = memory;
  }

  get slots(): readonly HostSlot[] {
    return this.#slots;
  }

  /**
   * Starts every host and waits until each answers.
   *
   * @throws PeerloomError `ERR_PEERLOOM_WORKER`, `ERR_PEERLOOM_HANDLER`
   */
  async start(): Promise<void> {
    if (this.#workers > 0) this.#piscina = await openPool(this.#workers, this.#memory);
    await Promise.all(this.#slots.map((slot) => this.#start(slot)));
  }

  /** The slot with the fewest peers. */
  place(): HostSlot {
    return this.#slots.reduce((least, slot) => (slot.peers.size < least.peers.size ? slot : least));
  }

  /**
   * Loads another handler module in every host, or takes it away.
   *
   * @throws PeerloomError `ERR_PEERLOOM_HANDLER`; every host has the one before then
   */
  async setHandler(handler: string | undefined): Promise<void> {
    const before = this.#handler;
    // Hosts that start meanwhile begin with it.
    this.#handler = handler;
    const links = this.#slots.flatMap(({ link }) => link ?? []);
    const results = await Promise.allSettled(links.map((link) => loadHandler(link, handler)));
    // A host that has died meanwhile says nothing about the handler.
    const failed = results.find(
      (result, index) => result.status === 'rejected' && links[index]!.alive,
    );
    if (failed?.status !== 'rejected') return;
    this.#handler = before;
    await Promise.allSettled(links.map((link) => loadHandler(link, before)));
    throw failed.reason;
  }

  /** Ends a host that does not do as it should; it is replaced as if it had died. */
  kill(link: HostLink, why: string): void {
    const slot = this.#slots[link.index]!;
    if (!link.alive) return;
    this.#onDown(slot, link, hostError(why));
    slot.thread.abort();
  }

  /** Stops every host, and then the threads. `text` goes to peers whose sessions are still up. */
  async close(text: string): Promise<void> {
    this.#closed = true;
    await Promise.all(
      this.#slots.map(async (slot) => {
        clearTimeout(slot.timer);
        const { link } = slot;
        if (link === undefined) return;
        const patience = timeout(this.#limits.closeTime * 1000);
        // One that has ended before its answer was here has stopped, too.
        const stopped = link.ask((control) => control.stop(text)).catch(() => {});
        await Promise.race([stopped, patience.elapsed]);
        patience.clear();
        link.die(closedError());
        slot.link = undefined;
      }),
    );
    await this.#piscina?.destroy();
  }

  async #start(slot: Slot): Promise<void> {
    const control = new MessageChannel();
    const mail = new MessageChannel();
    const link = new HostLink(
      slot.index,
      control.port1,
      mail.port1,
      this.#listener,
      this.#counters,
      this.#limits.bytesInFlight,
      this.#limits.workerAnswerTime * 1000,
    );
    slot.thread = new AbortController();
    this.#run(control.port2, mail.port2, slot.thread.signal).then(
      () => this.#onDown(slot, link, hostError('it ended by itself')),
      (cause: unknown) => this.#onDown(slot, link, hostError(errorText(cause), cause)),
    );
    const patience = timeout(startPatience);
    try {
      // The first answer says that the host is there.
      const late = patience.elapsed.then(() => {
        throw hostError(`it did not answer within ${startPatience / 1000} s`);
      });
      await Promise.race([link.ask((host) => host.usage()), late]);
      if (this.#handler !== undefined) await loadHandler(link, this.#handler);
    } catch (error) {
      this.#onDown(slot, link, error as PeerloomError);
      slot.thread.abort();
      throw error;
    } finally {
      patience.clear();
    }
    if (this.#closed) {
      link.die(closedError());
      return;
    }
    slot.link = link;
    slot.upSince = performance.now();
    this.#listener.onHostUp(slot);
  }

  async #run(control: MessagePort, mail: MessagePort, signal: AbortSignal): Promise<void> {
    if (this.#piscina === undefined) await runHere(control, mail);
    else await this.#piscina.run({ control, mail }, { transferList: [control, mail], signal });
  }

  #onDown(slot: Slot, link: HostLink, reason: PeerloomError): void {
    if (!link.alive) return;
    // Whoever still waits for an answer is told that the engine has closed, not that a host has died.
    link.die(this.#closed ? closedError() : reason);
    if (this.#closed) return;
    this.#counters.workerDeaths += 1;
    const wasUp = slot.link === link;
    slot.link = undefined;
    slot.downSince = Date.now();
    const wait = slot.backoff.fail(wasUp ? performance.now() - slot.upSince : 0);
    this.#listener.onHostDown(slot, link, reason, wait);
    slot.timer = setTimeout(() => void this.#start(slot).catch(() => {}), wait);
  }
}

// Both kinds of host are loaded when they are wanted: the thread that routes has no use for the
// actors of the others, and an engine in one thread none for a pool.

async function openPool(workers: number, memory: WorkerMemory | undefined): Promise<Piscina> {
  const { Piscina } = await import('piscina');
  const require = createRequire(import.meta.url);
  const piscina = new Piscina({
    filename: pathToFileURL(require.resolve('@peerloom/actor/worker')).href,
    minThreads: workers,
    maxThreads: workers,
    concurrentTasksPerWorker: 1,
    // Piscina would put an idle worker to sleep in Atomics.wait, and a worker with one task that
    // never ends would wait for a second one with its event loop blocked.
    atomics: 'disabled',
    idleTimeout: Number.POSITIVE_INFINITY,
    recordTiming: false,
    resourceLimits: { ...workerMemoryDefaults, ...memory },
  });
  // A thread that dies between two tasks; the next task gets a new one.
  piscina.on('error', () => {});
  return piscina;
}

async function runHere(control: MessagePort, mail: MessagePort): Promise<void> {
  const { runHost } = await import('@peerloom/actor');
  await runHost({ control, mail });
}

function closedError(): PeerloomError {
  return new PeerloomError('ERR_PEERLOOM_CLOSED', 'the engine is closed');
}

function hostError(what: string, cause?: unknown): PeerloomError {
  return new PeerloomError('ERR_PEERLOOM_WORKER', `an actor host is gone: ${what}`, { cause });
}

async function loadHandler(link: HostLink, handler: string | undefined): Promise<void> {
  try {
    await link.ask((control) => control.setHandler(handler));
  } catch (cause) {
    throw new PeerloomError(
      'ERR_PEERLOOM_HANDLER',
      `the handler ${handler} does not load: ${errorText(cause)}`,
      { cause },
    );
  }
}

function timeout(milliseconds: number): { elapsed: Promise<void>; clear: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const elapsed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  return { elapsed, clear: () => clearTimeout(timer) };
}
