import { addAbortListener } from 'node:events';
import type { Announcement, AnnounceResult, PeerSnapshot, Withdrawal } from '@peerloom/ipc';
import { CommandKind } from '@peerloom/ipc';
import { canonicalAddress } from './address.ts';
import { Changes } from './changes.ts';
import {
  assertNoIssues,
  checkEngineOptions,
  checkedPeerOptions,
  peerKey,
} from './checkEngineOptions.ts';
import { DescriptorBudget } from './descriptorBudget.ts';
import type { EngineEvent } from './engineEvent.ts';
import type { EngineOptions, NeighborOptions } from './engineOptions.ts';
import type { ApplyResult, ConnectionReport, EngineMetrics } from './engineReport.ts';
import type { EventsOptions } from './eventHub.ts';
import { Gate } from './gate.ts';
import { Listeners } from './listeners.ts';
import { LoopMonitor } from './metrics.ts';
import type { OneOrMany, Peer } from './peer.ts';
import { errorText, PeerloomError } from './peerloomError.ts';
import { type FixedOptions, fixedOptionsOf, planReconfiguration } from './reconfiguration.ts';
import { carryOut, listenedOf } from './reconfigure.ts';
import { Roster } from './roster.ts';
import { Supervisor } from './supervisor.ts';

/** A running BGP speaker. Made by `createEngine`; `close` it, or let `await using` do so. */
export class Engine implements AsyncDisposable {
  #options: EngineOptions;
  readonly #fixed: FixedOptions;
  readonly #supervisor: Supervisor;
  readonly #listeners: Listeners;
  readonly #roster: Roster;
  readonly #loop = new LoopMonitor();
  readonly #changes = new Changes();
  #closed: Promise<void> | undefined;
  #forgetSignal: () => void = () => {};

  /** Engines are made by `createEngine`. */
  constructor(options: EngineOptions) {
    this.#options = options;
    this.#fixed = fixedOptionsOf(options);
    const supervisor = new Supervisor(options, this.#fixed.workers);
    this.#supervisor = supervisor;
    const { actors, traffic } = supervisor;
    this.#listeners = new Listeners(
      (socket) => gate.onConnection(socket),
      (error) => supervisor.events.notice('accept-failed', errorText(error)),
    );
    this.#roster = new Roster(supervisor, this.#listeners);
    const gate = new Gate(supervisor, actors, traffic, new DescriptorBudget(), this.#roster);
    supervisor.onReady = gate.onReady;
  }

  /** For `createEngine`. */
  async start(): Promise<void> {
    const { actors, announcer, peers, pool } = this.#supervisor;
    const { announce = [], listen = [], neighbors = [], ranges = [] } = this.#options;
    this.#loop.start();
    for (const range of ranges) this.#roster.enterRange(this.#options, range);
    for (const neighbor of neighbors) {
      await this.#roster.enter(checkedPeerOptions(this.#options, neighbor));
    }
    await this.#listeners.open(listen);
    if (announce.length > 0) {
      const { rejected, errors } = await announcer.announce('all', announce);
      if (rejected > 0) {
        throw new PeerloomError(
          'ERR_PEERLOOM_OPTIONS',
          `announce has routes that cannot be announced: ${errors.join('; ')}`,
        );
      }
    }
    await pool.start();
    await actors.spawn([...peers.all()]);
    actors.restarted();
  }

  /** For `createEngine`: closes the engine when the signal aborts. The signal may live on, and holds nothing of a closed engine. */
  closeWith(signal: AbortSignal): void {
    const listener = addAbortListener(signal, () => void this.close());
    this.#forgetSignal = () => listener[Symbol.dispose]();
  }

  /** Where it listens, with the ports that the system chose. */
  get addresses(): readonly { readonly address: string; readonly port: number }[] {
    return this.#listeners.addresses;
  }

  /** The configuration in force: the last one applied. What was changed peer by peer is not in it. */
  get options(): EngineOptions {
    return this.#options;
  }

  /** All peers, those of ranges included. */
  get peers(): Peer[] {
    return Array.from(this.#supervisor.peers.all(), ({ face }) => face);
  }

  /** The peer with this address; where several have it, `sourceAddress` tells which. */
  peer(address: string, sourceAddress?: string): Peer | undefined {
    const canonical = canonicalAddress(address);
    if (canonical === undefined) return undefined;
    const source = sourceAddress && canonicalAddress(sourceAddress);
    return this.#supervisor.peers.find(canonical, source)?.face;
  }

  /** What happens, from now on. Each reader has a bounded buffer of its own, and is told what it missed. */
  events(
    options: EventsOptions = {},
  ): AsyncIterableIterator<EngineEvent, undefined> & AsyncDisposable {
    return this.#supervisor.events.follow(options);
  }

  /** Adds a neighbour and starts a session with it. @throws PeerloomError */
  addPeer(neighbor: NeighborOptions): Promise<Peer> {
    return this.#changes.beside(async () => {
      this.#supervisor.assertOpen();
      const options = checkedPeerOptions(this.#options, neighbor);
      const record = await this.#roster.enter(options);
      await this.#roster.start([record]);
      return record.face;
    });
  }

  /**
   * Gives a neighbour other options: all of them, as `addPeer` takes them. Its session stays up where
   * the change allows it (`kept`).
   *
   * @throws PeerloomError
   */
  updatePeer(neighbor: NeighborOptions): Promise<'kept' | 'reset'> {
    return this.#changes.beside(async () => {
      this.#supervisor.assertOpen();
      const options = checkedPeerOptions(this.#options, neighbor);
      const record = this.#supervisor.peers.find(options.address, options.sourceAddress);
      if (record?.key !== peerKey(options.address, options.sourceAddress)) {
        throw new PeerloomError(
          'ERR_PEERLOOM_NO_PEER',
          `there is no peer ${peerKey(options.address, options.sourceAddress)}; add it with addPeer`,
        );
      }
      return await this.#roster.change(record, options);
    });
  }

  /** Ends a peer's session with Cease/Peer De-configured, and forgets the peer. @throws PeerloomError */
  removePeer(peer: Peer | string, options: { readonly text?: string } = {}): Promise<void> {
    return this.#changes.beside(async () => {
      this.#supervisor.assertOpen();
      const { peers } = this.#supervisor;
      const record = typeof peer === 'string' ? peers.find(peer) : peers.get(peer.id);
      // By its id it is still found while it is on its way out.
      if (record === undefined || record.status === 'removing') {
        const name = typeof peer === 'string' ? peer : peer.address;
        throw new PeerloomError('ERR_PEERLOOM_NO_PEER', `there is no peer ${name}`);
      }
      await this.#roster.remove(record, options.text ?? '');
    });
  }

  /**
   * Makes another configuration the one in force. Peers that are the same in both are not touched, and
   * neighbours that are not in it are removed, those of `addPeer` too. A configuration that is wrong, or
   * cannot be listened on, changes nothing.
   *
   * @throws PeerloomError
   */
  apply(options: EngineOptions): Promise<ApplyResult> {
    return this.#changes.alone(() => this.#apply(options));
  }

  /**
   * Announces routes to every peer, those to come included. They are kept and sent again when a session comes back.
   *
   * @throws PeerloomError `ERR_PEERLOOM_ROUTE` when one is no route; one that cannot be encoded is told in the result
   */
  announce(...announcements: readonly OneOrMany<Announcement>[]): Promise<AnnounceResult> {
    return this.#supervisor.announce('all', announcements.flat());
  }

  /** Withdraws routes from every peer. @throws PeerloomError `ERR_PEERLOOM_ROUTE` */
  withdraw(...withdrawals: readonly OneOrMany<Withdrawal>[]): Promise<AnnounceResult> {
    return this.#supervisor.withdraw('all', withdrawals.flat());
  }

  /** Every peer as it stands. One whose worker is being replaced is Idle for that reason, and has counted nothing. */
  async snapshot(): Promise<PeerSnapshot[]> {
    return await this.#supervisor.snapshots();
  }

  /** The open connections. */
  connections(): ConnectionReport[] {
    const { peers, traffic } = this.#supervisor;
    return Array.from(traffic.all(), (connection) => ({
      connection: connection.id,
      peer: peers.get(connection.peer)?.face.address ?? '',
      dialled: connection.dialled,
      established: connection.established,
      bytesReceived: connection.bytesReceived,
      bytesSent: connection.bytesSent,
      unsent: connection.unsent,
      ...connection.ends,
    }));
  }

  /** How the engine itself is doing. */
  async metrics(): Promise<EngineMetrics> {
    const { counters, pool, traffic } = this.#supervisor;
    const { delay, utilization } = this.#loop.read();
    const workers = pool.slots.map(async ({ link }) => {
      if (link === undefined) return undefined;
      const usage = await link.ask((host) => host.usage()).catch(() => undefined);
      const { inFlight, window, paused } = link;
      return usage && { ...usage, inFlight, window, paused };
    });
    return {
      supervisor: structuredClone(counters),
      loopDelay: delay,
      loopUtilization: utilization,
      connections: traffic.size,
      pendingConnections: traffic.pending,
      readers: this.#supervisor.readers.report(),
      workers: await Promise.all(workers),
    };
  }

  /**
   * Ends every session with Cease/Administrative Shutdown and a text of at most 255 octets (RFC 9003),
   * waits until that has gone out, for `limits.closeTime` at most, and ends the workers.
   */
  close(options: { readonly text?: string } = {}): Promise<void> {
    this.#closed ??= this.#close(options.text ?? '');
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(text: string): Promise<void> {
    const { actors, events, limits, peers, pool, strangers, traffic } = this.#supervisor;
    this.#supervisor.closing = true;
    this.#forgetSignal();
    this.#listeners.close();
    this.#roster.stop();
    for (const record of peers.all()) actors.command(record, CommandKind.shutdown, text);
    await traffic.drained(limits.closeTime * 1000);
    await pool.close(text);
    for (const record of peers.all()) {
      traffic.drop(record);
      record.face.end();
    }
    strangers.end();
    events.end();
    this.#loop.stop();
  }

  async #apply(options: EngineOptions): Promise<ApplyResult> {
    this.#supervisor.assertOpen();
    assertNoIssues(checkEngineOptions(options));
    const { peers, pool } = this.#supervisor;
    const listed = [...peers.all()].filter(({ range }) => range === undefined);
    const known = new Map(listed.map((record) => [record.key, record.told]));
    const plan = planReconfiguration(known, this.#fixed, this.#options, options);
    const { listen = [] } = options;
    await this.#listeners.open(listen);
    let undo: (() => void) | undefined;
    try {
      undo = this.#roster.prepare(listenedOf(plan, options));
      if (options.handler?.toString() !== this.#options.handler?.toString()) {
        await pool.setHandler(options.handler?.toString());
      }
    } catch (error) {
      undo?.();
      this.#listeners.keep(this.#options.listen ?? []);
      throw error;
    }
    this.#listeners.keep(listen);
    this.#options = options;
    return await carryOut(plan, options, this.#supervisor, this.#roster);
  }
}
